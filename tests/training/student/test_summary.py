"""The figures of a study as values, and the page that puts them beside the original's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")

from typer.testing import CliRunner

from deukgeun.errors import TrainingError
from deukgeun.training.commands import evaluate
from deukgeun.training.pose.crops import CropSample
from deukgeun.training.student.external import Answer
from deukgeun.training.student.measure import NameFigures, PoseFigures
from deukgeun.training.student.records import (
    Record,
    exercise_record,
    external_record,
    joined,
    pose_record,
    read_record,
    share,
    write_record,
)
from deukgeun.training.student.summary import Table, as_html, as_markdown, summary


def pose(name: str, rmse: float) -> Record:
    samples = [
        CropSample(Path("x.jpg"), np.eye(2, 3), np.zeros((24, 2)), exercise, "A", "Z1")
        for exercise in ("squat", "plank")
    ]
    found = PoseFigures(np.zeros((2, 24, 2)), np.array([rmse, rmse + 2]), np.full(24, rmse), (0.5, 0.75))
    return pose_record(samples, {name: found})


@pytest.fixture
def records() -> list[Record]:
    named = NameFigures(np.array(["squat", "plank"]), np.array(["squat", "squat"]), np.array(["A", "B"]))
    answers = [Answer("x.mp4", "squat", (("squat", 0.9), ("plank", 0.1))), Answer("y.mp4", "squat", ())]
    return [
        external_record({"lstm": answers}), pose("hrnet:/far/away/net.onnx", 30.0), pose("full", 40.0),
        exercise_record({"lstm": named}),
    ]  # fmt: skip


def test_records_come_back_as_they_were_written(records: list[Record], tmp_path: Path) -> None:
    for number, record in enumerate(records):
        write_record(record, tmp_path / f"{number}.json")
        assert read_record(tmp_path / f"{number}.json") == record


@pytest.mark.parametrize("text", [None, "{", "[]", '{"kind": "other"}'])
def test_another_file_is_no_record(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "x.json").write_text(text, "utf-8")
    with pytest.raises(TrainingError, match="training-no-data"):
        read_record(tmp_path / "x.json")


def test_records_of_one_kind_are_joined(records: list[Record]) -> None:
    kinds = joined(records)
    assert [record["kind"] for record in kinds] == ["pose", "exercise", "external"]
    assert list(kinds[0]["networks"]) == ["hrnet:/far/away/net.onnx", "full"]
    assert list(records[1]["networks"]) == ["hrnet:/far/away/net.onnx"]


def test_our_figures_stand_beside_the_original(records: list[Record]) -> None:
    tables = {table.title: table for table in summary(records)}
    beside = [row[1:] for row in tables["Beside the original"].rows]
    assert [row[0] for row in beside] == ["hrnet:net.onnx", "full", "lstm", "lstm"]
    assert beside[0][1].startswith("31.00 px")
    assert "35.86 px" in beside[0][2]
    assert beside[2][1] == beside[3][1] == share(1, 2)
    assert ("squat", "30.0", "40.0") in tables["RMSE by exercise, px"].rows
    assert ("plank", "0 of 1") in tables["Named right, by exercise"].rows
    assert tables["Other people's videos"].rows == (
        ("x.mp4", "squat", "squat 0.90, plank 0.10"), ("y.mp4", "squat", "-")
    )  # fmt: skip


def test_the_command_writes_either_form(records: list[Record], tmp_path: Path) -> None:
    paths = []
    for number, record in enumerate(records):
        paths.append(str(tmp_path / f"{number}.json"))
        write_record(record, Path(paths[-1]))
    for name, sign in (("s.md", "| full |"), ("s.html", "<td>full</td>")):
        told = CliRunner().invoke(evaluate, ["summary", *paths, "--report", str(tmp_path / name)])
        assert told.exit_code == 0, told.output
        text = (tmp_path / name).read_text("utf-8")
        assert sign in text
        assert "far" not in text


def test_pages_hold_every_cell() -> None:
    table = Table("T", ("a", "b"), (("1", "<i>"),))
    assert "| 1 | <i> |" in as_markdown("Title", [table], ["Said."])
    assert "&lt;i&gt;" in as_html("Title", [table], ["Said."])
    with pytest.raises(ValueError, match="2 cells"):
        Table("T", ("a", "b"), (("1",),))
