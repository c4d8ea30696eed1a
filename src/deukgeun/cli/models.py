"""``deukgeun models``: the networks, where they come from, and whether they are here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from deukgeun.cli.terminal import echo_json, stdout_console

if TYPE_CHECKING:
    from deukgeun.pose.weights import Weights

_SHA_SHOWN = 12


def models(
    as_json: Annotated[bool, typer.Option("--json", help="Everything known of them, as JSON.")] = False,
) -> None:
    """List the networks: size, licence, source, checksum, and whether they are installed."""
    from deukgeun.pose.weights import weights_manifest

    rows = [_facts(weights) for weights in weights_manifest().values()]
    if as_json:
        echo_json(rows)
        return
    _print(rows)


def _facts(weights: Weights) -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(weights), "role": _role(weights.name), "state": state(weights.name)}


def state(name: str) -> str:
    """Return "installed", "missing" or "altered": the file's checksum is computed."""
    from deukgeun.errors import ModelError
    from deukgeun.pose.weights import weights_path

    try:
        weights_path(name)
    except ModelError as error:
        return "missing" if error.code == "model-missing" else "altered"
    return "installed"


def _role(name: str) -> str:
    from deukgeun.settings import settings_table

    model = settings_table()["model"]
    if name not in model.choices:
        return "finds people"
    return "pose, default" if name == model.default else "pose"


def _print(rows: list[dict[str, Any]]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("name", "role", "MB", "licence", "sha256", "source"):
        table.add_column(name, justify="right" if name == "MB" else "left", no_wrap=name != "source")
    table.add_column("state", no_wrap=True)
    for row in rows:
        size = f"{row['size_bytes'] / 1e6:.1f}"
        cells = (row["role"], size, row["licence"], row["sha256"][:_SHA_SHOWN], row["source"], row["state"])
        table.add_row(row["name"], *cells, style=None if row["state"] == "installed" else "red")
    stdout_console().print(table)
