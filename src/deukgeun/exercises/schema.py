"""What a valid catalogue is. Imported only when one is loaded, because pydantic is slow to import."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from deukgeun.exercises.types import UNKNOWN, Measure, Sides, Start

Text = Annotated[str, StringConstraints(min_length=1, pattern=r"^\S(.*\S)?$")]
_SLUG = r"^[a-z][a-z0-9_]*$"
Slug = Annotated[str, StringConstraints(pattern=_SLUG)]
Uuid = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Words = Mapping[str, Mapping[str, object]]


def _word_of(table: str) -> AfterValidator:
    """Return a check that a text is a key of one of the vocabulary's tables (given as validation context)."""

    def check(value: str, info: ValidationInfo) -> str:
        known = info.context[table] if info.context else {}
        if value not in known:
            raise ValueError(f"{value!r} is not a known {table.replace('_', ' ')}")
        return value

    return AfterValidator(check)


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(values)) != len(values):
        raise ValueError("a value is listed twice")
    return values


Distinct = AfterValidator(_distinct)
Muscle = Annotated[str, _word_of("muscle")]
Equipment = Annotated[str, _word_of("equipment")]
Angle = Annotated[str, _word_of("angle")]


class Row(BaseModel):
    """A table of the catalogue: no unknown keys, no silent conversions beyond list to tuple."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Muscles(Row):
    """Muscles that do the work, and those that help."""

    primary: Annotated[tuple[Muscle, ...], Field(min_length=1), Distinct]
    secondary: Annotated[tuple[Muscle, ...], Distinct]

    @model_validator(mode="after")
    def _disjoint(self) -> Muscles:
        both = set(self.primary) & set(self.secondary)
        if both:
            raise ValueError(f"{', '.join(sorted(both))} is both primary and secondary")
        return self


class Repetition(Row):
    """The angles that make a repetition, and where the leading one starts."""

    angles: Annotated[tuple[Angle, ...], Field(min_length=1), Distinct]
    starts: Start


class Ids(Row):
    """Foreign ids with one implement."""

    hevy: Text | None = None
    strong: Text | None = None
    wger: Uuid | None = None
    fit: Annotated[str, _word_of("fit_exercise")]
    health_connect: Annotated[str, _word_of("health_connect_type")]


class Entry(Row):
    """One exercise as it stands in ``catalogue.toml``."""

    ko: Text
    en: Text
    aliases: Annotated[tuple[Text, ...], Field(min_length=2), Distinct]
    movement: Slug
    equipment: Annotated[tuple[Equipment, ...], Field(min_length=1), Distinct]
    measure: Measure
    sides: Sides
    muscles: Muscles
    met: Annotated[str, _word_of("met")]
    repetition: Repetition | None = None
    aihub_no: Annotated[int, Field(ge=1, le=41)] | None = None
    ids: dict[str, Ids]

    @model_validator(mode="after")
    def _consistent(self) -> Entry:
        if (self.repetition is None) != (self.measure == "hold"):
            raise ValueError("a 'reps' exercise has a repetition, a 'hold' has none")
        if set(self.ids) != set(self.equipment):
            raise ValueError("ids has one table for each equipment, and no other")
        return self


def validate_entry(slug: str, row: object, words: Words) -> Entry | str:
    """Return the checked entry, or what is wrong with it as "slug.field: reason".

    ``words`` holds the tables muscle, equipment, angle, met, fit_exercise and health_connect_type.
    """
    if slug == UNKNOWN or not re.match(_SLUG, slug):
        return f"{slug}: a slug is of a-z, 0-9 and _, and not {UNKNOWN!r}"
    try:
        return Entry.model_validate(row, context=dict(words))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join([slug, *(str(part) for part in first["loc"])])
        return f"{place}: {first['msg']}"
