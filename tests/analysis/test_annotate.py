"""The annotated replay: what is told at each moment, where people are, and the file that comes out."""

from __future__ import annotations

import itertools
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deukgeun.analysis import annotate_text
from deukgeun.analysis.annotate import annotate
from deukgeun.analysis.annotate_draw import Canvas, colour_of
from deukgeun.analysis.annotate_people import draw_people, draw_skeleton, pose_at
from deukgeun.analysis.annotate_scene import Scene, Story, clock
from deukgeun.analysis.annotate_text import draw_text, fitted, speaks_korean, text_width
from deukgeun.analysis.workout import ExerciseSet, PersonSeen, Provenance, Rest, Workout
from deukgeun.errors import MediaError, OutputError
from deukgeun.media import VideoInfo, VideoWriter, probe, read_frames
from deukgeun.motion import Repetition
from deukgeun.pose.track import PoseTrack
from deukgeun.skeleton import skeleton

WIDTH, HEIGHT, FPS, PICTURES = 320, 180, 10.0, 40
BODY = skeleton("coco_17")


def repetitions(*ends: float) -> tuple[Repetition, ...]:
    return tuple(Repetition(end - 0.4, end - 0.2, end, 1.0) for end in ends)


def make_set(
    exercise: str, start_s: float, end_s: float, *ends: float, person: int = 1, hold: bool = False
) -> ExerciseSet:
    held_s = end_s - start_s if hold else None
    return ExerciseSet(exercise, start_s, end_s, repetitions(*ends), held_s, 0.9, (), None, person)


def make_workout(path: Path, *sets: ExerciseSet, rests: tuple[Rest, ...] = (), **of_video: Any) -> Workout:
    known: dict[str, Any] = {"duration_s": PICTURES / FPS, "fps_mean": FPS, **of_video}
    video = VideoInfo(path, "0" * 64, 1, "mp4", "h264", WIDTH, HEIGHT, 0, recorded_at=None, has_audio=False, **known)
    people = (PersonSeen(2, 0.0, 4.0, 4.0, False), PersonSeen(1, 0.0, 4.0, 4.0, True))
    return Workout(1, video, 4.0, sets, rests, people, (), Provenance("0", "full", "f" * 64, "angles", 10.0))


def standing(person: int, centre: float, times: list[float], score: float = 1.0) -> PoseTrack:
    """Return somebody who stands still at ``centre``: joints spread over the middle of the picture's height."""
    joints = len(BODY)
    one = np.stack([centre + 20 * np.cos(np.arange(joints)), np.linspace(40, 150, joints)], axis=1)
    steps = len(times)
    return PoseTrack(np.array(times), np.tile(one, (steps, 1, 1)), np.full((steps, joints), score), None, BODY, person)


TIMES = [k / 10 for k in range(PICTURES)]
SQUATS = make_set("bodyweight_squat", 0.5, 1.6, 0.9, 1.2, 1.6)
PLANK = make_set("plank", 2.4, 3.6, hold=True)
ROWS = make_set("barbell_row", 0.0, 3.9, 1.0, 2.0, person=2)
RESTS = (Rest(1.6, 2.4, 1),)
STORY = Story.of(make_workout(Path("a.mp4"), SQUATS, PLANK, ROWS, rests=RESTS))


@pytest.mark.parametrize(
    ("time_s", "expected"),
    [
        (0.4, Scene(total=2)),
        (0.5, Scene(SQUATS, None, 1, 2)),
        (0.95, Scene(SQUATS, None, 1, 2, 1, since_repetition_s=0.05)),
        (1.6, Scene(SQUATS, None, 1, 2, 3, since_repetition_s=0.0)),
        (2.0, Scene(None, SQUATS, 1, 2, 3, rested_s=0.4, since_repetition_s=0.4)),
        (3.0, Scene(PLANK, None, 2, 2, 0, held_s=0.6)),
        (3.9, Scene(None, PLANK, 2, 2, 0, held_s=1.2)),
        (9.0, Scene(total=2)),
    ],
)
def test_the_story_tells_each_moment(time_s: float, expected: Scene) -> None:
    scene = STORY.at(time_s)
    for name in Scene.__slots__:
        found, wanted = getattr(scene, name), getattr(expected, name)
        assert found == (pytest.approx(wanted) if isinstance(wanted, float) else wanted), name


def test_the_story_is_about_the_main_person_and_knows_the_others() -> None:
    assert (STORY.main, STORY.performers) == (1, (1, 2))
    assert STORY.at(1.5, person=2).repetitions == 1
    assert STORY.at(1.5, person=7) == Scene()
    assert STORY.exercises == ("barbell_row", "bodyweight_squat", "plank")


def test_without_a_main_person_it_is_about_the_busiest() -> None:
    from dataclasses import replace

    workout = replace(make_workout(Path("a.mp4"), SQUATS, ROWS, make_set("plank", 3.95, 4.0, person=2)), people=())
    assert Story.of(workout).main == 2
    assert Story.of(replace(workout, sets=())).main is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.1, 30), min_size=1, max_size=20))
