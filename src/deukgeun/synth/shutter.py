"""The moments over which each picture is exposed: many where people move fast, one where they stand still."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from deukgeun.synth.acts import Act
from deukgeun.synth.camera import NEAR_M, Camera

Array = npt.NDArray[np.float64]

STEP = 1 / 110
"""From one moment to the next nothing moves further than this share of the picture's shorter side (5 pixels of 540):
noise, softness and compression hide the steps."""
MOST_MOMENTS = 7


def moments(acts: Sequence[Act], camera: Camera, shutter_s: float) -> list[Array]:
    """For each picture of the acts the moments of its exposure (M,), as frames that may lie between two.

    M is odd and the picture's own frame is in the middle, so that truth is neither early nor late. ``shutter_s`` is how
    long the shutter is open; it is never open for longer than a picture lasts.
    """
    time_s = acts[0].time_s
    if len(time_s) < 2:
        return [np.zeros(1)] * len(time_s)
    lasts_s = np.diff(time_s, append=2 * time_s[-1] - time_s[-2])
    step = STEP * min(camera.width, camera.height)
    moved = np.minimum(shutter_s, lasts_s) * _fastest(acts, camera)
    # A movement of less than half a step does not show.
    count = np.where(moved < step / 2, 1, 1 + 2 * np.ceil(moved / (2 * step)).astype(int))
    return [
        frame + _spread(min(int(many), MOST_MOMENTS)) * min(shutter_s / last_s, 1.0)
        for frame, (many, last_s) in enumerate(zip(count, lasts_s, strict=True))
    ]


def _spread(count: int) -> Array:
    """The middles of ``count`` equal parts of an exposure, which lasts from -1/2 to 1/2."""
    out: Array = (np.arange(count) + 0.5) / count - 0.5
    return out


def _fastest(acts: Sequence[Act], camera: Camera) -> Array:
    """The greatest speed (T,) of any joint or thing in the picture, in pixels a second."""
    time_s = acts[0].time_s
    tracks = [act.joints("blazepose_33") for act in acts]
    tracks += [thing.pose[:, None, :3, 3] for act in acts for thing in act.items if len(thing.pose) == len(time_s)]
    speeds = []
    for points in tracks:
        xy, far_m = camera.project(points)
        speed = np.linalg.norm(np.asarray(np.gradient(xy, time_s, axis=0)), axis=-1)
        limit = np.array([camera.width, camera.height])
        shown = (far_m > NEAR_M) & ((xy > -0.1 * limit) & (xy < 1.1 * limit)).all(axis=-1)
        speeds.append(np.where(shown, speed, 0.0).max(axis=1))
    out: Array = np.max(speeds, axis=0)
    return out
