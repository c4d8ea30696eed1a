"""Equipment: shares that add up, moved by what the hands do."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support_exercises import EXERCISES, course, performed

from deukgeun.exercises import catalogue
from deukgeun.motion import on_grid, summarise
from deukgeun.recognition.equipment import exercise_shares, hands_fit

SEVERAL = [m for m in catalogue().movements if len(catalogue().by_movement(m)) > 1]
CURL = summarise(on_grid(performed(EXERCISES["curl"], course(4))))
FREE_HANDS = CURL | {
    "wrist_height.mid": -0.9,
    "hands_apart.range": 0.6,
    "hands_apart.mid": 0.8,
    "hands_apart.high": 1.1,
}
ONE_BAR = FREE_HANDS | {"hands_apart.range": 0.03}
BAR_ON_THE_BACK = FREE_HANDS | {
    "hands_apart.range": 0.03, "hands_apart.mid": 1.1, "wrist_height.mid": 0.05, "wrist_height.range": 0.05,
    "elbow.mid": 60.0, "wrist_front.high": 0.1,
}  # fmt: skip
BEFORE_THE_CHEST = FREE_HANDS | {"hands_apart.high": 0.2, "hands_apart.mid": 0.2, "wrist_height.mid": -0.4}


@given(st.sampled_from(catalogue().movements), st.floats(0, 1), st.floats(0, 3), st.floats(0, 3), st.floats(-1.3, 1.4))
@settings(deadline=None, max_examples=60)
def test_shares_of_a_movement_add_up_and_name_an_implement(
    movement: str, seen: float, apart: float, spread: float, height: float
) -> None:
    hands = {"hands_apart.mid": apart, "hands_apart.range": spread, "hands_apart.high": apart + spread}
    candidates = catalogue().by_movement(movement)
    shares = exercise_shares(candidates, CURL | hands | {"arms.seen": seen, "wrist_height.mid": height})
    assert list(shares) == [exercise.slug for exercise in candidates]
    assert sum(share for share, _ in shares.values()) == pytest.approx(1.0)
    assert all(share > 0 for share, _ in shares.values())
    for exercise in candidates:
        assert shares[exercise.slug][1] in exercise.equipment


@pytest.mark.parametrize(
    ("hands", "fits", "unlike"),
    [
        (ONE_BAR, "barbell", "dumbbell"),
        (BAR_ON_THE_BACK, "barbell", "none"),
        (BEFORE_THE_CHEST, "kettlebell", "barbell"),
        (FREE_HANDS, "dumbbell", "barbell"),
        (FREE_HANDS, "none", "barbell"),
    ],
    ids=["one bar", "bar on the back", "before the chest", "each its own", "empty"],
)
def test_hands_speak_for_what_they_would_hold(hands: dict[str, float], fits: str, unlike: str) -> None:
    if hands is BEFORE_THE_CHEST:
        assert hands_fit(fits, hands) > 1.0
        assert hands_fit(fits, hands) > hands_fit(fits, FREE_HANDS)
    else:
        assert hands_fit(fits, hands) > hands_fit(unlike, hands)


@pytest.mark.parametrize("implement", ["barbell", "dumbbell", "kettlebell", "none"])
def test_hidden_hands_say_next_to_nothing(implement: str) -> None:
    hidden = hands_fit(implement, BAR_ON_THE_BACK | {"arms.seen": 0.0})
    assert hidden == pytest.approx(1.0, abs=0.35)


def test_an_implement_that_hands_do_not_tell_is_neutral() -> None:
    assert hands_fit("machine", ONE_BAR) == 1.0


def test_bar_on_the_back_makes_a_squat_a_barbell_squat() -> None:
    squats = catalogue().by_movement("squat")
    share = {name: exercise_shares(squats, hands) for name, hands in (("bar", BAR_ON_THE_BACK), ("free", FREE_HANDS))}
    assert max(share["bar"], key=lambda slug: share["bar"][slug][0]) == "barbell_squat"
    assert max(share["free"], key=lambda slug: share["free"][slug][0]) == "bodyweight_squat"


def test_there_are_movements_to_tell_apart() -> None:
    assert "squat" in SEVERAL
