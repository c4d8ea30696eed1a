"""Recognition measured on the virtual gym: tracks of athletes whom no network has learnt from, and whole workouts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.analysis.sets import exercise_sets
from deukgeun.analysis.workout import ExerciseSet
from deukgeun.exercises import UNKNOWN, catalogue
from deukgeun.pose import PoseTrack
from deukgeun.recognition.network import BACKGROUND, MOVEMENT, MovementNetwork, log_softmax
from deukgeun.recognition.windows import windows_of
from deukgeun.training.exercise.calibrate import calibration_error
from deukgeun.training.exercise.corpus import Corpus

Floats = npt.NDArray[np.floating[Any]]

_LEAST_IOU = 0.5
NOTHING = "nothing"
"""What background is named."""


@dataclass(frozen=True, slots=True)
class Named:
    """Of N tracks: what they show and what they were named (a movement, ``unknown`` or ``nothing``), how surely, from
    where they were seen, and whether the truth is among the three likeliest movements (of a movement)."""

    truth: npt.NDArray[np.str_]
    named: npt.NDArray[np.str_]
    sure: Floats
    view: npt.NDArray[np.str_]
    among_three: npt.NDArray[np.bool_]

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """Which are named right (N,)."""
        return np.asarray(self.truth == self.named)

    @property
    def known(self) -> npt.NDArray[np.bool_]:
        """Which show a movement of the catalogue (N,)."""
        return np.asarray((self.truth != UNKNOWN) & (self.truth != NOTHING))

    @property
    def calibration_error(self) -> float:
        """The expected calibration error of all answers, 15 bins."""
        return calibration_error(self.sure, self.right)


def name_tracks(network: MovementNetwork, corpus: Corpus, hop: int = 5) -> Named:
    """Return what a network calls whole tracks: the geometric mean of the shares of their windows."""
    file = network.file
    rows = [network.look(windows_of(corpus.track(k), file.steps, hop)).log_share.mean(0) for k in range(len(corpus))]
    shares = np.exp(log_softmax(np.array(rows)))
    kinds, names = np.array([kind for _, kind in file.classes]), np.array(file.names)
    best = shares.argmax(axis=1)
    known = (kinds[best] == MOVEMENT) & (shares.max(axis=1) >= file.least_known)
    named = np.where(known, names[best], np.where(kinds[best] == BACKGROUND, NOTHING, UNKNOWN))
    truth = np.array([_truth(told.name, told.kind) for told in corpus.told])
    return Named(truth, named, _sure(shares, kinds, named), np.array([_side(told.view) for told in corpus.told]),
                 _among_three(shares, kinds, names, truth))  # fmt: skip


def _side(view: str) -> str:
    """``front_oblique_left_high`` as ``front_oblique``."""
    return "_".join(part for part in view.split("_") if part not in ("left", "right", "low", "mid", "high"))


def _truth(name: str, kind: str) -> str:
    return name if kind == MOVEMENT else NOTHING if kind == BACKGROUND else UNKNOWN


def _sure(shares: Floats, kinds: npt.NDArray[np.str_], named: npt.NDArray[np.str_]) -> Floats:
    """The share of what was answered: of the movement, or of all that is unknown, or of all background, together."""
    together = {
        UNKNOWN: shares[:, kinds == "neighbour"].sum(axis=1),
        NOTHING: shares[:, kinds == BACKGROUND].sum(axis=1),
    }
    return np.array([together[n][k] if n in together else shares[k].max() for k, n in enumerate(named)])


def _among_three(
    shares: Floats, kinds: npt.NDArray[np.str_], names: npt.NDArray[np.str_], truth: npt.NDArray[np.str_]
) -> npt.NDArray[np.bool_]:
    order = np.argsort(-np.where(kinds == MOVEMENT, shares, -1.0), axis=1)[:, :3]
    return np.asarray((names[order] == truth[:, None]).any(axis=1))


@dataclass(frozen=True, slots=True)
class Workouts:
    """Of whole workouts: sets there were, sets that were found (overlap of half of both together at least), of these
    the ones named right, sets found in all, seconds outside of sets, and of these the ones called a set."""

    there: int
    found: int
    named: int
    told: int
    background_s: float
    false_s: float

    @property
    def recall(self) -> float:
        """The share of sets that were found."""
        return self.found / max(self.there, 1)

    @property
    def precision(self) -> float:
        """The share of what was told that is a set."""
        return self.found / max(self.told, 1)

    @property
    def false_s_a_minute(self) -> float:
        """False activity in seconds a minute of background."""
        return 60.0 * self.false_s / max(self.background_s, 1e-9)


Truth = tuple[str, float, float]
"""An exercise, from when to when in seconds."""


def measure_workouts(
    drawn: Iterable[tuple[Sequence[Truth], float, PoseTrack]],
    rate_hz: float = 10.0,
    told: Callable[[int], None] | None = None,
) -> Workouts:
    """Return how well the sets of workouts are found: (true sets, length in seconds, track) of each."""
    total = np.zeros(6)
    for done, (truth, last_s, track) in enumerate(drawn, start=1):
        found = exercise_sets(track, rate_hz)
        pairs = matched(truth, found)
        named = sum(_same(truth[i][0], found[j].exercise) for i, j in pairs)
        total += (len(truth), len(pairs), named, len(found), *_outside(truth, found, last_s))
        if told is not None:
            told(done)
    return Workouts(*(int(v) for v in total[:4]), *(float(v) for v in total[4:]))


def matched(truth: Sequence[Truth], found: Sequence[ExerciseSet]) -> list[tuple[int, int]]:
    """Return pairs (true set, found set) whose intersection is half of their union at least; that is one at most."""
    pairs = []
    for i, (_, start_s, end_s) in enumerate(truth):
        for j, each in enumerate(found):
            both = min(end_s, each.end_s) - max(start_s, each.start_s)
            if both >= _LEAST_IOU * (max(end_s, each.end_s) - min(start_s, each.start_s)):
                pairs.append((i, j))
                break
    return pairs


def _same(truth: str, named: str) -> bool:
    return named != UNKNOWN and catalogue()[named].movement == catalogue()[truth].movement


def _outside(
    truth: Sequence[Truth], found: Sequence[ExerciseSet], last_s: float, step_s: float = 0.05
) -> tuple[float, float]:
    """Seconds outside of true sets, and those of them that are called a set."""
    at_s = np.arange(0.0, last_s, step_s)
    true, told = np.zeros(len(at_s), bool), np.zeros(len(at_s), bool)
    for _, start_s, end_s in truth:
        true |= (at_s >= start_s) & (at_s <= end_s)
    for each in found:
        told |= (at_s >= each.start_s) & (at_s <= each.end_s)
    return float((~true).sum() * step_s), float((told & ~true).sum() * step_s)
