"""``deukgeun aihub crop CSV DIR OUT``: the people cut out of the pictures of a table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deukgeun.aihub.commands.options import WORDS, FolderArgument, IndexOption, QuietOption, checked_outside, counter
from deukgeun.aihub.commands.prepare import INDEX
from deukgeun.cli.progress import progress_bar


def crop(
    table: Annotated[Path, typer.Argument(metavar="CSV", help="A table of pictures, as prepare writes them.")],
    folder: FolderArgument,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The folder that the crops go to.")],
    side: Annotated[int, typer.Option(metavar="PX", min=16, max=2048, help="Side of a crop.")] = 384,
    margin: Annotated[
        float, typer.Option(metavar="PX", min=0.0, max=1000.0, help="Around the joints, in pixels of 1920 x 1080.")
    ] = 10.0,
    quality: Annotated[int, typer.Option(metavar="N", min=1, max=100, help="Quality of the JPEG.")] = 95,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, max=256, help="Processes. [default: one a processor]")
    ] = None,
    ray: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Work on a Ray cluster whose machines see the same folders, or `local`: extra batch.",
        ),
    ] = "",
    index: IndexOption = None,
    quiet: QuietOption = False,
) -> None:
    """Cut the person out of every picture of a table: a square around the joints, and the way back to the picture.

    Pictures are read where they are, in folders or archives. Started again after it was stopped, it makes what is
    missing.
    """
    import os

    from deukgeun.aihub.crop import TABLE, crop_table
    from deukgeun.aihub.crop_worker import CropOptions

    checked_outside(out, folder)
    kept = index or _index_beside(table) or out / INDEX
    with progress_bar(table.name, WORDS, not quiet) as bar:
        met = (lambda count: bar("files", float(count), None)) if bar is not None else (lambda _: None)
        done = crop_table(
            table, folder, out, kept, CropOptions(side, margin, quality),
            workers or os.cpu_count() or 1, counter(bar, "crops"), met, ray,
        )  # fmt: skip
    if not quiet:
        typer.echo(f"{out / TABLE}: {done.crops} crops, {done.crops - done.before} of them new")
        for why, count in sorted(done.left_out.items()):
            typer.echo(f"left out: {count}: {why}", err=True)


def _index_beside(table: Path) -> Path | None:
    """What prepare has kept beside its tables."""
    places = (table.parent / INDEX, table.parent.parent / INDEX)
    return next((path for path in places if path.is_file()), None)
