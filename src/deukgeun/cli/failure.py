"""How a command fails: one line and a hint on stderr, and an exit code. Never a traceback, unless asked for."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

import typer

from deukgeun.cli.terminal import printable
from deukgeun.errors import DeukgeunError

EXIT_INTERNAL = 1
EXIT_INTERRUPTED = 130

_traceback_wanted: ContextVar[bool] = ContextVar("traceback_wanted", default=False)
_Command = TypeVar("_Command", bound=Callable[..., None])


def want_traceback(wanted: bool) -> None:
    """Set whether ``report`` shows the traceback of an unexpected error (``--debug``)."""
    _traceback_wanted.set(wanted)


def report(error: Exception) -> int:
    """Write ``error`` to stderr for people and return its exit code."""
    if isinstance(error, DeukgeunError):
        _write(error.code, error.message, error.hint)
        return error.exit_code
    detail = str(error).strip().splitlines()
    what = f"{type(error).__name__}: {detail[0]}" if detail else type(error).__name__
    _write("internal", what, "This is a fault of the program. `deukgeun --debug ...` shows where it happened.")
    if _traceback_wanted.get():
        typer.echo("".join(traceback.format_exception(error)), err=True)
    return EXIT_INTERNAL


def warn(code: str, message: str, hint: str | None) -> None:
    """Write a warning to stderr."""
    _write(code, message, hint, kind="warning", colour="yellow")


def guarded(command: _Command) -> _Command:
    """Return ``command`` with every error turned into a message and an exit code."""

    @functools.wraps(command)
    def run(*args: object, **kwargs: object) -> None:
        try:
            command(*args, **kwargs)
        except (typer.Exit, typer.Abort, typer.BadParameter, BrokenPipeError):
            raise  # the command line's own ways to end
        except KeyboardInterrupt:
            typer.echo("interrupted", err=True)
            raise typer.Exit(EXIT_INTERRUPTED) from None
        except Exception as error:  # the last resort: whatever happened, a person gets a sentence and a code
            raise typer.Exit(report(error)) from error

    return run  # type: ignore[return-value]


def _write(code: str, message: str, hint: str | None, kind: str = "error", colour: str = "red") -> None:
    head = typer.style(f"{kind}[{code}]", fg=colour, bold=True)
    typer.echo(f"{head}: {printable(message)}", err=True)
    if hint:
        typer.echo(f"  hint: {printable(hint)}", err=True)
