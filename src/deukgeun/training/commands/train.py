"""``deukgeun train pose|export|joints|exercise|sweep``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deukgeun.cli.progress import progress_bar
from deukgeun.training.commands.options import (
    ConfigOption,
    DetectorOption,
    QuietOption,
    RunArgument,
    SetOption,
    ThreadsOption,
    changes,
    loop_report,
    names,
)

if TYPE_CHECKING:
    from deukgeun.training.student.sequences import Sequences

HeldOption = Annotated[
    str,
    typer.Option(metavar="N|NAME,NAME", help="How many performers, or who, are held out to choose the best state."),
]
LeaveOutOption = Annotated[
    str, typer.Option(metavar="NAME,NAME", help="Performers whom the run never sees: they are for measuring.")
]


def pose(
    run: RunArgument, config: ConfigOption = None, set_: SetOption = None, threads: ThreadsOption = 2,
    quiet: QuietOption = False,
) -> None:  # fmt: skip
    """Train a pose network on crops (`deukgeun aihub crop`), or go on with a run."""
    from deukgeun.training.extra import need_extra

    need_extra()
    import torch

    from deukgeun.training.config import load_config
    from deukgeun.training.pose.settings import PoseConfig
    from deukgeun.training.pose.train import train

    chosen = load_config(PoseConfig, config, changes(set_))
    torch.set_num_threads(threads)
    with progress_bar(run.name, {"step": "steps", "epoch": "epochs"}, not quiet) as bar:
        best = train(chosen, run, None if bar is None else lambda stage, done, total: bar(stage, done, total))
    if not quiet:
        typer.echo(f"{best}: the state with the lowest error on the held-out pictures")


def export(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a run of `deukgeun train pose`.")],
    out: Annotated[Path, typer.Argument(metavar="OUT.onnx", help="The network's file.")],
    quiet: QuietOption = False,
) -> None:
    """Write a run's best pose network as ONNX, for `deukgeun analyze --model hrnet:OUT.onnx`."""
    from deukgeun.training.extra import need_extra

    need_extra()
    from deukgeun.training.pose.export import export as write
    from deukgeun.training.pose.records import BEST

    write(run / BEST, out)
    if not quiet:
        typer.echo(f"{out}: {out.stat().st_size / 1e6:.1f} MB")


def joints(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Your copy of the data set, pictures included.")],
    out: Annotated[Path, typer.Argument(metavar="OUT.npz", help="The sequences of joints.")],
    model: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="Who sees the joints: hrnet:FILE, full, heavy or lite; or labels, without pictures."
        ),
    ] = "full",
    detector: DetectorOption = "blazepose",
    workers: Annotated[int, typer.Option(metavar="N", min=1, max=256, help="Processes.")] = 1,
    threads: ThreadsOption = 1,
    quiet: QuietOption = False,
) -> None:
    """Let a pose network look at whole clips, and keep its joints as sequences to learn exercises from."""
    from deukgeun.aihub.collection import open_collection
    from deukgeun.training.student.gather import Count, labelled
    from deukgeun.training.student.gather_processes import gather_in_processes
    from deukgeun.training.student.sequences import save

    count = Count()
    with progress_bar(out.name, {"views": "views"}, not quiet) as bar:
        told = None if bar is None else lambda done: bar("views", float(done), None)
        if model == "labels":
            with open_collection(folder) as collection:
                sequences = labelled(collection, count, told)
        else:
            sequences = gather_in_processes(folder, detector, model, threads, workers, count, told)
    save(sequences, out)
    if not quiet:
        share = count.without_person / max(count.pictures, 1)
        typer.echo(
            f"{out}: {len(sequences)} sequences; {count.left_out} left out; no person in {share:.2%} of pictures"
        )


def exercise(
    sequences: Annotated[Path, typer.Argument(metavar="SEQUENCES.npz", help="From `deukgeun train joints`.")],
    run: RunArgument,
    also: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE.npz", help="More to learn from, but for who is held or left out. May be repeated."),
    ] = None,
    config: ConfigOption = None,
    set_: SetOption = None,
    held: HeldOption = "3",
    leave_out: LeaveOutOption = "",
    quiet: QuietOption = False,
) -> None:
    """Train a classifier of exercises on sequences of joints."""
    from deukgeun.training.extra import need_extra

    need_extra()
    from deukgeun.training.config import load_config
    from deukgeun.training.student.fit import StudentConfig, train
    from deukgeun.training.student.sequences import joined

    chosen = load_config(StudentConfig, config, changes(set_))
    known, unseen = _apart(sequences, held, leave_out)
    for path in also or []:
        known = joined(known, _without(path, {*unseen.performer.tolist(), *names(leave_out)}))
    with loop_report(run.name, chosen.loop.iterations, quiet) as report:
        _, figures = train(chosen, known, unseen, run, report)
    if not quiet:
        typer.echo(f"{run}: accuracy {figures['score']:.3f} on {len(unseen)} sequences of held-out performers")


def sweep(
    sequences: Annotated[Path, typer.Argument(metavar="SEQUENCES.npz", help="From `deukgeun train joints`.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="All runs; a stopped sweep goes on there.")],
    study: Annotated[
        Path | None, typer.Option(metavar="FILE.toml", help="What is tried. [default: the original's sweeps]")
    ] = None,
    set_: SetOption = None,
    held: HeldOption = "3",
    leave_out: LeaveOutOption = "",
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write a page with table and curves.")
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Train every combination of a study and write one table of results."""
    from deukgeun.training.extra import need_extra

    need_extra()
    from dataclasses import replace
    from importlib.resources import as_file, files

    from deukgeun.training.config import merged
    from deukgeun.training.student.sweep import load_study
    from deukgeun.training.student.sweep import sweep as run_all

    with as_file(files("deukgeun.training.student") / "study.toml") as ours:
        chosen = load_study(study or ours)
    chosen = replace(chosen, base=merged(chosen.base, changes(set_)))
    known, unseen = _apart(sequences, held, leave_out)
    total = len(list(chosen.runs()))
    done: list[str] = []

    with progress_bar(folder.name, {"runs": "runs"}, not quiet) as bar:

        def told(name: str, figures: object) -> None:
            done.append(name)
            if bar is not None:
                bar("runs", float(len(done)), float(total))

        rows = run_all(chosen, known, unseen, folder, told)
    if report is not None:
        from deukgeun.training.student.report import sweep_page

        sweep_page(rows, folder, report)
    if not quiet:
        typer.echo(json.dumps(sorted(rows, key=lambda row: -row["score"]), indent=1))


def _without(path: Path, performers: set[str]) -> Sequences:
    """The sequences of a file that are of nobody of these."""
    import numpy as np

    from deukgeun.training.student.sequences import load

    found = load(path)
    return found.some(~np.isin(found.performer, sorted(performers)))


def _apart(path: Path, held: str, leave_out: str) -> tuple[Sequences, Sequences]:
    """The sequences to learn from and those to choose with."""
    from deukgeun.training.student.sequences import by_performer, load

    rest = load(path)
    if leave_out:
        rest, _ = by_performer(rest, names(leave_out))
    return by_performer(rest, int(held) if held.isdigit() else names(held))
