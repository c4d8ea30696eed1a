"""Which labelled pictures go into the tables, and why the others do not."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from deukgeun.aihub.clip import VIEW_COUNT, Clip, Unread
from deukgeun.aihub.collection import ClipPictures, Collection
from deukgeun.aihub.corrections import DROP, Corrections
from deukgeun.aihub.exercises import aihub_exercise
from deukgeun.aihub.labels import exercise_of
from deukgeun.aihub.names import VIEWS, LabelName, picture_name
from deukgeun.aihub.numbers import slugs
from deukgeun.aihub.rows import Row
from deukgeun.aihub.survey import PICTURES

LABELLED = PICTURES // 2


@dataclass(frozen=True, slots=True)
class Choice:
    """What is taken: ``exercises`` by number (empty: all), only ``correct`` posture, only ``whole`` clips (32 pictures
    in every view), no ``lookalikes`` from a view that hides the difference (False), ``corrections`` beforehand."""

    exercises: frozenset[int] = frozenset()
    correct: bool = True
    whole: bool = True
    lookalikes: bool = True
    corrections: Corrections = field(default_factory=Corrections)


@dataclass(slots=True)
class Dropped:
    """How many clips as a whole, and how many labelled pictures, were left out, by why."""

    clips: Counter[str] = field(default_factory=Counter)
    images: Counter[str] = field(default_factory=Counter)

    def clip(self, why: str, images: int = 0) -> None:
        """Count a clip with its labelled pictures."""
        self.clips[why] += 1
        self.images[why] += images


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row, with the numbers of its picture and of its exercise as corrected."""

    bits: int
    number: int
    row: Row


@dataclass(frozen=True, slots=True)
class Lookalikes:
    """Exercises that one picture of these views (0..4) cannot tell apart."""

    exercises: frozenset[int]
    views: frozenset[int]
    why: str


@cache
def lookalikes() -> tuple[Lookalikes, ...]:
    """Return the groups of ``lookalikes.toml``."""
    rows = tomllib.loads((files("deukgeun.aihub") / "lookalikes.toml").read_text("utf-8"))["pair"]
    return tuple(
        Lookalikes(frozenset(row["exercises"]), frozenset(map(VIEWS.index, row["views"])), row["why"]) for row in rows
    )


def candidates(collection: Collection, choice: Choice, dropped: Dropped) -> Iterator[Candidate]:
    """Yield each labelled picture that the choice takes, and count the others in ``dropped``."""
    pictures_there = collection.index.count("pictures") > 0

    def wanted(name: LabelName) -> bool:
        if not choice.exercises or choice.corrections.rows or _number(name) in choice.exercises | {0}:
            return True
        dropped.clip("exercise not asked for")
        return False

    for clip in collection.clips(wanted):
        if isinstance(clip, Unread):
            dropped.clip("label cannot be read")
            continue
        pictures = collection.pictures(clip) if pictures_there else None
        why = _why_not(clip, choice, pictures, pictures_there)
        if why:
            dropped.clip(why, VIEW_COUNT * len(clip))
            continue
        yield from _images(clip, choice, pictures, dropped)


def _number(name: LabelName) -> int:
    try:
        return aihub_exercise(name.type_no).no
    except ValueError:
        return 0


def _why_not(clip: Clip, choice: Choice, pictures: ClipPictures | None, pictures_there: bool) -> str:
    """Why a clip as a whole is left out; empty if it is not."""
    if not len(clip):
        return "no labelled frames"
    if choice.correct and not clip.correct:
        return "posture not correct"
    if pictures_there and pictures is None:
        return "no pictures"
    whole = pictures.whole(PICTURES) if pictures is not None else len(clip) == LABELLED
    return "not 32 pictures in every view" if choice.whole and not whole else ""


def _images(clip: Clip, choice: Choice, pictures: ClipPictures | None, dropped: Dropped) -> Iterator[Candidate]:
    known: Any = np.isfinite(clip.xy).all(axis=(2, 3))
    there = None if pictures is None else [set(view) for view in pictures.frames]
    for view in range(VIEW_COUNT):
        for frame, path in enumerate(clip.pictures[view]):
            name = picture_name(path)
            if name is None or name.view != view:
                dropped.images["picture not named as one of its view"] += 1
            elif not known[view, frame]:
                dropped.images["joint unknown"] += 1
            elif there is not None and name.frame not in there[view]:
                dropped.images["picture not there"] += 1
            else:
                image = path.rpartition("/")[2]
                number = _chosen_number(clip, image, view, choice, dropped)
                if number:
                    when = clip.name.day, clip.name.session
                    row = Row(image, clip.xy[view, frame], VIEWS[view], slugs()[number], *when)
                    yield Candidate(name.bits(), number, row)


def _chosen_number(clip: Clip, image: str, view: int, choice: Choice, dropped: Dropped) -> int:
    """The exercise's number as corrected; 0 if the picture is left out."""
    corrected = choice.corrections.exercise(clip.name.stem, image)
    number = exercise_of(clip.name).no if corrected is None else corrected
    if number == DROP:
        dropped.images["left out by the table of corrections"] += 1
        return 0
    if choice.exercises and number not in choice.exercises:
        dropped.images["exercise not asked for"] += 1
        return 0
    if not choice.lookalikes and _is_hidden(number, view, choice.exercises):
        dropped.images["looks like another exercise from there"] += 1
        return 0
    return number


def _is_hidden(number: int, view: int, asked: frozenset[int]) -> bool:
    """Whether another exercise that is asked for, too, cannot be told from this one in that view."""
    return any(
        number in group.exercises and view in group.views and (not asked or len(group.exercises & asked) > 1)
        for group in lookalikes()
    )
