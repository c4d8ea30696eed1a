"""The numbers of a stretch: percentiles, what the sides do together, how far parts travel, how fast it repeats."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.support_athlete import View
from tests.support_exercises import Exercise, course, curl, high_knees, jumping_jack, performed, squat, stand, walk

from deukgeun.motion import Channels, channels, on_grid, summarise
from deukgeun.motion.channels import CENTRAL, SIDED
from deukgeun.motion.summary import tempo_hz

TIME = np.arange(80) / 10.0


def with_knees(left: np.ndarray, right: np.ndarray) -> Channels:
    """Return the channels of somebody standing, with other knees."""
    found = channels(on_grid(performed(stand, course(0, before_s=4.0, after_s=4.0))))
    return replace(
        found.part(0, 80), series={k: v[:80] for k, v in found.series.items()} | {"knee_l": left, "knee_r": right}
    )


def numbers_of(found: Channels) -> dict[str, float]:
    movement = on_grid(performed(stand, course(0, before_s=4.0, after_s=4.0))).part(0, 80)
    return summarise(movement, found)


def test_levels_are_the_10th_50th_and_90th_percentiles() -> None:
    ramp = np.linspace(100.0, 180.0, 80)
    numbers = numbers_of(with_knees(ramp, ramp))
    assert numbers["knee.low"] == pytest.approx(108)
    assert numbers["knee.mid"] == pytest.approx(140)
    assert numbers["knee.high"] == pytest.approx(172)
    assert numbers["knee.range"] == pytest.approx(64)


def test_least_and_most_are_of_the_side_that_goes_furthest() -> None:
    numbers = numbers_of(with_knees(np.linspace(60, 100, 80), np.linspace(140, 180, 80)))
    assert numbers["knee.least"] == pytest.approx(64)
    assert numbers["knee.most"] == pytest.approx(176)
    assert numbers["knee.apart"] == pytest.approx(80)


@pytest.mark.parametrize(
    ("shift", "low", "high"),
    [(0.0, 0.85, 1.0), (0.5, -1.0, -0.85), (0.25, -0.1, 0.1)],
    ids=["together", "in turn", "a quarter apart"],
)
def test_sync_tells_together_from_in_turn(shift: float, low: float, high: float) -> None:
    left, right = (140 + 40 * np.sin(2 * np.pi * (0.5 * TIME + s)) for s in (0.0, shift))
    assert low <= numbers_of(with_knees(left, right))["knee.sync"] <= high


@pytest.mark.parametrize("sign", [1, -1])
def test_sync_is_near_zero_for_what_hardly_moves(sign: int) -> None:
    """A degree of noise that happens to agree is no agreement."""
    tremble = np.random.default_rng(0).normal(0, 1.0, 80)
    assert abs(numbers_of(with_knees(170 + tremble, 170 + sign * tremble))["knee.sync"]) < 0.03


@pytest.mark.parametrize("hz", [0.25, 0.5, 1.0, 1.5, 2.0])
def test_tempo_is_the_frequency_of_the_limbs(hz: float) -> None:
    knee = 140 + 40 * np.sin(2 * np.pi * hz * TIME)
    assert tempo_hz(with_knees(knee, knee), 10.0) == pytest.approx(hz, abs=0.06)


@pytest.mark.parametrize("shift", [0.0, 0.5])
def test_limbs_that_move_in_turn_show_at_the_rate_of_one_side(shift: float) -> None:
    knees = [140 + 40 * np.sin(2 * np.pi * (0.8 * TIME + s)) for s in (0.0, shift)]
    assert tempo_hz(with_knees(*knees), 10.0) == pytest.approx(0.8, abs=0.06)


def test_tempo_leaves_out_drift_and_is_zero_for_less_than_a_second() -> None:
    found = with_knees(100 + 10 * TIME + 20 * np.sin(2 * np.pi * TIME), np.full(80, 170.0))
    assert tempo_hz(found, 10.0) >= 0.12
    assert tempo_hz(found.part(0, 9), 10.0) == 0.0


def test_every_channel_has_its_numbers_and_all_are_finite() -> None:
    numbers = summarise(on_grid(performed(squat, course(3))))
    for name in (*SIDED, *CENTRAL):
        assert {f"{name}.{level}" for level in ("low", "mid", "high", "range")} <= set(numbers)
    for name in SIDED:
        assert {f"{name}.{level}" for level in ("apart", "sync", "least", "most")} <= set(numbers)
    assert all(np.isfinite(v) for v in numbers.values())


def test_channels_at_hand_are_not_computed_again() -> None:
    movement = on_grid(performed(curl, course(3)))
    assert summarise(movement) == summarise(movement, channels(movement))


@pytest.mark.parametrize("heading", [0, 70, 160, 290])
def test_squats_are_told_in_numbers_from_every_side(heading: float) -> None:
    numbers = summarise(on_grid(performed(squat, course(4), View(heading=heading, noise_m=0.005))))
    assert numbers["knee.low"] < 100 < 150 < numbers["knee.high"]
    assert numbers["knee.sync"] > 0.9
    assert numbers["hip.travel_y"] > 0.5
    assert numbers["ankle.travel_y"] < 0.15


@pytest.mark.parametrize(("exercise", "low", "high"), [(high_knees, -1.0, -0.3), (jumping_jack, 0.3, 1.0)])
def test_high_knees_alternate_and_jacks_do_not(exercise: Exercise, low: float, high: float) -> None:
    numbers = summarise(on_grid(performed(exercise, course(8, 1.0))))
    channel = "thigh" if exercise is high_knees else "upper_arm"
    assert low <= numbers[f"{channel}.sync"] <= high


def test_walking_across_the_picture_travels_sideways_only() -> None:
    across = summarise(on_grid(performed(walk, course(0, before_s=2, after_s=2), View(heading=90, distance_m=9))))
    assert across["hip.travel_x"] > 3
    assert across["hip.travel_y"] < 0.3


def test_the_better_side_says_how_well_limbs_are_seen() -> None:
    movement = on_grid(performed(squat, course(2)))
    score = movement.score.copy()
    score[:, [i for i, joint in enumerate(movement.skeleton.joints) if joint.startswith("left")]] = 0.1
    score[:, list(movement.skeleton.indices("right_knee", "right_ankle"))] = 0.5
    numbers = summarise(replace(movement, score=score))
    assert numbers["arms.seen"] == pytest.approx(0.95)
    assert numbers["legs.seen"] == pytest.approx(0.5)
