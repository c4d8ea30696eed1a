"""Sets from a track: named, counted, timed, split where nobody was seen and joined over a short pause."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.support_athlete import View
from tests.support_exercises import (
    EXERCISES,
    course,
    curl,
    in_sequence,
    performed,
    plank,
    push_up,
    squat,
    stand,
    walk,
)

from deukgeun.analysis import sets as room
from deukgeun.analysis.sets import exercise_sets, rests
from deukgeun.analysis.workout import ExerciseSet
from deukgeun.exercises import UNKNOWN
from deukgeun.motion import Repetition
from deukgeun.recognition import Active, Guess
from deukgeun.recognition.personal import Measure, Personal, PersonalExercise

REST = course(0, before_s=2.5, after_s=2.5)


def told(sets: tuple[ExerciseSet, ...]) -> list[tuple[str, int]]:
    return [(s.exercise, len(s.repetitions)) for s in sets]


@pytest.mark.parametrize("heading", [0, 40, 90, 135, 180, 270])
def test_squats_then_push_ups_are_two_sets_from_every_side(heading: float) -> None:
    """Five squats of 2.4 s from 1 s on; six push-ups of 1.8 s from 16.5 s on."""
    parts = [(squat, course(5, 2.4)), (push_up, course(6, 1.8))]
    found = exercise_sets(in_sequence(parts, View(heading=heading, noise_m=0.008)), 10.0)
    assert told(found) == [("bodyweight_squat", 5), ("push_up", 6)]
    assert [(s.start_s, s.end_s) for s in found] == [
        pytest.approx((1.0, 13.0), abs=0.5), pytest.approx((16.5, 27.3), abs=0.5),
    ]  # fmt: skip
    assert all(s.hold_s is None and s.person == 1 for s in found)
    (pause,) = rests(found)
    assert (pause.start_s, pause.end_s) == (found[0].end_s, found[1].start_s)


@pytest.mark.parametrize("heading", [0, 90, 225])
def test_coming_resting_and_going_belong_to_no_set(heading: float) -> None:
    parts = [(walk, REST), (stand, REST), (squat, course(5, 2.4)), (stand, REST), (squat, course(4, 2.4)), (walk, REST)]
    found = exercise_sets(in_sequence(parts, View(heading=heading, noise_m=0.005, distance_m=9)), 10.0)
    assert told(found) == [("bodyweight_squat", 5), ("bodyweight_squat", 4)]


@pytest.mark.parametrize("heading", range(0, 360, 45))
@pytest.mark.parametrize("noise_m", [0.0, 0.01])
def test_who_only_stands_does_no_set(heading: float, noise_m: float) -> None:
    view = View(heading=heading, noise_m=noise_m, distance_m=11)
    assert exercise_sets(performed(stand, course(0, before_s=6, after_s=6), view), 10.0) == ()


@pytest.mark.parametrize("heading", range(0, 360, 45))
@pytest.mark.parametrize("noise_m", [0.0, 0.01])
def test_walking_gets_no_name(heading: float, noise_m: float) -> None:
    """It may be an unknown set: seen from behind and from afar, it is hardly told from marching on the spot."""
    view = View(heading=heading, noise_m=noise_m, distance_m=11)
    found = exercise_sets(performed(walk, course(0, before_s=6, after_s=6), view), 10.0)
    assert {s.exercise for s in found} <= {UNKNOWN}


@pytest.mark.parametrize("heading", [0, 90, 180])
@pytest.mark.parametrize("seconds", [6.0, 15.0, 40.0])
def test_a_plank_is_measured_in_seconds(heading: float, seconds: float) -> None:
    done = course(0, before_s=seconds / 2, after_s=seconds / 2)
    (held,) = exercise_sets(performed(plank, done, View(heading=heading, noise_m=0.004)), 10.0)
    assert held.exercise == "plank"
    assert held.hold_s == pytest.approx(seconds, abs=0.2)
    assert held.repetitions == ()


@pytest.mark.parametrize("name", ["push_up", "curl", "jumping_jack", "pull_up", "sit_up"])
@pytest.mark.parametrize("heading", [15, 200])
def test_single_exercises_are_named_and_counted(name: str, heading: float) -> None:
    movement = {"curl": "dumbbell_curl"}.get(name, name)
    track = performed(EXERCISES[name], course(7, 1.5), View(heading=heading, noise_m=0.008))
    assert told(exercise_sets(track, 10.0)) == [(movement, 7)]


def test_a_track_of_another_person_keeps_its_number() -> None:
    found = exercise_sets(performed(squat, course(4), View(person=7)), 10.0)
    assert {s.person for s in found} == {7}


@pytest.mark.parametrize(("blind_s", "number"), [(0.5, 1), (1.5, 1), (3.5, 2)])
def test_out_of_sight_for_more_than_two_seconds_parts_a_set(blind_s: float, number: int) -> None:
    track = performed(squat, course(12, 2.0), View(blind=((10.0, 10.0 + blind_s),)))
    found = exercise_sets(track, 10.0)
    assert len(found) == number
    if number == 2:
        assert found[0].end_s <= 10.1
        assert found[1].start_s >= 10.0 + blind_s - 0.1


def test_a_track_without_depth_or_length_has_no_sets() -> None:
    track = performed(squat, course(3))
    assert exercise_sets(replace(track, xyz=None), 10.0) == ()
    assert exercise_sets(track.between(-2, -1), 10.0) == ()
    assert exercise_sets(track.between(0, 0.5), 10.0) == ()


def test_alternatives_are_at_most_five_and_none_of_them_is_the_exercise() -> None:
    (only,) = exercise_sets(performed(curl, course(6), View(noise_m=0.01)), 10.0)
    assert len(only.alternatives) <= 5
    assert only.exercise not in {a.exercise for a in only.alternatives}
    assert only.confidence + sum(a.confidence for a in only.alternatives) <= 1 + 1e-9


# --- what is made of the stretches that recognition gives, told by hand ---------------------------------------------


def recognised(monkeypatch: pytest.MonkeyPatch, *stretches: tuple[int, int, str]) -> None:
    """Let recognition find these (first step, last step, exercise)."""
    active = tuple(Active(a, b, (Guess(slug, 0.8, None), Guess(UNKNOWN, 0.2, None))) for a, b, slug in stretches)
    monkeypatch.setattr(room, "recognise", lambda movement, found, personal: active)


@pytest.mark.parametrize(
    ("pause_s", "expected"),
    [(1.0, [("bodyweight_squat", 6)]), (2.0, [("bodyweight_squat", 6)]), (5.0, [("bodyweight_squat", 3)] * 2)],
)
def test_neighbours_of_one_exercise_are_joined_over_a_short_pause(
    monkeypatch: pytest.MonkeyPatch, pause_s: float, expected: list[tuple[str, int]]
) -> None:
    """Three squats from 1 to 7 s, the pause, and three more."""
    end = 80 + round(10 * pause_s)
    recognised(monkeypatch, (0, 75, "bodyweight_squat"), (end - 15, end + 60, "bodyweight_squat"))
    before = course(3, 2.0, after_s=pause_s / 2)
    after = course(3, 2.0, before_s=pause_s / 2)
    found = exercise_sets(in_sequence([(squat, before), (squat, after)], change_s=0.0), 10.0)
    assert told(found) == expected
    if len(found) == 1:
        assert found[0].start_s == found[0].repetitions[0].start_s
        assert found[0].end_s == found[0].repetitions[-1].end_s


def test_joined_holds_last_from_the_first_to_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    recognised(monkeypatch, (0, 40, "plank"), (50, 100, "plank"))
    (held,) = exercise_sets(performed(plank, course(0, before_s=5, after_s=5)), 10.0)
    assert held.hold_s == pytest.approx(held.end_s - held.start_s)
    assert held.hold_s == pytest.approx(10.0, abs=0.25)


@pytest.mark.parametrize(("seconds", "held"), [(1.0, 0), (3.0, 1)])
def test_a_hold_of_less_than_two_seconds_is_none(monkeypatch: pytest.MonkeyPatch, seconds: float, held: int) -> None:
    recognised(monkeypatch, (0, round(10 * seconds), "plank"))
    track = performed(plank, course(0, before_s=seconds / 2, after_s=seconds / 2))
    assert len(exercise_sets(track, 10.0)) == held


@pytest.mark.parametrize(("measure", "count"), [("reps", 5), ("hold", 0)])
def test_what_was_taught_is_counted_or_timed(monkeypatch: pytest.MonkeyPatch, measure: Measure, count: int) -> None:
    done = performed(squat, course(5, 2.0))
    recognised(monkeypatch, (0, len(done.time_s), "my:knicks"))
    mine = PersonalExercise("Knicks", measure, np.eye(1, 6, dtype=np.float32), 0.5, "other")
    (found,) = exercise_sets(done, 10.0, Personal((mine,)))
    assert found.exercise == mine.slug == "my:knicks"
    assert len(found.repetitions) == count
    assert (found.hold_s is None) == (measure == "reps")


@pytest.mark.parametrize(("number", "kept"), [(0, []), (1, []), (2, [(UNKNOWN, 2)]), (5, [(UNKNOWN, 5)])])
def test_movement_without_a_name_is_a_set_only_if_it_repeats(
    monkeypatch: pytest.MonkeyPatch, number: int, kept: list[tuple[str, int]]
) -> None:
    done = course(number, before_s=2.0, after_s=2.0)
    recognised(monkeypatch, (0, len(done.time_s), UNKNOWN))
    assert told(exercise_sets(performed(curl, done), 10.0)) == kept


def test_a_named_exercise_that_is_never_done_is_no_set(monkeypatch: pytest.MonkeyPatch) -> None:
    recognised(monkeypatch, (0, 60, "dumbbell_curl"))
    assert exercise_sets(performed(stand, course(0, before_s=3, after_s=3)), 10.0) == ()


def test_the_ends_of_a_set_that_no_window_could_name_belong_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight squats of which the first and the last are in stretches called unknown: one set of eight, no remnants."""
    recognised(monkeypatch, (0, 28, UNKNOWN), (28, 150, "bodyweight_squat"), (150, 181, UNKNOWN))
    assert told(exercise_sets(performed(squat, course(8, 2.0)), 10.0)) == [("bodyweight_squat", 8)]


