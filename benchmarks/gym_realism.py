"""Do the gym's motions look like people's? Trajectories of joint angles of real clips beside synthetic ones.

A clip becomes the mean course of its repetitions: joint angles (left and right apart) at 24 phases from one repetition
to the next. Two courses are as far apart as the root mean square of their angles' differences, at the best shift of
phase and with left and right as they are or swapped. A real clip's distance to a class is the mean of its three
nearest members. A motion is off when real clips of it lie nearer to another class, or far from every member of its
own by the measure of how far those lie from each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deukgeun.motion import channels, on_grid, repetitions
from deukgeun.pose import PoseTrack

Array = npt.NDArray[np.float64]

PHASES = 24
SIDED = ("elbow", "knee", "hip", "shoulder", "upper_arm", "thigh", "shin")
CENTRAL = ("trunk", "twist")
NEAREST = 3
_LEAST_REP_S, _LONGEST_REP_S = 0.4, 12.0


@dataclass(frozen=True, slots=True)
class Course:
    """The mean course of a repetition: left and right (P, S) and central (P, C) angles in degrees."""

    left: Array
    right: Array
    central: Array

    def row(self, swapped: bool = False) -> Array:
        """All angles (P, 2 S + C)."""
        sides = (self.right, self.left) if swapped else (self.left, self.right)
        out: Array = np.concatenate([*sides, self.central], axis=1)
        return out


def course(track: PoseTrack, joints: Sequence[str] = (), rest: str | None = None) -> Course | None:
    """The course of a track, or None where it has no repetition or too few poses; a hold's is its mean pose."""
    if len(track) < 12:
        return None
    movement = on_grid(track, 10.0)
    found = channels(movement)
    cut = [
        (r.start_s, r.end_s)
        for r in repetitions(movement, found, joints, rest)
        if _LEAST_REP_S <= r.end_s - r.start_s <= _LONGEST_REP_S
    ]
    series = [np.stack([found.side(n, s) for n in SIDED], axis=1) for s in "lr"]
    series.append(np.stack([found.series[n] for n in CENTRAL], axis=1))
    if not cut:
        return Course(*(np.tile(np.median(each, axis=0), (PHASES, 1)) for each in series))
    means = []
    for each in series:
        parts = [
            np.stack(
                [
                    np.interp(np.linspace(a, b, PHASES, endpoint=False), movement.time_s, each[:, k])
                    for k in range(each.shape[1])
                ],
                axis=1,
            )
            for a, b in cut
        ]
        means.append(np.median(parts, axis=0))
    return Course(*means)


def distance(a: Course, b: Course) -> float:
    """Root mean square of the angles' differences in degrees, at the best shift of phase and choice of sides."""
    here = a.row()
    best = np.inf
    for swapped in (False, True):
        there = b.row(swapped)
        for shift in range(PHASES):
            best = min(best, float(np.sqrt(np.mean((here - np.roll(there, shift, axis=0)) ** 2))))
    return best


def to_class(one: Course, members: Sequence[Course]) -> float:
    """Mean distance to the nearest members."""
    return float(np.mean(sorted(distance(one, each) for each in members)[:NEAREST]))


@dataclass(frozen=True, slots=True)
class Verdict:
    """A real clip: its distance to its own class, the nearest other one, and the spread of its own class."""

    clip: str
    movement: str
    own_deg: float
    other: str
    other_deg: float
    within_deg: float

    @property
    def off(self) -> bool:
        """Nearer to another class, or twice as far as members of its class are from each other."""
        return self.other_deg < self.own_deg or self.own_deg > 2 * self.within_deg


def judge(real: Sequence[tuple[str, str, Course]], synthetic: Mapping[str, Sequence[Course]]) -> list[Verdict]:
    """Verdicts on real clips (name, movement, course) of movements that have synthetic members."""
    within = {
        name: float(np.median([to_class(m, [o for o in members if o is not m]) for m in members]))
        for name, members in synthetic.items()
    }
    out = []
    for clip, movement, own in real:
        if movement not in synthetic:
            continue
        far = {name: to_class(own, members) for name, members in synthetic.items()}
        mine = far.pop(movement)
        other = min(far, key=lambda name: far[name])
        out.append(Verdict(clip, movement, mine, other, far[other], within[movement]))
    return out
