"""A clip as the course of its joint angles through one repetition, and how far two courses are apart.

The course has the angles at 24 phases from one repetition to the next: of the left, of the right, and of the trunk.
Repetitions on the other side are turned round to the side of the first before their median is taken, and one that was
out of sight is left out. Two courses are as far apart as the weighted root mean square of their angles' differences, at
the best shift of phase and with left and right as they are or swapped.

An angle that the estimator sees badly says little about a motion, so each weighs as much as it is reliable: the share
of its variance that is the body's and not the estimator's, S / (S + N), where S is the variance of the true angle over
all pictures of rendered clips and N the mean square of the estimator's error in them (`reliabilities`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deukgeun.motion import Channels, Movement, channels, on_grid, repetitions
from deukgeun.pose import PoseTrack
from deukgeun.skeleton import skeleton
from deukgeun.synth.tracks.recording import Recording

Array = npt.NDArray[np.float64]

PHASES = 24
SIDED = ("elbow", "knee", "hip", "shoulder", "upper_arm", "forearm", "thigh", "shin", "abduction", "reach")
CENTRAL = ("trunk", "facing", "twist")
_SINES = ("abduction", "reach", "facing")
# Measured by `reliabilities` on 278 recordings of all motions: SIDED, then CENTRAL.
RELIABILITY = (0.65, 0.75, 0.76, 0.83, 0.84, 0.82, 0.87, 0.86, 0.53, 0.68, 0.91, 0.84, 0.16)
_HIPS = [skeleton("blazepose_33").index(name) for name in ("left_hip", "right_hip")]
_LEAST_REP_S, _LONGEST_REP_S = 0.4, 12.0
_LEAST_SEEN = 0.8
_FEWEST_POSES = 12


@dataclass(frozen=True, slots=True)
class Course:
    """The usual repetition: left and right (P, S) and central (P, C) angles in degrees, of how many repetitions."""

    left: Array
    right: Array
    central: Array
    repetitions: int = 0

    def row(self, swapped: bool = False) -> Array:
        """All angles (P, 2 S + C); with the sides swapped a twist goes the other way."""
        sides = (self.right, self.left) if swapped else (self.left, self.right)
        central = self.central * np.array([1.0, 1.0, -1.0]) if swapped else self.central
        out: Array = np.concatenate([*sides, central], axis=1)
        return out


def angles(found: Channels) -> tuple[Array, Array, Array]:
    """Left and right (T, S) and central (T, C) angles in degrees; directions become angles to their plane."""

    def degrees(name: str, values: Array) -> Array:
        out: Array = np.degrees(np.arcsin(np.clip(values, -1, 1))) if name in _SINES else values
        return out

    left, right = (np.stack([degrees(n, found.side(n, s)) for n in SIDED], axis=1) for s in "lr")
    return left, right, np.stack([degrees(n, found.series[n]) for n in CENTRAL], axis=1)


def course(track: PoseTrack, joints: Sequence[str] = (), rest: str | None = None, hold: bool = False) -> Course | None:
    """The course of a track, or None where it has too few poses; a hold's is its median pose, as is that of a track
    without a repetition. ``joints`` and ``rest`` tell the counter what the catalogue knows of the movement.
    """
    if len(track) < _FEWEST_POSES:
        return None
    movement = on_grid(track, 10.0)
    found = channels(movement)
    series = angles(found)
    cut = [] if hold else _cut(movement, found, joints, rest)
    if not cut:
        return Course(*(np.tile(np.median(each[movement.seen], axis=0), (PHASES, 1)) for each in series))
    return _usual([_one(movement, series, *each) for each in cut])


def _cut(movement: Movement, found: Channels, joints: Sequence[str], rest: str | None) -> list[tuple[float, float]]:
    """Start and end of each repetition that can be one and was seen."""
    out = []
    for each in repetitions(movement, found, joints, rest):
        inside = (movement.time_s >= each.start_s) & (movement.time_s <= each.end_s)
        length_s = each.end_s - each.start_s
        if _LEAST_REP_S <= length_s <= _LONGEST_REP_S and movement.seen[inside].mean() >= _LEAST_SEEN:
            out.append((each.start_s, each.end_s))
    return out


def _one(movement: Movement, series: tuple[Array, Array, Array], start_s: float, end_s: float) -> Course:
    at = np.linspace(start_s, end_s, PHASES, endpoint=False)
    return Course(*(np.stack([np.interp(at, movement.time_s, c) for c in each.T], axis=1) for each in series))


def _usual(each: Sequence[Course]) -> Course:
    """The median of repetitions, all turned to the side of the first."""
    first = each[0].row()
    rows = []
    for one in each:
        kept, turned = one.row(), one.row(swapped=True)
        rows.append(kept if np.mean((kept - first) ** 2) <= np.mean((turned - first) ** 2) else turned)
    median, size = np.median(rows, axis=0), len(SIDED)
    return Course(median[:, :size], median[:, size : 2 * size], median[:, 2 * size :], len(each))


@dataclass(frozen=True, slots=True)
class Crowd:
    """Courses that others are held against: weighted ``rows`` (N, P, A), their transform and the weights (A,)."""

    rows: Array
    spectrum: npt.NDArray[np.complex128]
    scale: Array

    def distances(self, one: Course) -> Array:
        """Weighted root mean square of the angles' differences in degrees to each of the crowd (N,)."""
        best = np.full(len(self.rows), np.inf)
        power = np.sum(self.rows**2, axis=(1, 2))
        for swapped in (False, True):
            here = one.row(swapped) * self.scale
            # |a - b|^2 = |a|^2 + |b|^2 - 2 ab, with ab at all shifts at once by the transform (correlation theorem).
            product = np.sum(np.fft.rfft(here, axis=0) * np.conj(self.spectrum), axis=2)
            best = np.minimum(best, np.sum(here**2) + power - 2 * np.fft.irfft(product, n=PHASES, axis=1).max(axis=1))
        out: Array = np.sqrt(np.maximum(best, 0.0))
        return out


