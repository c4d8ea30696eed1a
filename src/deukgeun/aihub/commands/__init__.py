"""``deukgeun aihub ...``: from a copy of AI Hub's data set 231 to what networks learn from.

The commands import what they need when they run.
"""

from __future__ import annotations

import typer

from deukgeun.aihub.commands.crop import crop
from deukgeun.aihub.commands.inspect import inspect
from deukgeun.aihub.commands.prepare import prepare
from deukgeun.cli.failure import guarded

app = typer.Typer(
    name="aihub",
    help="AI Hub's data set 231 (피트니스 자세 이미지): look at a copy, choose and split, cut out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for _command in (inspect, prepare, crop):
    app.command(_command.__name__)(guarded(_command))


@app.callback()
def aihub() -> None:
    """AI Hub's data set 231 (피트니스 자세 이미지): look at a copy, choose and split, cut out."""
