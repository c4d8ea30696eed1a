"""``deukgeun settings``: every setting, its value, and where the value comes from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deukgeun.cli.terminal import echo_json, printable, stdout_console

if TYPE_CHECKING:
    from deukgeun.settings import Setting

_CONFIG = "DEUKGEUN_CONFIG"


def settings(
    as_json: Annotated[bool, typer.Option("--json", help="Everything known of them, as JSON.")] = False,
) -> None:
    """List every setting: value, where it comes from, bounds, environment variable and what it does."""
    rows = facts(os.environ)
    if as_json:
        echo_json(rows)
        return
    _print(rows)


def facts(environ: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return for each setting what is known of it, its value with this environment, and its origin.

    ``origin`` is "default", "file" or "environment". Raises ``SettingsError`` as ``load_settings`` does.
    """
    from deukgeun.settings import load_settings, settings_table

    values = load_settings(environ).as_dict()
    without = {name: text for name, text in environ.items() if name == _CONFIG or not name.startswith("DEUKGEUN_")}
    from_file = load_settings(without).as_dict()
    return [
        {
            "name": setting.name,
            "value": values[setting.name],
            "origin": _origin(setting, environ, from_file),
            "default": setting.default,
            "type": setting.type,
            "bounds": bounds(setting),
            "env": setting.env,
            "help": setting.help,
        }
        for setting in settings_table().values()
    ]


def bounds(setting: Setting) -> str:
    """Return what values a setting may have, for people."""
    if setting.choices:
        return ", ".join(setting.values)
    if setting.minimum is None and setting.maximum is None:
        return setting.type
    if setting.maximum is None:
        return f">= {_plain(setting.minimum)}"
    if setting.minimum is None:
        return f"<= {_plain(setting.maximum)}"
    return f"{_plain(setting.minimum)} to {_plain(setting.maximum)}"


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:,.10g}".replace(",", "")


def _origin(setting: Setting, environ: Mapping[str, str], from_file: Mapping[str, object]) -> str:
    if any(name.upper() == setting.env for name in environ):
        return "environment"
    return "default" if from_file[setting.name] == setting.default else "file"


def _print(rows: list[dict[str, Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("name", "value", "from", "bounds", "what it does"):
        table.add_column(name, no_wrap=name in {"name", "value", "from"})
    for row in rows:
        style = "" if row["origin"] == "default" else "bold"
        value = Text(printable(row["value"]), style=style)
        table.add_row(row["name"], value, row["origin"], row["bounds"], row["help"])
    console = stdout_console()
    console.print(table)
    console.print()
    console.print(
        "Set one for a call with `--set NAME=VALUE`, for a session with the variable DEUKGEUN_NAME, for good with a "
        "line `name = value` in ~/.config/deukgeun/settings.toml (or the file that DEUKGEUN_CONFIG names).",
        style="dim",
    )
