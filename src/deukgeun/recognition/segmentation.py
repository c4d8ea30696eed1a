"""From evidence in windows to stretches of one movement each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from deukgeun.recognition.table import movement_rows
from deukgeun.recognition.windows import HOP_S, WINDOW_S, Floats, Windows

UNKNOWN_SCORE = 0.3  # what "a movement that is not in the table" scores: the table's rows start from 0
_CHANGE = 2.0  # log odds against a change from one movement to another between two windows
# Windows overlap, so their evidence is counted by how much of each is new.
_SHARE = HOP_S / (WINDOW_S / 2)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Steps ``first`` to ``last`` (exclusive) of one state: a row's index in the table, or -1 for unknown.

    ``evidence`` (R + 1,) is the mean score of every row over it, unknown last.
    """

    first: int
    last: int
    state: int
    evidence: Floats


def segment(found: Windows) -> tuple[Stretch, ...]:
    """Return the most likely sequence of movements (Viterbi: a change costs, staying is free)."""
    evidence = with_unknown(found.scores)
    path = _viterbi(evidence * _SHARE)
    changes = [0, *(np.flatnonzero(np.diff(path)) + 1).tolist(), len(path)]
    unknown = len(movement_rows())
    stretches = []
    for a, b in pairwise(changes):
        state = int(path[a])
        mean = evidence[a:b].mean(axis=0)
        stretches.append(Stretch(found.starts[a], found.starts[b], -1 if state == unknown else state, mean))
    return tuple(stretches)


def with_unknown(scores: Floats) -> Floats:
    """Return scores (..., R) with the score of "unknown" added at the end."""
    return np.concatenate([scores, np.full((*scores.shape[:-1], 1), UNKNOWN_SCORE)], axis=-1)


def _viterbi(evidence: Floats) -> Floats:
    """Return the best state (W,) for each window of ``evidence`` (W, S)."""
    best = evidence[0]
    came_from = np.zeros(evidence.shape, np.int64)
    for i in range(1, len(evidence)):
        jump = int(np.argmax(best))
        stay = best >= best[jump] - _CHANGE
        came_from[i] = np.where(stay, np.arange(len(best)), jump)
        best = np.where(stay, best, best[jump] - _CHANGE) + evidence[i]
    path = np.zeros(len(evidence), np.int64)
    path[-1] = int(np.argmax(best))
    for i in range(len(evidence) - 1, 0, -1):
        path[i - 1] = came_from[i, path[i]]
    return path.astype(np.float64)
