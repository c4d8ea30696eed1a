"""The whole way, with nothing replaced: a video on disk, the command in a process of its own, what it leaves behind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from deukgeun.analysis import Workout
from deukgeun.cli.models import state
from deukgeun.media import VideoWriter, probe
from deukgeun.pose.weights import weights_manifest

REPOSITORY = Path(__file__).parents[2]
SAMPLE = REPOSITORY / "samples" / "home_workout.mp4"
CLIPS = REPOSITORY.parent / "shared" / "data" / "clips"

pytestmark = pytest.mark.skipif(
    any(state(name) != "installed" for name in weights_manifest()), reason="the weights are not installed"
)


def deukgeun(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-c", "from deukgeun.cli.main import run; run()", *map(str, arguments)]
    return subprocess.run(call, cwd=folder, capture_output=True, text=True, timeout=240)


def empty_room(path: Path) -> Path:
    with VideoWriter(path, 128, 96, 10) as out:
        for index in range(15):
            out.write(np.full((96, 128, 3), 90, np.uint8), index / 10)
    return path


@pytest.mark.skipif(not SAMPLE.exists(), reason="the sample is not there")
def test_the_sample_becomes_an_entry_json_and_a_replay(tmp_path: Path) -> None:
    done = deukgeun(tmp_path, "analyze", SAMPLE, "--json", "out.json", "--annotate", "out.mp4", "--lang", "en")
    assert done.returncode == 0, done.stderr
    workout = Workout.from_json((tmp_path / "out.json").read_bytes())
    truth = json.loads(SAMPLE.with_suffix(".json").read_text("utf-8"))
    for each in truth["sets"]:
        there = [s for s in workout.sets if s.start_s < each["end_s"] and each["start_s"] < s.end_s]
        assert each["exercise"] in {found.exercise for found in there}
    most = max(len(found.repetitions) for found in workout.sets)
    assert f"{most} reps" in done.stdout
    replay = probe(tmp_path / "out.mp4")
    assert (replay.codec, replay.width, replay.height) == ("h264", truth["width"], truth["height"])
    assert replay.duration_s == pytest.approx(truth["duration_s"], abs=0.2)


def test_an_empty_room_is_an_error_that_says_so(tmp_path: Path) -> None:
    done = deukgeun(tmp_path, "analyze", empty_room(tmp_path / "room.mp4"), "--json", "-")
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.startswith("error[pose-no-person]")


def test_what_is_no_video_is_an_error_without_a_traceback(tmp_path: Path) -> None:
    playlist = tmp_path / "workout.mp4"
    playlist.write_text("#EXTM3U\n/etc/passwd\n")
    done = deukgeun(tmp_path, "analyze", playlist, tmp_path, "none.mp4")
    assert done.returncode == 3
    assert done.stderr.count("error[media-") == 3
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not CLIPS.exists(), reason="the real clips are not at hand (../shared)")
def test_a_real_phone_video_and_a_cut_off_copy_of_it(tmp_path: Path) -> None:
    clip = next(CLIPS.glob("*domi-zc__videos_squat.mp4"))
    half = tmp_path / "half.mp4"
    half.write_bytes(clip.read_bytes()[: clip.stat().st_size * 9 // 10])
    done = deukgeun(tmp_path, "analyze", clip, half, "--json", "-")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines and lines[0]["sets"], done.stderr
    assert done.returncode in (0, 3) and "Traceback" not in done.stderr
    assert len(lines) == 2 or "error[media-" in done.stderr  # a coded error, or what is there with a warning
    if len(lines) == 2:
        assert "warning[media-" in done.stderr
