"""Exercises by any of their names: AI Hub's numbers and names, and those of the catalogue."""

from __future__ import annotations

from functools import cache

from deukgeun.aihub.exercises import AihubExercise, aihub_exercises
from deukgeun.aihub.names import clean_text
from deukgeun.errors import AihubError, CatalogueError
from deukgeun.exercises import catalogue


def exercise_number(text: str) -> int:
    """Return AI Hub's number (1 to 41) of an exercise given by number or name. Raises ``aihub-exercise``."""
    wanted = clean_text(text)
    by_name = {clean_text(name).lower(): each.no for each in aihub_exercises() for name in (each.name, each.name_en)}
    if wanted.isdecimal() and int(wanted) in by_name.values():
        return int(wanted)
    if wanted.lower() in by_name:
        return by_name[wanted.lower()]
    try:
        number = catalogue().find(wanted).aihub_no
    except CatalogueError:
        number = None
    if number is None:
        raise AihubError("aihub-exercise", name=text)
    return number


def exercise_by_number(number: int) -> AihubExercise:
    """Return the exercise of that number (1 to 41)."""
    return aihub_exercises()[number - 1]


@cache
def slugs() -> dict[int, str]:
    """Return the catalogue's names of AI Hub's exercises by their numbers."""
    return {entry.aihub_no: slug for slug, entry in catalogue().items() if entry.aihub_no is not None}
