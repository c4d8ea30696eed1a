"""The workout: when every repetition begins, turns and ends, and the pose at any time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.interpolate import PchipInterpolator

from . import moves
from .pose import Pose, pose_from_vector
from .rig import Rig

Array = npt.NDArray[np.float64]

KEY_STEP_S = 1 / 60


@dataclass(frozen=True, slots=True)
class Rep:
    """One repetition in seconds of the video; `depth` 1 is the full range."""

    start_s: float
    turn_s: float
    rise_s: float
    end_s: float
    depth: float

    @property
    def peak_s(self) -> float:
        """The middle of the pause at the bottom."""
        return (self.turn_s + self.rise_s) / 2


# Seconds down, at the bottom, up, and at the top before the next one; then depth. Unequal, slower when tired.
SQUATS = (
    (0.92, 0.10, 0.80, 0.16, 0.98),
    (0.86, 0.08, 0.76, 0.12, 1.00),
    (0.94, 0.14, 0.84, 0.20, 1.03),
    (0.98, 0.12, 0.92, 0.28, 0.99),
    (1.02, 0.16, 1.06, 0.00, 0.95),
)
PUSH_UPS = (
    (0.58, 0.05, 0.52, 0.08, 0.96),
    (0.54, 0.05, 0.50, 0.07, 1.00),
    (0.57, 0.06, 0.54, 0.10, 1.00),
    (0.60, 0.07, 0.58, 0.14, 0.98),
    (0.64, 0.08, 0.66, 0.20, 0.97),
    (0.68, 0.10, 0.80, 0.00, 0.93),
)
FIRST_SQUAT_S = 1.2
REST_S = 1.9
DOWN_S = 2.58  # from standing to the plank
PLANK_S = 0.3
UP_S = 2.3
LAST_S = 0.4


def _reps(table: tuple[tuple[float, ...], ...], start_s: float) -> tuple[Rep, ...]:
    reps = []
    for down, low, up, high, depth in table:
        reps.append(Rep(start_s, start_s + down, start_s + down + low, start_s + down + low + up, depth))
        start_s = reps[-1].end_s + high
    return tuple(reps)


def _ease(x: float) -> float:
    """Minimum-jerk blend from 0 to 1 (Flash and Hogan 1985)."""
    return x**3 * (10 - 15 * x + 6 * x * x)


def depth_at(rep: Rep, time_s: float) -> float:
    """How deep the repetition is at a time between its start and end."""
    if time_s < rep.turn_s:
        return rep.depth * _ease((time_s - rep.start_s) / (rep.turn_s - rep.start_s))
    if time_s <= rep.rise_s:
        return rep.depth
    return rep.depth * (1 - _ease((time_s - rep.rise_s) / (rep.end_s - rep.rise_s)))


class Workout:
    """The whole performance of one athlete: `pose(time_s)` for 0 <= time_s <= duration_s."""

    def __init__(self, rig: Rig, seed: int) -> None:
        self.rig, self.foot_y = rig, moves.plank_foot_y_m(rig)
        self.squats = _reps(SQUATS, FIRST_SQUAT_S)
        self.down_s = self.squats[-1].end_s + REST_S
        self.push_ups = _reps(PUSH_UPS, self.down_s + DOWN_S + PLANK_S)
        self.up_s = self.push_ups[-1].end_s + 0.25
        self.duration_s = self.up_s + UP_S + LAST_S
        keys = self._keys()
        times = np.array([t for t, _ in keys])
        self._path = PchipInterpolator(times, np.array([p.vector() for _, p in keys]), axis=0)
        rng = np.random.default_rng(seed)
        self._sway = rng.uniform(0, 2 * np.pi, (8, 3)), rng.uniform(0.13, 0.75, (8, 3))

    def _keys(self) -> list[tuple[float, Pose]]:
        return [*self._squat_keys(), *self._down_keys(), *self._push_up_keys(), *self._up_keys()]

    def _squat_keys(self) -> list[tuple[float, Pose]]:
        ready = moves.stand(self.rig)
        looking = replace(ready, trunk_deg=ready.trunk_deg + np.array([0, 0, 0, 0, 2, 24]))
        keys = [(-1.0, looking), (0.35, looking), (0.95, ready)]
        for rep in self.squats:
            times = np.arange(rep.start_s, rep.end_s, KEY_STEP_S)
            keys += [(float(t), moves.squat(self.rig, depth_at(rep, float(t)))) for t in times]
        return [*keys, (self.squats[-1].end_s, ready)]

    def _down_keys(self) -> list[tuple[float, Pose]]:
        ready, crouched = moves.stand(self.rig), moves.crouch(self.rig)
        top = moves.push_up(self.rig, 0.0, self.foot_y)
        one_back = moves.half_step(self.rig, self.foot_y, 1)
        tired = replace(ready, pelvis_m=ready.pelvis_m + np.array([0.022, 0.004, -0.006]))
        tired = replace(tired, trunk_deg=ready.trunk_deg + np.array([1, 0, 1.5, 4, 14, 3]))
        t, dip = self.down_s, moves.squat(self.rig, 0.72)
        keys = [(t - 0.75, tired), (t - 0.5, tired), (t, ready), (t + 0.5, dip), (t + 1.05, crouched)]
        keys += [(t + 1.2, crouched), (t + 1.51, moves.stepping(crouched, one_back, 1)), (t + 1.81, one_back)]
        keys += [(t + 1.87, one_back), (t + 2.18, moves.stepping(one_back, top, 0)), (t + DOWN_S - 0.1, top)]
        return [*keys, (t + DOWN_S, top)]

    def _push_up_keys(self) -> list[tuple[float, Pose]]:
        keys = []
        for rep in self.push_ups:
            for time_s in np.arange(rep.start_s, rep.end_s, KEY_STEP_S):
                depth = depth_at(rep, float(time_s))
                keys.append((float(time_s), moves.push_up(self.rig, depth, self.foot_y)))
        return [*keys, (self.push_ups[-1].end_s, moves.push_up(self.rig, 0.0, self.foot_y))]

    def _up_keys(self) -> list[tuple[float, Pose]]:
        ready, crouched = moves.stand(self.rig), moves.crouch(self.rig)
        top = moves.push_up(self.rig, 0.0, self.foot_y)
        one_back = moves.half_step(self.rig, self.foot_y, 0)
        t, dip = self.up_s, moves.squat(self.rig, 0.55)
        keys = [(t, top), (t + 0.26, moves.stepping(top, one_back, 1)), (t + 0.52, one_back), (t + 0.6, one_back)]
        keys += [(t + 0.86, moves.stepping(one_back, crouched, 0)), (t + 1.12, crouched), (t + 1.22, crouched)]
        keys += [(t + 1.70, dip), (t + UP_S - 0.02, ready), (t + UP_S, ready)]
        return [*keys, (self.duration_s + 1, ready)]

    def _drift(self, time_s: float) -> Array:
        """Three slow wanderings (3,) of unit size: sums of sines, the same for the same seed."""
        phase, rate = self._sway
        out: Array = np.sin(2 * np.pi * rate * time_s + phase).sum(axis=0) / 2
        return out

    def pose(self, time_s: float) -> Pose:
        """The pose at `time_s`, with sway and with breathing that deepens as the workout goes on."""
        pose = pose_from_vector(np.asarray(self._path(time_s), float))
        on_hands = float(pose.hand_flat.mean())
        drift = self._drift(time_s) * (1 - 0.75 * on_hands)
        breath = np.sin(2 * np.pi * 0.42 * time_s) * (0.5 + 0.9 * min(time_s / 12, 1)) * (1 - 0.6 * on_hands)
        x, y, z = drift
        lean = np.array([0.2 * y, 0.5 * x, 0.25 * x, 0.4 * y - breath, 0.0, z])
        moved = replace(pose, trunk_deg=pose.trunk_deg + lean, pelvis_m=pose.pelvis_m + drift * [0.006, 0.005, 0.0])
        carried = np.array([self.rig.shoulder(moved, i) - self.rig.shoulder(pose, i) for i in (0, 1)])
        return replace(moved, wrist_m=pose.wrist_m + carried * (1 - pose.hand_flat[:, None]))
