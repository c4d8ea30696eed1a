"""Labelled clips: how they are read, and a run that goes on where it was stopped."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.training.clips.made import COLUMNS, ROWS, analysed, journal, manifest, one_set

from deukgeun.analysis.workout import Workout
from deukgeun.errors import ModelError, OutputError, TrainingError
from deukgeun.training.clips import run as runs
from deukgeun.training.clips.run import INTERNAL, Clip, read_manifest, read_outcome, run


def test_labels_are_read(tmp_path: Path) -> None:
    first, second, third, fourth, _ = read_manifest(manifest(tmp_path, ROWS))
    assert first == Clip(
        "a/squat.mp4", tmp_path / "a/squat.mp4", "bodyweight_squat", "squat", 5, "side", "us/one"
    )  # fmt: skip
    assert (first.stem, second.repetitions) == ("a__squat", None)
    assert [each.known for each in (first, second, third, fourth)] == [True, True, False, False]


def test_columns_that_may_be_missing(tmp_path: Path) -> None:
    (only,) = read_manifest(manifest(tmp_path, [("a.mp4", "", "squat", "", "no")], runs._COLUMNS))
    assert (only.view, only.source) == ("", "")


@pytest.mark.parametrize(
    ("rows", "columns", "why"),
    [
        ([], COLUMNS, "no rows"),
        ([("a.mp4", "squat")], ("path", "movement"), "no column exercise, reps, reps_certain"),
        ([("a.mp4", "", "", "", "", "no", "")], COLUMNS, "no movement"),
        ([("a.mp4", "", "squatt", "squat", "", "no", "")], COLUMNS, "no exercise 'squatt'"),
        ([("a.mp4", "", "", "squat", "five", "yes", "")], COLUMNS, "'five' is no number"),
        ([("a.mp4", "", "", "squat", "", "no", ""), ("a.mov", "", "", "squat", "", "no", "")], COLUMNS, "twice"),
        ([("a.mp4", "", "", "squat", "", "no", ""), ("", "", "", "squat", "", "no", "")], COLUMNS, "no file ''"),
    ],
)
def test_a_manifest_that_is_of_no_use(
    tmp_path: Path, rows: list[tuple[str, ...]], columns: list[str], why: str
) -> None:
    with pytest.raises(TrainingError, match="training-no-data") as told:
        read_manifest(manifest(tmp_path, rows, columns))
    assert why in told.value.message


def test_files_that_are_not_there(tmp_path: Path) -> None:
    path = manifest(tmp_path, ROWS)
    (tmp_path / "a/curl.mp4").unlink()
    with pytest.raises(TrainingError, match=r"there is no file 'a/curl\.mp4'"):
        read_manifest(path)
    with pytest.raises(TrainingError, match="training-no-data"):
        read_manifest(tmp_path / "none.csv")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TrainingError, match="cannot be read"):
        read_manifest(tmp_path / "binary.csv")


@pytest.mark.parametrize("workers", [1, 2])
def test_every_clip_has_an_outcome(tmp_path: Path, workers: int) -> None:
    clips, results, told = read_manifest(manifest(tmp_path, ROWS)), tmp_path / "results", []
    before = dict(os.environ)
    found = run(clips, results, workers, lambda *counts: told.append(counts), analysed)
    assert dict(os.environ) == before
    assert [one.clip for one in found] == list(clips)
    assert [one.error for one in found] == [None, None, None, None, "media-empty"]
    assert found[0].workout == one_set("bodyweight_squat", 5, 0.8, ("push_up", 0.1))
    assert found[0].recognise_s == 0.25
    assert all(one.finished and one.wall_s is not None and one.wall_s >= 0 for one in found)
    assert told == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]
    assert (results / "a__squat.json").read_text("utf-8") == found[0].workout.to_json() + "\n"
    assert not (results / "broken.json").exists()


def test_a_stopped_run_goes_on(tmp_path: Path) -> None:
    clips, results, told = read_manifest(manifest(tmp_path, ROWS)), tmp_path / "results", []
    run([clips[0], clips[4]], results, analyse=analysed)
    assert journal(tmp_path) == ["broken.mp4", "squat.mp4"]
    found = run(clips, results, 1, lambda *counts: told.append(counts), analysed)
    assert journal(tmp_path) == ["broken.mp4", "curl.mp4", "dance.mp4", "room.mp4", "squat.mp4"]
    assert told == [(3, 5), (4, 5), (5, 5)]
    assert found == run(clips, results, 1, None, analysed)
    assert len(journal(tmp_path)) == 5


def test_what_is_half_done_is_done_again(tmp_path: Path) -> None:
    clips, results = read_manifest(manifest(tmp_path, ROWS)), tmp_path / "results"
    run(clips[:2], results, analyse=analysed)
    (results / "a__squat.json").unlink()  # stopped between a record and its result
    (results / "a__curl.json").write_text("{", "utf-8")
    (results / "records" / "a__curl.json").write_text("[]", "utf-8")
    assert not any(read_outcome(clip, results).finished for clip in clips)
    assert all(one.finished for one in run(clips[:2], results, analyse=analysed))
    assert journal(tmp_path) == ["curl.mp4", "curl.mp4", "squat.mp4", "squat.mp4"]


def test_results_made_by_other_means_count_without_a_time(tmp_path: Path) -> None:
    (only,) = read_manifest(manifest(tmp_path, ROWS[:1]))
    (tmp_path / "a__squat.json").write_text(one_set("push_up").to_json(), "utf-8")
    (found,) = run([only], tmp_path, analyse=analysed)
    assert isinstance(found.workout, Workout)
    assert (found.wall_s, found.recognise_s, journal(tmp_path)) == (None, None, [])


def test_a_fault_of_the_program_costs_one_clip_and_is_tried_again(tmp_path: Path) -> None:
    rows = [("fault.mp4", "", "", "squat", "", "no", ""), ROWS[0]]
    clips = read_manifest(manifest(tmp_path, rows))
    found = run(clips, tmp_path / "results", analyse=analysed)
    assert [one.error for one in found] == [INTERNAL, None]
    record = json.loads((tmp_path / "results/records/fault.json").read_text("utf-8"))
    assert record["message"] == "ZeroDivisionError: by hand"
    run(clips, tmp_path / "results", analyse=analysed)
    assert journal(tmp_path) == ["fault.mp4", "fault.mp4", "squat.mp4"]


def test_what_would_befall_every_clip_ends_the_run(tmp_path: Path) -> None:
    clips = read_manifest(manifest(tmp_path, [("network.mp4", "", "", "squat", "", "no", ""), ROWS[0]]))
    with pytest.raises(ModelError):
        run(clips, tmp_path / "results", analyse=analysed)
    (tmp_path / "file").touch()
    with pytest.raises(OutputError):
        run(clips[1:], tmp_path / "file", analyse=analysed)


def test_naming_and_counting_is_timed_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def analyze(path: Path, progress: object) -> Workout:
        for stage in stages:
            progress(stage, 0.0, None)  # type: ignore[operator]
        return one_set("push_up")

    monkeypatch.setattr("deukgeun.analysis.analyze", analyze)
    stages = ["watch", "watch", "understand"]
    timed = runs.analyse_timed(Path("a.mp4"))
    assert timed.recognise_s is not None and 0 <= timed.recognise_s < 1
    stages = ["watch"]
    assert runs.analyse_timed(Path("a.mp4")).recognise_s is None
