"""``deukgeun evaluate pose|exercise|external|summary``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deukgeun.cli.progress import progress_bar
from deukgeun.training.commands.options import DetectorOption, QuietOption, ThreadsOption, names

if TYPE_CHECKING:
    from deukgeun.training.student.measure import PoseFigures

ReportOption = Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write a report with pictures.")]
JsonOption = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help="Write the figures, for programs and for `summary`.")
]


def pose(
    crops: Annotated[Path, typer.Argument(metavar="TABLE.csv", help="Crops and their map (`deukgeun aihub crop`).")],
    model: Annotated[list[str], typer.Option(metavar="NAME", help="hrnet:FILE, full, heavy, lite; may be repeated.")],
    run: Annotated[
        list[Path] | None, typer.Option(metavar="RUN", help="A training run, for its curves; may be repeated.")
    ] = None,
    report: ReportOption = None,
    json: JsonOption = None,
    threads: ThreadsOption = 1,
    quiet: QuietOption = False,
) -> None:
    """Measure pose networks against labels: RMSE in pixels of the 1920 x 1080 picture, PCK, by exercise and joint."""
    from deukgeun.training.extra import need_extra

    need_extra()
    from deukgeun.pose import estimator
    from deukgeun.skeleton import skeleton
    from deukgeun.training.pose.crops import read_crops
    from deukgeun.training.student.measure import measure_pose
    from deukgeun.training.student.records import pose_record, write_record
    from deukgeun.training.student.report import pose_page

    samples = read_crops(crops, skeleton("aihub_24"))
    figures: dict[str, PoseFigures] = {}
    with progress_bar(crops.name, {}, not quiet) as bar:
        for name in model:
            told = None if bar is None else lambda done, name=name: bar(name, float(done), float(len(samples)))
            figures[name] = measure_pose(samples, estimator(name, threads), told)
    if report is not None:
        pose_page(samples, figures, run or [], report)
    if json is not None:
        write_record(pose_record(samples, figures), json)
    for name, found in figures.items():
        typer.echo(f"{name}: {found.line()}")


def exercise(
    sequences: Annotated[Path, typer.Argument(metavar="SEQUENCES.npz", help="From `deukgeun train joints`.")],
    run: Annotated[list[Path], typer.Option(metavar="RUN", help="A run's folder; may be repeated.")],
    performers: Annotated[
        str, typer.Option(metavar="NAME,NAME", help="Whose sequences: those whom no run has seen. [default: all]")
    ] = "",
    report: ReportOption = None,
    json: JsonOption = None,
) -> None:
    """Measure classifiers of exercises: accuracy by exercise and by view, and what is taken for what."""
    from deukgeun.training.extra import need_extra

    need_extra()
    from deukgeun.training.student.measure import measure_names
    from deukgeun.training.student.records import exercise_record, write_record
    from deukgeun.training.student.report import exercise_page
    from deukgeun.training.student.runs import load_student
    from deukgeun.training.student.sequences import by_performer, load

    truth = load(sequences)
    if performers:
        _, truth = by_performer(truth, names(performers))
    figures = {each.name: measure_names(truth, load_student(each)) for each in run}
    if report is not None:
        exercise_page(figures, report)
    if json is not None:
        write_record(exercise_record(figures), json)
    for name, found in figures.items():
        typer.echo(f"{name}: {found.line()}")


def external(
    manifest: Annotated[Path, typer.Argument(metavar="CLIPS.csv", help="Videos: columns path, exercise.")],
    run: Annotated[Path, typer.Option(metavar="RUN", help="The classifier's folder.")],
    model: Annotated[str, typer.Option(metavar="NAME", help="hrnet:FILE, full, heavy or lite.")] = "full",
    detector: DetectorOption = "blazepose",
    report: ReportOption = None,
    json: JsonOption = None,
    threads: ThreadsOption = 1,
    quiet: QuietOption = False,
) -> None:
    """Let a classifier name other people's videos, as the original study did with videos from the web."""
    from deukgeun.training.extra import need_extra

    need_extra()
    from deukgeun.aihub.detectors.registry import detector as detector_named
    from deukgeun.pose import estimator
    from deukgeun.training.student.external import name_videos
    from deukgeun.training.student.records import external_record, write_record
    from deukgeun.training.student.report import external_page
    from deukgeun.training.student.runs import load_student

    student, finder, seer = load_student(run), detector_named(detector, threads), estimator(model, threads)
    with progress_bar(manifest.name, {"videos": "videos"}, not quiet) as bar:
        told = None if bar is None else lambda done, total: bar("videos", float(done), float(total))
        answers = name_videos(manifest, student, finder, seer, told)
    if report is not None:
        external_page(answers, report)
    if json is not None:
        write_record(external_record({run.name: answers}), json)
    right = sum(each.right for each in answers)
    typer.echo(f"{right} of {len(answers)} videos are named right")


def summary(
    figures: Annotated[
        list[Path], typer.Argument(metavar="FIGURES.json...", help="What the other commands wrote with --json.")
    ],
    report: Annotated[
        Path, typer.Option(metavar="FILE", help="The page: Markdown if its name ends in .md, else HTML.")
    ],
) -> None:
    """Put the figures of a study beside those of the original, on one page."""
    from deukgeun.training.extra import need_extra

    need_extra()
    from deukgeun.training.student.records import read_record
    from deukgeun.training.student.summary import write_summary

    write_summary([read_record(path) for path in figures], report)
