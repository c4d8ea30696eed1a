"""``deukgeun synth clip NAME OUT.mp4``: one video and its truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deukgeun.cli.progress import progress_bar
from deukgeun.synth.commands.options import (
    BodiesOption,
    EquipmentOption,
    LinesOption,
    QuietOption,
    RoomOption,
    SeedOption,
    bodies_folder,
    checked_output,
    checked_room,
)


def clip(
    name: Annotated[str, typer.Argument(metavar="NAME", help="An exercise by any of its names, or a motion.")],
    out: Annotated[Path, typer.Argument(metavar="OUT.mp4", help="The video; its truth is written beside it.")],
    seed: SeedOption = 0,
    seconds: Annotated[float, typer.Option(metavar="S", min=0.5, help="How long it lasts.")] = 8.0,
    rate: Annotated[
        float | None, typer.Option(metavar="HZ", min=1.0, max=120.0, help="Pictures a second. [default: as phones do]")
    ] = None,
    equipment: EquipmentOption = None,
    whole: Annotated[bool, typer.Option("--whole", help="From the first repetition to the last, not a cut.")] = False,
    lines: LinesOption = None,
    room: RoomOption = None,
    bodies: BodiesOption = None,
    quiet: QuietOption = False,
) -> None:
    """Film one athlete doing one exercise with a random phone: OUT.mp4, and its truth as OUT.json and OUT.npz."""
    from deukgeun.synth.extra import need_extra
    from deukgeun.synth.scenario import draw_scenario

    checked_output(out, ".mp4")
    scenario = draw_scenario(
        seed, name, duration_s=seconds, rate_hz=rate, whole=whole, equipment=equipment, lines=lines
    )
    need_extra()
    from deukgeun.synth.film import Staging, film

    staging = Staging(bodies_folder(bodies), room=checked_room(room))
    with progress_bar(out.name, {}, not quiet) as bar:
        film(scenario, out, staging, None if bar is None else lambda done, total: bar("film", done, total))
    if not quiet:
        camera = scenario.camera
        typer.echo(f"{out}: {scenario.label}, {camera.width}x{camera.height}, {scenario.rate_hz:g}/s, {camera.view}")
