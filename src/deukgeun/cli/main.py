"""The entrance of the command line: ``deukgeun COMMAND ...``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from deukgeun.cli.analyze import analyze
from deukgeun.cli.doctor import doctor
from deukgeun.cli.exercises import exercises
from deukgeun.cli.failure import EXIT_INTERRUPTED, guarded, want_traceback
from deukgeun.cli.models import models
from deukgeun.cli.personal import app as personal
from deukgeun.cli.rooms import Rooms
from deukgeun.cli.settings import settings
from deukgeun.cli.teach import teach

app = typer.Typer(
    name="deukgeun",
    cls=Rooms,
    help="Deukgeun (득근득근): a workout video in, the diary entry out. Nothing leaves this machine.",
    epilog="Exit codes: 0 done, 1 unexpected error, 2 wrong use, 3 unreadable input, 4 over a limit, "
    "5 nothing to analyse, 6 damaged installation, 7 output not written, 130 interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _command in (analyze, doctor, models, exercises, teach, settings):
    app.command(_command.__name__)(guarded(_command))
app.add_typer(personal, name="personal")


def _show_version(wanted: bool) -> None:
    if wanted:
        from deukgeun import __version__

        typer.echo(f"deukgeun {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", hidden=True, help="Show tracebacks.")] = False,
) -> None:
    """Deukgeun (득근득근): a workout video in, the diary entry out. Nothing leaves this machine."""
    want_traceback(debug)


def run() -> None:
    """Run the command line with the arguments of this process, and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that lacks a letter gets a question mark, not a crash
    try:
        app(prog_name="deukgeun")
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
