"""Exercises of the stick-figure athlete: when (a course of depth over time), and what (a posture for each depth)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tests.support_athlete import (
    FRONT,
    HIP,
    LEFT,
    SHIN,
    SHOULDER,
    SOLE,
    THIGH,
    TORSO,
    UP,
    Arm,
    Leg,
    Points,
    Posture,
    Target,
    View,
    filmed,
    joints,
)

from deukgeun.pose.track import PoseTrack

Floats = NDArray[np.float64]
STANDING_M = THIGH + SHIN + SOLE - 0.004


@dataclass(frozen=True)
class Course:
    """``depth`` (T,) 0 at rest to 1 at the far end; ``turn`` (T,) counts the repetitions begun, from 0."""

    time_s: Floats
    depth: Floats
    turn: NDArray[np.int64]

    @property
    def left(self) -> Floats:
        """The depth of the left side where the sides take turns, left first."""
        return np.where(self.turn % 2 == 0, self.depth, 0.0)

    @property
    def right(self) -> Floats:
        return np.where(self.turn % 2 == 1, self.depth, 0.0)


def course(
    count: int,
    tempo_s: float = 2.0,
    rate_hz: float = 10.0,
    before_s: float = 1.0,
    after_s: float = 1.0,
    pause_s: float = 0.0,
    held_s: float = 0.0,
    first: float = 0.0,
    last: float = 1.0,
) -> Course:
    """Return ``count`` repetitions of ``tempo_s``, each held at the far end and followed by a pause at rest.

    ``first`` and ``last`` cut into the first and last repetition: a film that begins at ``first`` of the first one
    (0 to 1 of its time) and ends at ``last`` of the last one (and then without the time before or after).
    """
    period = tempo_s + held_s + pause_s
    start = first * tempo_s if first else -before_s
    end = (count - 1) * period + last * tempo_s if last < 1.0 else count * period - pause_s + after_s
    time = np.arange(start, end + 1e-9, 1.0 / rate_hz)
    turn = np.clip(np.floor(time / period), 0, max(count - 1, 0)).astype(np.int64)
    into = time - turn * period
    moved = np.minimum(into, tempo_s / 2) + np.maximum(into - tempo_s / 2 - held_s, 0.0)
    share = np.clip(moved / tempo_s, 0.0, 1.0)
    depth = 0.5 - 0.5 * np.cos(2 * np.pi * share) if count else np.zeros_like(time)
    return Course(time - time[0], depth, turn)


def _at(x: Floats | float, y: Floats | float, z: Floats | float) -> Floats:
    return np.stack(np.broadcast_arrays(*(np.atleast_1d(np.asarray(v, float)) for v in (x, y, z))), axis=-1)


def _feet(wide: float | Floats = 0.15) -> tuple[Target, Target]:
    return Target(_at(wide, SOLE, 0.0)), Target(_at(-np.asarray(wide), SOLE, 0.0))


def _both(arm: Arm) -> tuple[Arm, Arm]:
    return arm, arm


def squat(c: Course) -> Posture:
    d = c.depth
    pelvis = _at(0.0, STANDING_M - 0.015 - 0.42 * d, -0.2 * d)
    return Posture(pelvis, lean=42 * d, arms=_both(Arm(flex=130 * d)), legs=_feet())


def stand(c: Course) -> Posture:
    sway = 0.008 * np.sin(2 * np.pi * 0.3 * c.time_s)
    return Posture(_at(sway, STANDING_M - 0.01, 0.0), legs=_feet(0.12))


def curl(c: Course) -> Posture:
    arms = _both(Arm(flex=2 + 12 * c.depth, abduct=6, bend=10 + 128 * c.depth))
    return Posture(_at(0.0, STANDING_M - 0.01, 0.0), arms=arms, legs=_feet(0.12))


def jumping_jack(c: Course) -> Posture:
    d = c.depth
    pelvis = _at(0.0, STANDING_M - 0.01 + 0.08 * np.sin(np.pi * d) ** 2 - 0.07 * d, 0.0)
    lift = 0.1 * np.sin(np.pi * d) ** 2
    feet = tuple(Target(_at(s * (0.1 + 0.3 * d), SOLE + lift, 0.0)) for s in (1, -1))
    return Posture(pelvis, arms=_both(Arm(abduct=8 + 155 * d, bend=15)), legs=(feet[0], feet[1]))


def lunge(c: Course) -> Posture:
    """Forward, the sides in turn: each steps 0.8 m ahead and back."""
    reach = {s: np.clip(1.6 * d, 0, 1) for s, d in (("l", c.left), ("r", c.right))}
    lift = {s: 0.12 * np.sin(np.pi * r) for s, r in reach.items()}
    pelvis = _at(0.0, STANDING_M - 0.015 - 0.34 * c.depth, 0.42 * c.depth)
    feet = [Target(_at(x, SOLE + lift[s], 0.85 * reach[s])) for s, x in (("l", HIP), ("r", -HIP))]
    return Posture(pelvis, lean=5 * c.depth, arms=_both(Arm(bend=20)), legs=(feet[0], feet[1]))


def high_knees(c: Course) -> Posture:
    legs = tuple(Leg(flex=2 + 88 * d, bend=3 + 90 * d) for d in (c.left, c.right))
    pelvis = _at(0.0, STANDING_M + 0.05 * c.depth, 0.0)
    arms = tuple(Arm(flex=5 + 40 * d, bend=80) for d in (c.right, c.left))
    return Posture(pelvis, arms=(arms[0], arms[1]), legs=(legs[0], legs[1]))


def _prone(shoulder_height: Floats) -> Posture:
    """A straight body over the toes, the hands on the floor under where the shoulders are with straight arms."""
    body = TORSO + THIGH + SHIN
    lean = 90 - np.degrees(np.arcsin(np.clip((shoulder_height - 0.12) / body, -0.9, 0.9)))
    along = _at(0.0, np.cos(np.radians(lean)), np.sin(np.radians(lean)))
    pelvis = _at(0.0, 0.12, 0.0) + along * (THIGH + SHIN)
    ahead = float((along[:, 2] * body).max()) - 0.02
    hands = [Target(_at(s * (SHOULDER + 0.07), 0.03, ahead - 0.05), s * LEFT - 0.6 * FRONT + 0.3 * UP) for s in (1, -1)]
    return Posture(pelvis, lean=lean, arms=(hands[0], hands[1]), legs=(Leg(abduct=1), Leg(abduct=1)))


def push_up(c: Course) -> Posture:
    return _prone(0.56 - 0.34 * c.depth)


def plank(c: Course) -> Posture:
    return _prone(np.full(len(c.time_s), 0.56))


def pull_up(c: Course) -> Posture:
    hands = [Target(_at(s * 0.28, 2.2, 0.0), s * LEFT + 0.5 * FRONT - UP) for s in (1, -1)]
    pelvis = _at(0.0, 2.2 - 0.53 - TORSO + 0.42 * c.depth, -0.05)
    legs = (Leg(flex=5, bend=15), Leg(flex=5, bend=15))
    return Posture(pelvis, lean=-3 * c.depth, arms=(hands[0], hands[1]), legs=legs)


def sit_up(c: Course) -> Posture:
    pelvis = _at(0.0, 0.12, np.zeros(len(c.time_s)))
    feet = tuple(Target(_at(s * HIP, SOLE, 0.45), UP) for s in (1, -1))
    return Posture(pelvis, lean=-85 + 75 * c.depth, arms=_both(Arm(flex=30, bend=130)), legs=(feet[0], feet[1]))


def walk(c: Course, speed_m_s: float = 1.2, cadence_hz: float = 0.9) -> Posture:
    """Walking straight ahead with swinging arms; the way is centred on the world's origin.

    Joint angles after Perry (Gait Analysis, 1992): thigh +-22 degrees, knee bent to 60 in swing, arms +-20.
    """
    phase = 2 * np.pi * cadence_hz * c.time_s
    way = speed_m_s * (c.time_s - c.time_s[-1] / 2)
    pelvis = _at(0.02 * np.sin(phase), STANDING_M - 0.02 + 0.02 * np.cos(2 * phase), way)
    legs = tuple(
        Leg(flex=8 + 22 * np.sin(phase + p), bend=8 + 52 * np.clip(np.cos(phase + p), 0, 1) ** 2) for p in (0, np.pi)
    )
    arms = tuple(Arm(flex=-3 + 20 * np.sin(phase + p), bend=20) for p in (np.pi, 0))
    return Posture(pelvis, lean=3.0, arms=(arms[0], arms[1]), legs=(legs[0], legs[1]))


Exercise = Callable[[Course], Posture]
EXERCISES: dict[str, Exercise] = {
    f.__name__: f for f in (squat, push_up, curl, lunge, high_knees, jumping_jack, pull_up, sit_up)
}


def performed(exercise: Exercise, done: Course, view: View = View()) -> PoseTrack:  # noqa: B008
    """Return the track of an exercise."""
    return filmed(points_of(exercise, done), done.time_s, view)


def points_of(exercise: Exercise, done: Course) -> Points:
    """Return the joints (T, 3) of an exercise, one for each time of the course."""
    return {n: np.broadcast_to(p, (len(done.time_s), 3)) for n, p in joints(exercise(done)).items()}


def in_sequence(parts: Sequence[tuple[Exercise, Course]], view: View = View(), change_s: float = 1.5) -> PoseTrack:  # noqa: B008
    """Return the track of several exercises one after the other, with ``change_s`` to get from one to the next."""
    step = float(np.diff(parts[0][1].time_s[:2])[0])
    times, points = parts[0][1].time_s, points_of(*parts[0])
    for part in parts[1:]:
        following = points_of(*part)
        steps = round(change_s / step)
        share = ((1 - np.cos(np.pi * np.arange(1, steps + 1) / (steps + 1))) / 2)[:, None]
        bridge = {n: points[n][-1] * (1 - share) + following[n][0] * share for n in points}
        points = {n: np.concatenate([points[n], bridge[n], following[n]]) for n in points}
        more = np.arange(1, steps + len(part[1].time_s) + 1) * step
        times = np.concatenate([times, times[-1] + more])
    return filmed(points, times, view)


__all__ = [
    "EXERCISES", "STANDING_M", "Course", "Exercise", "course", "curl", "high_knees", "in_sequence", "jumping_jack",
    "lunge", "performed", "plank", "points_of", "pull_up", "push_up", "sit_up", "squat", "stand", "walk",
]  # fmt: skip
