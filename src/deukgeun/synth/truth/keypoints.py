"""The keypoints of a person, seen by a camera."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from deukgeun.synth.camera import NEAR_M, Camera
from deukgeun.synth.truth.values import JointSet, KeypointsTruth

Array = npt.NDArray[np.float64]


def keypoints_truth(
    person: int, joints: JointSet, room_m: Array, camera: Camera, unhidden: npt.NDArray[np.bool_]
) -> KeypointsTruth:
    """Return the truth of joints at ``room_m`` (T, K, 3).

    ``unhidden`` (T, K): by the depth buffer nothing stands before them; a joint outside the picture, which no depth
    buffer knows of, is never visible. A joint behind the lens is not in the picture.
    """
    xy, depth = camera.project(room_m)
    inside = (depth > NEAR_M) & (xy >= 0).all(axis=-1) & (xy < [camera.width, camera.height]).all(axis=-1)
    return KeypointsTruth(person, joints, xy, room_m, camera.to_camera(room_m), unhidden & inside, inside)
