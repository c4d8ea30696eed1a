"""``deukgeun synth sheet``: contact sheets of motions, to look at them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deukgeun.synth.commands.options import (
    BodiesOption,
    EquipmentOption,
    QuietOption,
    RoomOption,
    SeedOption,
    bodies_folder,
    checked_output,
    checked_room,
)

if TYPE_CHECKING:
    from deukgeun.synth.repertoire import Piece
    from deukgeun.synth.sheet import Draw

NameArgument = Annotated[str | None, typer.Argument(metavar="NAME", help="An exercise by any name, or a motion.")]
OutArgument = Annotated[Path | None, typer.Argument(metavar="OUT.png", help="The sheet.")]
AllOption = Annotated[
    Path | None, typer.Option("--all", metavar="DIR", help="Draw every exercise to DIR/SLUG.png, without NAME.")
]
ColumnsOption = Annotated[int, typer.Option(metavar="N", min=1, max=24, help="Moments of a repetition.")]
ViewsOption = Annotated[
    str, typer.Option(metavar="V,V", help="Rows: front, oblique, side, rear_oblique, back, right, low, high.")
]
SizeOption = Annotated[int, typer.Option(metavar="PX", min=64, max=1024, help="Side of one cell.")]
VariantOption = Annotated[str | None, typer.Option(metavar="NAME", help="A variant by name. [default: any]")]
MistakeOption = Annotated[str | None, typer.Option(metavar="TEXT", help="A mistake by its text. [default: none]")]
SticksOption = Annotated[bool, typer.Option("--sticks", help="Jointed dolls: quick, without the extra packages.")]


@dataclass(frozen=True, slots=True)
class _Manner:
    """How the sheets of one call are drawn."""

    seed: int
    columns: int
    views: tuple[str, ...]
    size: int
    variant: str | None
    mistake: str | None
    draw: Draw

    def write(self, piece: Piece, out: Path) -> None:
        import cv2

        from deukgeun.files import write_bytes
        from deukgeun.synth.sheet import moments, page

        shown = moments(piece, self.seed, self.columns, self.variant, self.mistake)
        image = page(shown, self.views, self.size, self.draw)
        _, content = cv2.imencode(".png", cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
        write_bytes(out, content.tobytes())


def sheet(
    name: NameArgument = None,
    out: OutArgument = None,
    everything: AllOption = None,
    seed: SeedOption = 0,
    columns: ColumnsOption = 6,
    views: ViewsOption = "front,oblique,side",
    size: SizeOption = 240,
    equipment: EquipmentOption = None,
    variant: VariantOption = None,
    mistake: MistakeOption = None,
    sticks: SticksOption = False,
    room: RoomOption = None,
    bodies: BodiesOption = None,
    quiet: QuietOption = False,
) -> None:
    """Draw key moments of a motion, a row for each view: one dressed athlete before a plain backdrop."""
    draw = _draw(sticks, seed, checked_room(room), bodies)
    manner = _Manner(seed, columns, _checked_views(views), size, variant, mistake, draw)
    if everything is not None:
        _every(everything, equipment, manner, quiet)
    elif name is not None and out is not None:
        _one(name, checked_output(out, ".png"), equipment, manner)
    else:
        raise typer.BadParameter("expected NAME and OUT.png, or --all DIR")


def _one(name: str, out: Path, equipment: str | None, manner: _Manner) -> None:
    import numpy as np

    from deukgeun.synth.repertoire import piece_named

    manner.write(piece_named(name, np.random.default_rng(manner.seed), equipment), out)


def _every(folder: Path, equipment: str | None, manner: _Manner, quiet: bool) -> None:
    from deukgeun.exercises import catalogue
    from deukgeun.synth.repertoire import exercise_pieces, written

    for slug in filter(written, catalogue()):
        piece = next((p for p in exercise_pieces(slug) if equipment in (None, p.equipment)), None)
        if piece is not None:
            manner.write(piece, folder / f"{slug}.png")
            if not quiet:
                typer.echo(str(folder / f"{slug}.png"))


def _checked_views(text: str) -> tuple[str, ...]:
    from deukgeun.synth.sheet import VIEWS

    names = tuple(part.strip() for part in text.split(",") if part.strip())
    if not names or not set(names) <= set(VIEWS):
        raise typer.BadParameter(f"{text!r}: views are {', '.join(VIEWS)}", param_hint="--views")
    return names


def _draw(sticks: bool, seed: int, room: str | None, bodies: Path | None) -> Draw:
    if sticks:
        from deukgeun.synth.sheet import stick_cells

        return stick_cells
    from deukgeun.synth.extra import need_extra

    need_extra()
    from deukgeun.synth.film import Staging
    from deukgeun.synth.sheet.renders import renderer

    return renderer(Staging(bodies_folder(bodies), room=room), seed)