def test_the_counter_never_goes_back_and_ends_at_the_count(gaps: list[float]) -> None:
    ends = list(itertools.accumulate(gaps))
    one = make_set("push_up", 0.0, ends[-1], *ends)
    story = Story.of(make_workout(Path("a.mp4"), one))
    counts = [story.at(t).repetitions for t in np.linspace(0, ends[-1], 50)]
    assert counts == sorted(counts)
    assert story.at(ends[-1]).repetitions == len(ends)


def test_clock_counts_whole_seconds_that_have_passed() -> None:
    assert [clock(t) for t in (-1, 0.99, 59.9, 61)] == ["0:00", "0:00", "0:59", "1:01"]


def test_a_pose_is_between_its_neighbours() -> None:
    still = standing(1, 100.0, [0.0, 0.1, 0.2, 2.0])
    moved = PoseTrack(still.time_s, still.xy + still.time_s[:, None, None] * 50, still.score, None, BODY, 1)
    pose = pose_at(moved, 0.125)
    assert pose is not None
    np.testing.assert_allclose(pose[0], still.xy[0] + 0.125 * 50)
    exact = pose_at(moved, 0.1)
    assert exact is not None
    np.testing.assert_allclose(exact[0], moved.xy[1])


@pytest.mark.parametrize(("time_s", "seen"), [(-0.05, True), (-0.5, False), (1.0, False), (2.05, True), (2.4, False)])
def test_nobody_is_drawn_where_nobody_was_seen(time_s: float, seen: bool) -> None:
    assert (pose_at(standing(1, 100.0, [0.0, 0.1, 0.2, 1.9, 2.0]), time_s) is not None) is seen


def test_an_empty_track_is_nowhere_and_a_single_pose_is_brief() -> None:
    assert pose_at(standing(1, 100.0, []), 0.0) is None
    assert pose_at(standing(1, 100.0, [1.0]), 1.05) is not None
    assert pose_at(standing(1, 100.0, [1.0]), 1.5) is None


def grey(height: int = HEIGHT, width: int = WIDTH, level: int = 120) -> Any:
    return np.full((height, width, 3), level, np.uint8)


def test_the_main_person_is_in_colour_and_the_others_are_not() -> None:
    tracks = (standing(1, 80.0, TIMES), standing(2, 240.0, TIMES))
    image = grey()
    draw_people(image, tracks, 0.2, 1.0, Story((), (), 1, 4.0), "en")
    colourful = np.ptp(image.astype(int), axis=2) > 30
    assert colourful[:, :160].sum() > 200
    assert colourful[:, 160:].sum() == 0
    assert (image[:, 160:] != 120).any()


def test_the_others_are_labelled_while_they_do_a_set() -> None:
    tracks = (standing(2, 240.0, TIMES),)
    plain, labelled = grey(), grey()
    draw_people(plain, tracks, 0.2, 1.0, Story((), (), 1, 4.0), "en")
    draw_people(labelled, tracks, 0.2, 1.0, STORY, "en")
    assert (labelled[:40] != plain[:40]).any()


def test_joints_that_are_not_seen_are_left_out() -> None:
    image = grey()
    track = standing(1, 80.0, [0.0])
    xy = track.xy[0].copy()
    xy[0] = np.nan
    draw_skeleton(image, BODY, xy, np.where(np.arange(len(BODY)) < 20, 0.1, 1.0), True)
    assert (image == 120).all()
    draw_skeleton(image, BODY, xy * 1e6, np.ones(len(BODY)), True)  # far outside: no overflow


