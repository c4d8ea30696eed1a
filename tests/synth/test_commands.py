"""``deukgeun synth``: what its commands say and refuse; nothing is drawn here that needs the extra packages."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import pytest
from typer.testing import CliRunner, Result

from deukgeun.synth import extra
from deukgeun.synth.commands import app
from deukgeun.synth.commands.options import bodies_folder


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(each) for each in arguments])


def test_the_motions_are_listed_with_their_exercises() -> None:
    rows = {row["name"]: row for row in json.loads(call("motions", "--json").stdout)}
    assert rows["push_up"]["exercises"] == ["push_up"] and "척추의 중립" in rows["push_up"]["mistakes"]
    assert rows["walk"]["kind"] == "background" and rows["walk"]["exercises"] == []
    assert "push_up" in call("motions", "--kind", "exercise").stdout
    assert "push_up" not in call("motions", "--kind", "transition").stdout


def test_a_sheet_of_dolls_needs_nothing(tmp_path: Path) -> None:
    out = tmp_path / "sheet.png"
    done = call("sheet", "크런치", out, "--sticks", "--columns", "3", "--views", "side", "--size", "80")
    assert done.exit_code == 0, done.output
    assert cv2.imread(str(out)).shape[1] == 3 * 82


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("clip", "juggling", "out.mp4"), 2, "catalogue-unknown-exercise"),
        (("clip", "push_up", "out.avi"), 2, "does not end in .mp4"),
        (("clip", "push_up/dumbbell", "out.mp4"), 2, "catalogue-unknown-exercise"),
        (("sheet", "push_up", "out.png", "--sticks", "--views", "top"), 2, "views are"),
        (("sheet", "--sticks"), 2, "NAME and OUT.png"),
        (("session", "out.mp4", "--plan", "push_up"), 2, "synth-schedule"),
        (("session", "out.mp4", "--rest-s", "40..15"), 2, "LOW"),
    ],
)
def test_wrong_use_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: int, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = call(*arguments)
    assert done.exit_code == code, done.output
    assert told in " ".join(done.output.replace("│", " ").split())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "arguments", [("clip", "push_up", "a.mp4"), ("sheet", "push_up", "a.png"), ("dataset", "d"), ("session", "a.mp4")]
)
def test_a_missing_package_is_told_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    done = call(*arguments)
    assert done.exit_code == 6
    assert "synth-extra-missing" in done.output and 'pip install "deukgeun[synth]"' in done.output


def test_bodies_are_kept_in_the_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert bodies_folder(None) == tmp_path / "deukgeun" / "bodies"
    assert bodies_folder(tmp_path / "mine") == tmp_path / "mine"
