"""Write docs/reference/exercises.md from the exercise catalogue.

    python tools/make_exercises_page.py

A test fails while the page in the repository is not the one this would write.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from deukgeun.exercises import Exercise, ForeignIds, catalogue, exercise_name, vocabulary
from deukgeun.exercises.types import UNKNOWN

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "exercises.md"

INTRODUCTION = """# Exercises

This page is written by `tools/make_exercises_page.py` from `src/deukgeun/exercises/catalogue.toml`; do not edit it.

The catalogue has {exercises} exercises of {movements} movements. A movement is what a skeleton shows; exercises that
differ only by the implement share one. Every name below, in either language, is accepted wherever an exercise is asked
for; capitals, spaces and hyphens do not count. A slug leads to its [pictures](gallery.md). Active
time that cannot be named has the slug `{unknown}` ({unknown_ko}, {unknown_en}).
"""

REPETITIONS = """## What makes a repetition

The angles whose motion makes a repetition, the leading one first, and whether that one is open (large) or closed
(small) when the repetition starts. *Both* sides: they move together. *Alternating*: each side counts one. *Either*:
both ways are usual.
"""

ENERGY = """## Energy

Metabolic equivalents (MET, kcal per kg of body weight and hour) of the 2011 Adult Compendium of Physical Activities
(Ainsworth et al., MSSE 2011;43:1575-81); every exercise has the nearest of these codes. They are means over whole bouts
and groups of activities. The 2024 edition moves some of them and adds codes.
"""

FOREIGN = """## Names in other products

With each implement. An empty cell means that there is no such name, or that none could be confirmed.

| product | what is given | where it was confirmed |
|---|---|---|
| Hevy | exercise title of its CSV | Hevy's published HevyGPT configuration; template lists in clients of its API |
| Strong | exercise name of its CSV | two independent copies of its built-in list |
| wger | uuid of the exercise | wger's own constants and fixtures; copies of its public data |
| Garmin FIT | `exercise_category`, and the name within it | FIT profile 21.218 |
| Health Connect | `ExerciseSegment` type | androidx Jetpack client; the platform class numbers them differently |
"""


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table."""
    names = list(head)
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def names_row(exercise: Exercise) -> tuple[object, ...]:
    """Return slug, names, aliases and movement."""
    aliases = ", ".join(exercise.aliases)
    return (
        f"[`{exercise.slug}`](gallery.md#{exercise.slug})",
        exercise.ko,
        exercise.en,
        aliases,
        f"`{exercise.movement}`",
    )


def body_row(exercise: Exercise) -> tuple[object, ...]:
    """Return slug, equipment, muscles, MET and the number in AI Hub 231."""
    muscles = [", ".join(group) for group in (exercise.primary_muscles, exercise.secondary_muscles)]
    met = f"{exercise.met.value:g} ({exercise.met.code})"
    return f"`{exercise.slug}`", ", ".join(exercise.equipment), *muscles, met, exercise.aihub_no or ""


def repetition_row(exercise: Exercise) -> tuple[object, ...]:
    """Return slug, measure, sides, angles and start."""
    angles = ", ".join(exercise.rep_joints)
    return f"`{exercise.slug}`", exercise.measure, exercise.sides, angles, exercise.rep_start or ""


def foreign_row(exercise: Exercise, ids: ForeignIds) -> tuple[object, ...]:
    """Return slug, implement and the ids with it."""
    fit = "" if ids.fit is None else f"{ids.fit.category_name} ({ids.fit.category})"
    if ids.fit is not None and ids.fit.subtype_name:
        fit += f" / {ids.fit.subtype_name} ({ids.fit.subtype})"
    segment = "" if ids.health_connect is None else f"{ids.health_connect.name} ({ids.health_connect.type})"
    return f"`{exercise.slug}`", ids.equipment, ids.hevy or "", ids.strong or "", ids.wger or "", fit, segment


def vocabulary_section() -> str:
    """Return the tables of muscles, equipment and angles."""
    words = vocabulary()
    parts = [
        "## Words\n",
        table(("muscle", "Korean"), words["muscle"].items()),
        table(("equipment", "English", "Korean"), ((k, v["en"], v["ko"]) for k, v in words["equipment"].items())),
        table(("angle", "meaning"), words["angle"].items()),
    ]
    return "\n".join(parts)


def page() -> str:
    """Return the whole page as Markdown."""
    exercises = catalogue()
    every = exercises.values()
    met_rows = ((code, f"{met['value']:g}", met["activity"]) for code, met in vocabulary()["met"].items())
    introduction = INTRODUCTION.format(
        exercises=len(exercises),
        movements=len(exercises.movements),
        unknown=UNKNOWN,
        unknown_ko=exercise_name(UNKNOWN, "ko"),
        unknown_en=exercise_name(UNKNOWN, "en"),
    )
    parts = [
        introduction,
        table(("slug", "Korean", "English", "also called", "movement"), map(names_row, every)),
        "## Equipment and muscles\n",
        table(("slug", "equipment", "primary", "secondary", "MET (code)", "AI Hub no."), map(body_row, every)),
        REPETITIONS,
        table(("slug", "measure", "sides", "angles", "starts"), map(repetition_row, every)),
        ENERGY,
        table(("code", "MET", "activity"), met_rows),
        FOREIGN,
        table(
            ("slug", "with", "Hevy", "Strong", "wger", "Garmin FIT", "Health Connect"),
            (foreign_row(exercise, ids) for exercise in every for ids in exercise.foreign),
        ),
        vocabulary_section(),
    ]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), "utf-8")
