"""The page of recognition on the gym, and the command that writes it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from deukgeun.synth.tracks.shards import TrackOrder, make_shard
from deukgeun.training.commands import evaluate as app
from deukgeun.training.exercise.synthetic import Named, Workouts
from deukgeun.training.exercise.synthetic_report import tables, write_page

NAMED = Named(
    truth=np.array(["squat", "squat", "curl", "unknown", "nothing"]),
    named=np.array(["squat", "curl", "curl", "squat", "nothing"]),
    sure=np.array([0.9, 0.6, 0.8, 0.7, 0.5]),
    view=np.array(["front", "side", "front", "side", "front"]),
    among_three=np.array([True, True, True, False, False]),
)


def rows(title: str, workouts: Workouts | None = None) -> dict[str, tuple[str, ...]]:
    return {row[0]: row[1:] for table in tables(NAMED, workouts) if table.title == title for row in table.rows}


def test_figures_overall_and_by_view() -> None:
    overall = rows("Tracks of athletes nobody learnt from")
    assert overall["all"][0].startswith("3 of 5 = 0.600")
    assert overall["movements of the catalogue"][0].startswith("2 of 3")
    assert overall["near neighbours, called unknown"][0].startswith("0 of 1")
    assert overall["background, called nothing"][0].startswith("1 of 1")
    assert overall["truth among the three likeliest movements"][0].startswith("3 of 3")
    assert list(rows("By view")) == ["side", "front"], "the worst first"
    assert rows("By view")["front"][0].startswith("2 of 2")
    confused = {table.title: table.rows for table in tables(NAMED, None)}["What was taken for what, most often"]
    assert set(confused) == {("squat", "curl", "1"), ("unknown", "squat", "1")}


def test_workouts_are_told_where_there_are() -> None:
    assert not rows("Whole workouts")
    told = rows("Whole workouts", Workouts(20, 18, 9, 24, 600.0, 5.0))
    assert told["sets found (overlap of half of both together)"][0].startswith("18 of 20")
    assert told["found sets that are one"][0].startswith("18 of 24")
    assert told["found sets named right"][0].startswith("9 of 18")
    assert told["false activity"][0] == "0.50 s a minute, of 10 minutes"


@pytest.mark.parametrize(("name", "start"), [("p.md", "# Recognition"), ("p.html", "<!doctype html>")])
def test_pages(tmp_path: Path, name: str, start: str) -> None:
    write_page(NAMED, None, ["Words."], tmp_path / name)
    text = (tmp_path / name).read_text("utf-8")
    assert text.startswith(start)
    assert "Words." in text and "By movement" in text


@pytest.mark.slow
def test_the_command(tmp_path: Path) -> None:
    make_shard(TrackOrder(("push_up", "walk"), 12, seed=4, duration_s=5.0), 0, tmp_path)
    told = CliRunner().invoke(app, ["synth", str(tmp_path), "--workouts", "1", "--report", str(tmp_path / "p.md")])
    assert told.exit_code == 0, told.output
    assert "movements of the catalogue: " in told.stdout
    assert "false activity: " in told.stdout
    assert "## Whole workouts" in (tmp_path / "p.md").read_text("utf-8")


def test_nobody_to_test_on(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["synth", str(tmp_path)])
    assert told.exit_code in (2, 3)
    assert "training-no-data" in told.output
