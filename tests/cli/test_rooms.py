"""Commands that installed rooms bring are there; unknown ones are not."""

import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from deukgeun.cli.main import app


def test_a_room_s_commands_are_listed_and_run() -> None:
    runner = CliRunner()
    assert "synth" in runner.invoke(app, ["--help"]).output
    told = runner.invoke(app, ["synth", "--help"])
    assert told.exit_code == 0 and "motions" in told.output


def test_an_unknown_command_is_wrong_use() -> None:
    assert CliRunner().invoke(app, ["no-such-command"]).exit_code == 2


def test_the_analysis_does_not_load_the_rooms() -> None:
    code = "import deukgeun.cli.main, deukgeun, sys; sys.exit(any(m.startswith('deukgeun.synth') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent, check=False).returncode == 0
