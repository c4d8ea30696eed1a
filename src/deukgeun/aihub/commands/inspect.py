"""``deukgeun aihub inspect DIR``: what a copy of the data set holds, what is missing and what is odd."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deukgeun.aihub.commands.options import WORDS, FolderArgument, IndexOption, QuietOption, counter, opened
from deukgeun.cli.progress import progress_bar
from deukgeun.cli.terminal import echo_json, printable, stdout_console

if TYPE_CHECKING:
    from deukgeun.aihub.survey import Survey


def inspect(
    folder: FolderArgument,
    as_json: Annotated[bool, typer.Option("--json", help="All counts as JSON.")] = False,
    sheet: Annotated[
        Path | None, typer.Option(metavar="OUT.png", help="Draw pictures with their labels on one sheet.")
    ] = None,
    pictures: Annotated[int, typer.Option(metavar="N", min=1, max=200, help="How many, on the sheet.")] = 20,
    index: IndexOption = None,
    quiet: QuietOption = False,
) -> None:
    """Count what a copy of AI Hub's data set 231 holds, and say what is missing and what is odd.

    Any of its layouts, and any part of it; archives are read where they are.
    """
    from deukgeun.aihub.survey import survey
    from deukgeun.errors import AihubError

    if sheet is not None and sheet.suffix.lower() != ".png":
        raise typer.BadParameter(f"{sheet.name!r} does not end in .png", param_hint="--sheet")
    with progress_bar(folder.name, WORDS, not quiet) as bar, opened(folder, index, bar) as collection:
        found = survey(collection, counter(bar, "labels"))
        if sheet is not None:
            from deukgeun.aihub.sheet import as_png
            from deukgeun.aihub.sheet import sheet as drawn
            from deukgeun.files import write_bytes

            write_bytes(sheet, as_png(drawn(collection, pictures)))
    if as_json:
        echo_json(found.to_json())
    elif not quiet:
        _show(found)
    if not found.labels_2d and not found.labels_3d and not found.pictures:
        raise AihubError("aihub-empty", path=folder, what="neither labels nor pictures of the data set")


def _show(found: Survey) -> None:
    console = stdout_console()
    console.print(
        f"{found.labels_2d} 2D labels, {found.labels_3d} 3D labels, {found.pairs} of both; {found.pictures} pictures; "
        f"{len(found.types)} of 816 types, {len(found.performers)} performers, {len(found.days)} days"
    )
    rows = found.to_json()
    console.print(_table(rows["exercises"], "no", "name", "english", "kind", "clips", "correct"))
    if found.missing:
        console.print(f"No clips of: {', '.join(found.missing)}", style="yellow")
    for key in ("kinds", "days", "performers", "frames", "pictures_of_a_view"):
        console.print(_line(key, rows[key]))
    if rows["odd"]:
        console.print("\nOddities:")
        console.print(_oddities(rows["odd"]))


def _table(rows: list[dict[str, Any]], *names: str) -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in names:
        table.add_column(name, justify="right" if name in {"no", "clips", "correct"} else "left")
    for row in rows:
        if row["clips"]:
            table.add_row(*(printable(row[name]) for name in names))
    return table


def _line(key: str, rows: list[dict[str, Any]]) -> str:
    """``days: 5 (120), 7 (98)``: each value and how often it was met."""
    told = ", ".join(f"{row.get('name', next(iter(row.values())))} ({list(row.values())[-1]})" for row in rows)
    return f"{key.replace('_', ' ')}: {told or 'none'}"


def _oddities(rows: list[dict[str, Any]]) -> Any:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("count", "what", "what is done", "for example"):
        table.add_column(name, justify="right" if name == "count" else "left", overflow="fold")
    for row in rows:
        examples = printable(", ".join(row["examples"][:2]))
        table.add_row(str(row["count"]), row["text"], row["fate"], examples)
    return table
