"""The main job from a video to a Workout: with a reader and a tracker told by hand, and on real pictures."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.support_athlete import View
from tests.support_exercises import course, in_sequence, performed, push_up, squat, stand

from deukgeun import __version__
from deukgeun.analysis import ExerciseSet, Workout, analyze, analyze_video, pipeline
from deukgeun.errors import PoseError
from deukgeun.exercises import catalogue
from deukgeun.media import Frame, MediaWarning, VideoInfo
from deukgeun.pose import PoseTrack
from deukgeun.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
CLIPS = ROOT.parent / "shared" / "data"
SETTINGS = load_settings({})

INFO = VideoInfo(
    path=Path("a.mp4"), sha256="0" * 64, size_bytes=1, container="mp4", codec="h264", width=640, height=480,
    rotation_deg=0, duration_s=20.0, fps_mean=30.0, recorded_at=datetime(2026, 1, 1, tzinfo=UTC), has_audio=False,
)  # fmt: skip


MakeVideo = Callable[..., "FakeReader"]


@dataclass
class FakeReader:
    """A video of ``seconds`` at 10 Hz."""

    seconds: float
    warnings: list[MediaWarning] = field(default_factory=list)
    info: VideoInfo = INFO
    closed: bool = False

    def __enter__(self) -> FakeReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.closed = True

    def __iter__(self) -> Iterator[Frame]:
        for time_s in np.arange(0, self.seconds, 0.1):
            yield Frame(float(time_s), np.zeros((4, 4, 3), np.uint8))


class FakeTracker:
    """A tracker that has seen these people."""

    def __init__(self, tracks: list[PoseTrack]) -> None:
        self._tracks = tracks
        self.times: list[float] = []

    def update(self, frame: Frame) -> None:
        self.times.append(frame.time_s)

    def tracks(self) -> list[PoseTrack]:
        return self._tracks


@pytest.fixture
def video(monkeypatch: pytest.MonkeyPatch) -> MakeVideo:
    """Return a function that makes a video of these people; the files and networks behind it do not exist."""

    def make(*tracks: PoseTrack, seconds: float = 18.0, warnings: tuple[MediaWarning, ...] = ()) -> FakeReader:
        reader, tracker = FakeReader(seconds, list(warnings)), FakeTracker(list(tracks))

        def read(path: Path, *, rate_hz: float, settings: Settings) -> FakeReader:
            assert rate_hz == settings.number("rate_hz")
            return reader

        monkeypatch.setattr(pipeline, "read_frames", read)
        monkeypatch.setattr(pipeline, "PoseTracker", lambda settings: tracker)
        return reader

    return make


def athlete(person: int = 1, **view: float) -> PoseTrack:
    return performed(squat, course(8, 2.0), View(person=person, **view))  # type: ignore[arg-type]


def bystander(person: int = 2) -> PoseTrack:
    return performed(stand, course(0, before_s=9.0, after_s=9.0), View(person=person, distance_m=9.0))


def test_a_video_becomes_a_workout(video: MakeVideo) -> None:
    video(athlete(), bystander())
    found = analyze_video("a.mp4", settings=SETTINGS)
    workout = found.workout
    assert [(s.exercise, len(s.repetitions), s.person) for s in workout.sets] == [("bodyweight_squat", 8, 1)]
    assert [(p.person, p.main) for p in workout.people] == [(1, True), (2, False)]
    assert workout.people[0].seen_s == pytest.approx(18.0, abs=0.2)
    assert workout.warnings == ()
    assert workout.video == INFO
    assert workout.analysed_s == pytest.approx(17.9)
    assert len(found.tracks) == 2
    assert Workout.from_json(workout.to_json()) == workout


def test_the_result_says_what_made_it(video: MakeVideo) -> None:
    video(athlete())
    made_by = analyze("a.mp4", settings=SETTINGS.with_values(model="lite", rate_hz=10.0)).made_by
    assert (made_by.version, made_by.estimator, made_by.rate_hz) == (__version__, "blazepose-lite", 10.0)
    assert len(made_by.estimator_sha256) == 64
    assert made_by.recogniser


@pytest.mark.parametrize(("person", "counted"), [("main", {1}), ("all", {1, 2})])
def test_the_main_person_or_all(video: MakeVideo, person: str, counted: set[int]) -> None:
    other = in_sequence(
        [(push_up, course(4, 2.0)), (push_up, course(4, 2.0))], View(person=2, distance_m=12.0), change_s=6.0
    )
    video(athlete(), other, seconds=28.0)
    workout = analyze("a.mp4", settings=SETTINGS, person=person)
    assert {s.person for s in workout.sets} == counted
    assert [s.start_s for s in workout.sets] == sorted(s.start_s for s in workout.sets)
    assert {r.person for r in workout.rests} <= counted
    assert {p.person for p in workout.people} == {1, 2}
    for one in counted:
        sets = [s for s in workout.sets if s.person == one]
        assert len([r for r in workout.rests if r.person == one]) == len(sets) - 1


def test_anybody_else_is_not_asked_for() -> None:
    with pytest.raises(ValueError, match="main"):
        analyze("a.mp4", person="second")


def test_where_nobody_is_seen_that_is_said(video: MakeVideo) -> None:
    video()
    with pytest.raises(PoseError) as raised:
        analyze("a.mp4", settings=SETTINGS)
    assert raised.value.code == "pose-no-person"
    assert "a.mp4" in raised.value.message


@pytest.mark.parametrize(("seconds", "warned"), [(18.0, False), (25.0, False), (60.0, True)])
def test_who_is_seen_for_a_part_only_is_told(video: MakeVideo, seconds: float, warned: bool) -> None:
    video(athlete(), seconds=seconds)
    codes = [w.code for w in analyze("a.mp4", settings=SETTINGS).warnings]
    assert codes == (["pose-partly-seen"] if warned else [])


def test_a_skeleton_that_cannot_be_right_gets_no_name(video: MakeVideo) -> None:
    wrong = athlete()
    there = np.random.default_rng(0).permuted(wrong.xyz, axis=1)
    video(replace(wrong, xyz=there * np.random.default_rng(1).uniform(0.2, 3.0, (len(wrong), 1, 1))))
    workout = analyze("a.mp4", settings=SETTINGS)
    assert workout.sets == ()
    (warning,) = workout.warnings
    assert warning.code == "pose-not-trusted"
    assert "0 s to 18 s the skeleton jumps" in warning.message


def test_what_the_reader_warns_of_is_passed_on_first(video: MakeVideo) -> None:
    video(athlete(), seconds=60.0, warnings=(MediaWarning("media-truncated", "cut off"),))
    warnings = analyze("a.mp4", settings=SETTINGS).warnings
    assert [w.code for w in warnings] == ["media-truncated", "pose-partly-seen"]
    assert warnings[0].message == "cut off"
    assert "30%" in warnings[1].message


def test_progress_is_reported_for_each_picture_and_then_for_the_understanding(video: MakeVideo) -> None:
    reader = video(athlete())
    steps: list[tuple[str, float, float | None]] = []
    analyze("a.mp4", settings=SETTINGS, progress=lambda *step: steps.append(step))
    watched = [step for step in steps if step[0] == "watch"]
    assert len(watched) == 180
    assert [done for _, done, _ in watched] == sorted(done for _, done, _ in watched)
    assert {total for _, _, total in watched} == {20.0}
    assert steps[-1] == ("understand", 0.0, None)
    assert reader.closed


def test_settings_are_those_of_the_machine_if_none_are_given(video: MakeVideo, monkeypatch: pytest.MonkeyPatch) -> None:
    video(athlete())
    monkeypatch.setattr(pipeline, "load_settings", lambda: SETTINGS.with_values(rate_hz=8.0))
    assert analyze("a.mp4").made_by.rate_hz == 8.0


# --- real pictures ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample() -> tuple[Workout, dict[str, Any]]:
    """The README's sample, analysed, and its truth."""
    truth = SAMPLES / "home_workout.json"
    if not truth.exists():
        pytest.skip("the sample video is not rendered here")
    return analyze(SAMPLES / "home_workout.mp4", settings=SETTINGS), json.loads(truth.read_text("utf-8"))


