"""``deukgeun evaluate synth``: recognition on the virtual gym."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deukgeun.cli.progress import progress_bar
from deukgeun.training.commands.options import QuietOption

if TYPE_CHECKING:
    from deukgeun.pose import PoseTrack
    from deukgeun.training.exercise.synthetic import Truth


def synth(
    tracks: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders of `deukgeun synth tracks`.")],
    network: Annotated[
        Path | None, typer.Option(metavar="FILE.onnx", help="The network. [default: the one that is shipped]")
    ] = None,
    workouts: Annotated[int, typer.Option(metavar="N", min=0, help="Whole workouts to find sets in.")] = 0,
    seed: Annotated[int, typer.Option(metavar="N", min=0, help="Of the workouts.")] = 1_000_000,
    report: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="Write the page: .md or .html. May be repeated.")
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Measure how recognition names tracks of athletes nobody learnt from, and finds the sets of whole workouts.

    Workouts are looked at with the network that is shipped.
    """
    from deukgeun.errors import TrainingError
    from deukgeun.recognition.network import MovementNetwork
    from deukgeun.recognition.recogniser import shipped
    from deukgeun.training.exercise.corpus import gather, split
    from deukgeun.training.exercise.synthetic import measure_workouts, name_tracks
    from deukgeun.training.exercise.synthetic_report import tables, write_page

    test = split(gather(tracks)).test
    if not len(test):
        raise TrainingError("training-no-data", path=tracks[0])
    named = name_tracks(shipped() if network is None else MovementNetwork(network), test)
    with progress_bar("workouts", {"workouts": "workouts"}, not quiet and workouts > 0) as bar:
        told = None if bar is None else lambda done: bar("workouts", float(done), float(workouts))
        found = measure_workouts(_workouts(workouts, seed), told=told) if workouts else None
    words = [f"{len(test)} tracks of {len({t.figure for t in test.told})} athletes; {workouts} workouts."]
    for path in report or []:
        write_page(named, found, words, path)
    for each in tables(named, found) if not quiet else ():
        if each.title in ("Tracks of athletes nobody learnt from", "Whole workouts", "By view"):
            typer.echo("\n".join(f"{what}: {said}" for what, said in each.rows))


def _workouts(count: int, seed: int) -> Iterator[tuple[list[Truth], float, PoseTrack]]:
    from deukgeun.synth.tracks.workouts import draw_workout

    for number in range(count):
        scenario, track = draw_workout(seed + number)
        act = scenario.acts[0]
        yield [(s.exercise, s.start_s, s.end_s) for s in act.sets], float(act.time_s[-1]), track