@pytest.mark.parametrize("korean", [True, False])
@pytest.mark.parametrize(("height", "width"), [(640, 360), (360, 640), (720, 1280)])
def test_panels_stay_inside_and_change_with_the_count(
    monkeypatch: pytest.MonkeyPatch, height: int, width: int, korean: bool
) -> None:
    if not korean:
        monkeypatch.setattr(annotate_text, "_font", lambda: None)
    elif not speaks_korean():
        pytest.skip("this OpenCV has no Korean letters")
    first, second = grey(height, width, 255), grey(height, width, 255)
    for image, time_s in ((first, 1.0), (second, 1.5)):
        canvas = Canvas(image, "ko")
        assert canvas.lang == ("ko" if korean else "en")
        canvas.scene(STORY.at(time_s))
        canvas.timeline(STORY, time_s)
    counter = np.s_[: height // 3, width // 2 :]
    assert (first[counter] != second[counter]).any()
    middle = np.s_[height // 3 : height // 2]
    assert (first[middle] == 255).all()  # the person stays in sight


def test_white_text_on_a_panel_over_a_white_wall_is_legible() -> None:
    image = grey(720, 1280, 255)
    Canvas(image).scene(STORY.at(0.6))
    background = image[720 * 3 // 100, 1280 * 3 // 100].astype(float) / 255
    linear = float((((background + 0.055) / 1.055) ** 2.4) @ np.array([0.2126, 0.7152, 0.0722]))
    assert 1.05 / (linear + 0.05) >= 4.5  # WCAG 2.2, 1.4.3


def test_the_timeline_shows_sets_in_their_colours_and_the_moment() -> None:
    image = grey(360, 640)
    Canvas(image).timeline(STORY, 2.0)
    band = image[-40:]
    for exercise in STORY.exercises:
        assert (band == colour_of(STORY, exercise)).all(axis=2).any(), exercise
    white = np.flatnonzero((band == 255).all(axis=2).sum(axis=0) > 15)
    assert abs(float(white.mean()) - 320) < 12  # half of the time has passed


@pytest.mark.parametrize("scalable", [True, False])
def test_text_is_made_to_fit(monkeypatch: pytest.MonkeyPatch, scalable: bool) -> None:
    if not scalable:
        monkeypatch.setattr(annotate_text, "_font", lambda: None)
    long = "Seated dumbbell overhead triceps extension"
    text, size = fitted(long, 40, 400)
    assert text_width(text, size) <= 400 and size < 40
    assert fitted("Plank", 40, 400) == ("Plank", 40)
    image = grey(60, 500, 0)
    draw_text(image, text, 5, 40, size, (255, 255, 255))
    assert 0 < image.any(axis=(0, 2)).nonzero()[0].max() <= 410


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "a.mp4"
    with VideoWriter(path, WIDTH, HEIGHT, FPS) as out:
        for index in range(PICTURES):
            out.write(grey(), index / FPS + (0.03 if index % 2 else 0.0))  # the times of a phone are uneven
    return path


def analysed(workout: Workout, *tracks: PoseTrack) -> Any:
    return types.SimpleNamespace(workout=workout, tracks=tracks)


def test_the_replay_has_the_times_of_the_video_and_plays_in_a_browser(video: Path, tmp_path: Path) -> None:
    out = tmp_path / "replay.mp4"
    seen: list[tuple[str, float, float | None]] = []
    result = analysed(make_workout(video, SQUATS, PLANK, rests=RESTS), standing(1, 100.0, TIMES))
    annotate(video, result, out, progress=lambda *step: seen.append(step))
    with read_frames(video) as before, read_frames(out) as after:
        old, new = list(before), list(after)
        info = after.info
    assert [frame.time_s for frame in new] == pytest.approx([frame.time_s for frame in old], abs=1e-3)
    assert (info.width, info.height, info.codec) == (640, 360, "h264")
    assert seen[0] == ("draw", 0.0, 4.0) and len(seen) == PICTURES
    content = out.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")  # it plays while it is loading
    counters = [new[k].image[10:70, -110:-10] for k in (7, 10)]  # no repetition done, then one
    assert np.abs(counters[0].astype(int) - counters[1]).max() > 60


def test_a_fast_video_is_sampled_to_30_a_second(tmp_path: Path) -> None:
    path, out = tmp_path / "fast.mp4", tmp_path / "out.mp4"
    with VideoWriter(path, 64, 64, 120) as writer:
        for index in range(60):
            writer.write(grey(64, 64), index / 120)
    annotate(path, analysed(make_workout(path, duration_s=0.5, fps_mean=120.0)), out)
    with read_frames(out) as frames:
        assert 14 <= len(list(frames)) <= 16


@pytest.mark.parametrize(("width", "height", "expected"), [(1920, 1080, (1280, 720)), (101, 181, (358, 640))])
def test_the_replay_is_neither_huge_nor_tiny(
    tmp_path: Path, width: int, height: int, expected: tuple[int, int]
) -> None:
    path, out = tmp_path / "in.mp4", tmp_path / "out.mp4"
    with VideoWriter(path, width, height, 10) as writer:
        for index in range(3):
            writer.write(grey(height, width), index / 10)
    annotate(path, analysed(make_workout(path, SQUATS, fps_mean=None)), out, lang="ko")
    info = probe(out)
    assert (info.width, info.height) == pytest.approx(expected, abs=2)


def test_skeletons_land_where_the_person_is_in_a_scaled_video(tmp_path: Path) -> None:
    path, out = tmp_path / "in.mp4", tmp_path / "out.mp4"
    with VideoWriter(path, 1920, 1080, 10) as writer:
        for index in range(3):
            writer.write(grey(1080, 1920), index / 10)
    track = standing(1, 100.0, TIMES)
    large = PoseTrack(track.time_s, track.xy * 6, track.score, None, BODY, 1)
    annotate(path, analysed(make_workout(path), large), out)
    with read_frames(out) as frames:
        drawn = np.abs(next(frames).image.astype(int) - 120).max(axis=2) > 40
    rows, columns = np.nonzero(drawn[: 720 - 64])
    assert columns.min() / 1280 == pytest.approx((100 - 20) / 320, abs=0.02)
    assert columns.max() / 1280 == pytest.approx((100 + 20) / 320, abs=0.02)
    assert rows.max() / 720 == pytest.approx(150 / 180, abs=0.02)


def test_what_cannot_be_written_or_read_is_a_coded_error(video: Path, tmp_path: Path) -> None:
    result = analysed(make_workout(video))
    with pytest.raises(OutputError):
        annotate(video, result, tmp_path / "no" / "folder" / "out.mp4")
    with pytest.raises(MediaError):
        annotate(tmp_path / "none.mp4", result, tmp_path / "out.mp4")
    assert not (tmp_path / "out.mp4").exists()
