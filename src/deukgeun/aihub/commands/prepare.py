"""``deukgeun aihub prepare DIR OUT``: tables to learn from, and a data card."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deukgeun.aihub.commands.options import (
    WORDS,
    FolderArgument,
    IndexOption,
    QuietOption,
    checked_outside,
    counter,
    opened,
)
from deukgeun.cli.progress import progress_bar

if TYPE_CHECKING:
    from deukgeun.aihub.prepare import Plan

INDEX = "index.sqlite"
"""Where the tables' folder keeps what lies where."""


class ApartName(StrEnum):
    """Who is in one split alone."""

    performer = "performer"
    performer_day = "performer-day"


ExercisesOption = Annotated[
    str | None,
    typer.Option(metavar="NAME,NAME", help="Which exercises, by any of their names or numbers. [default: all]"),
]
CorrectOption = Annotated[
    bool, typer.Option("--correct/--any-posture", help="Only clips in which all conditions hold, or all clips.")
]
WholeOption = Annotated[
    bool, typer.Option("--whole/--any-length", help="Only clips of 32 pictures in every view, or all clips.")
]
LookalikesOption = Annotated[
    bool, typer.Option("--lookalikes/--no-lookalikes", help="Keep what looks like another exercise from that camera.")
]
CorrectionsOption = Annotated[Path | None, typer.Option(metavar="CSV", help="A table of wrong labels: what, exercise.")]
TrainOption = Annotated[int, typer.Option(metavar="N", min=1, help="Pictures to train with.")]
ValOption = Annotated[int, typer.Option(metavar="N", min=1, help="Pictures to choose the best with.")]
TestOption = Annotated[int, typer.Option(metavar="N", min=1, help="Pictures to measure with.")]
FewestOption = Annotated[int, typer.Option(metavar="N", min=0, help="Of each exercise in each, if there are.")]
ApartOption = Annotated[
    ApartName,
    typer.Option(metavar="performer|performer-day", help="Who is in one table alone, in the stricter split."),
]
SeedOption = Annotated[int, typer.Option(metavar="N", min=0, help="The same seed draws the same pictures.")]


def prepare(
    folder: FolderArgument,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder that the tables and the data card go to.")],
    exercises: ExercisesOption = None,
    correct: CorrectOption = True,
    whole: WholeOption = True,
    lookalikes: LookalikesOption = True,
    corrections: CorrectionsOption = None,
    train: TrainOption = 4096,
    val: ValOption = 1600,
    test: TestOption = 1250,
    fewest: FewestOption = 80,
    apart: ApartOption = ApartName.performer,
    seed: SeedOption = 0,
    index: IndexOption = None,
    quiet: QuietOption = False,
) -> None:
    """Choose labelled pictures and split them: train.csv, val.csv and test.csv, as the original study had them.

    The folder strict has the stricter split, in which no performer is in two tables. card.md says what went in, what
    was left out and why.
    """
    from deukgeun.aihub.choose import Choice
    from deukgeun.aihub.corrections import read_corrections
    from deukgeun.aihub.numbers import exercise_number
    from deukgeun.aihub.prepare import Plan
    from deukgeun.aihub.sampling import Sizes

    checked_outside(out, folder)
    chosen = frozenset(exercise_number(part) for part in (exercises or "").split(",") if part.strip())
    choice = Choice(chosen, correct, whole, lookalikes, read_corrections(corrections))
    plan = Plan(choice, Sizes(train, val, test, fewest), apart.value, seed)
    value = _made(folder, out, plan, index or out / INDEX, quiet)
    if not quiet:
        _tell(out, value, plan)


def _made(folder: Path, out: Path, plan: Plan, index: Path, quiet: bool) -> dict[str, Any]:
    """Write tables and data card, and return the card."""
    from deukgeun.aihub.card import as_markdown, card
    from deukgeun.aihub.prepare import prepare as make
    from deukgeun.files import write_text

    with progress_bar(folder.name, WORDS, not quiet) as bar, opened(folder, index, bar) as collection:
        done = make(collection, plan, out, counter(bar, "labels"))
    value = card(folder.resolve().name, plan, done)
    write_text(out / "card.json", json.dumps(value, ensure_ascii=False, indent=2) + "\n")
    write_text(out / "card.md", as_markdown(value))
    return value


def _tell(out: Path, value: dict[str, Any], plan: Plan) -> None:
    for name, table in value["tables"].items():
        wanted = plan.sizes.of(name.rpartition("/")[2])
        typer.echo(f"{out / name}.csv: {table['images']} of {wanted} pictures, {len(table['performers'])} performers")
    if value["strict_missing"]:
        typer.echo(f"no stricter split: {value['strict_missing']}", err=True)
    typer.echo(f"{out / 'card.md'}: what went in, and what was left out")
