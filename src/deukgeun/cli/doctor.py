"""``deukgeun doctor``: is this installation complete, and does it work?"""

from __future__ import annotations

from typing import Annotated

import typer

from deukgeun.cli.terminal import echo_json, printable, stdout_console

EXIT_DAMAGED = 6


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="The findings as JSON.")] = False,
) -> None:
    """Check the installation: Python, libraries, settings, weights, and a run of every part.

    The exit code is 0 if everything works, otherwise 6.
    """
    from dataclasses import asdict

    from deukgeun.cli.checks import examine

    findings = examine()
    if as_json:
        echo_json([asdict(finding) for finding in findings])
    else:
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, show_header=False)
        for finding in findings:
            mark = Text("ok", style="green") if finding.good else Text("FAULT", style="bold red")
            table.add_row(mark, finding.subject, Text(printable(finding.detail)))
        stdout_console().print(table)
    faults = sum(not finding.good for finding in findings)
    if faults:
        typer.echo(f"{faults} of {len(findings)} checks failed", err=True)
        raise typer.Exit(EXIT_DAMAGED)
