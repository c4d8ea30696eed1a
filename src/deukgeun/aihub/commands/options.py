"""Options that several commands share, and their checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deukgeun.cli.progress import Progress

if TYPE_CHECKING:
    from deukgeun.aihub.collection import Collection

FolderArgument = Annotated[
    Path, typer.Argument(metavar="DIR", help="Your copy of the data set or a part of it: folders, zip, tar.")
]
IndexOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Where to keep what lies where, so that a later command need not look through all files.",
    ),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar and no report, only errors.")]
WORDS = {"files": "looking for files", "labels": "reading labels", "crops": "cutting out", "split": "splitting"}


@contextmanager
def opened(folder: Path, index: Path | None, bar: Progress | None) -> Iterator[Collection]:
    """Open a copy of the data set and show the search for files in the bar."""
    from deukgeun.aihub.collection import open_collection

    met = (lambda count: bar("files", float(count), None)) if bar is not None else (lambda _: None)
    with open_collection(folder, index, met) as collection:
        yield collection


def counter(bar: Progress | None, stage: str) -> Callable[[int, int], None]:
    """Return what shows (done, total) of a stage in the bar, every hundredth time."""

    def tell(done: int, total: int) -> None:
        if bar is not None and (done % 100 == 0 or done == total):
            bar(stage, float(done), float(total))

    return tell


def checked_outside(out: Path, folder: Path) -> Path:
    """Return ``out``, if it does not lie within the data set. Raises ``typer.BadParameter``."""
    if out.resolve().is_relative_to(folder.resolve()):
        raise typer.BadParameter(f"{out} lies within {folder}: what is written would be taken for the data set's")
    return out
