"""The result of the main job: a Workout, as values and as JSON."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deukgeun.media import VideoInfo
from deukgeun.motion import Repetition

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another exercise that a set could be, with its probability (0..1)."""

    exercise: str
    confidence: float


@dataclass(frozen=True, slots=True)
class ExerciseSet:
    """One set by one person. ``exercise`` is a slug of the catalogue or ``unknown``.

    ``hold_s`` is the time held for exercises measured in seconds, otherwise None (and then ``repetitions``
    counts). ``equipment`` is None where nothing tells. ``confidence`` is the probability (0..1) of ``exercise``.
    """

    exercise: str
    start_s: float
    end_s: float
    repetitions: tuple[Repetition, ...]
    hold_s: float | None
    confidence: float
    alternatives: tuple[Alternative, ...]
    equipment: str | None
    person: int


@dataclass(frozen=True, slots=True)
class Rest:
    """The time between two sets of one person."""

    start_s: float
    end_s: float
    person: int


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """Somebody in the video: when they were first and last seen, for how long, and whether it is about them."""

    person: int
    start_s: float
    end_s: float
    seen_s: float
    main: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that limits the result, with a stable code: ``media-truncated``, ``pose-partly-seen``, ..."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made the result: enough to make it again."""

    version: str
    estimator: str
    estimator_sha256: str
    recogniser: str
    rate_hz: float


@dataclass(frozen=True, slots=True)
class Workout:
    """A video as a diary entry. Times are seconds from the video's first picture."""

    schema_version: int
    video: VideoInfo
    analysed_s: float
    sets: tuple[ExerciseSet, ...]
    rests: tuple[Rest, ...]
    people: tuple[PersonSeen, ...]
    warnings: tuple[Notice, ...]
    made_by: Provenance

    def to_json(self, indent: int | None = 2) -> str:
        """Return the workout as JSON (the schema is ``docs/reference/workout.schema.json``)."""
        return _adapter().dump_json(self._printable(), indent=indent, ensure_ascii=False).decode()

    def to_dict(self) -> dict[str, Any]:
        """Return the workout as plain JSON values."""
        plain: dict[str, Any] = _adapter().dump_python(self._printable(), mode="json")
        return plain

    def _printable(self) -> Workout:
        """Return the workout with a file name that is text: on POSIX a name may be any bytes, JSON holds UTF-8."""
        name = os.fsencode(self.video.path).decode("utf-8", "replace")
        return replace(self, video=replace(self.video, path=Path(name)))

    @staticmethod
    def from_json(text: str | bytes) -> Workout:
        """Return the workout that ``to_json`` wrote; raises ``pydantic.ValidationError`` for anything else."""
        return _adapter().validate_json(text)


def workout_schema() -> dict[str, Any]:
    """Return the JSON schema of ``Workout.to_json``."""
    return _adapter().json_schema()


@cache
def _adapter() -> TypeAdapter[Workout]:
    # Imported when first used: the command line must start without it.
    from pydantic import TypeAdapter

    return TypeAdapter(Workout)