def test_an_unknown_stretch_that_is_the_beginning_of_a_set_is_not_told_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    recognised(monkeypatch, (0, 50, UNKNOWN), (50, 181, "bodyweight_squat"))
    (one,) = exercise_sets(performed(squat, course(8, 2.0)), 10.0)
    assert one.exercise == "bodyweight_squat"
    assert one.start_s < 5.0
    assert len(one.repetitions) >= 7


def test_a_set_does_not_reach_into_the_next_one_that_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    recognised(monkeypatch, (0, 90, "bodyweight_squat"), (90, 181, "barbell_squat"))
    found = exercise_sets(performed(squat, course(8, 2.0)), 10.0)
    assert sum(len(s.repetitions) for s in found) == 8
    assert found[0].end_s <= 9.05
    assert found[1].start_s >= 8.95


def exercise_set(start_s: float, end_s: float, person: int = 1) -> ExerciseSet:
    return ExerciseSet(
        "push_up", start_s, end_s, (Repetition(start_s, start_s, end_s, 1.0),), None, 0.9, (), None, person
    )


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], []),
        ([(1, 5)], []),
        ([(1, 5), (9, 12), (30, 40)], [(5, 9), (12, 30)]),
        ([(1, 5), (5, 8)], []),
        ([(1, 5), (4, 8)], []),
    ],
)
def test_rests_are_between_sets_and_have_a_length(
    spans: list[tuple[float, float]], expected: list[tuple[float, float]]
) -> None:
    found = rests([exercise_set(a, b, person=3) for a, b in spans])
    assert [(r.start_s, r.end_s) for r in found] == expected
    assert all(r.person == 3 for r in found)


def test_times_are_those_of_the_video_however_late_the_track_begins() -> None:
    track = performed(push_up, course(6))
    late = replace(track, time_s=track.time_s + 3600.0)
    a, b = exercise_sets(track, 10.0), exercise_sets(late, 10.0)
    assert [s.start_s + 3600.0 for s in a] == pytest.approx([s.start_s for s in b])
    assert np.allclose([r.peak_s + 3600.0 for r in a[0].repetitions], [r.peak_s for r in b[0].repetitions])


@pytest.mark.parametrize("seconds", [8.0, 20.0])
@pytest.mark.parametrize("heading", [0, 90, 200])
def test_a_hold_lasts_from_getting_down_to_getting_up(seconds: float, heading: float) -> None:
    """Within a second: to get into it and out of it takes 1.5 s each, in which nothing says when it begins."""
    parts = [(stand, REST), (plank, course(0, before_s=seconds / 2, after_s=seconds / 2)), (stand, REST)]
    (one,) = exercise_sets(in_sequence(parts, View(heading=heading, noise_m=0.005)), 10.0)
    assert one.exercise == "plank"
    assert one.hold_s == pytest.approx(seconds, abs=1.0)
    assert one.start_s == pytest.approx(6.5, abs=0.6)
