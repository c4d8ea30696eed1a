"""The values of the exercises room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Measure = Literal["reps", "hold"]
Sides = Literal["both", "alternating", "either"]
Start = Literal["open", "closed"]
UNKNOWN = "unknown"
PERSONAL = "my:"
"""What the slug of every exercise begins with that somebody has taught, and none of the catalogue."""
"""The label of active time that cannot be named: a slug in results, never in the catalogue."""


@dataclass(frozen=True, slots=True)
class Met:
    """The metabolic equivalent of an activity (2011 Adult Compendium): ``value`` in kcal per kg and hour."""

    value: float
    code: str
    activity: str


@dataclass(frozen=True, slots=True)
class FitId:
    """A Garmin FIT exercise: its category, and its name within the category where there is one."""

    category: int
    category_name: str
    subtype: int | None = None
    subtype_name: str | None = None


@dataclass(frozen=True, slots=True)
class HealthConnectId:
    """A segment type of Health Connect's Jetpack client; the name is without ``EXERCISE_SEGMENT_TYPE_``."""

    type: int
    name: str


@dataclass(frozen=True, slots=True)
class ForeignIds:
    """What other products call an exercise done with ``equipment``; None where no such name is confirmed."""

    equipment: str
    hevy: str | None = None
    strong: str | None = None
    wger: str | None = None
    fit: FitId | None = None
    health_connect: HealthConnectId | None = None


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise of the catalogue.

    ``movement`` is what a skeleton shows; exercises of one movement differ by ``equipment``, usual one first.
    ``rep_joints`` names the angles whose motion makes a repetition, the leading one first; ``rep_start`` says
    whether the leading one is "open" (large) or "closed" (small) when it starts. Both are empty for holds.
    ``foreign`` has one entry for each of ``equipment``, in its order.
    """

    slug: str
    ko: str
    en: str
    aliases: tuple[str, ...]
    movement: str
    equipment: tuple[str, ...]
    measure: Measure
    sides: Sides
    primary_muscles: tuple[str, ...]
    secondary_muscles: tuple[str, ...]
    met: Met
    rep_joints: tuple[str, ...]
    rep_start: Start | None
    aihub_no: int | None
    foreign: tuple[ForeignIds, ...]

    def name(self, lang: str = "en") -> str:
        """Return the Korean name for "ko" (and "ko-KR", "ko_KR"), the English one for any other language."""
        return self.ko if is_korean(lang) else self.en

    def ids(self, equipment: str | None = None) -> ForeignIds:
        """Return the foreign ids with ``equipment``; with the usual one where it is None or not used here."""
        return next((ids for ids in self.foreign if ids.equipment == equipment), self.foreign[0])


def is_korean(lang: str) -> bool:
    """Return whether a language tag ("ko", "ko-KR", "ko_KR.UTF-8") asks for Korean."""
    return lang.lower().replace("_", "-").split("-")[0] == "ko"
