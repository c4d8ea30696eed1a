"""Naming: a person's movement in, stretches with names out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.exercises import UNKNOWN, catalogue
from deukgeun.motion.channels import Channels
from deukgeun.motion.summary import summarise
from deukgeun.motion.timeline import Movement
from deukgeun.recognition.equipment import exercise_shares
from deukgeun.recognition.network import BACKGROUND, MOVEMENT, NEIGHBOUR, MovementNetwork, NamerFile, log_softmax
from deukgeun.recognition.personal import Personal, with_personal
from deukgeun.recognition.segmentation import Stretch, segment
from deukgeun.recognition.windows import Windows, windows

Floats = npt.NDArray[np.floating[Any]]

RECOGNISER = "movements-1"
"""Named in every result, and in what was taught with it: another network has another name."""
_FILE = "movements.onnx"
_LEAST_SHARE = 0.01
NONE = Personal()


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


@cache
def shipped() -> MovementNetwork:
    """Return the network that comes with the package, loaded once. Raises ``model-file`` where it is damaged."""
    with as_file(files(__package__) / _FILE) as path:
        return MovementNetwork(path)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Windows ``first`` to ``last`` (exclusive) with the share of every class (C,), and whether they have a name."""

    first: int
    last: int
    shares: Floats
    named: bool


def recognise(
    movement: Movement, found: Channels, network: MovementNetwork | None = None, personal: Personal = NONE
) -> tuple[Active, ...]:
    """Return the stretches of exercise in ``movement``, in order; background is left out.

    Of ``personal`` exercises those count that were taught with this recogniser.
    """
    used = network or shipped()
    evidence = windows(movement, used)
    mine = personal.made_with(RECOGNISER, evidence.embedding.shape[1])
    active = []
    for seen in _joined([_seen(stretch, evidence, used.file) for stretch in segment(evidence)]):
        if seen is not None:
            first, last = evidence.starts[seen.first], evidence.starts[seen.last]
            numbers = summarise(movement.part(first, last), found.part(first, last))
            guesses = with_personal(
                _guesses(seen, used.file, numbers), evidence.embedding[seen.first : seen.last], mine
            )
            active.append(Active(first, last, guesses))
    return tuple(active)


def _seen(stretch: Stretch, evidence: Windows, file: NamerFile) -> _Seen | None:
    """Return what a stretch shows, or None for background. Shares are the geometric mean over its windows."""
    if file.classes[stretch.state][1] == BACKGROUND:
        return None
    shares = np.exp(log_softmax(evidence.log_share[stretch.first : stretch.last].mean(axis=0)))
    shares = np.where(file.of_kind(BACKGROUND), 0.0, shares)
    shares /= shares.sum()
    named = file.classes[stretch.state][1] == MOVEMENT and shares[stretch.state] >= file.least_known
    return _Seen(stretch.first, stretch.last, shares, bool(named))


def _joined(stretches: Sequence[_Seen | None]) -> list[_Seen | None]:
    """Join neighbours that have no name: what they are not is all that is known of them."""
    joined: list[_Seen | None] = []
    for this in stretches:
        last = joined[-1] if joined else None
        if this is not None and last is not None and not this.named and not last.named:
            long, new = last.last - last.first, this.last - this.first
            shares = (last.shares * long + this.shares * new) / (long + new)
            joined[-1] = _Seen(last.first, this.last, shares, False)
        else:
            joined.append(this)
    return joined


def _guesses(seen: _Seen, file: NamerFile, numbers: dict[str, float]) -> tuple[Guess, ...]:
    """Turn shares into exercises, best first; the movement with a name, or ``unknown`` for none, leads."""
    found = [Guess(UNKNOWN, float(seen.shares[file.of_kind(NEIGHBOUR)].sum()), None)]
    for (movement, kind), share in zip(file.classes, seen.shares, strict=True):
        if kind == MOVEMENT:
            for slug, (part, implement) in exercise_shares(catalogue().by_movement(movement), numbers).items():
                found.append(Guess(slug, float(share * part), None if implement == "none" else implement))
    found.sort(key=lambda g: -g.confidence)
    best = _best_movement(seen, file) if seen.named else UNKNOWN
    first = next(g for g in found if _movement(g.exercise) == best)
    return (first, *[g for g in found if g is not first and g.confidence >= _LEAST_SHARE])


def _best_movement(seen: _Seen, file: NamerFile) -> str:
    return file.names[int(np.where(file.of_kind(MOVEMENT), seen.shares, -1.0).argmax())]


def _movement(slug: str) -> str:
    return UNKNOWN if slug == UNKNOWN else catalogue()[slug].movement
