"""``deukgeun train movements|export-movements``: the network that names movements, from the gym's tracks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deukgeun.training.commands.options import ConfigOption, QuietOption, RunArgument, SetOption, changes, loop_report


def movements(
    run: RunArgument,
    tracks: Annotated[list[Path], typer.Argument(metavar="DIR...", help="Folders of `deukgeun synth tracks`.")],
    config: ConfigOption = None,
    set_: SetOption = None,
    held: Annotated[int, typer.Option(metavar="N", min=2, help="One athlete of N chooses the best state.")] = 10,
    quiet: QuietOption = False,
) -> None:
    """Train the network that names movements on tracks of the virtual gym, or go on with a run."""
    from deukgeun.training.extra import need_extra

    need_extra()
    from deukgeun.training.config import load_config
    from deukgeun.training.exercise.corpus import gather, split
    from deukgeun.training.exercise.fit import ExerciseConfig, train

    chosen = load_config(ExerciseConfig, config, changes(set_))
    known, unseen = split(gather(tracks), held)
    with loop_report(run.name, chosen.loop.iterations, quiet) as report:
        namer, figures = train(chosen, known, unseen, run, report)
    if not quiet:
        right = f"{figures['score']:.3f} of {len(unseen)} tracks of athletes it has not seen"
        typer.echo(f"{run}: {len(namer.classes)} classes; named right: {right}")


def export_movements(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a run of `deukgeun train movements`.")],
    out: Annotated[Path, typer.Argument(metavar="OUT.onnx", help="The network's file.")],
    temperature: Annotated[float, typer.Option(metavar="X", min=0.05, help="What scores are divided by.")] = 1.0,
    least_known: Annotated[
        float, typer.Option(metavar="SHARE", min=0.0, max=1.0, help="Below it a movement is called unknown.")
    ] = 0.0,
    quiet: QuietOption = False,
) -> None:
    """Write a run's best network as ONNX, as recognition takes it."""
    from deukgeun.training.extra import need_extra

    need_extra()
    from deukgeun.training.exercise.export import export

    export(run, out, temperature, least_known)
    if not quiet:
        typer.echo(f"{out}: {out.stat().st_size / 1e6:.2f} MB")
