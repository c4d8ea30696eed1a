"""The shutter is open about each picture's own moment, and more finely where something moves fast."""

from __future__ import annotations

import numpy as np
import pytest

from deukgeun.synth.scenario import draw_scenario
from deukgeun.synth.scene.moment import between
from deukgeun.synth.shutter import MOST_MOMENTS, STEP, moments


def test_moments_lie_about_their_picture_within_the_shutter() -> None:
    scenario = draw_scenario(3, "jumping_jack", duration_s=2.0, rate_hz=30.0)
    for frame, at in enumerate(moments(scenario.acts, scenario.camera, 1 / 60)):
        assert len(at) % 2 == 1 and len(at) <= MOST_MOMENTS
        assert at[len(at) // 2] == frame
        assert np.allclose(at - frame, -(at - frame)[::-1])
        assert np.abs(at - frame).max() * (1 / 30) <= 1 / 120


def test_fast_movement_and_long_exposure_are_cut_finely() -> None:
    scenario = draw_scenario(3, "jumping_jack", duration_s=2.0, rate_hz=30.0)
    camera, act = scenario.camera, scenario.acts[0]
    shutter_s = 1 / 60
    xy, _ = camera.project(act.joints("blazepose_33"))
    step_px = STEP * min(camera.width, camera.height)
    counts = np.array([len(at) for at in moments(scenario.acts, camera, shutter_s)])
    moved_px = np.linalg.norm(np.diff(xy, axis=0), axis=-1).max(axis=1) * 30 * shutter_s
    fast = moved_px > 3 * step_px
    assert fast.any() and (counts[:-1][fast] > 1).all()
    longer = np.array([len(at) for at in moments(scenario.acts, camera, 1 / 30)])
    assert longer.sum() > counts.sum()
    assert {len(at) for at in moments(scenario.acts, camera, 1e-5)} == {1}


@pytest.mark.parametrize("frame", [-1.0, 0.0, 0.25, 1.0, 1.5, 2.0, 9.0])
def test_values_between_pictures_are_on_the_straight_way(frame: float) -> None:
    values = np.array([[0.0, 1.0], [2.0, 1.0], [3.0, 5.0]])
    expected = [np.interp(frame, range(3), column) for column in values.T]
    assert np.allclose(between(values, frame), expected)
    assert np.array_equal(between(values[:1], frame), values[0])
