"""From the numbers of a stretch of movement to a probability for each movement.

Every range of the table is a likelihood: flat inside, falling off like a normal distribution outside, and worth the
more the narrower it is, against a number that may be anything. A row's score is the sum over its ranges (a naive
Bayes classifier whose distributions are written down rather than learned), divided by a temperature because the
numbers of one movement depend on each other.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from deukgeun.recognition.table import Row, limb_of, movement_rows, scale

Floats = NDArray[np.float64]
_WORST = 2.5  # softnesses from a range beyond which it does not get worse: one wild number must not decide
_TEMPERATURE = 2.5
_DETAIL = 0.25  # 1: a row gains with everything that is said about it; 0: a long description gains nothing
_ROOT_TWO_PI = 2.5066
_SEEN_NOT, _SEEN_WELL = 0.15, 0.65  # visibility of a limb: below it is a guess, above it is measured
_PRIOR = {"movement": 0.0, "background": 0.0, "other": -1.0}  # log; what is filmed is mostly in the catalogue


@cache
def _compiled() -> tuple[tuple[str, ...], Floats, Floats, Floats, Floats]:
    """Return the numbers used, and (rows, numbers) arrays of low, high, softness and gain (nan: may be anything)."""
    rows = movement_rows()
    numbers = tuple(sorted({number for row in rows for number in row.ranges}))
    low, high, soft, gain = (np.full((len(rows), len(numbers)), np.nan) for _ in range(4))
    for i, row in enumerate(rows):
        for number, ends in row.ranges.items():
            j, s = numbers.index(number), scale(number)
            low[i, j], high[i, j] = s(ends[0]), s(ends[1])
            soft[i, j] = s.softness
            gain[i, j] = np.log(s.width / min(high[i, j] - low[i, j] + _ROOT_TWO_PI * s.softness, s.width))
    total = np.nansum(gain, axis=1, keepdims=True)
    gain *= (np.median(total) / total) ** (1.0 - _DETAIL)
    return numbers, low, high, soft, gain


def scores(numbers: dict[str, float]) -> Floats:
    """Return the score of each row of the table (R,): the log likelihood against "anything", tempered.

    What hangs on limbs that are hardly seen (``arms.seen``, ``legs.seen``) counts less: the estimator invents them.
    """
    names, low, high, soft, gain = _compiled()
    value = _compared(np.array([numbers[name] for name in names]))
    away = np.maximum(np.maximum(low - value, value - high), 0.0) / soft
    terms = (gain - 0.5 * np.minimum(away, _WORST) ** 2) * _trust(numbers)
    total: Floats = np.nansum(terms, axis=1) / _TEMPERATURE + _priors()
    return total


@cache
def _floors() -> tuple[Floats, NDArray[np.bool_]]:
    """Return the floor of each number and whether it is compared by its logarithm, as ``scale`` says."""
    floors = [scale(name).floor for name in _compiled()[0]]
    return np.array([floor or 0.0 for floor in floors]), np.array([floor is not None for floor in floors])


def _compared(values: Floats) -> Floats:
    """Return all numbers as they are compared: ``scale(name)(value)`` for each, at once."""
    floors, by_ratio = _floors()
    return np.where(by_ratio, np.log(np.where(by_ratio, np.maximum(values, 0.0) + floors, 1.0)), values)


@cache
def _limbs() -> tuple[str, ...]:
    return tuple(limb_of(name) for name in _compiled()[0])


def _trust(numbers: dict[str, float]) -> Floats:
    """Return the weight (0.1 to 1) of each number, by how well the limbs behind it are seen."""
    trust = {"arms": limb_trust(numbers["arms.seen"]), "legs": limb_trust(numbers["legs.seen"]), "trunk": 1.0}
    return np.array([trust[limb] for limb in _limbs()])


def limb_trust(seen: float) -> float:
    """Return how much (0.1 to 1) is believed of a limb whose visibility is ``seen`` (0..1)."""
    return float(np.clip((seen - _SEEN_NOT) / (_SEEN_WELL - _SEEN_NOT), 0.1, 1.0))


@cache
def _priors() -> Floats:
    return np.array([_PRIOR[row.kind] for row in movement_rows()])


def explain(numbers: dict[str, float], name: str) -> list[tuple[str, float, float]]:
    """Return (number, value, term) of the row ``name``, worst first: why a movement was or was not recognised.

    The terms add up to the row's score, but for the temperature and the prior.
    """
    names, low, high, soft, gain = _compiled()
    trust = _trust(numbers)
    i = [row.name for row in movement_rows()].index(name)
    found = []
    for j, number in enumerate(names):
        if not np.isnan(low[i, j]):
            value = float(scale(number)(numbers[number]))
            away = max(low[i, j] - value, value - high[i, j], 0.0) / soft[i, j]
            found.append((number, numbers[number], float((gain[i, j] - 0.5 * min(away, _WORST) ** 2) * trust[j])))
    return sorted(found, key=lambda item: item[2])


def rows_of(kind: str) -> tuple[tuple[int, Row], ...]:
    """Return (index, row) of every row of a kind: "movement", "background" or "other"."""
    return tuple((i, row) for i, row in enumerate(movement_rows()) if row.kind == kind)
