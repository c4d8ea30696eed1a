"""Paths in the picture: in torso lengths whatever the picture's size, and telling which end of the body stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support_athlete import TORSO, View
from tests.support_exercises import Exercise, course, performed, pull_up, squat

from deukgeun.motion import Movement, channels, on_grid
from deukgeun.motion.picture import PARTS, paths, pixels_per_torso


def moved(exercise: Exercise, view: View = View()) -> Movement:  # noqa: B008
    return on_grid(performed(exercise, course(3), view))


def travel_y(movement: Movement) -> dict[str, float]:
    return {part: float(np.ptp(path[:, 1])) for part, path in paths(movement, channels(movement).torso_m).items()}


@given(st.floats(0.2, 6), st.floats(-500, 500), st.floats(-500, 500))
@settings(deadline=None, max_examples=25)
def test_ways_do_not_depend_on_the_pictures_size_and_place(size: float, right: float, down: float) -> None:
    movement = moved(squat)
    other = replace(movement, xy=movement.xy * size + np.array([right, down]))
    a, b = paths(movement, TORSO), paths(other, TORSO)
    for part in PARTS:
        assert np.allclose(a[part] - a[part][0], b[part] - b[part][0], atol=1e-4)


@pytest.mark.parametrize("heading", [0, 60, 90, 200])
def test_in_a_squat_the_feet_stay_and_the_hips_travel(heading: float) -> None:
    way = travel_y(moved(squat, View(heading=heading, distance_m=8)))
    assert way["ankle"] < 0.05
    assert way["hip"] == pytest.approx(0.42 / TORSO, rel=0.25)
    assert way["shoulder"] > way["hip"]


@pytest.mark.parametrize("heading", [0, 60, 90, 200])
def test_in_a_pull_up_the_hands_stay_and_the_hips_travel(heading: float) -> None:
    way = travel_y(moved(pull_up, View(heading=heading, distance_m=8)))
    assert way["wrist"] < 0.06
    assert way["hip"] == pytest.approx(0.42 / TORSO, rel=0.25)


def test_up_is_positive() -> None:
    movement = moved(squat)
    path = paths(movement, TORSO)["hip"][:, 1]
    assert np.argmin(path) == np.argmin(channels(movement).both("knee"))


@pytest.mark.parametrize("heading", [0, 45, 90])
def test_a_torso_is_as_many_pixels_as_the_camera_makes_it(heading: float) -> None:
    movement = moved(squat, View(heading=heading, distance_m=12))
    assert pixels_per_torso(movement, TORSO) == pytest.approx(480 / 2.6 * TORSO, rel=0.06)


def test_a_hidden_side_does_not_pull_at_the_path() -> None:
    movement = moved(squat)
    right = list(movement.skeleton.indices("right_hip"))
    xy, score = movement.xy.copy(), movement.score.copy()
    xy[::2, right] += 200.0
    score[:, right] = 0.0
    assert np.ptp(np.diff(paths(replace(movement, xy=xy, score=score), TORSO)["hip"][:, 0])) < 0.5
