"""``deukgeun analyze VIDEO...``: the diary entry of each video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deukgeun.cli.failure import report as report_failure
from deukgeun.cli.failure import warn
from deukgeun.cli.language import LangOption, language, words
from deukgeun.cli.outputs import STDOUT, Job, plan, write_text
from deukgeun.cli.progress import progress_bar
from deukgeun.cli.terminal import printable

if TYPE_CHECKING:
    from deukgeun.analysis.workout import Workout
    from deukgeun.settings import Settings


class Person(StrEnum):
    """Whose sets are wanted."""

    main = "main"
    all = "all"


VideosArgument = Annotated[list[Path], typer.Argument(metavar="VIDEO", help="Videos: mp4, mov, webm, mkv, avi or gif.")]
JsonOption = Annotated[
    str | None,
    typer.Option(
        "--json",
        metavar="FILE|-",
        help="Write the workout as JSON: a file; a folder for several videos; '-' for stdout, where several "
        "videos make one line each.",
    ),
]
AnnotateOption = Annotated[
    str | None,
    typer.Option("--annotate", metavar="OUT.mp4", help="Draw the annotated replay; a folder for several videos."),
]
PersonOption = Annotated[Person, typer.Option(metavar="main|all", help="Whose sets: the main person's or everybody's.")]
ModelOption = Annotated[
    str | None,
    typer.Option(
        metavar="lite|full|heavy|hrnet:FILE",
        help="Pose network, from fastest to most exact, or one that you trained. (setting: model)",
    ),
]
RateOption = Annotated[
    float | None, typer.Option(metavar="HZ", help="Pictures a second to analyse. (setting: rate_hz)")
]
SetOption = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Any setting, for this call; repeatable.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No report, no progress bar, only errors.")]


@dataclass(frozen=True, slots=True)
class _Manner:
    """How the videos of one call are analysed and told of."""

    settings: Settings
    person: str
    lang: str
    quiet: bool
    json_to_stdout: bool
    several: bool


def analyze(
    videos: VideosArgument,
    json_to: JsonOption = None,
    annotate_to: AnnotateOption = None,
    person: PersonOption = Person.main,
    model: ModelOption = None,
    rate: RateOption = None,
    overrides: SetOption = None,
    lang: LangOption = None,
    quiet: QuietOption = False,
) -> None:
    """Analyse workout videos: which exercise, how many sets and repetitions, how long the rests.

    Several videos are analysed one after the other; one that fails does not stop the others, and the exit code is the
    highest of theirs.
    """
    manner = _Manner(
        settings=_settings(overrides or (), model, rate),
        person=person.value,
        lang=language(lang),
        quiet=quiet,
        json_to_stdout=json_to == STDOUT,
        several=len(videos) > 1,
    )
    code = max([_attempt(job, manner) for job in plan(videos, json_to, annotate_to)])
    if code:
        raise typer.Exit(code)


def _settings(overrides: Sequence[str], model: str | None, rate: float | None) -> Settings:
    from deukgeun.settings import load_settings

    given: dict[str, object] = dict(_pair(text) for text in overrides)
    named = {"model": model, "rate_hz": rate}
    return load_settings().with_values(**given).with_values(**named)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--set")
    return name.strip(), value.strip()


def _attempt(job: Job, manner: _Manner) -> int:
    """Do one job and return its exit code."""
    try:
        _do(job, manner)
    except Exception as error:  # one video must not stop the others, whatever is wrong with it
        return report_failure(error)
    return 0


def _do(job: Job, manner: _Manner) -> None:
    from deukgeun import analysis

    texts = words(manner.lang)
    shown = not (manner.quiet or manner.json_to_stdout)
    with progress_bar(job.video.name, texts, shown) as progress:
        result = analysis.analyze_video(job.video, settings=manner.settings, person=manner.person, progress=progress)
    _tell(result.workout, job, manner, shown)
    if job.annotated is not None:
        with progress_bar(job.video.name, texts, shown) as progress:
            analysis.annotate(
                job.video, result, job.annotated, settings=manner.settings, lang=manner.lang, progress=progress
            )
    for path in (job.json, job.annotated):
        if shown and path is not None:
            typer.echo(texts["written"].format(path=printable(path)))


def _tell(workout: Workout, job: Job, manner: _Manner, shown: bool) -> None:
    """Write the workout where it is wanted: stdout as JSON or as a report, a file."""
    if manner.json_to_stdout:
        typer.echo(workout.to_json(indent=None if manner.several else 2))
    if job.json is not None:
        write_text(job.json, workout.to_json() + "\n")
    if shown:
        from deukgeun.cli.report import print_report

        print_report(workout, manner.lang)
    if not manner.quiet:
        for notice in workout.warnings:
            warn(notice.code, notice.message, words(manner.lang)["hints"].get(notice.code))