@pytest.mark.slow
def test_the_sample_s_squats_push_ups_and_plank_are_found(sample: tuple[Workout, dict[str, Any]]) -> None:
    """Sets that are not there are found beside them: what they are is told in the samples' README."""
    workout, truth = sample
    squats, push_ups, plank = [_found(workout, each) for each in truth["sets"]]
    assert len(squats.repetitions) == len(truth["sets"][0]["repetitions"])
    assert len(push_ups.repetitions) == pytest.approx(len(truth["sets"][1]["repetitions"]), abs=1)
    assert plank.hold_s == pytest.approx(truth["sets"][2]["hold_s"], abs=2.0)
    assert [p.main for p in workout.people] == [True]


def _found(workout: Workout, true: dict[str, Any]) -> ExerciseSet:
    """The only set of the true exercise that lies where it does."""
    same = [s for s in workout.sets if s.exercise == true["exercise"]]
    (there,) = [s for s in same if s.start_s < true["end_s"] and true["start_s"] < s.end_s]
    assert (there.start_s, there.end_s) == pytest.approx((true["start_s"], true["end_s"]), abs=4.0)
    return there


CLIP_NAMES = {
    "healthserv__squat.mp4": "squat",
    "autsadayut1996__videos_push-ups.mp4": "push_up",
    "autsadayut1996__videos_jumping-jacks.mp4": "jumping_jack",
    "ankithmj07__plank.mp4": "plank",
}


@pytest.mark.slow
@pytest.mark.parametrize("clip", CLIP_NAMES)
def test_a_clip_of_somebody_real_is_recognised(clip: str) -> None:
    path = CLIPS / "clips" / clip
    if not path.exists():
        pytest.skip("the real clips (shared/data) are not here")
    rows = {row["path"]: row for row in csv.DictReader((CLIPS / "clips.csv").read_text("utf-8").splitlines())}
    row = rows[f"clips/{clip}"]
    workout = analyze(path, settings=SETTINGS)
    longest = max(workout.sets, key=lambda s: s.end_s - s.start_s)
    assert row["movement"] == CLIP_NAMES[clip] == catalogue()[longest.exercise].movement
    if catalogue()[longest.exercise].measure == "hold":
        assert longest.hold_s is not None
        assert longest.hold_s == pytest.approx(float(row["duration_s"]), rel=0.3)
    elif row["reps_certain"] == "yes":
        same = [s for s in workout.sets if s.exercise == longest.exercise]
        assert sum(len(s.repetitions) for s in same) == pytest.approx(int(row["reps"]), abs=1)
