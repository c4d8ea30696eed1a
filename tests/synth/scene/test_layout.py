"""Rooms hold the camera, leave the athletes' volume free and keep the line to it clear."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from deukgeun.synth.camera import Camera, look_at
from deukgeun.synth.scene import layout
from deukgeun.synth.scene.clutter import HIDES, Keep
from deukgeun.synth.scene.furniture import MAKERS
from deukgeun.synth.scene.layout import Volume, random_room
from deukgeun.synth.scene.mesh import Array

SEEDS = range(4)


def _camera(rng: np.random.Generator) -> Camera:
    angle, away = rng.uniform(0, 2 * np.pi), rng.uniform(2.0, 5.0)
    position = np.array([[away * np.cos(angle), away * np.sin(angle), rng.uniform(0.3, 2.2)]])
    return Camera(480, 270, 380.0, position, look_at(position, np.array([[0.0, 0.0, 0.9]])), "test")


@pytest.mark.parametrize("kind", layout.kinds())
@pytest.mark.parametrize("seed", SEEDS)
def test_a_room_holds_its_camera_and_leaves_the_athletes_room(kind: str, seed: int, free: Volume) -> None:
    rng = np.random.default_rng(seed)
    camera = _camera(rng)
    room = random_room(kind, free, camera, rng)
    for *normal, offset in room.walls:
        for point in (*camera.position_m, *free.corners):
            assert np.dot(normal, point) >= offset - 1e-9
    if room.furniture is not None:
        points = room.furniture.points
        assert not ((points > free.low) & (points < free.high)).all(axis=1).any()
        assert np.linalg.norm(points - camera.position_m[0], axis=1).min() > 0.5


@pytest.mark.parametrize("cameras", [1, 5])
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_stands_before_the_athletes(seed: int, cameras: int, free: Volume) -> None:
    """No furniture vertex lies on a line from a camera to the free volume: none is both nearer and within it."""
    rng = np.random.default_rng(seed)
    each = [_camera(rng) for _ in range(cameras)]
    positions, rotations = (np.concatenate([getattr(c, name) for c in each]) for name in ("position_m", "rotation"))
    room = random_room("gym", free, replace(each[0], position_m=positions, rotation=rotations), rng)
    assert room.furniture is not None
    for camera in each:
        assert not _before(camera, free, room.furniture.points.astype(np.float64))


def test_what_stands_before_any_of_several_cameras_hides(free: Volume) -> None:
    positions = np.array([[0.0, -4.0, 1.0], [4.0, 0.0, 1.0]])
    both = Camera(480, 270, 380.0, positions, look_at(positions, np.array([[0.0, 0.0, 0.9]] * 2)), "test")
    keep = Keep(free.low, free.high, both)
    block = np.array([[x, y, z] for x in (-0.2, 0.2) for y in (-0.2, 0.2) for z in (0.0, 1.2)])
    assert keep.hidden(block + positions[0] * [1, 0.6, 0]) > 0.05
    assert keep.hidden(block + positions[1] * [0.6, 1, 0]) > 0.05
    assert keep.hidden(block + np.array([-3.0, 3.0, 0.0])) == 0.0


def _before(camera: Camera, free: Volume, points: Array) -> bool:
    (xy,), (depth,) = camera.project(points[None])
    grid = np.stack(np.meshgrid(*(np.linspace(a, b, 5) for a, b in zip(free.low, free.high, strict=True))), -1)
    (body_xy,), (body_depth,) = camera.project(grid.reshape(1, -1, 3))
    for target, reach in zip(body_xy, body_depth, strict=True):
        near = (np.abs(xy - target).max(axis=1) < 3) & (depth > 0.1)
        if (near & (depth < reach - 1.0)).any():
            return True
    return False


@pytest.mark.parametrize("seed", SEEDS)
def test_bystanders_have_room_too(seed: int, free: Volume) -> None:
    rng = np.random.default_rng(seed)
    aside = Volume(np.array([1.2, 1.5, 0.0]), np.array([2.2, 2.5, 1.9]))
    room = random_room("gym", free, _camera(rng), rng, others=[aside])
    assert room.furniture is not None
    assert not ((room.furniture.points > aside.low) & (room.furniture.points < aside.high)).all(axis=1).any()
    for *normal, offset in room.walls:
        assert (aside.corners @ np.array(normal) >= offset - 1e-9).all()


def test_an_occluder_hides_a_part_and_never_all(free: Volume) -> None:
    hidden = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        camera = _camera(rng)
        plain = random_room("backdrop", free, camera, np.random.default_rng(seed))
        room = random_room("backdrop", free, camera, np.random.default_rng(seed), occluder=1.0)
        assert plain.furniture is None
        if room.furniture is not None:
            hidden.append(Keep(free.low, free.high, camera).hidden(room.furniture.points.astype(np.float64)))
    assert len(hidden) >= 4
    assert all(HIDES[0] < share < HIDES[1] for share in hidden)


def test_the_same_seed_gives_the_same_room(free: Volume, camera: Camera) -> None:
    one, other = (random_room("gym", free, camera, np.random.default_rng(3)) for _ in range(2))
    assert one.furniture is not None and other.furniture is not None
    assert np.array_equal(one.furniture.points, other.furniture.points)
    assert all(
        np.array_equal(a.texture.albedo, b.texture.albedo) for a, b in zip(one.panels, other.panels, strict=True)
    )


def test_panels_look_into_the_room(free: Volume, camera: Camera) -> None:
    room = random_room("gym", free, camera, np.random.default_rng(4))
    for panel in room.panels:
        middle = panel.corner + (panel.across + panel.up) / 2
        assert (camera.position_m[0] - middle) @ panel.normal > 0


@pytest.mark.parametrize("name", MAKERS)
def test_furniture_stands_on_the_floor_with_its_back_to_the_wall(name: str) -> None:
    for seed in range(3):
        points = MAKERS[name](np.random.default_rng(seed)).points
        assert -0.05 < points[:, 2].min() < 0.1
        assert points[:, 2].max() < 2.4
        assert points[:, 1].max() < 0.35


def test_every_kind_is_drawn_at_random() -> None:
    rng = np.random.default_rng(0)
    assert {layout.random_kind(rng) for _ in range(200)} == set(layout.kinds())
