"""Counting: as many repetitions as were done, whatever the tempo, the pauses, the camera and the body."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support_athlete import View, filmed
from tests.support_exercises import EXERCISES, Course, Exercise, course, performed, plank, points_of, stand

from deukgeun.exercises import catalogue
from deukgeun.motion import Movement, Repetition, channels, on_grid, repetitions

SLUGS = {
    "squat": "bodyweight_squat",
    "push_up": "push_up",
    "curl": "dumbbell_curl",
    "lunge": "step_forward_lunge",
    "high_knees": "standing_knee_up",
    "jumping_jack": "jumping_jack",
    "pull_up": "pull_up",
    "sit_up": "sit_up",
}
BOTH_SIDES = [name for name in SLUGS if name not in ("lunge", "high_knees")]
names = pytest.mark.parametrize("name", SLUGS)
known_or_not = pytest.mark.parametrize("known", [True, False], ids=["named", "unnamed"])


def count(movement: Movement, name: str | None = None, core: tuple[int, int] | None = None) -> tuple[Repetition, ...]:
    """Count with what the catalogue knows of an exercise, or without a name."""
    if name is None:
        return repetitions(movement, channels(movement), core=core)
    exercise = catalogue()[SLUGS[name]]
    return repetitions(movement, channels(movement), exercise.rep_joints, exercise.rep_start, core)


def counted(name: str, done: Course, view: View = View(), known: bool = True, rate_hz: float = 10.0) -> int:  # noqa: B008
    movement = on_grid(performed(EXERCISES[name], done, view), rate_hz)
    return len(count(movement, name if known else None))


@names
@known_or_not
@pytest.mark.parametrize("number", [1, 2, 3, 5, 8, 13, 20])
def test_any_number_is_counted(name: str, known: bool, number: int) -> None:
    assert counted(name, course(number), View(heading=37.0 * number, noise_m=0.01), known) == number


@names
@known_or_not
@pytest.mark.parametrize("tempo_s", [0.6, 0.8, 1.0, 1.5, 2.5, 4.0, 5.0])
def test_any_tempo_is_counted(name: str, known: bool, tempo_s: float) -> None:
    assert counted(name, course(7, tempo_s), View(heading=200, noise_m=0.005), known) == 7


@given(
    st.sampled_from(list(SLUGS)), st.integers(1, 20), st.floats(0.8, 5), st.floats(0, 360), st.booleans(), st.booleans()
)
@settings(deadline=None, max_examples=60)
def test_number_tempo_and_side_together(
    name: str, number: int, tempo_s: float, heading: float, mirror: bool, known: bool
) -> None:
    view = View(heading=heading, mirrored=mirror, noise_m=0.005, seed=number)
    assert counted(name, course(number, tempo_s), view, known) == number


@names
@known_or_not
@pytest.mark.parametrize("pause_s", [0.5, 1.5, 3.0])
def test_pauses_at_rest_do_not_count(name: str, known: bool, pause_s: float) -> None:
    assert counted(name, course(6, 2.0, pause_s=pause_s), View(heading=20, noise_m=0.01), known) == 6


@pytest.mark.parametrize("name", BOTH_SIDES)
@pytest.mark.parametrize("pause_s", [1.0, 3.0])
def test_pauses_at_the_far_end_do_not_count_where_the_name_tells_which_it_is(name: str, pause_s: float) -> None:
    held = course(6, 2.0, held_s=pause_s)
    assert counted(name, held, View(heading=20, noise_m=0.01)) == 6


@names
@pytest.mark.parametrize("rate_hz", [8.0, 10.0, 15.0, 30.0])
def test_the_rate_of_pictures_does_not_matter(name: str, rate_hz: float) -> None:
    assert counted(name, course(9, 1.6, rate_hz), View(heading=20, noise_m=0.01), rate_hz=rate_hz) == 9


@names
@pytest.mark.parametrize("noise_m", [0.0, 0.025, 0.04])
def test_errors_of_the_estimator_do_not_count(name: str, noise_m: float) -> None:
    assert counted(name, course(8), View(heading=110, noise_m=noise_m)) == 8


@names
@known_or_not
def test_a_long_wait_before_and_after_does_not_count(name: str, known: bool) -> None:
    assert counted(name, course(5, before_s=6.0, after_s=6.0), known=known) == 5


@names
def test_a_film_cut_close_to_the_first_and_last_repetition_is_counted_whole(name: str) -> None:
    assert counted(name, course(6, before_s=0.2, after_s=0.2)) == 6


@pytest.mark.parametrize("name", BOTH_SIDES)
@pytest.mark.parametrize(
    ("first", "last", "known"),
    [(0.3, 1.0, True), (0.3, 1.0, False), (0.0, 0.7, True), (0.0, 0.7, False), (0.3, 0.7, True)],
)
def test_a_set_that_is_cut_in_its_first_or_last_repetition_is_counted_whole(
    name: str, first: float, last: float, known: bool
) -> None:
    """Cut at both ends and without a name, nothing tells which end is rest: that is not asked for."""
    assert counted(name, course(6, first=first, last=last), known=known) == 6


@names
@given(st.floats(0, 360), st.booleans(), st.floats(0.5, 2.0))
@settings(deadline=None, max_examples=8)
def test_camera_mirror_and_size_leave_the_count_alone(name: str, heading: float, mirror: bool, size: float) -> None:
    assert counted(name, course(7, 1.7), View(heading=heading, mirrored=mirror, size=size)) == 7


@names
def test_a_fatigued_set_of_uneven_repetitions_is_counted(name: str) -> None:
    """Repetitions grow slower and less deep, by 60 % and 35 % to the last."""
    time_s, depth, turn = [], [], []
    now = 0.0
    for i in range(10):
        tempo_s, reach = 1.5 * (1 + 0.6 * i / 9), 1 - 0.35 * i / 9
        steps = np.arange(0, tempo_s, 0.1)
        time_s += list(now + steps)
        depth += list(reach * (0.5 - 0.5 * np.cos(2 * np.pi * steps / tempo_s)))
        turn += [i] * len(steps)
        now = time_s[-1] + 0.1
    uneven = Course(np.arange(len(depth)) / 10, np.array(depth), np.array(turn))
    assert counted(name, uneven) == 10


@pytest.mark.parametrize("name", ["squat", "curl", "jumping_jack"])
def test_turning_and_drifting_away_during_the_set_does_not_count(name: str) -> None:
    done = course(8)
    movement = on_grid(performed(EXERCISES[name], done))
    drift = np.linspace(0, 150, len(movement))[:, None, None] * np.array([1.0, 0.3])
    assert len(count(replace(movement, xy=movement.xy + drift), name)) == 8


@pytest.mark.parametrize("exercise", [stand, plank])
@pytest.mark.parametrize("noise_m", [0.0, 0.005, 0.01])
def test_who_stays_still_repeats_nothing(exercise: Exercise, noise_m: float) -> None:
    movement = on_grid(performed(exercise, course(0, before_s=6, after_s=6), View(noise_m=noise_m)))
    assert count(movement) == ()


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_moment_repeats_nothing(steps: int) -> None:
    done = course(3)
    points = {name: p[:steps] for name, p in points_of(EXERCISES["squat"], done).items()}
    assert count(on_grid(filmed(points, done.time_s[:steps]))) == ()


@given(
    st.sampled_from(list(SLUGS)),
    st.integers(0, 12),
    st.floats(0.6, 5),
    st.floats(0, 0.05),
    st.booleans(),
    st.integers(0, 9),
)
@settings(deadline=None, max_examples=60)
def test_repetitions_are_in_order_and_inside_the_stretch(
    name: str, number: int, tempo_s: float, noise_m: float, known: bool, seed: int
) -> None:
    movement = on_grid(performed(EXERCISES[name], course(number, tempo_s), View(noise_m=noise_m, seed=seed)))
    found = count(movement, name if known else None)
    for one in found:
        assert movement.time_s[0] <= one.start_s <= one.peak_s <= one.end_s <= movement.time_s[-1]
        assert 0.0 <= one.range_of_motion <= 1.0
    for a, b in itertools.pairwise(found):
        assert a.peak_s < b.peak_s
        assert a.end_s <= b.start_s + 1e-9
    assert not found or max(r.range_of_motion for r in found) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("name", BOTH_SIDES)
def test_a_repetition_starts_peaks_and_ends_where_it_does(name: str) -> None:
    """To a fifth of a second at the peak, and to a fifth of the tempo at rest, where little moves."""
    found = count(on_grid(performed(EXERCISES[name], course(5, 3.0, pause_s=1.0))), name)
    assert [r.peak_s for r in found] == pytest.approx([1 + 1.5 + 4 * i for i in range(5)], abs=0.2)
    assert [r.start_s for r in found] == pytest.approx([1 + 4.0 * i for i in range(5)], abs=0.6)
    assert [r.end_s for r in found] == pytest.approx([4 + 4.0 * i for i in range(5)], abs=0.6)


def test_a_shallow_repetition_shows_in_its_range_of_motion() -> None:
    done = course(6)
    shallow = replace(done, depth=np.where(done.turn == 3, 0.7 * done.depth, done.depth))
    found = count(on_grid(performed(EXERCISES["curl"], shallow)), "curl")
    assert len(found) == 6
    assert found[3].range_of_motion == pytest.approx(0.7, abs=0.12)
    assert all(r.range_of_motion > 0.85 for i, r in enumerate(found) if i != 3)


@names
def test_repetitions_around_the_core_count_if_they_are_whole(name: str) -> None:
    """A core from the third to the sixth of eight finds them all, as they go on alike."""
    movement = on_grid(performed(EXERCISES[name], course(8)))
    assert len(count(movement, name, (50, 130))) == 8


@pytest.mark.parametrize("name", ["squat", "curl"])
def test_what_is_unlike_the_core_does_not_count(name: str) -> None:
    """Two half-hearted ones before the set (0.3 of the way) are no repetitions of it."""
    done = course(6)
    weak = replace(done, depth=np.where(done.turn < 2, 0.3 * done.depth, done.depth))
    movement = on_grid(performed(EXERCISES[name], weak))
    assert len(count(movement, name, (50, len(movement)))) == 4


def test_a_core_of_a_moment_counts_nothing() -> None:
    movement = on_grid(performed(EXERCISES["squat"], course(3)))
    assert count(movement, "squat", (20, 23)) == ()
