"""Random phones: the same seed is the same camera, the movement is in the picture or cut as the shot says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.synth.cameras.support import LEFT_TOE, RIGHT_TOE, STANDING, TIME_S, lying, squats

from deukgeun.synth.camera import Camera
from deukgeun.synth.cameras import Shot, draw_shot, phone_camera, phone_settings, shoot, view_of

SHOT = Shot(
    azimuth_deg=40.0,
    height_m=0.9,
    view_deg=65.0,
    width=1280,
    height=720,
    roll_deg=0.0,
    framing="whole",
    fill=0.8,
    cut=0.0,
    place=(0.0, 0.0),
    shake_deg=0.0,
    shake_mm=0.0,
    shake_seed=1,
    pan_deg=0.0,
)
seeds = st.integers(0, 2**32 - 1)


def pixels(camera: Camera, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Pixels (T * N, 2) of points that must lie before the lens."""
    xy, depth = camera.project(points)
    assert depth.min() > 0.3
    return np.asarray(xy.reshape(-1, 2))


def share_inside(camera: Camera, points: npt.NDArray[np.float64]) -> float:
    xy = pixels(camera, points)
    return float(((xy >= 0) & (xy < [camera.width, camera.height])).all(axis=1).mean())


@pytest.mark.parametrize("points", [squats(), lying()], ids=["squats", "lying"])
@pytest.mark.parametrize("change", [{}, {"view_deg": 110.0, "place": (1.0, -0.5)}], ids=["drawn", "ultra-wide"])
@settings(deadline=None, max_examples=15)
@given(seed=seeds)
def test_a_whole_movement_is_wholly_in_the_picture(
    points: npt.NDArray[np.float64], change: dict[str, Any], seed: int
) -> None:
    drawn = draw_shot(np.random.default_rng(seed))
    shot = replace(drawn, **{"framing": "whole", "fill": 0.8, "pan_deg": 0.0, "shake_deg": 0.0, **change})
    assert share_inside(shoot(shot, points, TIME_S), points) == 1.0


@settings(deadline=None, max_examples=15)
@given(seed=seeds, fill=st.floats(0.3, 0.9))
def test_the_movement_fills_as_much_as_wanted(seed: int, fill: float) -> None:
    drawn = draw_shot(np.random.default_rng(seed))
    shot = replace(drawn, framing="whole", fill=fill, pan_deg=0.0, shake_deg=0.0, view_deg=70.0, width=1280, height=720)
    bare = replace(phone_settings(), padding_m=0.0, room_distance_m=30.0)
    xy = pixels(shoot(shot, squats(), TIME_S, bare), squats())
    filled = ((xy.max(axis=0) - xy.min(axis=0)) / [1280, 720]).max()
    assert filled == pytest.approx(fill, abs=0.02)


@pytest.mark.parametrize(
    ("framing", "lost"),
    [("bottom_cut", [LEFT_TOE, RIGHT_TOE]), ("top_cut", [0, 1, 10])],
)
def test_feet_or_head_are_cut_off(framing: str, lost: list[int]) -> None:
    shot = replace(SHOT, framing=framing, fill=0.9, cut=0.2)
    standing = np.repeat(STANDING[None], len(TIME_S), axis=0)
    xy, _ = shoot(shot, standing, TIME_S).project(standing[:1])
    outside = np.flatnonzero((xy[0, :, 1] < 0) | (xy[0, :, 1] >= 720))
    assert set(lost) <= set(outside.tolist())
    assert len(outside) < len(STANDING) / 2


@pytest.mark.parametrize("framing", ["side_cut", "bottom_cut", "top_cut"])
@pytest.mark.parametrize("place", [-0.5, 0.5])
def test_of_who_lies_across_the_picture_a_side_is_cut_off(place: float, framing: str) -> None:
    shot = replace(SHOT, azimuth_deg=90.0, framing=framing, fill=0.95, cut=0.2, place=(place, 0.0))
    xy = pixels(shoot(shot, lying(), TIME_S), lying()[:1])
    out = xy[:, 0] < 0 if place < 0 else xy[:, 0] >= 1280
    assert 0.1 < out.mean() < 0.5


def test_what_does_not_fit_the_room_is_filmed_from_its_end() -> None:
    shot = replace(SHOT, fill=0.05)
    camera = shoot(shot, squats(), TIME_S)
    middle = (squats().min(axis=(0, 1)) + squats().max(axis=(0, 1))) / 2
    distance = np.linalg.norm((camera.position_m[0] - middle)[:2])
    assert distance == pytest.approx(phone_settings().room_distance_m)


def test_the_lens_keeps_its_distance_and_its_height() -> None:
    camera = shoot(replace(SHOT, fill=50.0), lying(), TIME_S)
    gap = np.linalg.norm(lying()[0, :, :2] - camera.position_m[0, :2], axis=1).min()
    assert gap >= phone_settings().lens_clearance_m - 1e-9
    assert camera.position_m[0, 2] == SHOT.height_m


@settings(deadline=None, max_examples=20)
@given(seed=seeds, facing_deg=st.floats(-180, 180))
def test_the_camera_is_at_the_azimuth_of_the_shot(seed: int, facing_deg: float) -> None:
    shot = replace(draw_shot(np.random.default_rng(seed)), shake_mm=0.0, shake_deg=0.0, pan_deg=0.0)
    facing = (float(np.cos(np.radians(facing_deg))), float(np.sin(np.radians(facing_deg))), 0.0)
    camera = shoot(shot, squats(), TIME_S, facing=facing)
    middle = (squats().min(axis=(0, 1)) + squats().max(axis=(0, 1))) / 2
    azimuth, _, _ = view_of(camera, np.array(facing), middle)
    assert abs((azimuth - shot.azimuth_deg + 180) % 360 - 180) < 1e-6


