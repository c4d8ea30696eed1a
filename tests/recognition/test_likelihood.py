"""Scores: a movement is likeliest by its own row, every term is accounted for, hidden limbs count less."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support_athlete import View
from tests.support_exercises import EXERCISES, Exercise, course, performed, plank, stand, walk

from deukgeun.motion import on_grid, summarise
from deukgeun.recognition import likelihood
from deukgeun.recognition.likelihood import explain, limb_trust, rows_of, scores
from deukgeun.recognition.table import movement_rows

NAMES = [row.name for row in movement_rows()]
RIGHT = {
    "squat": {"squat"},
    "push_up": {"push_up"},
    "curl": {"curl"},
    "jumping_jack": {"jumping_jack"},
    "pull_up": {"pull_up"},
    "sit_up": {"sit_up"},
    "lunge": {"lunge_forward", "lunge_backward"},  # which of them hangs on the camera's side
}


def numbers_of(exercise: Exercise, heading: float, moving: bool = True, noise_m: float = 0.008) -> dict[str, float]:
    done = (
        course(6, 1.0 if exercise is EXERCISES["jumping_jack"] else 2.0) if moving else course(0, before_s=3, after_s=3)
    )
    return summarise(on_grid(performed(exercise, done, View(heading=heading, noise_m=noise_m, distance_m=8))))


def best(numbers: dict[str, float]) -> str:
    return NAMES[int(np.argmax(scores(numbers)))]


@pytest.mark.parametrize("heading", [0, 45, 90, 180, 250])
@pytest.mark.parametrize("name", RIGHT)
def test_a_movement_is_likeliest_by_its_own_row_from_every_side(name: str, heading: float) -> None:
    assert best(numbers_of(EXERCISES[name], heading)) in RIGHT[name]


@pytest.mark.parametrize("heading", range(0, 360, 45))
@pytest.mark.parametrize(("speed_m_s", "cadence_hz"), [(0.9, 0.75), (1.2, 0.9), (1.5, 1.0)])
def test_walking_is_walking_towards_the_camera_too(heading: float, speed_m_s: float, cadence_hz: float) -> None:
    numbers = numbers_of(lambda c: walk(c, speed_m_s, cadence_hz), heading, moving=False)
    assert best(numbers) == "background.walking"


@pytest.mark.parametrize("heading", [0, 90, 200])
def test_standing_still_is_background_and_a_plank_is_not(heading: float) -> None:
    assert best(numbers_of(stand, heading, moving=False, noise_m=0.004)) == "background.still"
    assert best(numbers_of(plank, heading, moving=False, noise_m=0.004)) == "plank"


@given(st.sampled_from(NAMES), st.sampled_from(list(RIGHT)), st.floats(0, 1), st.floats(0, 1))
@settings(deadline=None, max_examples=40)
def test_the_explanation_adds_up_to_the_score(row: str, name: str, arms: float, legs: float) -> None:
    numbers = numbers_of(EXERCISES[name], 30) | {"arms.seen": arms, "legs.seen": legs}
    terms = explain(numbers, row)
    kind = movement_rows()[NAMES.index(row)].kind
    total = sum(term for _, _, term in terms) / likelihood._TEMPERATURE + likelihood._PRIOR[kind]
    assert total == pytest.approx(float(scores(numbers)[NAMES.index(row)]))
    assert {number for number, _, _ in terms} == set(movement_rows()[NAMES.index(row)].ranges)
    assert [t for _, _, t in terms] == sorted(t for _, _, t in terms)
    assert all(value == numbers[number] for number, value, _ in terms)


def test_a_number_outside_its_range_costs_the_more_the_further_and_then_no_more() -> None:
    numbers = numbers_of(EXERCISES["squat"], 0)
    row = NAMES.index("squat")
    at = [float(scores(numbers | {"knee.low": v})[row]) for v in (80, 115, 125, 135, 179, 100_000)]
    assert at[0] > at[1] > at[2] > at[3] > at[4] == at[5]


@pytest.mark.parametrize(("seen", "trust"), [(0.0, 0.1), (0.15, 0.1), (0.4, 0.5), (0.65, 1.0), (1.0, 1.0)])
def test_limbs_are_believed_as_they_are_seen(seen: float, trust: float) -> None:
    assert limb_trust(seen) == pytest.approx(trust)


def test_a_wild_arm_hardly_counts_where_the_arms_are_hidden() -> None:
    numbers = numbers_of(EXERCISES["curl"], 0)
    row = NAMES.index("curl")
    loss = {}
    for seen in (1.0, 0.0):
        known = numbers | {"arms.seen": seen}
        loss[seen] = scores(known)[row] - scores(known | {"elbow.range": 0.0, "elbow.high": 40.0})[row]
    assert loss[1.0] > 5 * loss[0.0] > 0


def test_rows_of_a_kind_are_all_of_them_with_their_place() -> None:
    found = [pair for kind in ("movement", "background", "other") for pair in rows_of(kind)]
    assert sorted(found, key=lambda pair: pair[0]) == list(enumerate(movement_rows()))


def test_there_is_a_score_for_every_row_and_all_are_finite() -> None:
    found = scores(numbers_of(EXERCISES["sit_up"], 10))
    assert found.shape == (len(NAMES),)
    assert np.isfinite(found).all()
