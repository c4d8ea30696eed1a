"""``deukgeun synth tracks FOLDER``: labelled pose tracks without pictures, any number of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deukgeun.cli.progress import progress_bar
from deukgeun.synth.commands.options import QuietOption, SeedOption


def tracks(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the files go; a stopped run goes on there.")],
    count: Annotated[int, typer.Option(metavar="N", min=1, help="Tracks of each exercise or motion.")] = 10,
    only: Annotated[
        str, typer.Option(metavar="NAMES", help="Exercises and motions, with commas. [default: all there are]")
    ] = "",
    seed: SeedOption = 0,
    seconds: Annotated[float, typer.Option(metavar="S", min=1.0, help="How long each lasts.")] = 8.0,
    rate: Annotated[float, typer.Option(metavar="HZ", min=2.0, max=60.0, help="Poses a second.")] = 10.0,
    workouts: Annotated[
        int,
        typer.Option(metavar="N", min=0, help="Instead: the sets of N whole workouts, and what is between the sets."),
    ] = 0,
    workers: Annotated[int, typer.Option(metavar="N", min=1, help="Processes at work.")] = 1,
    quiet: QuietOption = False,
) -> None:
    """Make labelled pose tracks as the estimator would see them, in files of 100 (.npz), without drawing anything."""
    from deukgeun.synth.repertoire import names
    from deukgeun.synth.tracks.shards import Order, TrackOrder, WorkoutOrder, make_tracks

    chosen = tuple(name.strip() for name in only.split(",") if name.strip()) or names()
    order: Order = WorkoutOrder(workouts, seed, rate) if workouts else TrackOrder(chosen, count, seed, seconds, rate)
    with progress_bar(folder.name, {}, not quiet) as bar:
        tell = None if bar is None else lambda done, total: bar("tracks", done, total)
        files = list(make_tracks(order, folder, workers, tell))
    if not quiet:
        what = "workouts" if workouts else f"tracks of {len(chosen)} motions"
        typer.echo(f"{folder}: {order.total} {what} in {len(files)} files")
