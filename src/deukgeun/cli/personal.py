"""``deukgeun personal list|remove|export|import``: the exercises that one has taught."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deukgeun.cli.failure import guarded
from deukgeun.cli.language import LangOption, language, words
from deukgeun.cli.teach import CatalogueOption, catalogue_path, settings_with
from deukgeun.cli.terminal import echo_json, printable, stdout_console

if TYPE_CHECKING:
    from deukgeun.recognition.personal import Personal, PersonalExercise

app = typer.Typer(
    name="personal",
    help="The exercises that you have taught with `deukgeun teach`.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def list_(
    as_json: Annotated[bool, typer.Option("--json", help="What is known of them, as JSON.")] = False,
    catalogue: CatalogueOption = None,
    lang: LangOption = None,
) -> None:
    """List your exercises: name, slug, what they are counted in, and of how many examples they were learnt."""
    _, there = _read(catalogue)
    rows = [_facts(each) for each in there]
    if as_json:
        echo_json(rows)
    elif rows:
        _print(rows, words(language(lang)))
    else:
        typer.echo(words(language(lang))["none_taught"])


def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name or the slug of one of your exercises.")],
    catalogue: CatalogueOption = None,
    lang: LangOption = None,
) -> None:
    """Forget one of your exercises, with all its examples."""
    from deukgeun.recognition.personal_file import write_personal

    path, there = _read(catalogue)
    gone = there.find(name)
    write_personal(path, there.without(name))
    typer.echo(words(language(lang))["removed"].format(name=printable(gone.name)))


def export(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, JSON.")],
    catalogue: CatalogueOption = None,
    lang: LangOption = None,
) -> None:
    """Write a copy of your exercises, for another machine or to keep. It holds no pictures."""
    from deukgeun.recognition.personal_file import write_personal

    _, there = _read(catalogue)
    write_personal(out, there)
    typer.echo(words(language(lang))["written"].format(path=printable(out)))


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of `deukgeun personal export`.")],
    catalogue: CatalogueOption = None,
    lang: LangOption = None,
) -> None:
    """Add the exercises of a copy to yours; those of one name have the examples of both from then on."""
    from deukgeun.recognition.personal_file import read_personal, write_personal

    new = read_personal(file, may_lack=False)
    path, there = _read(catalogue)
    for exercise in new:
        there = there.plus(exercise)
    write_personal(path, there)
    typer.echo(words(language(lang))["joined"].format(count=len(new), path=printable(file)))


for _name, _command in (("list", list_), ("remove", remove), ("export", export), ("import", import_)):
    app.command(_name)(guarded(_command))


def _read(catalogue: Path | None) -> tuple[Path, Personal]:
    from deukgeun.recognition.personal_file import read_personal

    path = catalogue_path(settings_with(catalogue))
    return path, read_personal(path)


def _facts(exercise: PersonalExercise) -> dict[str, Any]:
    from deukgeun.recognition import RECOGNISER

    return {
        "name": exercise.name,
        "slug": exercise.slug,
        "measure": exercise.measure,
        "examples": len(exercise.prototypes),
        "model": exercise.model,
        "usable": exercise.model == RECOGNISER,
    }


def _print(rows: list[dict[str, Any]], texts: Mapping[str, Any]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("name", "slug", "measure", "examples", "usable"):
        table.add_column(texts[name], overflow="fold", justify="right" if name == "examples" else "left")
    for row in rows:
        usable = texts["usable_yes" if row["usable"] else "usable_no"]
        measure = texts[f"measure_{row['measure']}"]
        table.add_row(printable(row["name"]), row["slug"], measure, str(row["examples"]), usable)
    stdout_console().print(table)
