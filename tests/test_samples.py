"""The samples and the truths beside them agree with each other and with what their README promises of them."""

from __future__ import annotations

import json
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import pytest

from deukgeun.skeleton import skeleton
from deukgeun.synth.truth import read_truth

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


SHOWN = {
    "home_workout": [("bodyweight_squat", 5), ("push_up", 5), ("plank", 0)],
    "gym_session": [("barbell_squat", 4), ("bench_press", 5), ("barbell_row", 4)],
    "hard": [("goblet_squat", 5), ("goblet_squat", 5)],
}


def test_every_video_has_its_truth_and_its_recipe() -> None:
    recipes = tomllib.loads((SAMPLES / "samples.toml").read_text(encoding="utf-8"))
    assert {p.stem for p in SAMPLES.glob("*.mp4")} == {p.stem for p in TRUTHS} == set(SHOWN) == set(recipes)


def test_the_athlete_does_what_the_readme_says(truth: Truth) -> None:
    done = [(s["exercise"], len(s["repetitions"])) for s in athletes_sets(truth)]
    assert done == SHOWN[Path(truth["video"]).stem]


def test_somebody_else_is_in_the_gym_alone(truth: Truth) -> None:
    assert len(truth["people"]) == (2 if truth["video"] == "gym_session.mp4" else 1)


def test_the_feet_are_cut_off_in_the_hard_one_alone(truth: Truth) -> None:
    joints = next(each for each in truth["keypoints"] if each["person"] == 0)
    names = skeleton(joints["joints"]).joints
    ankles = [names.index(f"{side}_ankle") for side in ("left", "right")]
    inside = [truth["time_s"].index(t) for s in athletes_sets(truth) for t in truth["time_s"] if within(t, s)]
    below = [joints["xy"][k][a][1] > truth["height"] for k in inside for a in ankles]
    share = sum(below) / len(below)
    assert share > 0.9 if truth["video"] == "hard.mp4" else share < 0.1


def athletes_sets(truth: Truth) -> list[Truth]:
    return [each for each in truth["sets"] if each["person"] == 0]


def within(time_s: float, done: Truth) -> bool:
    return bool(done["start_s"] <= time_s <= done["end_s"])


def test_the_truth_can_be_read_as_that_of_any_clip(truth: Truth) -> None:
    read = read_truth((SAMPLES / truth["video"]).with_suffix(".json"))
    assert len(read.time_s) == len(truth["time_s"]) >= truth["duration_s"] - 1


def test_all_samples_are_small_together() -> None:
    assert sum(path.stat().st_size for path in TRUTHS) < LARGEST_BYTES


def test_repetitions_are_in_order_and_inside_their_set(truth: Truth) -> None:
    for workout_set in truth["sets"]:
        reps = workout_set["repetitions"]
        assert all(workout_set["start_s"] <= rep["start_s"] < rep["peak_s"] < rep["end_s"] for rep in reps)
        assert all(rep["end_s"] <= workout_set["end_s"] for rep in reps)
        assert all(a["end_s"] <= b["start_s"] for a, b in pairwise(reps))
        assert bool(reps) != bool(workout_set["hold_s"])


def test_sets_are_in_order_with_a_rest_between_and_inside_the_video(truth: Truth) -> None:
    sets = athletes_sets(truth)
    assert sets[0]["start_s"] >= 0
    assert sets[-1]["end_s"] <= truth["duration_s"]
    assert all(b["start_s"] - a["end_s"] > 1 for a, b in pairwise(sets))


def test_a_repetition_takes_a_human_time_and_not_always_the_same(truth: Truth) -> None:
    for workout_set in athletes_sets(truth):
        lengths = [rep["end_s"] - rep["start_s"] for rep in workout_set["repetitions"]]
        assert not lengths or (0.8 < min(lengths) < max(lengths) < 6)
        assert not lengths or max(lengths) / min(lengths) > 1.02


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
