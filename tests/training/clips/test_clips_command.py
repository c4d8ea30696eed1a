"""``deukgeun evaluate clips``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

pytest.importorskip("torch", reason="the extra `train` is not installed")

from tests.training.clips.made import ROWS, analysed, journal, manifest

from deukgeun.analysis.workout import Workout
from deukgeun.training.clips import run as runs
from deukgeun.training.commands import evaluate

RUN = CliRunner()


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The manifest, and no real analysis: one worker works in this process."""

    def analyze(path: Path, progress: object) -> Workout:
        return analysed(path).workout

    monkeypatch.setattr("deukgeun.analysis.analyze", analyze)
    return manifest(tmp_path, ROWS)


def test_figures_reports_and_results(table: Path, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="the extra `train` is not installed")
    results, files = tmp_path / "results", [tmp_path / "out" / name for name in ("c.md", "c.html", "c.json")]
    given = [str(table), "--results", str(results), "--report", str(files[0]), "--report", str(files[1]),
             "--json", str(files[2]), "--apart", "flat"]  # fmt: skip
    told = RUN.invoke(evaluate, ["clips", *given])
    assert told.exit_code == 0, told.output
    lines = told.stdout.splitlines()
    assert [line for line in lines if line.endswith(":")] == ["all clips (n=5):", "flat (n=3):", "the rest (n=2):"]
    for line in (
        "exercise accuracy: 1/2 = 0.500 [0.09, 0.91]",
        "movement accuracy: 1/3 = 0.333 [0.06, 0.79]",
        "count OBO, >= 4: 1/2 = 0.500 [0.09, 0.91]",
        "background left out: 1/1 = 1.000 [0.21, 1.00]",
        "unknown admitted: 0/1 = 0.000 [0.00, 0.79]",
        "expected calibration error: 0.200 (n=1)",
        "Clips without an answer: 1 (media-empty 1).",
    ):
        assert line in lines
    assert "| b/dance.mp4 | front | other | bodyweight_squat | 0.80 |  |  |" in files[0].read_text("utf-8")
    assert "<svg" in files[1].read_text("utf-8")
    assert json.loads(files[2].read_text("utf-8"))["groups"]["flat"]["clips"] == 3
    assert sorted(path.name for path in results.glob("*.json")) == [
        "a__curl.json", "a__squat.json", "b__dance.json", "b__room.json"
    ]  # fmt: skip

    again = RUN.invoke(evaluate, ["clips", *given, "--quiet"])
    assert (again.exit_code, again.output) == (0, "")
    assert len(journal(tmp_path)) == 5


def test_without_a_folder_nothing_stays(table: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    told = RUN.invoke(evaluate, ["clips", str(table)])
    assert told.exit_code == 0, told.output
    assert "all clips" not in told.stdout
    assert sorted(path for path in tmp_path.rglob("*") if path.name != "journal.txt") == before


def test_workers_are_as_many_as_asked_for(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def run(clips: object, results: Path, workers: int, told: object) -> tuple[runs.Outcome, ...]:
        asked.append(workers)
        return ()

    monkeypatch.setattr(runs, "run", run)
    assert RUN.invoke(evaluate, ["clips", str(table), "--workers", "3"]).exit_code == 0
    assert asked == [3]


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (["none.csv"], 3, "training-no-data"),
        (["clips.csv", "--report", "figures.pdf"], 2, "neither .md nor .html"),
        (["clips.csv", "--workers", "0"], 2, "workers"),
    ],
)
def test_what_cannot_be_done(
    table: Path, given: list[str], code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(table.parent)
    told = RUN.invoke(evaluate, ["clips", *given])
    assert told.exit_code == code
    assert said in told.output
    assert journal(table.parent) == []
