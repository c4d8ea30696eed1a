"""Commands of rooms that the analysis does not know: found by their entry points, and only when asked for."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup
from typer.main import get_command

GROUP = "deukgeun.commands"


class Rooms(TyperGroup):
    """A group whose own commands come first, then those that are installed under `GROUP`.

    Contexts and commands are Click's, which Typer has moved into itself in some versions: hence ``Any``.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands."""
        from importlib.metadata import entry_points  # takes as long as everything else a short command imports

        return [*super().list_commands(ctx), *sorted(entry.name for entry in entry_points(group=GROUP))]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the named command, loading the room that brings it."""
        known = super().get_command(ctx, cmd_name)
        if known is not None:
            return known
        from importlib.metadata import entry_points

        for entry in entry_points(group=GROUP, name=cmd_name):
            command = get_command(entry.load())
            command.name = cmd_name
            return command
        return None
