"""A track on an even grid: exact at its own times, blind in long gaps, linear, y up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from deukgeun.motion import on_grid
from deukgeun.pose.track import PoseTrack
from deukgeun.skeleton import skeleton

BODY = skeleton("blazepose_33")
JOINTS = len(BODY.joints)
FLIP = np.array([1.0, -1.0, -1.0])


def random_track(time_s: NDArray[np.float64], seed: int = 0) -> PoseTrack:
    random = np.random.default_rng(seed)
    steps = len(time_s)
    xyz, xy = random.normal(size=(steps, JOINTS, 3)), random.uniform(0, 640, (steps, JOINTS, 2))
    return PoseTrack(time_s, xy, random.uniform(size=(steps, JOINTS)), xyz, BODY, 1)


def xyz_of(track: PoseTrack) -> NDArray[np.float64]:
    assert track.xyz is not None
    return track.xyz


uneven_times = st.lists(st.floats(0.02, 0.5), min_size=1, max_size=12).map(lambda steps: np.cumsum([0.3, *steps]))


@given(uneven_times, st.sampled_from([5.0, 10.0, 15.0, 29.97]))
@settings(deadline=None, max_examples=30)
def test_the_grid_is_even_and_covers_the_track(time_s: NDArray[np.float64], rate_hz: float) -> None:
    movement = on_grid(random_track(time_s), rate_hz)
    assert np.allclose(np.diff(movement.time_s), 1 / rate_hz)
    assert movement.time_s[0] == time_s[0]
    assert abs(movement.time_s[-1] - time_s[-1]) <= 0.5 / rate_hz + 1e-9
    assert len(movement) == len(movement.time_s) == len(movement.xyz) == len(movement.xy) == len(movement.score)


def test_values_at_the_tracks_own_times_are_its_own_with_y_up_and_z_to_the_camera() -> None:
    track = random_track(np.arange(12) / 10.0)
    movement = on_grid(track, 10.0)
    assert np.allclose(movement.xyz, xyz_of(track) * FLIP)
    assert np.allclose(movement.xy, track.xy)
    assert np.allclose(movement.score, track.score)
    assert movement.seen.all()


def test_between_two_times_values_are_in_proportion() -> None:
    track = random_track(np.array([0.0, 0.4]))
    quarter = on_grid(track, 10.0).xy[1]
    assert np.allclose(quarter, 0.75 * track.xy[0] + 0.25 * track.xy[1])


@given(uneven_times, st.floats(-3, 3), st.floats(-50, 50))
@settings(deadline=None, max_examples=30)
def test_resampling_is_linear_and_keeps_offsets(time_s: NDArray[np.float64], factor: float, offset: float) -> None:
    a, b = random_track(time_s, 1), random_track(time_s, 2)
    mixed = replace(a, xy=a.xy + factor * b.xy + offset)
    expected = on_grid(a).xy + factor * on_grid(b).xy + offset
    assert np.allclose(on_grid(mixed).xy, expected)


@given(uneven_times, st.floats(-1000, 1000))
@settings(deadline=None, max_examples=20)
def test_resampling_does_not_depend_on_when_the_track_starts(time_s: NDArray[np.float64], shift_s: float) -> None:
    track = random_track(time_s)
    later = replace(track, time_s=time_s + shift_s)
    assert np.allclose(on_grid(later).xyz, on_grid(track).xyz, atol=1e-6)


@pytest.mark.parametrize(("gap_s", "blind_steps"), [(0.2, 0), (0.5, 0), (0.6, 0), (0.7, 6), (2.0, 19)])
def test_only_gaps_of_more_than_six_tenths_are_blind(gap_s: float, blind_steps: int) -> None:
    before, after = np.arange(10) / 10, 0.9 + gap_s + np.arange(10) / 10
    movement = on_grid(random_track(np.concatenate([before, after])))
    blind = movement.time_s[~movement.seen]
    assert len(blind) == blind_steps
    assert all(0.9 < t < 0.9 + gap_s for t in blind)


def test_a_track_of_one_time_is_one_step() -> None:
    track = random_track(np.array([4.2]))
    movement = on_grid(track)
    assert len(movement) == 1
    assert movement.seen.tolist() == [True]
    assert np.allclose(movement.xyz[0], xyz_of(track)[0] * FLIP)


def test_a_part_holds_its_steps_of_everything() -> None:
    movement = on_grid(random_track(np.arange(20) / 10))
    part = movement.part(5, 9)
    assert part.time_s.tolist() == movement.time_s[5:9].tolist()
    for name in ("xyz", "xy", "score", "seen"):
        assert np.array_equal(getattr(part, name), getattr(movement, name)[5:9])


@pytest.mark.parametrize("steps", [0, 3])
def test_without_3d_joints_or_without_length_there_is_no_movement(steps: int) -> None:
    track = random_track(np.arange(steps) / 10.0)
    with pytest.raises(ValueError, match="3D"):
        on_grid(replace(track, xyz=None) if steps else track)
