"""``deukgeun teach NAME VIDEO...``: an exercise of one's own, from one to three examples."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deukgeun.cli.language import LangOption, language, words
from deukgeun.cli.progress import progress_bar
from deukgeun.cli.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deukgeun.recognition.personal import Floats
    from deukgeun.settings import Settings

_MOST_VIDEOS = 3


class Counted(StrEnum):
    """What a set is measured in."""

    reps = "reps"
    hold = "hold"


CatalogueOption = Annotated[
    Path | None,
    typer.Option("--catalogue", metavar="FILE", help="The file of your exercises. (setting: personal_file)"),
]


def teach(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What you call it, in Korean or English.")],
    videos: Annotated[list[Path], typer.Argument(metavar="VIDEO", help="One to three videos, each of one set.")],
    measure: Annotated[
        Counted | None,
        typer.Option(metavar="reps|hold", help="Counted in repetitions (where nothing is said) or in seconds held."),
    ] = None,
    catalogue: CatalogueOption = None,
    lang: LangOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar and no report, only errors.")] = False,
) -> None:
    """Teach an exercise of your own by one to three examples; a name that is there gets these examples in addition.

    Of each video the longest set of the main person is learnt. `deukgeun personal` lists, removes and copies what you
    have taught.
    """
    from deukgeun.errors import PersonalError
    from deukgeun.recognition import RECOGNISER
    from deukgeun.recognition.personal import PersonalExercise, clean_name
    from deukgeun.recognition.personal_file import read_personal, write_personal

    if len(videos) > _MOST_VIDEOS:
        raise typer.BadParameter(f"at most {_MOST_VIDEOS} videos at once", param_hint="VIDEO")
    settings, texts = settings_with(catalogue), words(language(lang))
    path, called = catalogue_path(settings), clean_name(name)
    there = read_personal(path).get(called)  # what is wrong with the file is told before minutes of work
    if there is not None and there.model != RECOGNISER:
        raise PersonalError("personal-other-network", name=there.name, model=there.model, other=RECOGNISER)
    kept = there.measure if there is not None else "reps"
    examples = [_example(video, settings, texts, not quiet) for video in videos]
    made = PersonalExercise.learnt(called, measure.value if measure is not None else kept, examples, RECOGNISER)
    all_of_them = read_personal(path).plus(made)
    write_personal(path, all_of_them)
    if not quiet:
        now = all_of_them.find(made.slug)
        typer.echo(texts["taught"].format(name=printable(now.name), slug=now.slug, count=len(now.prototypes)))


def settings_with(catalogue: Path | None) -> Settings:
    """Return the settings of this machine, with the file of personal exercises where one is named."""
    from deukgeun.settings import load_settings

    return load_settings(personal_file=None if catalogue is None else str(catalogue))


def catalogue_path(settings: Settings) -> Path:
    """Return the file of personal exercises."""
    from deukgeun.recognition.personal_file import personal_path

    return personal_path(settings)


def _example(video: Path, settings: Settings, texts: Mapping[str, Any], shown: bool) -> Floats:
    from deukgeun.analysis import teaching

    with progress_bar(video.name, texts, shown) as progress:
        return teaching.example_in_video(video, settings=settings, progress=progress)
