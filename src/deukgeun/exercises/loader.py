"""The catalogue: loaded once, checked, and searched by any of an exercise's names."""

from __future__ import annotations

import difflib
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from deukgeun.errors import CatalogueError
from deukgeun.exercises.types import PERSONAL, UNKNOWN, Exercise, FitId, ForeignIds, HealthConnectId, Met, is_korean

if TYPE_CHECKING:
    from deukgeun.exercises.schema import Entry, Ids

Table = Mapping[str, Any]


class Catalogue(Mapping[str, Exercise]):
    """Exercises by slug, in the order of the file. Immutable."""

    __slots__ = ("_by_name", "_exercises", "_movements")

    def __init__(self, exercises: Mapping[str, Exercise]) -> None:
        self._exercises = dict(exercises)
        self._by_name = _index(self._exercises)
        self._movements: dict[str, tuple[Exercise, ...]] = {}
        for exercise in self._exercises.values():
            group = self._movements.get(exercise.movement, ())
            self._movements[exercise.movement] = (*group, exercise)

    def __getitem__(self, slug: str) -> Exercise:
        return self._exercises[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._exercises)

    def __len__(self) -> int:
        return len(self._exercises)

    @property
    def movements(self) -> tuple[str, ...]:
        """Every movement, in the order of its first exercise."""
        return tuple(self._movements)

    def by_movement(self, movement: str) -> tuple[Exercise, ...]:
        """Return the exercises of a movement in catalogue order; none for a movement that does not exist."""
        return self._movements.get(movement, ())

    def find(self, text: str) -> Exercise:
        """Return the exercise whose slug, Korean or English name or alias ``text`` is.

        Spaces, punctuation, capitals and the Unicode form (Korean may come decomposed) do not matter.
        Raises ``CatalogueError`` catalogue-unknown-exercise, which names the nearest ones.
        """
        key = fold(text)
        if key in self._by_name:
            return self._exercises[self._by_name[key]]
        raise _unknown(text, self.nearest(text))

    def nearest(self, text: str) -> tuple[str, ...]:
        """Return up to three slugs with a name spelled like ``text``, the nearest first."""
        near = difflib.get_close_matches(fold(text), self._by_name, n=9, cutoff=0.5)
        return tuple(dict.fromkeys(self._by_name[name] for name in near))[:3]


def fold(text: str) -> str:
    """Return ``text`` as it is compared: Unicode NFKC, case folded, letters and digits only."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _index(exercises: Mapping[str, Exercise]) -> dict[str, str]:
    """Return folded name -> slug. Raises catalogue-invalid where two exercises share a name."""
    index: dict[str, str] = {}
    for slug, exercise in exercises.items():
        for name in (slug, exercise.ko, exercise.en, *exercise.aliases):
            owner = index.setdefault(fold(name), slug)
            if owner != slug:
                raise _invalid(f"{slug}: the name {name!r} is also that of {owner}")
    return index


@cache
def catalogue() -> Catalogue:
    """Return this installation's catalogue. Raises ``CatalogueError`` catalogue-invalid if it is damaged."""
    return build_catalogue(_read("catalogue.toml"), _read("vocabulary.toml"), _read("foreign.toml"))


@cache
def vocabulary() -> Table:
    """Return ``vocabulary.toml``: tables unknown, muscle, equipment, angle and met."""
    return _read("vocabulary.toml")


def exercise_name(slug: str, lang: str = "en") -> str:
    """Return the Korean or English name of a slug of the catalogue, or of ``UNKNOWN``; what somebody has taught
    (``my:...``) is called as its slug says.

    Raises ``CatalogueError`` catalogue-unknown-exercise for any other.
    """
    if slug == UNKNOWN:
        return str(vocabulary()["unknown"]["ko" if is_korean(lang) else "en"])
    if slug.startswith(PERSONAL):
        return slug.removeprefix(PERSONAL)
    if slug in catalogue():
        return catalogue()[slug].name(lang)
    raise _unknown(slug, catalogue().nearest(slug))


def build_catalogue(rows: Table, words: Table, foreign: Table) -> Catalogue:
    """Return the catalogue made of parsed ``catalogue.toml``, ``vocabulary.toml`` and ``foreign.toml``.

    Raises ``CatalogueError`` catalogue-invalid naming the first entry that is wrong.
    """
    from deukgeun.exercises.schema import (
        validate_entry,
    )  # lazy: pydantic costs 0.1 s, --help needs none of it

    fit = _fit_ids(foreign["fit"])
    known = {
        **{name: words[name] for name in ("muscle", "equipment", "angle", "met")},
        "fit_exercise": fit,
        "health_connect_type": foreign["health_connect"],
    }
    exercises = {}
    for slug, row in rows.items():
        entry = validate_entry(slug, row, known)
        if isinstance(entry, str):
            raise _invalid(entry)
        exercises[slug] = _exercise(slug, entry, words, fit, foreign["health_connect"])
    return Catalogue(exercises)


def _fit_ids(tables: Table) -> dict[str, FitId]:
    """Return every FIT id that may be named: "squat" and "squat/goblet_squat"."""
    ids = {name: FitId(number, name) for name, number in tables["category"].items()}
    for category, names in tables["name"].items():
        for name, number in names.items():
            ids[f"{category}/{name}"] = FitId(tables["category"][category], category, number, name)
    return ids


def _exercise(slug: str, entry: Entry, words: Table, fit: Mapping[str, FitId], segments: Table) -> Exercise:
    met = words["met"][entry.met]
    return Exercise(
        slug=slug,
        ko=entry.ko,
        en=entry.en,
        aliases=entry.aliases,
        movement=entry.movement,
        equipment=entry.equipment,
        measure=entry.measure,
        sides=entry.sides,
        primary_muscles=entry.muscles.primary,
        secondary_muscles=entry.muscles.secondary,
        met=Met(float(met["value"]), entry.met, met["activity"]),
        rep_joints=entry.repetition.angles if entry.repetition else (),
        rep_start=entry.repetition.starts if entry.repetition else None,
        aihub_no=entry.aihub_no,
        foreign=tuple(_foreign(name, entry.ids[name], fit, segments) for name in entry.equipment),
    )


def _foreign(equipment: str, ids: Ids, fit: Mapping[str, FitId], segments: Table) -> ForeignIds:
    segment = HealthConnectId(segments[ids.health_connect], ids.health_connect)
    return ForeignIds(equipment, ids.hevy, ids.strong, ids.wger, fit[ids.fit], segment)


def _read(name: str) -> Table:
    try:
        return tomllib.loads((files("deukgeun.exercises") / name).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _invalid(f"{name}: {error}") from error


def _unknown(name: str, nearest: tuple[str, ...]) -> CatalogueError:
    return CatalogueError("catalogue-unknown-exercise", name=name, nearest=", ".join(nearest) or "none")


def _invalid(reason: str) -> CatalogueError:
    return CatalogueError("catalogue-invalid", reason=reason)
