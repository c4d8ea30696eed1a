"""Data sets: resumed after a stop, independent of the number of workers, names that do not clash."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.synth.support_work import Note, make_note
from typer.testing import CliRunner

from deukgeun.errors import DeukgeunError
from deukgeun.exercises import catalogue
from deukgeun.synth.commands import app
from deukgeun.synth.dataset import Done, clip_orders, make_clip, recording_orders, run
from deukgeun.synth.dataset.aihub import broken, recorded_act, types_shown
from deukgeun.synth.dataset.clips import clip_seed
from deukgeun.synth.dataset.run import MANIFEST
from deukgeun.synth.writers import aihub_exercise, aihub_exercises


def notes(folder: Path, count: int, bad: int = -1, full: int = -1) -> list[Note]:
    return [Note(k, folder, bad, full) for k in range(count)]


def manifest(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / MANIFEST).read_text("utf-8").splitlines()]


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    (tmp_path / "001.txt").write_text("from before")
    (tmp_path / ".002.txt.77.part").write_text("half")
    told: list[Done] = []
    run(notes(tmp_path, 5), make_note, tmp_path, 2, told.append)
    assert [row["index"] for row in manifest(tmp_path)] == [0, 1, 2, 3, 4]
    assert {done.row["index"] for done in told if not done.new} == {1}
    assert (tmp_path / "001.txt").read_text() == "from before"
    assert not list(tmp_path.glob(".*.part"))
    assert all(row["threads"] == "1" for row in manifest(tmp_path))


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_workers_end_with_a_killed_run_and_the_next_goes_on(tmp_path: Path) -> None:
    # Number 1 waits for ever, as a long clip does: the run is killed in the midst of it.
    program = (
        "from pathlib import Path; from tests.synth.support_work import Note, make_note\n"
        "from deukgeun.synth.dataset import run\n"
        f"if __name__ == '__main__':\n    folder = Path({str(tmp_path)!r})\n"
        "    run([Note(k, folder, slow=1) for k in range(3)], make_note, folder, 1)\n"
    )
    script = tmp_path / "killed.py"
    script.write_text(program)
    paths = os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, sys.path)])
    started = subprocess.Popen([sys.executable, script], env={**os.environ, "PYTHONPATH": paths})
    noted = tmp_path / "001.pid"
    wait_for(lambda: noted.exists() and noted.read_text() != "")
    started.kill()
    started.wait()
    worker = int(noted.read_text())
    wait_for(lambda: not Path(f"/proc/{worker}").exists() if Path("/proc").exists() else True)
    assert (tmp_path / "000.txt").exists() and not (tmp_path / "001.txt").exists()
    told: list[Done] = []
    run(notes(tmp_path, 3), make_note, tmp_path, 1, told.append)
    # Two that end at the same moment are told of in any order.
    assert sorted((done.row["index"], done.new) for done in told) == [(0, False), (1, True), (2, True)]


def wait_for(what: Callable[[], bool], longest_s: float = 60.0) -> None:
    end_s = time.monotonic() + longest_s
    while not what():
        assert time.monotonic() < end_s
        time.sleep(0.05)


def test_one_failure_does_not_cost_the_others(tmp_path: Path) -> None:
    with pytest.raises(DeukgeunError) as failed:
        run(notes(tmp_path, 4, bad=1), make_note, tmp_path, 1)
    assert failed.value.code == "synth-dataset-failed" and "it cannot be made" in failed.value.message
    assert [row["index"] for row in manifest(tmp_path)] == [0, 2, 3]
    run(notes(tmp_path, 4), make_note, tmp_path, 1)
    assert [row["index"] for row in manifest(tmp_path)] == [0, 1, 2, 3]


def test_a_full_disk_ends_the_run(tmp_path: Path) -> None:
    with pytest.raises(DeukgeunError) as failed:
        run(notes(tmp_path, 3, full=0), make_note, tmp_path, 1)
    assert failed.value.code == "output-not-writable"


def test_a_clip_is_the_same_in_a_larger_data_set(tmp_path: Path) -> None:
    names = ("push_up", "plank", "crunch")
    few, many = (clip_orders(names, count, 7, tmp_path, tmp_path) for count in (4, 40))
    assert many[:4] == few
    assert len({order.video for order in many}) == len({order.seed for order in many}) == 40
    assert clip_seed(7, 3) != clip_seed(8, 3)


def test_recordings_have_names_of_their_own(tmp_path: Path) -> None:
    slugs = tuple(catalogue())
    orders = recording_orders(slugs, 1500, 3, tmp_path, tmp_path)
    assert len({(o.day, o.session, o.type_no) for o in orders}) == 1500
    assert orders[:100] == recording_orders(slugs, 100, 3, tmp_path, tmp_path)
    counts = np.bincount([o.type_no for o in orders])[1:]
    assert counts[counts > 0].max() <= counts[counts > 0].min() + 1 or counts.max() <= 3


def test_performers_of_the_validation_part_are_not_in_the_other(tmp_path: Path) -> None:
    orders = recording_orders(tuple(catalogue()), 2000, 3, tmp_path, tmp_path)
    parts = {split: {o.performer for o in orders if o.split == split} for split in ("training", "validation")}
    assert parts["training"] and parts["validation"] and not parts["training"] & parts["validation"]


def test_too_many_recordings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DeukgeunError) as refused:
        recording_orders(("cross_lunge",), 10_000, 0, tmp_path, tmp_path)
    assert refused.value.code == "synth-aihub-count"


def test_the_gym_shows_nearly_all_types() -> None:
    assert sum(len(types_shown(each.no)) for each in aihub_exercises()) >= 800


@pytest.mark.parametrize("slug", ["push_up", "barbell_squat", "dumbbell_chest_fly", "lat_pulldown"])
def test_a_recording_shows_the_mistakes_of_its_type(tmp_path: Path, slug: str) -> None:
    order = recording_orders((slug,), 3, 5, tmp_path, tmp_path)[2]
    act = recorded_act(order)
    exercise = aihub_exercise(order.type_no)
    assert act.sets[0].exercise == slug and act.sets[0].mistakes == broken(exercise, order.type_no)
    assert len(act.time_s) == 32 and act.time_s[2] == pytest.approx(0.6)
    np.testing.assert_array_equal(recorded_act(order).posed.joints, act.posed.joints)


@pytest.mark.slow
def test_a_filmed_clip_is_finished_and_a_half_one_is_not(tmp_path: Path) -> None:
    pytest.importorskip("anny", reason="drawing needs the extra packages")
    pytest.importorskip("vtk", reason="drawing needs the extra packages")
    order = clip_orders(("push_up",), 1, 1, tmp_path, tmp_path / "bodies", duration_s=1.0, rate_hz=4.0)[0]
    assert order.finished() is None
    row = make_clip(order)
    assert order.finished() == row and row["frames"] == 4
    first = order.video.with_suffix(".npz").read_bytes()
    order.video.with_suffix(".json").unlink()
    assert order.finished() is None
    assert make_clip(order) == row and order.video.with_suffix(".npz").read_bytes() == first


def test_only_right_postures_can_be_asked_for(tmp_path: Path) -> None:
    orders = recording_orders(("push_up", "barbell_squat"), 8, 0, tmp_path, tmp_path, only_correct=True)
    assert {order.type_no for order in orders} == {561, 313}
    sessions = {(order.day, order.session): order.performer for order in orders}
    assert len(sessions) == 4  # everybody does each exercise once


def test_labels_alone_need_no_drawing(tmp_path: Path) -> None:
    pytest.importorskip("anny", reason="the command needs the extra packages")
    arguments = ["dataset", tmp_path, "--layout", "aihub", "--count", 2, "--exercises", "push_up", "--correct",
                 "--labels-only", "--workers", 1, "--quiet"]  # fmt: skip
    told = CliRunner().invoke(app, [str(each) for each in arguments])
    assert told.exit_code == 0, told.output
    assert len(list(tmp_path.rglob("D*.json"))) == 4
    assert not list(tmp_path.rglob("*.jpg"))
