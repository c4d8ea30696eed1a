"""PoseTrack: one person over time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deukgeun.skeleton import Skeleton

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PoseTrack:
    """One person: ``time_s`` (T,) strictly increasing, ``xy`` (T, K, 2) pixels of the upright video, ``score``
    (T, K) in 0..1, ``xyz`` (T, K, 3) metres (x right, y down, z away from the camera, origin between the hips) or
    None. Only times at which the person was seen are in it: gaps are jumps of ``time_s``.
    """

    time_s: Floats
    xy: Floats
    score: Floats
    xyz: Floats | None
    skeleton: Skeleton
    person: int

    def __post_init__(self) -> None:
        steps, joints = len(self.time_s), len(self.skeleton.joints)
        expected = {"time_s": (steps,), "xy": (steps, joints, 2), "score": (steps, joints)}
        if self.xyz is not None:
            expected["xyz"] = (steps, joints, 3)
        for name, shape in expected.items():
            found = getattr(self, name).shape
            if found != shape:
                raise ValueError(f"{name} must be {shape}, is {found}")
        if steps > 1 and not bool(np.all(np.diff(self.time_s) > 0)):
            raise ValueError("time_s must be strictly increasing")

    def __len__(self) -> int:
        return len(self.time_s)

    def between(self, start_s: float, end_s: float) -> PoseTrack:
        """Return the part with ``start_s <= time_s <= end_s``."""
        keep = (self.time_s >= start_s) & (self.time_s <= end_s)
        xyz = None if self.xyz is None else self.xyz[keep]
        return PoseTrack(self.time_s[keep], self.xy[keep], self.score[keep], xyz, self.skeleton, self.person)
