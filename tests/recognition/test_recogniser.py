"""Recognition: windows over the movement, and names with probabilities for its stretches."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support_athlete import View
from tests.support_exercises import (
    EXERCISES,
    Exercise,
    course,
    in_sequence,
    performed,
    plank,
    push_up,
    squat,
    stand,
    walk,
)

from deukgeun.exercises import UNKNOWN, catalogue
from deukgeun.motion import channels, on_grid, summarise
from deukgeun.pose.track import PoseTrack
from deukgeun.recognition import Active, recognise
from deukgeun.recognition.likelihood import scores
from deukgeun.recognition.recogniser import name
from deukgeun.recognition.segmentation import Stretch
from deukgeun.recognition.table import movement_rows
from deukgeun.recognition.windows import WINDOW_S, Windows, windows

NAMES = [row.name for row in movement_rows()]


def active(track: PoseTrack) -> tuple[Active, ...]:
    movement = on_grid(track)
    return recognise(movement, channels(movement))


def windows_of(track: PoseTrack) -> Windows:
    movement = on_grid(track)
    return windows(movement, channels(movement))


@pytest.mark.parametrize("seconds", [1, 3, 4, 5, 12])
def test_windows_cover_the_movement_in_order(seconds: int) -> None:
    found = windows_of(performed(squat, course(0, before_s=seconds / 2, after_s=seconds / 2)))
    assert found.starts[0] == 0
    assert found.starts[-1] == seconds * 10 + 1
    assert list(found.starts) == sorted(set(found.starts))
    assert found.scores.shape == (len(found.starts) - 1, len(NAMES))
    assert (len(found.scores) == 1) == (seconds <= WINDOW_S)


@pytest.mark.parametrize("heading", [0, 120, 270])
def test_squats_then_push_ups_are_two_stretches_in_order(heading: float) -> None:
    parts = [(squat, course(5, 2.2)), (push_up, course(6, 1.8))]
    found = [
        a for a in active(in_sequence(parts, View(heading=heading, noise_m=0.005))) if a.guesses[0].exercise != UNKNOWN
    ]
    assert [a.guesses[0].exercise for a in found] == ["bodyweight_squat", "push_up"]
    assert found[0].last <= found[1].first


@pytest.mark.parametrize("exercise", [stand, walk])
@pytest.mark.parametrize("heading", [0, 90, 200])
def test_background_is_left_out(exercise: Exercise, heading: float) -> None:
    track = performed(exercise, course(0, before_s=4, after_s=4), View(heading=heading, distance_m=9))
    assert active(track) == ()


@pytest.mark.parametrize("exercise", [*EXERCISES.values(), plank], ids=[*EXERCISES, "plank"])
def test_guesses_are_probabilities_best_first_of_exercises_that_exist(exercise: Exercise) -> None:
    for one in active(performed(exercise, course(5, 2.0, before_s=3.0))):
        shares = [g.confidence for g in one.guesses]
        assert 0 < sum(shares) <= 1 + 1e-9
        assert shares[1:] == sorted(shares[1:], reverse=True)
        assert len({g.exercise for g in one.guesses}) == len(shares)
        for guess in one.guesses:
            assert (
                guess.exercise == UNKNOWN
                or guess.equipment is None
                or guess.equipment in catalogue()[guess.exercise].equipment
            )
            assert guess.equipment != "none"


def stretch_of(state: int, told: dict[str, float]) -> tuple[Stretch, PoseTrack]:
    """Return a stretch whose windows speak as told, over somebody who does squats."""
    evidence = np.full(len(NAMES) + 1, -6.0)
    for row, score in told.items():
        evidence[-1 if row == UNKNOWN else NAMES.index(row)] = score
    track = performed(squat, course(3))
    return Stretch(0, len(track), state, evidence), track


def test_what_the_segmentation_chose_comes_first_even_if_the_whole_speaks_for_another() -> None:
    track = performed(squat, course(3))
    movement = on_grid(track)
    found = channels(movement)
    whole = scores(summarise(movement, found))
    curl, other = NAMES.index("curl"), NAMES.index("squat")
    stretch, _ = stretch_of(curl, {"squat": 1.0, "curl": float(1.0 + whole[other] - whole[curl] - 0.2)})
    guesses = name(movement, found, stretch)
    assert catalogue()[guesses[0].exercise].movement == "curl"
    assert catalogue()[guesses[1].exercise].movement == "squat"
    assert (
        sum(g.confidence for g in guesses if g.exercise != UNKNOWN and catalogue()[g.exercise].movement == "squat")
        > 0.5
    )


def test_a_stretch_without_a_name_is_unknown_and_says_what_it_might_be() -> None:
    stretch, track = stretch_of(-1, {UNKNOWN: 3.0, "squat": 1.0})
    movement = on_grid(track)
    guesses = name(movement, channels(movement), stretch)
    assert guesses[0].exercise == UNKNOWN
    assert guesses[0].equipment is None
    assert "bodyweight_squat" in {g.exercise for g in guesses}


def test_exercises_outside_the_catalogue_are_unknown() -> None:
    stretch, track = stretch_of(NAMES.index("other.jump_squat"), {"other.jump_squat": 9.0})
    movement = on_grid(track)
    first = name(movement, channels(movement), stretch)[0]
    assert first.exercise == UNKNOWN
    assert first.confidence > 0.8


def test_unknown_gets_what_the_catalogue_leaves() -> None:
    stretch, track = stretch_of(NAMES.index("squat"), {"squat": 3.0, "other.jump_squat": 2.0, UNKNOWN: 1.0})
    movement = on_grid(track)
    guesses = name(movement, channels(movement), stretch)
    assert sum(g.confidence for g in guesses) == pytest.approx(1.0, abs=0.05)
    assert any(g.exercise == UNKNOWN and g.confidence > 0.05 for g in guesses)
