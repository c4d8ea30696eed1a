"""Which sets a session has, in which order, and how long the rests are."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from deukgeun.errors import SynthError
from deukgeun.synth.repertoire import Piece, exercise_pieces, piece_named

_ENTRY = re.compile(
    r"^\s*(?P<name>[^:/]+?)\s*(?:/\s*(?P<equipment>\w+)\s*)?:\s*(?:(?P<sets>\d{1,2})\s*x\s*)?(?P<amount>\d{1,4})\s*(?P<s>s)?\s*$"
)
_MOST_REPETITIONS, _LONGEST_S, _MOST_SETS = 200, 600, 20


@dataclass(frozen=True, slots=True)
class Entry:
    """``sets`` sets of one piece, of ``repetitions`` each, or held for ``hold_s`` where it is measured in seconds."""

    piece: Piece
    sets: int
    repetitions: int
    hold_s: float


def parse_schedule(text: str, rng: np.random.Generator) -> tuple[Entry, ...]:
    """The entries of ``name[/equipment]:[sets x]repetitions`` or ``name:seconds s``, separated by commas.

    ``push_up:3x8, barbell_squat:5, plank:20s``. An implement that is not given is drawn at random. Raises SynthError
    ``synth-schedule`` and what `piece_named` raises.
    """
    return tuple(_entry(part, rng) for part in text.split(","))


def _entry(text: str, rng: np.random.Generator) -> Entry:
    found = _ENTRY.match(text)
    if found is None:
        raise SynthError("synth-schedule", entry=text.strip(), reason="it is not NAME:REPETITIONS or NAME:SECONDSs")
    piece = piece_named(found["name"], rng, found["equipment"])
    amount, sets = int(found["amount"]), int(found["sets"] or 1)
    held = piece.motion.measure == "hold"
    most = _LONGEST_S if held else _MOST_REPETITIONS
    if held != bool(found["s"]):
        wanted = "seconds (20s)" if held else "repetitions (8)"
        raise SynthError("synth-schedule", entry=text.strip(), reason=f"{piece.label} is measured in {wanted}")
    if not (1 <= amount <= most and 1 <= sets <= _MOST_SETS):
        raise SynthError("synth-schedule", entry=text.strip(), reason=f"at most {_MOST_SETS} sets of {most}")
    return Entry(piece, sets, 0 if held else amount, float(amount) if held else 0.0)


def draw_schedule(rng: np.random.Generator, slugs: tuple[str, ...], exercises: int | None = None) -> tuple[Entry, ...]:
    """One to three of the exercises ``slugs`` (or as many as told), one to three sets each."""
    count = min(exercises or int(rng.integers(1, 4)), len(slugs))
    chosen = [slugs[int(k)] for k in rng.choice(len(slugs), count, replace=False)]
    return tuple(_drawn(slug, rng) for slug in chosen)


def _drawn(slug: str, rng: np.random.Generator) -> Entry:
    pieces = exercise_pieces(slug)
    piece = pieces[int(rng.integers(len(pieces)))]
    sets = int(rng.choice([1, 2, 3], p=[0.35, 0.4, 0.25]))
    if piece.motion.measure == "hold":
        return Entry(piece, sets, 0, float(rng.integers(10, 41)))
    return Entry(piece, sets, int(rng.integers(4, 16)), 0.0)
