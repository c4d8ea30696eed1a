"""``deukgeun synth motions``: what the virtual gym can show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from deukgeun.cli.terminal import echo_json, stdout_console

if TYPE_CHECKING:
    from deukgeun.synth.motions.definition import Motion


def motions(
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="Only exercise, neighbour, background or transition.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="All of it as JSON.")] = False,
) -> None:
    """List the motions of the virtual gym: exercises, what only looks like one, background and transitions."""
    from deukgeun.synth.motions.definition import motions as written

    found = [motion for motion in written().values() if kind in (None, motion.kind)]
    if as_json:
        echo_json([_row(motion) for motion in found])
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("name", "kind", "movement", "posture", "measure", "equipment"):
        table.add_column(name, overflow="fold")
    for motion in found:
        equipment = ", ".join(motion.equipment)
        table.add_row(motion.name, motion.kind, motion.movement, motion.posture, motion.measure, equipment)
    stdout_console().print(table)


def _row(motion: Motion) -> dict[str, object]:
    from deukgeun.synth.repertoire import slugs_of

    return {
        "name": motion.name,
        "kind": motion.kind,
        "movement": motion.movement,
        "exercises": list(slugs_of(motion)),
        "posture": motion.posture,
        "measure": motion.measure,
        "sides": motion.sides,
        "equipment": list(motion.equipment),
        "variants": [row["name"] for row in motion.raw.get("variants", []) if "name" in row],
        "mistakes": list(motion.mistakes),
    }
