"""What the gym can show: every exercise of the catalogue, what only looks like one, and idle time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deukgeun.exercises import UNKNOWN, catalogue
from deukgeun.synth.motions.definition import Kind, Motion, find, motions


@dataclass(frozen=True, slots=True)
class Piece:
    """Something to perform: a motion with one of its implements, and the catalogue's slug for it.

    ``exercise`` is ``unknown`` for near neighbours, background and transitions. ``equipment`` is None where the
    motion's own choice is random.
    """

    exercise: str
    motion: Motion
    equipment: str | None

    @property
    def label(self) -> str:
        """The exercise's slug, or the motion's name where the catalogue does not know it."""
        return self.motion.name if self.exercise == UNKNOWN else self.exercise


def of_kind(kind: Kind) -> tuple[Motion, ...]:
    """All motions of a kind, in the order of the files."""
    return tuple(motion for motion in motions().values() if motion.kind == kind)


def exercise_pieces(slug: str) -> tuple[Piece, ...]:
    """Every way to perform an exercise of the catalogue: one piece for each of its implements that is written.

    Raises CatalogueError ``catalogue-unknown-exercise``, and SynthError ``synth-motion-unknown`` where the gym has no
    motion of its movement.
    """
    exercise = catalogue().find(slug)
    written = [m for m in of_kind("exercise") if m.movement == exercise.movement]
    pieces = [
        Piece(exercise.slug, motion, equipment)
        for motion in written
        for equipment in exercise.equipment
        if equipment in motion.equipment
    ]
    if not pieces:
        find(f"{exercise.movement}/{'|'.join(exercise.equipment)}")
    return tuple(pieces)


def piece_named(name: str, rng: np.random.Generator, equipment: str | None = None) -> Piece:
    """The exercise (any of its names) or motion ``name``, with ``equipment`` or one drawn at random."""
    if name in motions() and motions()[name].kind != "exercise":
        motion = motions()[name]
        return Piece(UNKNOWN, motion, equipment or str(rng.choice(motion.equipment)))
    pieces = [p for p in exercise_pieces(name) if equipment in (None, p.equipment)]
    if not pieces:
        find(f"{name}/{equipment}")
    return pieces[int(rng.integers(len(pieces)))]


def slugs_of(motion: Motion) -> tuple[str, ...]:
    """The exercises of the catalogue that ``motion`` shows, with one implement or another."""
    if motion.kind != "exercise":
        return ()
    known = [e for e in catalogue().values() if e.movement == motion.movement]
    return tuple(e.slug for e in known if set(e.equipment) & set(motion.equipment))


def written(slug: str) -> bool:
    """Whether the gym can show this exercise of the catalogue."""
    return any(slug in slugs_of(motion) for motion in of_kind("exercise"))


def names() -> tuple[str, ...]:
    """Everything that can be asked for: the catalogue's slugs, then near neighbours, then background."""
    others = [m.name for kind in ("neighbour", "background") for m in of_kind(kind)]
    return (*catalogue(), *others)
