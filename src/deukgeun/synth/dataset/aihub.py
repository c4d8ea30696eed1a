"""The layout ``aihub``: recordings of the 816 types by five cameras, 32 pictures each, as in AI Hub data set 231.

A block of recordings is one performer's session on one day: one athlete in one outfit, one room, one way the five
cameras stand. Every tenth day is the validation part and has performers of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from deukgeun.errors import SynthError
from deukgeun.exercises import catalogue
from deukgeun.synth.acts import Act, picked, solo
from deukgeun.synth.athletes.bank import athletes
from deukgeun.synth.dataset.run import Row
from deukgeun.synth.repertoire import Piece, exercise_pieces, written
from deukgeun.synth.writers import (
    AihubExercise,
    Recording,
    aihub_exercise,
    aihub_exercises,
    finished,
    naming_of,
    room_to_cm,
    write_recording,
)
from deukgeun.synth.writers.aihub_names import Split

Array = npt.NDArray[np.float64]

PICTURES, EVERY_S = 32, 0.3
"""Labelled pictures, which are every other one, are 0.6 s apart."""
_FINE = 9  # a performance is acted out at so many times the rate of the pictures
_A_SESSION, _SESSIONS, _DAYS = 40, 9, 99
_TENTH, _VALIDATION_DAY, _VALIDATION_SHARE = 10, 2, 0.1
_IMPLEMENTS = {1: ("none",), 2: ("barbell", "dumbbell", "plate"), 3: ()}
_ROOM, _BLOCK, _ACT = range(22, 25)


@dataclass(frozen=True, slots=True)
class RecordingOrder:
    """One recording of a data set in ``folder``; everything about it follows from its fields.

    ``without_pictures`` writes labels alone.
    """

    index: int
    seed: int
    type_no: int
    day: int
    session: int
    performer: int
    folder: Path
    bodies: Path
    room: str | None
    without_pictures: bool = False

    @property
    def split(self) -> Split:
        """Every tenth day is for validation."""
        return "validation" if self.day % _TENTH == _VALIDATION_DAY else "training"

    def finished(self) -> Row | None:
        """The row of the manifest when both labels are there: they are written last."""
        blank = np.zeros((PICTURES, 24, 3))
        bare = Recording(
            self.type_no, self.day, self.session, self.performer, np.zeros((5, PICTURES, 24, 2)), blank, None, None
        )
        naming = naming_of(bare, self.split)
        return _row(self, naming.stem) if finished(self.folder, naming) else None


@cache
def types_shown(no: int) -> tuple[int, ...]:
    """The types of exercise ``no`` that the gym can show: conditions that it cannot break always hold."""
    exercise = next(each for each in aihub_exercises() if each.no == no)
    pieces = pieces_of(exercise)
    if not pieces:
        return ()
    breakable = set.intersection(*(set(piece.motion.mistakes) for piece in pieces))
    first, last = exercise.types
    return tuple(t for t in range(first, last + 1) if set(broken(exercise, t)) <= breakable)


def broken(exercise: AihubExercise, type_no: int) -> tuple[str, ...]:
    """The conditions that do not hold in a type."""
    return tuple(text for text, holds in zip(exercise.conditions, exercise.values(type_no), strict=True) if not holds)


def pieces_of(exercise: AihubExercise) -> tuple[Piece, ...]:
    """How the gym shows an exercise of the data set, with the implements that its kind has there."""
    slug = catalogue().find(exercise.name.strip()).slug
    if not written(slug):
        return ()
    wanted = _IMPLEMENTS[exercise.kind]
    return tuple(p for p in exercise_pieces(slug) if not wanted or p.equipment in wanted)


def recording_orders(
    slugs: tuple[str, ...], count: int, seed: int, folder: Path, bodies: Path, *,
    room: str | None = None, without_pictures: bool = False, only_correct: bool = False,
) -> tuple[RecordingOrder, ...]:  # fmt: skip
    """``count`` recordings of the exercises ``slugs``, types as even as can be, or only those in which all conditions
    hold. Raises ``synth-aihub-count``.
    """
    shown = [e for e in aihub_exercises() if catalogue().find(e.name.strip()).slug in slugs]
    numbers = [t for e in shown for t in types_shown(e.no) if not (only_correct and broken(e, t))]
    types = np.array(numbers, dtype=np.int64)
    a_session = min(_A_SESSION, len(types))
    if not a_session or count > a_session * _SESSIONS * _DAYS:
        raise SynthError("synth-aihub-count", count=count, most=a_session * _SESSIONS * _DAYS)
    orders: list[RecordingOrder] = []
    deck: list[int] = []
    for block in range(-(-count // a_session)):
        rng = np.random.default_rng([seed, _BLOCK, block])
        if len(deck) < a_session:
            deck = [*deck, *_others_first(types, deck, rng)]
        drawn, deck = _distinct(deck, a_session)
        day, session = block // _SESSIONS + 1, block % _SESSIONS + 1
        performer = _performer(day, rng)
        for type_no in drawn:
            k = len(orders)
            orders.append(
                RecordingOrder(k, seed, type_no, day, session, performer, folder, bodies, room, without_pictures)
            )
    return tuple(orders[:count])


def _others_first(types: npt.NDArray[np.int64], deck: list[int], rng: np.random.Generator) -> list[int]:
    """All types in a random order, those that are still in the deck last: a session has no type twice."""
    shuffled = [int(t) for t in rng.permutation(types)]
    return sorted(shuffled, key=lambda t: t in deck)


def _distinct(deck: list[int], count: int) -> tuple[list[int], list[int]]:
    return deck[:count], deck[count:]


def _performer(day: int, rng: np.random.Generator) -> int:
    """Z number: the athlete's place in the bank, from 1."""
    most = len(athletes())
    first_kept = most - int(_VALIDATION_SHARE * most)
    if day % _TENTH == _VALIDATION_DAY:
        return int(rng.integers(first_kept, most)) + 1
    return int(rng.integers(first_kept)) + 1


