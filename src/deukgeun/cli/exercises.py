"""``deukgeun exercises [TEXT]``: what can be recognised, searched by any name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from deukgeun.cli.language import LangOption, language, words
from deukgeun.cli.terminal import echo_json, stdout_console

if TYPE_CHECKING:
    from deukgeun.exercises import Exercise


def exercises(
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="Part of a name, in Korean or English, or of an alias.")
    ] = None,
    movement: Annotated[str | None, typer.Option(metavar="NAME", help="Only exercises of this movement.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Everything known of them, as JSON.")] = False,
    lang: LangOption = None,
) -> None:
    """List the exercises of the catalogue, or those that match."""
    found = search(text, movement)
    if as_json:
        from dataclasses import asdict

        echo_json([asdict(exercise) for exercise in found])
    else:
        _print(found, language(lang))


def search(text: str | None, movement: str | None) -> list[Exercise]:
    """Return the exercises whose names contain ``text``, of ``movement`` where it is given.

    Spaces and capitals do not count. Raises ``catalogue-unknown-exercise`` where there are none.
    """
    from deukgeun.errors import CatalogueError
    from deukgeun.exercises import catalogue
    from deukgeun.exercises.loader import fold

    known = catalogue()
    part = fold(text or "")
    found = [
        exercise
        for exercise in known.values()
        if movement in (None, exercise.movement)
        and any(part in fold(name) for name in (exercise.slug, exercise.ko, exercise.en, *exercise.aliases))
    ]
    if not found:
        asked = text or movement or ""
        raise CatalogueError(
            "catalogue-unknown-exercise", name=asked, nearest=", ".join(_nearest(asked, bool(text))) or "none"
        )
    return found


def _nearest(asked: str, exercise: bool) -> list[str]:
    import difflib

    from deukgeun.exercises import catalogue

    return list(catalogue().nearest(asked)) if exercise else difflib.get_close_matches(asked, catalogue().movements)


def _print(found: list[Exercise], lang: str) -> None:
    from rich.table import Table

    from deukgeun.exercises import vocabulary

    texts = words(lang)
    equipment = vocabulary()["equipment"]
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("exercise", "other_name", "slug", "movement", "equipment", "measure"):
        table.add_column(texts[name], overflow="fold")
    for exercise in found:
        implements = ", ".join(equipment[name][lang] for name in exercise.equipment)
        names = exercise.name(lang), exercise.name("en" if lang == "ko" else "ko")
        table.add_row(*names, exercise.slug, exercise.movement, implements, _measure(exercise, texts))
    stdout_console().print(table)


def _measure(exercise: Exercise, texts: Any) -> str:
    return str(texts[f"measure_{exercise.measure}"])
