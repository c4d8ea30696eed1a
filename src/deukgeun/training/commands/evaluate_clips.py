"""``deukgeun evaluate clips``: the whole analysis on labelled clips of other people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from deukgeun.cli.progress import Progress, progress_bar
from deukgeun.training.commands.options import QuietOption

_TEXTS = {"clips": "clips", "pictures": "pictures of what failed"}


ManifestArgument = Annotated[
    Path,
    typer.Argument(
        metavar="MANIFEST.csv",
        help="Clips with labels: columns path, exercise, movement, reps, reps_certain; may have view and source_repo.",
    ),
]
ResultsOption = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Keep each clip's result there, as `deukgeun analyze --json` writes it. What is there already is not "
        "analysed again: a stopped run goes on, a new network needs a new folder.",
    ),
]
ReportOption = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE", help="Write a report: FILE.md, or FILE.html with charts and pictures; repeatable."),
]
ApartOption = Annotated[
    list[str] | None,
    typer.Option(metavar="PREFIX", help="Report clips whose source starts so apart from the rest; repeatable."),
]
WorkersOption = Annotated[int, typer.Option(metavar="N", min=1, max=256, help="Processes.")]
JsonOption = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the figures, for programs.")]


def clips(
    manifest: ManifestArgument,
    results: ResultsOption = None,
    report: ReportOption = None,
    apart: ApartOption = None,
    workers: WorkersOption = 1,
    json: JsonOption = None,
    quiet: QuietOption = False,
) -> None:
    """Measure the analysis on labelled videos: exercises, movements, counts, what it does not know, and its time."""
    from deukgeun.training.extra import need_extra

    need_extra()
    from deukgeun.training.clips import report as reports
    from deukgeun.training.clips.figures import figures
    from deukgeun.training.clips.run import read_manifest, run
    from deukgeun.training.student.records import write_record

    wanted = _reports(report)
    labelled = read_manifest(manifest)
    with _folder(results) as folder, progress_bar(manifest.name, _TEXTS, not quiet) as bar:
        found = figures(run(labelled, folder, workers, _told(bar, "clips")), apart or ())
        for path in wanted:
            reports.write_report(found, manifest.name, path, _told(bar, "pictures"))
    if json is not None:
        write_record(reports.record(found), json)
    if not quiet:
        typer.echo("\n".join(reports.lines(found)))


def _reports(given: list[Path] | None) -> list[Path]:
    """Return the reports to write. Raises ``typer.BadParameter`` and ``training-package`` before any work is done."""
    from deukgeun.training.clips.report import is_markdown, need_charts

    for path in given or ():
        if path.suffix.lower() not in (".md", ".html", ".htm"):
            raise typer.BadParameter(f"{path} is neither .md nor .html", param_hint="--report")
        if not is_markdown(path):
            need_charts()
    return given or []


@contextmanager
def _folder(results: Path | None) -> Iterator[Path]:
    """Yield where results go; without a folder they are gone at the end."""
    if results is not None:
        yield results
        return
    with TemporaryDirectory() as temporary:
        yield Path(temporary)


def _told(bar: Progress | None, stage: str) -> Callable[[int, int], None]:
    return lambda done, total: bar(stage, float(done), float(total)) if bar is not None else None
