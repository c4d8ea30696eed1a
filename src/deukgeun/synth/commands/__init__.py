"""``deukgeun synth ...``: the virtual gym's own commands. They import what they need when they run."""

from __future__ import annotations

import typer

from deukgeun.cli.failure import guarded
from deukgeun.synth.commands.clip import clip
from deukgeun.synth.commands.dataset import dataset
from deukgeun.synth.commands.motions import motions
from deukgeun.synth.commands.session import session
from deukgeun.synth.commands.sheet import sheet
from deukgeun.synth.commands.tracks import tracks

app = typer.Typer(
    name="synth",
    help="The virtual gym: unlimited workout video with exact truth, and data sets made of it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for _command in (motions, tracks, clip, sheet, session, dataset):
    app.command(_command.__name__)(guarded(_command))
