"""Naming: a person's movement in, stretches with names out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deukgeun.exercises import UNKNOWN, catalogue
from deukgeun.motion.channels import Channels
from deukgeun.motion.summary import summarise
from deukgeun.motion.timeline import Movement
from deukgeun.recognition.equipment import exercise_shares
from deukgeun.recognition.likelihood import scores
from deukgeun.recognition.segmentation import Stretch, segment, with_unknown
from deukgeun.recognition.table import BACKGROUND, OTHER, movement_rows
from deukgeun.recognition.windows import Floats, windows

RECOGNISER = "table-1"  # named in every result
_LEAST_SHARE = 0.01
# Makes the mean confidence equal to the share of right names (0.56 and 0.57 on 136 real clips of other people, which
# chose this one number); the order of the guesses does not depend on it.
_SHARPNESS = 2.0


@dataclass(frozen=True, slots=True)
class Guess:
    """An exercise (slug, or ``unknown``) with its probability and the implement it would be done with."""

    exercise: str
    confidence: float
    equipment: str | None


@dataclass(frozen=True, slots=True)
class Active:
    """Steps ``first`` to ``last`` (exclusive) in which somebody trains; ``guesses`` add up to at most 1, best first."""

    first: int
    last: int
    guesses: tuple[Guess, ...]


def recognise(movement: Movement, found: Channels) -> tuple[Active, ...]:
    """Return the stretches of exercise in ``movement``, in order; background is left out."""
    names = {i: row.kind for i, row in enumerate(movement_rows())}
    active = []
    for stretch in segment(windows(movement, found)):
        if names.get(stretch.state) != BACKGROUND:
            active.append(Active(stretch.first, stretch.last, name(movement, found, stretch)))
    return tuple(active)


def name(movement: Movement, found: Channels, stretch: Stretch) -> tuple[Guess, ...]:
    """Return the guesses for a stretch: the evidence of its windows and that of the whole, half each."""
    part, seen = movement.part(stretch.first, stretch.last), found.part(stretch.first, stretch.last)
    numbers = summarise(part, seen)
    evidence = (stretch.evidence + with_unknown(scores(numbers))) / 2
    return _guesses(evidence, numbers, stretch.state)


def _guesses(evidence: Floats, numbers: dict[str, float], state: int) -> tuple[Guess, ...]:
    """Turn scores (R + 1,) into exercises; what the segmentation chose stays first."""
    movements, unknown = _probabilities(evidence)
    found = [Guess(UNKNOWN, unknown, None)]
    for movement, share in movements.items():
        for slug, (part, implement) in exercise_shares(catalogue().by_movement(movement), numbers).items():
            found.append(Guess(slug, share * part, None if implement == "none" else implement))
    found.sort(key=lambda g: -g.confidence)
    chosen = _chosen(state)
    first = next(g for g in found if _movement(g.exercise) == chosen)
    return (first, *[g for g in found if g is not first and g.confidence >= _LEAST_SHARE])


def _probabilities(evidence: Floats) -> tuple[dict[str, float], float]:
    """Return the probability of each movement of the catalogue, and that of everything else."""
    rows = movement_rows()
    odds = np.exp(_SHARPNESS * (evidence - evidence.max()))
    odds[[i for i, row in enumerate(rows) if row.kind == BACKGROUND]] = 0.0
    odds /= odds.sum()
    movements = {row.name: float(odds[i]) for i, row in enumerate(rows) if row.kind not in (BACKGROUND, OTHER)}
    return movements, float(1.0 - sum(movements.values()))


def _chosen(state: int) -> str:
    row = movement_rows()[state] if state >= 0 else None
    return row.name if row is not None and row.kind not in (BACKGROUND, OTHER) else UNKNOWN


def _movement(slug: str) -> str:
    return UNKNOWN if slug == UNKNOWN else catalogue()[slug].movement
