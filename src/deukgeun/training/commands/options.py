"""Options that the commands of training share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deukgeun.cli.progress import Progress, progress_bar

if TYPE_CHECKING:
    from deukgeun.training.sequence.loop import Report

RunArgument = Annotated[Path, typer.Argument(metavar="RUN", help="The run's folder; a stopped run goes on there.")]
ConfigOption = Annotated[Path | None, typer.Option(metavar="FILE.toml", help="The configuration. [default: ours]")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Change one value of it: loop.rate=0.001. May be repeated."),
]
ThreadsOption = Annotated[int, typer.Option(metavar="N", min=1, help="Processor threads of the networks.")]
DetectorOption = Annotated[
    str,
    typer.Option(metavar="NAME", help="Who finds the person: blazepose, yolov3:FILE, transformers:NAME_OR_FOLDER."),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar and no report, only errors.")]


def changes(given: list[str] | None) -> dict[str, Any]:
    """Return what ``--set`` says as nested values: TOML, or else text. Raises ``typer.BadParameter``."""
    import tomllib

    found: dict[str, Any] = {}
    for each in given or []:
        name, sign, text = each.partition("=")
        if not (sign and name):
            raise typer.BadParameter(f"{each!r} is not NAME=VALUE", param_hint="--set")
        try:
            value = tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            value = text
        *tables, last = name.split(".")
        place = found
        for table in tables:
            place = place.setdefault(table, {})
        place[last] = value
    return found


@contextmanager
def loop_report(title: str, iterations: int, quiet: bool) -> Iterator[Report]:
    """Yield what shows a training loop's way: a bar, and a line with figures at every look."""
    with progress_bar(title, {"train": "training"}, not quiet) as bar:
        yield _told(bar, iterations, quiet)


def _told(bar: Progress | None, iterations: int, quiet: bool) -> Report:
    def report(done: int, figures: Mapping[str, float]) -> None:
        if bar is not None:
            bar("train", float(done), float(iterations))
        elif not quiet:
            typer.echo(f"{done}: " + ", ".join(f"{name} {value:.4f}" for name, value in figures.items()), err=True)

    return report


def names(text: str) -> list[str]:
    """Return what is written with commas between."""
    return [name.strip() for name in text.split(",") if name.strip()]
