"""``deukgeun train movements|export-movements``: the network that names movements, from the gym's tracks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deukgeun.training.commands.options import (
    ConfigOption,
    QuietOption,
    RunArgument,
    SetOption,
    changes,
    loop_report,
    names,
)


def movements(
    run: RunArgument,
    tracks: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders of `deukgeun synth tracks`.")],
    config: ConfigOption = None,
    set_: SetOption = None,
    leave_out: Annotated[
        str, typer.Option(metavar="NAMES", help="Classes that are not learnt, with commas: to test with what is new.")
    ] = "",
    quiet: QuietOption = False,
) -> None:
    """Train the network that names movements on tracks of the virtual gym, or go on with a run.

    Of ten athletes eight are learnt from, one chooses the best state, and one is left for `deukgeun evaluate synth`.
    """
    from deukgeun.training.extra import need_extra

    need_extra()
    from deukgeun.training.config import load_config
    from deukgeun.training.exercise.corpus import gather, split, without
    from deukgeun.training.exercise.fit import ExerciseConfig, train

    chosen = load_config(ExerciseConfig, config, changes(set_))
    parts = split(without(gather(tracks), names(leave_out)))
    # Of a class that is rare, all athletes can be among those who choose: nobody can be asked for its name then.
    choose = without(parts.choose, {t.name for t in parts.choose.told} - {t.name for t in parts.learn.told})
    with loop_report(run.name, chosen.loop.iterations, quiet) as report:
        namer, figures = train(chosen, parts.learn, choose, run, report)
    if not quiet:
        right = f"{figures['score']:.3f} of {len(choose)} tracks of athletes it has not seen"
        typer.echo(f"{run}: {len(namer.classes)} classes; named right: {right}")


def export_movements(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a run of `deukgeun train movements`.")],
    out: Annotated[Path, typer.Argument(metavar="OUT.onnx", help="The network's file.")],
    calibrate: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="Folders of tracks that tell how sure it may be. May be repeated."),
    ] = None,
    with_: Annotated[
        list[Path] | None,
        typer.Option("--with", metavar="RUN", help="Another run that answers together with it. May be repeated."),
    ] = None,
    odds: Annotated[
        tuple[float, float, float],
        typer.Option(
            metavar="X X X", help="Log odds in videos, against training: of movements, neighbours, background."
        ),
    ] = (0.0, 0.0, 0.0),
    quiet: QuietOption = False,
) -> None:
    """Write a run's best network as ONNX, as recognition takes it."""
    from deukgeun.training.extra import need_extra

    need_extra()
    from deukgeun.training.exercise.corpus import gather, split
    from deukgeun.training.exercise.export import UNCALIBRATED, calibrated, export

    runs = [run, *(with_ or [])]
    sure = calibrated(runs, split(gather(calibrate)).choose) if calibrate else UNCALIBRATED
    told = export(runs, out, sure, odds)
    if not quiet:
        said = f"temperature {told.temperature:.2f}, unknown below {told.least_known:.2f}"
        typer.echo(f"{out}: {out.stat().st_size / 1e6:.2f} MB, {said}")