def test_a_rolled_phone_tilts_the_horizon_by_its_roll() -> None:
    camera = shoot(replace(SHOT, roll_deg=8.0), squats(), TIME_S)
    x_axis = camera.rotation[0, 0]
    assert abs(np.degrees(np.arcsin(x_axis[2]))) == pytest.approx(8.0, abs=1.0)
    level = shoot(SHOT, squats(), TIME_S)
    assert level.rotation[0, 0, 2] == pytest.approx(0.0, abs=1e-12)


def test_the_field_of_view_is_that_of_the_long_side() -> None:
    upright = replace(SHOT, width=720, height=1280)
    assert upright.focal_px == SHOT.focal_px == pytest.approx(640 / np.tan(np.radians(32.5)))


def test_a_hand_shakes_by_as_much_as_drawn_and_stays_a_rotation() -> None:
    long = np.arange(0.0, 60.0, 1 / 30)
    points = np.repeat(squats()[:1], len(long), axis=0)
    still = shoot(SHOT, points, long)
    shaken = shoot(replace(SHOT, shake_deg=0.2, shake_mm=4.0), points, long)
    assert len(still.position_m) == 1 and len(shaken.position_m) == len(long)
    np.testing.assert_allclose(
        shaken.rotation @ shaken.rotation.transpose(0, 2, 1), np.broadcast_to(np.eye(3), (1800, 3, 3)), atol=1e-12
    )
    turn = shaken.rotation @ still.rotation[0].T
    angles = np.degrees(np.stack([turn[:, 2, 1], turn[:, 0, 2], turn[:, 1, 0]]))
    assert np.sqrt((angles**2).mean(axis=1)) == pytest.approx([0.2] * 3, rel=0.35)
    moved_mm = (shaken.position_m - still.position_m) * 1000
    assert np.sqrt((moved_mm**2).mean(axis=0)) == pytest.approx([4.0] * 3, rel=0.35)
    assert np.abs(np.diff(angles, axis=1)).max() < 0.2  # no jumps from frame to frame


def test_the_shake_does_not_depend_on_the_frame_rate() -> None:
    shot = replace(SHOT, shake_deg=0.2, shake_mm=4.0)
    full, half = shoot(shot, squats(), TIME_S), shoot(shot, squats()[::2], TIME_S[::2])
    jump = np.abs(full.rotation[::2] - half.rotation).max()
    assert jump < 1e-3


def test_a_pan_goes_from_one_side_to_the_other_and_is_never_fast() -> None:
    camera = shoot(replace(SHOT, pan_deg=6.0), squats(), TIME_S)
    turn_deg = np.degrees(np.arccos(np.clip(camera.rotation[0, 2] @ camera.rotation[-1, 2], -1, 1)))
    assert turn_deg == pytest.approx(6.0, abs=0.1)
    short = shoot(replace(SHOT, pan_deg=6.0), squats()[:31], TIME_S[:31])
    turn_deg = np.degrees(np.arccos(np.clip(short.rotation[0, 2] @ short.rotation[-1, 2], -1, 1)))
    assert turn_deg == pytest.approx(phone_settings().pan_deg_s, abs=0.1)


def test_a_single_picture_can_be_filmed() -> None:
    shot = replace(SHOT, pan_deg=5.0, shake_deg=0.1)
    assert share_inside(shoot(shot, squats()[:1], TIME_S[:1]), squats()[:1]) == 1.0


def test_the_same_seed_is_the_same_camera_and_another_is_another() -> None:
    one, same, other = (phone_camera(np.random.default_rng(s), squats(), TIME_S) for s in (5, 5, 6))
    assert (one.width, one.focal_px, one.view) == (same.width, same.focal_px, same.view)
    np.testing.assert_array_equal(one.rotation, same.rotation)
    assert one.focal_px != other.focal_px


def test_shots_are_drawn_by_the_shares_of_the_table() -> None:
    rng, drawn_from = np.random.default_rng(0), phone_settings()
    shots = [draw_shot(rng) for _ in range(3000)]
    framings = Counter(shot.framing for shot in shots)
    for weight, framing in drawn_from.framing:
        assert framings[framing.name] / 3000 == pytest.approx(weight, abs=0.04)
    assert np.mean([s.height > s.width for s in shots]) == pytest.approx(drawn_from.upright_share, abs=0.04)
    assert np.mean([s.shake_deg > 0 for s in shots]) == pytest.approx(drawn_from.shaking_share, abs=0.08)
    assert np.mean([s.azimuth_deg > 0 for s in shots]) == pytest.approx(0.5, abs=0.04)
    assert all(0.1 <= s.height_m <= 2.2 and 50 <= s.view_deg <= 110 for s in shots)
    assert {min(s.width, s.height) for s in shots} == {360, 480, 720, 1080}
    assert max(abs(s.roll_deg) for s in shots) <= 10


@pytest.mark.parametrize("shape", [(0, 5, 3), (4, 3), (180, 5, 2)])
def test_points_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="expected points"):
        shoot(SHOT, np.zeros(shape), TIME_S)
