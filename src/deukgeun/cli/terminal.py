"""What may be written to a terminal, and how wide it is."""

from __future__ import annotations

import os
import sys
import unicodedata
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console

_WIDTH_WITHOUT_TERMINAL = 100


def printable(text: object) -> str:
    """Return ``text`` on one line without control characters: a file's name must not command the terminal."""
    clean = str(text).encode("utf-8", "replace").decode("utf-8")
    return "".join("?" if unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"} else letter for letter in clean)


def stdout_console() -> Console:
    """Return a rich console on stdout; 100 columns wide where there is no terminal to say."""
    from rich.console import Console

    fixed = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _WIDTH_WITHOUT_TERMINAL
    return Console(width=fixed, highlight=False, markup=False, emoji=False)


def echo_json(value: object) -> None:
    """Write ``value`` to stdout as JSON."""
    import json

    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
