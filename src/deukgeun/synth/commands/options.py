"""Options that several commands share, and where bodies are kept."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

BODIES_ENV = "DEUKGEUN_BODIES"

SeedOption = Annotated[int, typer.Option(metavar="N", min=0, help="The same seed gives the same truth.")]
BodiesOption = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", envvar=BODIES_ENV, show_envvar=False,
        help=f"Where the athletes' bodies are kept between runs. [default: this user's cache folder, or {BODIES_ENV}]",
    ),
]  # fmt: skip
EquipmentOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="Which implement, where there are several. [default: any]")
]
RoomOption = Annotated[
    str | None,
    typer.Option(metavar="KIND", help="living_room, gym, garage, studio, corridor, outdoors or backdrop."),
]
LinesOption = Annotated[
    int | None,
    typer.Option(metavar="PX", min=64, max=2160, help="Most pixels along the shorter side. [default: as phones do]"),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar and no report, only errors.")]


def bodies_folder(given: Path | None) -> Path:
    """The folder given, or ``deukgeun/bodies`` in the user's cache folder as the platform has it."""
    return given if given is not None else _cache_folder() / "deukgeun" / "bodies"


def _cache_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def checked_room(room: str | None) -> str | None:
    """The kind of room, if there is such a kind. Raises ``typer.BadParameter``."""
    from deukgeun.synth.scene.layout import kinds

    if room is not None and room not in kinds():
        raise typer.BadParameter(f"{room!r} is none of {', '.join(kinds())}", param_hint="--room")
    return room


def checked_output(path: Path, suffix: str) -> Path:
    """The path, if it ends in ``suffix``. Raises ``typer.BadParameter``."""
    if path.suffix.lower() != suffix:
        raise typer.BadParameter(f"{path.name!r} does not end in {suffix}")
    return path
