"""What the athlete does at one instant: where the contacts are and how the trunk is held."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_SHAPES: dict[str, tuple[int, ...]] = {
    "pelvis_m": (3,),
    "trunk_deg": (6,),
    "ball_m": (2, 3),
    "foot_yaw_deg": (2,),
    "foot_pitch_deg": (2,),
    "wrist_m": (2, 3),
    "elbow_pole": (2, 3),
    "hand_flat": (2,),
}


@dataclass(frozen=True, slots=True)
class Pose:
    """Targets for the inverse kinematics; left is index 0, right is 1; metres in the room, degrees.

    pelvis_m (3,) root joint; trunk_deg (6,) = pelvis pitch, pelvis yaw, pelvis roll, chest pitch, head pitch,
    head yaw (pitch forward is positive); ball_m (2, 3) ball of the foot, z = 0 on the floor; foot_yaw_deg (2,)
    toes outward; foot_pitch_deg (2,) heel raised; wrist_m (2, 3); elbow_pole (2, 3) the way the elbow points;
    hand_flat (2,) 0 hanging, 1 palm flat on the floor with the fingers forward.
    """

    pelvis_m: Array
    trunk_deg: Array
    ball_m: Array
    foot_yaw_deg: Array
    foot_pitch_deg: Array
    wrist_m: Array
    elbow_pole: Array
    hand_flat: Array

    def __post_init__(self) -> None:
        for name, shape in _SHAPES.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name}: expected {shape}, got {getattr(self, name).shape}")

    def vector(self) -> Array:
        """All numbers in one row, in the order of the fields."""
        return np.concatenate([np.ravel(getattr(self, f.name)) for f in fields(self)])


def pose_from_vector(row: Array) -> Pose:
    """The inverse of `Pose.vector`."""
    ends = np.cumsum([int(np.prod(shape)) for shape in _SHAPES.values()])
    parts = np.split(row, ends[:-1])
    return Pose(**{name: part.reshape(_SHAPES[name]) for name, part in zip(_SHAPES, parts, strict=True)})
