"""``deukgeun train ...`` and ``deukgeun evaluate ...``: they import what they need when they run."""

from __future__ import annotations

import typer

from deukgeun.cli.failure import guarded
from deukgeun.training.commands.evaluate import exercise as evaluate_exercise
from deukgeun.training.commands.evaluate import external, summary
from deukgeun.training.commands.evaluate import pose as evaluate_pose
from deukgeun.training.commands.evaluate_clips import clips
from deukgeun.training.commands.evaluate_synth import synth
from deukgeun.training.commands.movements import export_movements, movements
from deukgeun.training.commands.train import exercise, export, joints, pose, sweep

train = typer.Typer(
    name="train",
    help="Train networks: joints in pictures, exercises from joints.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for _command in (pose, export, joints, exercise, sweep):
    train.command(_command.__name__)(guarded(_command))
train.command("movements")(guarded(movements))
train.command("export-movements")(guarded(export_movements))

evaluate = typer.Typer(
    name="evaluate",
    help="Measure what was trained, on data it has not seen.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for _name, _measure in (("pose", evaluate_pose), ("exercise", evaluate_exercise), ("external", external)):
    evaluate.command(_name)(guarded(_measure))
evaluate.command("summary")(guarded(summary))
evaluate.command("synth")(guarded(synth))
evaluate.command("clips")(guarded(clips))
