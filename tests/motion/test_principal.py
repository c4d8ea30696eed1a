"""The principal signal: one wave for each repetition, free of drift, the sides taken apart where they take turns."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support_exercises import EXERCISES, Exercise, course, curl, performed, push_up, squat

from deukgeun.motion import channels, on_grid
from deukgeun.motion.principal import FOLLOWERS, bandpass, principal

TIME = np.arange(300) / 10.0


@pytest.mark.parametrize(
    ("name", "opposed"),
    [("squat", False), ("push_up", False), ("curl", False), ("jumping_jack", False), ("high_knees", True)],
)
def test_it_is_known_whether_the_sides_take_turns(name: str, opposed: bool) -> None:
    movement = on_grid(performed(EXERCISES[name], course(6)))
    assert principal(movement, channels(movement)).opposed == opposed


@pytest.mark.parametrize("exercise", [squat, push_up, curl])
def test_the_signal_follows_the_depth_and_explains_nearly_all(exercise: Exercise) -> None:
    done = course(6)
    movement = on_grid(performed(exercise, done))
    main = principal(movement, channels(movement))
    assert abs(np.corrcoef(main.signal, done.depth)[0, 1]) > 0.95
    assert main.share > 0.9
    assert main.lead is None


@pytest.mark.parametrize("joint", FOLLOWERS)
def test_every_joint_of_the_catalogue_can_lead(joint: str) -> None:
    movement = on_grid(performed(squat, course(3)))
    main = principal(movement, channels(movement), (joint,))
    assert main.lead is not None
    assert main.signal.shape == main.lead.shape == movement.time_s.shape


def test_the_core_decides_what_is_principal_and_all_steps_follow_it() -> None:
    movement = on_grid(performed(squat, course(6)))
    found = channels(movement)
    whole, part = principal(movement, found), principal(movement, found, core=slice(30, 90))
    assert len(part.signal) == len(movement)
    assert abs(np.corrcoef(whole.signal, part.signal)[0, 1]) > 0.98


@pytest.mark.parametrize(
    ("hz", "kept"), [(0.01, 0.0), (0.2, 1.0), (0.5, 1.0), (1.6, 1.0), (4.5, 0.0)], ids=lambda v: str(v)
)
def test_the_band_keeps_repetitions_and_drops_drift_and_jitter(hz: float, kept: float) -> None:
    wave = np.cos(2 * np.pi * hz * TIME)[:, None]
    middle = bandpass(wave, 10.0)[50:-50, 0]
    assert np.std(middle) / np.std(np.cos(2 * np.pi * TIME)) == pytest.approx(kept, abs=0.12)


def test_rest_at_both_ends_is_not_taken_for_drift() -> None:
    """A set starts and ends at rest: the filter must leave that rest where it is, away from the middle."""
    wave = (1 - np.cos(2 * np.pi * 0.25 * TIME[:201])) / 2
    filtered = bandpass(wave[:, None], 10.0)[:, 0]
    assert filtered[0] < -0.3
    assert filtered[-1] < -0.3


def test_the_slow_cycle_of_two_sides_is_kept() -> None:
    wave = np.sin(2 * np.pi * 0.07 * TIME)[:, None]
    assert np.std(bandpass(wave, 10.0, opposed=True)) > 0.6 > 0.5 > np.std(bandpass(wave, 10.0)[50:-50])


@pytest.mark.parametrize("steps", [1, 5, 19])
def test_a_short_series_only_loses_its_mean(steps: int) -> None:
    values = np.random.default_rng(0).normal(size=(steps, 3))
    assert np.allclose(bandpass(values, 10.0), values - values.mean(axis=0))
