"""The one-euro filter: still at rest, quick in motion, and the same at every frame rate."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deukgeun.pose.smoothing import PICTURE, PLACE, WORLD, OneEuro, OneEuroParameters

quick = settings(deadline=None, max_examples=40)
ALL = pytest.mark.parametrize("parameters", [PICTURE, PLACE, WORLD], ids=["picture", "place", "world"])


def filtered(parameters: OneEuroParameters, signal: Callable[[float], float], times: np.ndarray) -> np.ndarray:
    smooth = OneEuro(parameters)
    return np.array([smooth(np.array([signal(t)]), float(t))[0] for t in times])


@ALL
@quick
@given(value=st.floats(-1e4, 1e4), rate=st.floats(5, 60))
def test_what_does_not_move_is_left_alone(parameters: OneEuroParameters, value: float, rate: float) -> None:
    assert np.allclose(filtered(parameters, lambda t: value, np.arange(20) / rate), value)


@ALL
def test_the_first_value_is_itself(parameters: OneEuroParameters) -> None:
    value = np.array([[3.0, -4.0]])
    assert np.array_equal(OneEuro(parameters)(value, 12.0), value)


@ALL
@quick
@given(steps=st.lists(st.floats(-1, 1), min_size=3, max_size=30))
def test_it_never_leaves_the_range_of_what_it_was_given(parameters: OneEuroParameters, steps: list[float]) -> None:
    smooth = OneEuro(parameters)
    out = [smooth(np.array([v]), 0.1 * i)[0] for i, v in enumerate(steps)]
    assert min(steps) - 1e-9 <= min(out) and max(out) <= max(steps) + 1e-9


@ALL
def test_after_a_step_it_arrives_without_overshoot(parameters: OneEuroParameters) -> None:
    out = filtered(parameters, lambda t: float(t >= 0.5), np.arange(0, 5, 0.1))
    assert np.all(np.diff(out) >= -1e-12)
    assert out[-1] > 0.95 and out.max() <= 1.0


def test_trembling_is_damped_more_than_motion() -> None:
    times = np.arange(0, 6, 0.1)
    tremble = filtered(PICTURE, lambda t: 0.002 * (-1) ** round(t * 10), times)
    squat = filtered(PICTURE, lambda t: 0.3 * np.sin(np.pi * t), times)
    assert np.ptp(tremble[20:]) / 0.004 < 0.25
    assert np.ptp(squat[20:]) / 0.6 > 0.9


def test_the_lag_is_shorter_the_quicker_the_motion() -> None:
    times = np.arange(0, 4, 0.1)
    lags = [
        (speed * times - filtered(PICTURE, lambda t, v=speed: v * t, times))[-1] / speed for speed in (0.02, 0.2, 2)
    ]
    assert lags[0] > 1.5 * lags[1] > 1.5 * 1.5 * lags[2] > 0
    assert lags[2] < 0.05, "seconds"


def test_the_frame_rate_matters_little() -> None:
    times = [np.arange(0, 4, 1 / rate) for rate in (10, 30)]
    slow, fast = (filtered(PICTURE, lambda t: 0.3 * np.sin(np.pi * t), grid) for grid in times)
    assert np.max(np.abs(slow[5:] - fast[::3][5:])) < 0.05 * 0.6


def test_an_irregular_clock_is_not_taken_for_motion() -> None:
    times = np.cumsum(np.random.default_rng(3).uniform(0.02, 0.2, 60))
    out = filtered(PICTURE, lambda t: 0.2 * t, times)
    assert np.max(np.abs(out[20:] - 0.2 * times[20:])) < 0.2 * 0.1


def test_the_unit_scales_the_speed() -> None:
    times = np.arange(0, 2, 0.1)
    one, hundred = OneEuro(PICTURE), OneEuro(PICTURE)
    small = [one(np.array([np.sin(3 * t)]), float(t))[0] for t in times]
    large = [hundred(np.array([100 * np.sin(3 * t)]), float(t), unit=100.0)[0] for t in times]
    assert np.allclose(100 * np.array(small), large)


def test_joints_are_smoothed_apart() -> None:
    both, alone = OneEuro(PICTURE), OneEuro(PICTURE)
    for i in range(20):
        value = np.array([np.sin(i / 3.0), 5.0])
        assert both(value, i / 10)[0] == pytest.approx(alone(value[:1], i / 10)[0])
