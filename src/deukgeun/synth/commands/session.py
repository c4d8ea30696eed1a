"""``deukgeun synth session OUT.mp4``: a whole workout as one video."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deukgeun.cli.progress import progress_bar
from deukgeun.synth.commands.options import (
    BodiesOption,
    LinesOption,
    QuietOption,
    RoomOption,
    SeedOption,
    bodies_folder,
    checked_output,
    checked_room,
)

if TYPE_CHECKING:
    from deukgeun.synth.truth import ClipTruth

PlanOption = Annotated[
    str | None,
    typer.Option(
        metavar="PLAN",
        help="NAME[/EQUIPMENT]:[SETSx]REPETITIONS or NAME:SECONDSs, with commas: "
        "'push_up:3x8, barbell_squat:5, plank:20s'. [default: drawn from the seed]",
    ),
]
RestOption = Annotated[str, typer.Option(metavar="LOW..HIGH", help="Seconds between two sets.")]
EdgeOption = Annotated[
    str, typer.Option(metavar="LOW..HIGH", help="Seconds before the first set and after the last, about.")
]
FramingOption = Annotated[
    str | None,
    typer.Option(
        metavar="KIND",
        help="whole, off_centre, far, bottom_cut, top_cut or side_cut. [default: as people do]",
    ),
]
UprightOption = Annotated[
    bool | None, typer.Option("--upright/--level", help="How the phone stands. [default: as people do]")
]
BystandersOption = Annotated[int, typer.Option(metavar="N", min=0, max=6, help="People who move about behind.")]
RateOption = Annotated[
    float | None, typer.Option(metavar="HZ", min=1.0, max=120.0, help="Pictures a second. [default: as phones do]")
]


def session(
    out: Annotated[Path, typer.Argument(metavar="OUT.mp4", help="The video; its truth is written beside it.")],
    plan: PlanOption = None,
    rest_s: RestOption = "15..40",
    bystanders: BystandersOption = 0,
    seed: SeedOption = 0,
    rate: RateOption = None,
    lines: LinesOption = None,
    edge_s: EdgeOption = "1..5",
    framing: FramingOption = None,
    upright: UprightOption = None,
    room: RoomOption = None,
    bodies: BodiesOption = None,
    quiet: QuietOption = False,
) -> None:
    """Film a workout: sets, rests and what people do between, by one person, with others behind."""
    import numpy as np

    from deukgeun.synth.extra import need_extra
    from deukgeun.synth.session import chosen_phone, draw_session, parse_schedule

    checked_output(out, ".mp4")
    rests, edges, kind = between(rest_s, "--rest-s"), between(edge_s, "--edge-s"), checked_room(room)
    try:
        phone = None if framing is None and upright is None else chosen_phone(framing, upright)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--framing") from None
    entries = None if plan is None else parse_schedule(plan, np.random.default_rng(seed))
    need_extra()
    from deukgeun.synth.film import Staging, film

    scenario = draw_session(
        seed, entries, rest_s=rests, edge_s=edges, bystanders=bystanders, rate_hz=rate, phone=phone, lines=lines
    )
    staging = Staging(bodies_folder(bodies), occluder=0.0, room=kind)
    with progress_bar(out.name, {}, not quiet) as bar:
        truth = film(scenario, out, staging, None if bar is None else lambda done, total: bar("film", done, total))
    if not quiet:
        _tell(out, truth)


def between(text: str, option: str) -> tuple[float, float]:
    """Both ends of ``LOW..HIGH`` or of one number. Raises ``typer.BadParameter``."""
    low, _, high = text.partition("..")
    try:
        ends = float(low), float(high or low)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not LOW..HIGH", param_hint=option) from None
    if not 0.0 <= ends[0] <= ends[1] <= 3600.0:
        raise typer.BadParameter(f"{text!r}: expected 0 <= LOW <= HIGH <= 3600", param_hint=option)
    return ends


def _tell(out: Path, truth: ClipTruth) -> None:
    typer.echo(f"{out}: {truth.duration_s:.0f} s, {truth.width}x{truth.height}, {truth.camera.view}")
    for each in truth.sets:
        amount = f"{len(each.repetitions)} repetitions" if each.hold_s is None else f"{each.hold_s:.0f} s"
        typer.echo(f"  person {each.person}  {each.start_s:6.1f} to {each.end_s:6.1f} s  {each.exercise}  {amount}")
