"""``deukgeun synth dataset DIR``: as many clips as wanted, by several workers, resumable."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deukgeun.synth.commands.options import (
    BodiesOption,
    LinesOption,
    QuietOption,
    RoomOption,
    SeedOption,
    bodies_folder,
    checked_room,
)

if TYPE_CHECKING:
    from deukgeun.synth.dataset import Done


class Layout(StrEnum):
    """How a data set lies on disk."""

    clips = "clips"
    aihub = "aihub"


LayoutOption = Annotated[
    Layout, typer.Option(metavar="clips|aihub", help="Videos with their truth, or pictures and labels as AI Hub 231.")
]
CountOption = Annotated[int, typer.Option(metavar="N", min=1, help="How many clips, or recordings of five views.")]
ExercisesOption = Annotated[
    str | None,
    typer.Option(metavar="NAME,NAME", help="Which exercises or motions. [default: all exercises of the catalogue]"),
]
CorrectOption = Annotated[
    bool,
    typer.Option(
        "--correct", help="In AI Hub's layout only types whose conditions all hold: everybody does each once."
    ),
]
LabelsOnlyOption = Annotated[bool, typer.Option("--labels-only", help="In AI Hub's layout the labels alone, undrawn.")]
WorkersOption = Annotated[
    int | None, typer.Option(metavar="N", min=1, max=256, help="Processes. [default: one a processor]")
]


def dataset(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where it goes; what is there already is kept.")],
    layout: LayoutOption = Layout.clips,
    count: CountOption = 60,
    exercises: ExercisesOption = None,
    correct: CorrectOption = False,
    labels_only: LabelsOnlyOption = False,
    seed: SeedOption = 0,
    seconds: Annotated[float, typer.Option(metavar="S", min=0.5, help="Length of a clip.")] = 8.0,
    rate: Annotated[
        float | None, typer.Option(metavar="HZ", min=1.0, max=120.0, help="Pictures a second. [default: as phones do]")
    ] = None,
    workers: WorkersOption = None,
    lines: LinesOption = None,
    room: RoomOption = None,
    bodies: BodiesOption = None,
    quiet: QuietOption = False,
) -> None:
    """Make a data set. Started again after it was stopped, it makes what is missing.

    The same seed gives the same truth, whatever the number of workers.
    """
    from deukgeun.synth.dataset import clip_orders, make_clip, make_recording, recording_orders, run
    from deukgeun.synth.extra import need_extra

    need_extra()
    names, kept, kind = _names(exercises), bodies_folder(bodies), checked_room(room)
    processes = workers or os.cpu_count() or 1
    with _Teller(count, quiet) as told:
        if layout is Layout.aihub:
            recordings = recording_orders(
                names, count, seed, folder, kept, room=kind, only_correct=correct, without_pictures=labels_only
            )
            run(recordings, make_recording, folder, processes, told)
        else:
            orders = clip_orders(
                names, count, seed, folder, kept, duration_s=seconds, rate_hz=rate, room=kind, lines=lines
            )
            run(orders, make_clip, folder, processes, told)
    if not quiet:
        typer.echo(f"{folder}: {count} of {count}")


def _names(text: str | None) -> tuple[str, ...]:
    """The slugs and motions asked for. Raises what `piece_named` raises for an unknown one."""
    import numpy as np

    from deukgeun.exercises import catalogue
    from deukgeun.synth.repertoire import piece_named, written

    if text is None:
        return tuple(filter(written, catalogue()))
    asked = [part.strip() for part in text.split(",") if part.strip()]
    return tuple(piece_named(name, np.random.default_rng(0)).label for name in asked)


class _Teller:
    """A bar with rate and remaining time where a person looks at it; failures are always told."""

    def __init__(self, count: int, quiet: bool) -> None:
        self.count, self.quiet = count, quiet
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Any:
        if not self.quiet and sys.stderr.isatty():
            from rich import progress as bars
            from rich.console import Console

            columns = (
                bars.TextColumn("{task.description}"),
                bars.BarColumn(),
                bars.MofNCompleteColumn(),
                bars.TextColumn("{task.fields[rate]}"),
                bars.TimeRemainingColumn(),
            )
            self._bar = bars.Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task("making", total=self.count, rate="")
        return self._tell

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def _tell(self, done: Done) -> None:
        if done.error is not None:
            typer.echo(f"failed: {done.error}", err=True)
        if self._bar is not None:
            self._bar.advance(self._task)
            speed = self._bar.tasks[0].speed
            self._bar.update(self._task, rate="" if speed is None else f"{60 * speed:.1f}/min")