def make_recording(order: RecordingOrder) -> Row:
    """Act the type out, draw it for five cameras and write it; returns the row of the manifest."""
    from deukgeun.synth.dataset.aihub_views import Views

    act = recorded_act(order)
    with Views(order, act) as views:
        recording = Recording(
            type_no=order.type_no,
            day=order.day,
            session=order.session,
            performer=order.performer,
            xy=views.xy(),
            cm=room_to_cm(act.joints("aihub_24")),
            pictures=None if order.without_pictures else views.pictures(),
            active=_active(act),
        )
        done = write_recording(order.folder, recording, order.split)
    return _row(order, done.labels[-1].stem.removesuffix("-3d"))


def recorded_act(order: RecordingOrder) -> Act:
    """The performer doing the type: 32 moments, 0.3 s apart."""
    exercise = aihub_exercise(order.type_no)
    rng = np.random.default_rng([order.seed, _ACT, order.index])
    pieces = pieces_of(exercise)
    piece = pieces[int(rng.integers(len(pieces)))]
    figure = athletes()[order.performer - 1]
    rate_hz = _FINE / EVERY_S
    act = solo(
        piece, figure, rng,
        duration_s=PICTURES * EVERY_S, rate_hz=rate_hz, whole=True, mistakes=broken(exercise, order.type_no),
    )  # fmt: skip
    return picked(act, np.arange(PICTURES) * _FINE)


def _active(act: Act) -> list[bool]:
    each = act.sets[0]
    return [bool(each.start_s - EVERY_S <= at_s <= each.end_s + EVERY_S) for at_s in act.time_s]


def _row(order: RecordingOrder, stem: str) -> Row:
    exercise = aihub_exercise(order.type_no)
    return {
        "index": order.index,
        "label": stem,
        "split": order.split,
        "type": f"{order.type_no:03}",
        "exercise": catalogue().find(exercise.name.strip()).slug,
        "day": order.day,
        "session": order.session,
        "performer": order.performer,
    }
