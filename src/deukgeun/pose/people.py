"""People that are being followed, and how one of them becomes a PoseTrack."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from deukgeun.pose.estimator import PoseEstimate
from deukgeun.pose.geometry import MARGIN, Floats, Roi, alignment_points, roi_from_alignment
from deukgeun.pose.smoothing import PICTURE, PLACE, WORLD, OneEuro
from deukgeun.pose.track import PoseTrack
from deukgeun.skeleton import Skeleton


@dataclass(frozen=True, slots=True)
class PersonPose:
    """One person at one time: ``xy`` (K, 2) px, ``score`` (K,), ``xyz`` (K, 3) m or None, smoothed by default."""

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
    smooth: bool = True
    history: list[PersonPose] = field(default_factory=list)
    _smooth_place: OneEuro = field(default_factory=lambda: OneEuro(PLACE))
    _smooth_xy: OneEuro = field(default_factory=lambda: OneEuro(PICTURE))
    _smooth_xyz: OneEuro = field(default_factory=lambda: OneEuro(WORLD))

    def see(self, estimate: PoseEstimate, time_s: float, restart_after_s: float) -> PersonPose:
        """Add what the estimator saw.

        The filters start anew after a gap, or when the person was lost, so that nothing is dragged across it.
        """
        if not self.active or time_s - self.last_time_s > restart_after_s:
            self.restart()
        xy, xyz = self._smoothed(estimate, time_s) if self.smooth else (estimate.xy, estimate.xyz)
        pose = PersonPose(self.number, time_s, xy, estimate.score, xyz)
        self.history.append(pose)
        self.roi = self._steady(estimate.roi, time_s)
        self.last_xy, self.last_time_s, self.active = estimate.xy, time_s, True
        return pose

    def _smoothed(self, estimate: PoseEstimate, time_s: float) -> tuple[Floats, Floats | None]:
        xy = self._smooth_xy(estimate.xy, time_s, estimate.roi.side / MARGIN)
        return xy, None if estimate.xyz is None else self._smooth_xyz(estimate.xyz, time_s)

    def _steady(self, roi: Roi, time_s: float) -> Roi:
        """Return ``roi`` held still: what the network sees, and so what it says, then does not tremble either."""
        center, tip = self._smooth_place(alignment_points(roi), time_s, roi.side / MARGIN)
        return roi_from_alignment(center, tip)

    def restart(self) -> None:
        """Forget the filters' state."""
        self._smooth_place, self._smooth_xy, self._smooth_xyz = OneEuro(PLACE), OneEuro(PICTURE), OneEuro(WORLD)

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
