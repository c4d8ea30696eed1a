"""A track on an even grid of times, in a right-handed, y-up world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deukgeun.pose.track import PoseTrack
from deukgeun.skeleton import Skeleton

Floats = NDArray[np.float64]
_LONGEST_GAP_S = 0.6


@dataclass(frozen=True, slots=True)
class Movement:
    """A person's movement at even times.

    ``time_s`` (T,) with a step of ``1 / rate_hz``; ``xyz`` (T, K, 3) metres, x right, y up, z towards the camera,
    origin between the hips; ``xy`` (T, K, 2) pixels; ``score`` (T, K); ``seen`` (T,) False where the person was out
    of sight for longer than 0.6 s (the values there are interpolated and mean nothing).
    """

    time_s: Floats
    xyz: Floats
    xy: Floats
    score: Floats
    seen: NDArray[np.bool_]
    rate_hz: float
    skeleton: Skeleton

    def __len__(self) -> int:
        return len(self.time_s)

    def part(self, first: int, last: int) -> Movement:
        """Return the steps ``first`` to ``last`` (exclusive)."""
        cut = slice(first, last)
        return Movement(
            self.time_s[cut],
            self.xyz[cut],
            self.xy[cut],
            self.score[cut],
            self.seen[cut],
            self.rate_hz,
            self.skeleton,
        )


def on_grid(track: PoseTrack, rate_hz: float = 10.0) -> Movement:
    """Return ``track`` resampled to ``rate_hz`` by linear interpolation between its own times.

    Raises ``ValueError`` for a track without 3D joints or of no length.
    """
    if track.xyz is None or len(track) == 0:
        raise ValueError("a movement needs a track with 3D joints")
    start_s, end_s = float(track.time_s[0]), float(track.time_s[-1])
    steps = max(1, round((end_s - start_s) * rate_hz) + 1)
    grid = start_s + np.arange(steps) / rate_hz
    return Movement(
        time_s=grid,
        xyz=_interpolate(grid, track.time_s, track.xyz) * np.array([1.0, -1.0, -1.0]),
        xy=_interpolate(grid, track.time_s, track.xy),
        score=_interpolate(grid, track.time_s, track.score),
        seen=_seen(grid, track.time_s),
        rate_hz=rate_hz,
        skeleton=track.skeleton,
    )


def at_rate(movement: Movement, rate_hz: float) -> Movement:
    """Return a movement at another rate, by linear interpolation; itself where it has that rate."""
    if movement.rate_hz == rate_hz or len(movement) < 2:
        return movement
    first_s, last_s = float(movement.time_s[0]), float(movement.time_s[-1])
    grid = first_s + np.arange(max(1, round((last_s - first_s) * rate_hz) + 1)) / rate_hz
    xyz, xy, score = (_interpolate(grid, movement.time_s, a) for a in (movement.xyz, movement.xy, movement.score))
    nearest = np.clip(np.round((grid - first_s) * movement.rate_hz).astype(int), 0, len(movement) - 1)
    return Movement(grid, xyz, xy, score, movement.seen[nearest], rate_hz, movement.skeleton)


def _interpolate(grid: Floats, time_s: Floats, values: Floats) -> Floats:
    """Interpolate (T, ...) values at ``grid``, holding the ends."""
    if len(time_s) == 1:
        return np.repeat(values, len(grid), axis=0)
    right = np.clip(np.searchsorted(time_s, grid), 1, len(time_s) - 1)
    left = right - 1
    share = np.clip((grid - time_s[left]) / (time_s[right] - time_s[left]), 0.0, 1.0)
    share = share.reshape(-1, *([1] * (values.ndim - 1)))
    result: Floats = values[left] * (1 - share) + values[right] * share
    return result


def _seen(grid: Floats, time_s: Floats) -> NDArray[np.bool_]:
    """A grid time is seen if the measured times on both sides of it are no further apart than the longest gap."""
    right = np.clip(np.searchsorted(time_s, grid), 0, len(time_s) - 1)
    left = np.maximum(right - 1, 0)
    exact = np.abs(time_s[right] - grid) < 1e-6
    return exact | (time_s[right] - time_s[left] <= _LONGEST_GAP_S)