def crowd(courses: Sequence[Course], weights: Sequence[float] = RELIABILITY) -> Crowd:
    """The crowd of ``courses``; ``weights`` of the angles, SIDED then CENTRAL."""
    size = len(SIDED)
    share = np.concatenate([weights[:size], weights[:size], weights[size:]])
    scale = np.sqrt(share / share.sum() / PHASES)
    rows = np.stack([each.row() for each in courses]) * scale
    return Crowd(rows, np.fft.rfft(rows, axis=1), scale)


def seen_track(recording: Recording) -> PoseTrack:
    """What the estimator saw of a rendered clip."""
    time_s, keep = np.arange(len(recording.seen)) / recording.rate_hz, recording.seen
    xy, score, xyz = recording.xy[keep], recording.score[keep], recording.xyz[keep]
    return PoseTrack(time_s[keep], xy, score, xyz, skeleton("blazepose_33"), 0)


def true_track(recording: Recording) -> PoseTrack:
    """What it would have seen without errors, in the same pictures."""
    time_s, keep = np.arange(len(recording.seen)) / recording.rate_hz, recording.seen
    body = recording.camera_m - recording.camera_m[:, _HIPS].mean(axis=1, keepdims=True)
    return PoseTrack(
        time_s[keep], recording.true_xy[keep], np.ones(recording.score[keep].shape), body[keep],
        skeleton("blazepose_33"), 0,
    )  # fmt: skip


def reliabilities(recordings: Sequence[Recording]) -> Array:
    """Of each angle, SIDED then CENTRAL, the share of its variance in what the estimator says that is the body's."""
    error, truth = [], []
    for each in recordings:
        if each.seen.sum() < _FEWEST_POSES:
            continue
        seen, true = (angles(channels(on_grid(t))) for t in (seen_track(each), true_track(each)))
        for side in (0, 1):
            here, there = np.hstack([seen[side], seen[2]]), np.hstack([true[side], true[2]])
            error.append(here - there)
            truth.append(there)
    noise, signal = np.mean(np.vstack(error) ** 2, axis=0), np.var(np.vstack(truth), axis=0)
    out: Array = signal / (signal + noise)
    return out
