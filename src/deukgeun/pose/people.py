"""People that are being followed, and how one of them becomes a PoseTrack."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from deukgeun.pose.estimator import PoseEstimate
from deukgeun.pose.geometry import Floats, Roi
from deukgeun.pose.smoothing import PICTURE, WORLD, OneEuro
from deukgeun.pose.track import PoseTrack
from deukgeun.skeleton import Skeleton


@dataclass(frozen=True, slots=True)
class PersonPose:
    """One person at one time: ``xy`` (K, 2) px, ``score`` (K,), ``xyz`` (K, 3) m or None, all smoothed."""

    person: int
    time_s: float
    xy: Floats
    score: Floats
    xyz: Floats | None


@dataclass(slots=True)
class Person:
    """Somebody's state in the tracker: where to look next, what they wear, and everything seen of them."""

    number: int
    roi: Roi
    last_xy: Floats
    last_time_s: float
    outfit: NDArray[np.float32] | None = None
    active: bool = True
    history: list[PersonPose] = field(default_factory=list)
    _smooth_xy: OneEuro = field(default_factory=lambda: OneEuro(PICTURE))
    _smooth_xyz: OneEuro = field(default_factory=lambda: OneEuro(WORLD))

    def see(self, estimate: PoseEstimate, time_s: float, restart_after_s: float) -> PersonPose:
        """Add what the estimator saw; the filters start anew after a gap, so that nothing is dragged across it."""
        if time_s - self.last_time_s > restart_after_s or not self.history:
            self.restart()
        xy = self._smooth_xy(estimate.xy, time_s, estimate.roi.side)
        xyz = None if estimate.xyz is None else self._smooth_xyz(estimate.xyz, time_s)
        pose = PersonPose(self.number, time_s, xy, estimate.score, xyz)
        self.history.append(pose)
        self.roi, self.last_xy, self.last_time_s, self.active = estimate.roi, estimate.xy, time_s, True
        return pose

    def restart(self) -> None:
        """Forget the filters' state."""
        self._smooth_xy, self._smooth_xyz = OneEuro(PICTURE), OneEuro(WORLD)

    def learn_outfit(self, seen: NDArray[np.float32] | None) -> None:
        """Move the remembered outfit a little towards what is seen now."""
        if seen is not None:
            self.outfit = seen if self.outfit is None else 0.8 * self.outfit + 0.2 * seen

    def track(self, joints: Skeleton) -> PoseTrack:
        """Return all that was seen of this person."""
        worlds = [p.xyz for p in self.history if p.xyz is not None]
        return PoseTrack(
            np.array([p.time_s for p in self.history]),
            np.array([p.xy for p in self.history]),
            np.array([p.score for p in self.history]),
            np.array(worlds) if len(worlds) == len(self.history) else None,
            joints,
            self.number,
        )
