"""The sample video and the truth beside it agree with each other and with what the README promises of them."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest

SAMPLES = Path(__file__).parents[1] / "samples"
TRUTHS = sorted(SAMPLES.glob("*.json"))
LARGEST_BYTES = 2_000_000

Truth = dict[str, Any]


@pytest.fixture(params=TRUTHS, ids=lambda path: str(path.stem))
def truth(request: pytest.FixtureRequest) -> Truth:
    document: Truth = json.loads(request.param.read_text(encoding="utf-8"))
    return document


@pytest.fixture
def times_s(truth: Truth) -> list[float]:
    """Presentation times of all frames of the sample, decoded."""
    with av.open(str(SAMPLES / truth["video"])) as container:
        return [float(frame.time) for frame in container.decode(video=0) if frame.time is not None]


def test_every_video_has_its_truth_and_the_readme_sample_is_there() -> None:
    assert {p.stem for p in SAMPLES.glob("*.mp4")} == {p.stem for p in TRUTHS}
    assert "squats_pushups" in {p.stem for p in TRUTHS}


def test_the_readme_sample_shows_five_squats_then_six_push_ups() -> None:
    truth = json.loads((SAMPLES / "squats_pushups.json").read_text(encoding="utf-8"))
    shown = [(s["exercise"], len(s["repetitions"])) for s in truth["sets"]]
    assert shown == [("bodyweight_squat", 5), ("push_up", 6)]


def test_repetitions_are_in_order_and_inside_their_set(truth: Truth) -> None:
    for workout_set in truth["sets"]:
        reps = workout_set["repetitions"]
        assert workout_set["start_s"] == reps[0]["start_s"]
        assert workout_set["end_s"] == reps[-1]["end_s"]
        assert all(rep["start_s"] < rep["peak_s"] < rep["end_s"] for rep in reps)
        assert all(a["end_s"] <= b["start_s"] for a, b in pairwise(reps))


def test_sets_are_in_order_with_a_rest_between_and_inside_the_video(truth: Truth) -> None:
    sets = truth["sets"]
    assert sets[0]["start_s"] >= 0
    assert sets[-1]["end_s"] <= truth["duration_s"]
    assert all(b["start_s"] - a["end_s"] > 1 for a, b in pairwise(sets))


def test_a_repetition_takes_a_human_time_and_not_always_the_same(truth: Truth) -> None:
    for workout_set in truth["sets"]:
        lengths = [rep["end_s"] - rep["start_s"] for rep in workout_set["repetitions"]]
        assert 0.8 < min(lengths) < max(lengths) < 4
        assert max(lengths) / min(lengths) > 1.1


def test_the_video_is_small_enough_to_commit(truth: Truth) -> None:
    assert (SAMPLES / truth["video"]).stat().st_size < LARGEST_BYTES


def test_the_video_plays_in_browsers_at_the_declared_size(truth: Truth) -> None:
    with av.open(str(SAMPLES / truth["video"])) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height) == (truth["width"], truth["height"])
        assert stream.average_rate == truth["fps"]


def test_the_index_is_at_the_front_for_streaming(truth: Truth) -> None:
    head = (SAMPLES / truth["video"]).read_bytes()[:4096]
    assert b"moov" in head


def test_every_frame_decodes_at_the_declared_times(truth: Truth, times_s: list[float]) -> None:
    assert times_s[0] == 0
    assert len(times_s) == round(truth["duration_s"] * truth["fps"])
    assert [b - a for a, b in pairwise(times_s)] == pytest.approx([1 / truth["fps"]] * (len(times_s) - 1), abs=1e-3)
