"""The stage's picture is the pinhole's: colours land where the camera projects, depths are metres."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from deukgeun.synth.camera import Camera, look_at
from deukgeun.synth.items import Item
from deukgeun.synth.scene.layout import Volume, random_room
from deukgeun.synth.scene.light import Light
from deukgeun.synth.scene.mesh import Mesh, joined
from deukgeun.synth.scene.people import Skin
from deukgeun.synth.scene.room import Room
from deukgeun.synth.scene.solids import box
from deukgeun.synth.scene.visibility import visible

pytest.importorskip("vtk", reason="the extra `synth` is not installed")
from deukgeun.synth.scene.stage import Stage

Array = npt.NDArray[np.float64]
MARKS = np.array([[0.0, 0.0, 1.0], [0.6, -0.4, 0.3], [-0.7, 0.5, 1.6], [0.3, 0.8, 0.05]])
HALF_M = 0.03
AWAY = np.array([0.0, 0.0, 99.0])


def _marks() -> Mesh:
    """Small white cubes about the marks."""
    cubes = [box(mark - HALF_M, mark + HALF_M).painted((0.85, 0.85, 0.85)) for mark in MARKS]
    return joined(cubes)


def _skin(mesh: Mesh) -> Skin:
    return Skin(mesh.faces, mesh.albedo, np.ones(len(mesh.points), np.float32))


def test_things_are_where_the_camera_projects_them(camera: Camera, room: Room, light: Light) -> None:
    mesh = _marks()
    with Stage(camera, room, light, [_skin(mesh)], [], np.random.default_rng(0)) as stage:
        empty = stage.picture(0, [mesh.points + AWAY])
        full = stage.picture(0, [mesh.points])
    nearer = full.depth < empty.depth - 0.02
    (vertices,), _ = camera.project(mesh.points.astype(np.float64)[None])
    for own in np.split(vertices, len(MARKS)):
        left, top = np.floor(own.min(axis=0) - 3).astype(int)
        right, bottom = np.ceil(own.max(axis=0) + 3).astype(int)
        rows, columns = np.nonzero(nearer[top:bottom, left:right])
        # A pixel is covered from its left to its right edge: its column, and its column + 1.
        drawn = [left + columns.min(), top + rows.min(), left + columns.max() + 1, top + rows.max() + 1]
        assert np.allclose(drawn, [*own.min(axis=0), *own.max(axis=0)], atol=1.0)


def test_depths_are_metres_along_the_axis(camera: Camera, room: Room, light: Light, dummy: Mesh, skin: Skin) -> None:
    with Stage(camera, room, light, [skin], [], np.random.default_rng(0)) as stage:
        depth = stage.picture(0, [dummy.points]).depth
    facing = np.einsum("ij,ij->i", dummy.normals, camera.position_m[0] - dummy.points)
    facing /= np.linalg.norm(camera.position_m[0] - dummy.points, axis=1)
    (xy,), (expected,) = camera.project(dummy.points[facing > 0.6].astype(np.float64)[None])
    column, row = np.floor(xy).astype(int).T
    assert np.abs(depth[row, column] - expected).max() < 0.01


def test_the_floor_is_where_it_should_be(camera: Camera, room: Room, light: Light) -> None:
    with Stage(camera, room, light, [], [], np.random.default_rng(0)) as stage:
        depth = stage.picture(0, []).depth
    spots = np.array([[x, y, 0.0] for x in (-0.5, 0.0, 0.5) for y in (-0.5, 0.0, 0.5)])
    (xy,), (expected,) = camera.project(spots[None])
    column, row = np.floor(xy).astype(int).T
    assert np.abs(depth[row, column] - expected).max() < 0.02  # a pixel of floor is about 2 cm deep here


def test_a_shaking_camera_sees_what_a_still_one_there_sees(camera: Camera, room: Room, light: Light) -> None:
    """The shifted room agrees with one drawn from the very place: depth within 3 cm on 97 % of the pixels."""
    place = camera.position_m + np.array([0.02, -0.01, 0.015])
    moved = Camera(480, 270, 400.0, place, look_at(place, np.array([[0.02, 0.03, 0.83]]), 1.5), "there")
    both = Camera(
        480, 270, 400.0,
        np.concatenate([camera.position_m, place]), np.concatenate([camera.rotation, moved.rotation]), "shaking",
    )  # fmt: skip
    with Stage(both, room, light, [], [], np.random.default_rng(0)) as stage:
        stage.picture(0, [])
        shifted = stage.picture(1, [])
    with Stage(moved, room, light, [], [], np.random.default_rng(0)) as stage:
        exact = stage.picture(0, [])
    assert np.mean(np.abs(shifted.depth - exact.depth) < 0.03) > 0.97
    assert np.mean(np.abs(shifted.rgb.astype(int) - exact.rgb)) < 2.0


def test_people_darken_the_floor_under_them(camera: Camera, room: Room, light: Light, dummy: Mesh, skin: Skin) -> None:
    with Stage(camera, room, light, [skin], [], np.random.default_rng(0)) as stage:
        away = stage.picture(0, [dummy.points + AWAY]).rgb.astype(int)
        here = stage.picture(0, [dummy.points]).rgb.astype(int)
    (xy,), _ = camera.project(np.array([[[0.0, -0.19, 0.0], [0.24, -0.1, 0.0]]]))
    column, row = np.floor(xy).astype(int).T
    assert (here[row, column].sum(axis=1) < 0.93 * away[row, column].sum(axis=1)).all()


def test_the_same_seed_gives_the_same_picture(camera: Camera, free: Volume, light: Light, standing: Array) -> None:
    pictures = []
    for _ in range(2):
        rng = np.random.default_rng(4)
        where = random_room("gym", free, camera, rng)
        with Stage(camera, where, light, [], [Item("kettlebell", standing)], rng) as stage:
            pictures.append(stage.picture(0, []).rgb)
    assert np.array_equal(*pictures)


def test_joints_inside_are_seen_and_those_behind_a_thing_are_not(
    camera: Camera, room: Room, light: Light, dummy: Mesh, skin: Skin
) -> None:
    pose = np.eye(4)
    pose[:3, 3] = (0.7, -0.76, 0.0)  # a box on the way from the lens to the lower half
    box_item = Item("box", pose[None], {"height_m": 0.8, "width_m": 1.0, "length_m": 1.0})
    with Stage(camera, room, light, [skin], [box_item], np.random.default_rng(0)) as stage:
        depth = stage.picture(0, [dummy.points]).depth
    joints = np.array([[[0.0, -0.05, 1.5], [0.0, -0.05, 0.2]]])
    xy, joint_depth = camera.project(joints)
    assert visible(depth[None], xy, joint_depth, 0.25).tolist() == [[True, False]]


def test_an_open_shutter_blurs_what_moves(camera: Camera, room: Room, light: Light, dummy: Mesh, skin: Skin) -> None:
    left, right = dummy.points, dummy.points + np.array([0.1, 0.0, 0.0], np.float32)
    with Stage(camera, room, light, [skin], [], np.random.default_rng(0)) as stage:
        sharp = [stage.picture(0, [points]) for points in (left, right)]
        blurred = stage.exposed([(0, [left]), (0, [right])])
    assert np.array_equal(blurred.depth, sharp[1].depth)
    mean = (sharp[0].rgb.astype(int) + sharp[1].rgb) / 2
    moving = np.abs(sharp[0].rgb.astype(int) - sharp[1].rgb).max(axis=-1) > 20
    # The light is that of the middle moment, and only that one has fine edges.
    error = np.abs(blurred.rgb - mean)[moving].mean()
    assert error < 4
    assert all(np.abs(blurred.rgb.astype(int) - each.rgb)[moving].mean() > 2 * error for each in sharp)


def test_what_is_behind_furniture_is_not_seen(
    camera: Camera, room: Room, light: Light, dummy: Mesh, skin: Skin
) -> None:
    """Where an occluder stands before the athlete, the picture is as if nobody were there."""
    pictures = {}
    for name, furniture in (("alone", None), ("hidden", box((0.8, -1.3, 0.0), (1.2, -0.9, 0.9)))):
        with Stage(camera, replace(room, furniture=furniture), light, [skin], [], np.random.default_rng(0)) as stage:
            pictures[name] = [stage.picture(0, [points]) for points in (dummy.points + AWAY, dummy.points)]
    body = pictures["alone"][1].depth < pictures["alone"][0].depth - 0.01
    before = pictures["hidden"][0].depth < pictures["alone"][1].depth - 0.05
    covered = body & before
    assert 20 < covered.sum() < 0.9 * body.sum()
    empty, full = pictures["hidden"]
    assert np.array_equal(full.depth[covered], empty.depth[covered])
    assert np.mean(np.abs(full.rgb[covered].astype(int) - empty.rgb[covered])) < 3


@pytest.mark.slow
def test_thirty_stages_leave_no_memory_behind(
    camera: Camera, free: Volume, light: Light, dummy: Mesh, skin: Skin
) -> None:
    status = Path("/proc/self/statm")
    if not status.exists():
        pytest.skip("resident memory is read from /proc")

    def resident_mb() -> float:
        return int(status.read_text().split()[1]) * 4096 / 2**20

    sizes = []
    for seed in range(30):
        rng = np.random.default_rng(seed)
        with Stage(camera, random_room("gym", free, camera, rng), light, [skin], [], rng) as stage:
            stage.picture(0, [dummy.points])
        sizes.append(resident_mb())
    assert sizes[-1] - sizes[9] < 60


@pytest.mark.parametrize(("tall_m", "seen"), [(0.4, True), (1.6, False)], ids=["lying", "standing"])
def test_the_inside_of_clothes_is_drawn_for_who_lies(
    camera: Camera, room: Room, light: Light, tall_m: float, seen: bool
) -> None:
    """A surface turned inside out is all inside."""
    mesh = box((-0.2, -0.2, 0.1), (0.2, 0.2, 0.1 + tall_m)).painted((0.8, 0.1, 0.1))
    sheet = replace(mesh, faces=mesh.faces[mesh.points[mesh.faces, 1].max(axis=1) < -0.199][:, ::-1])
    with Stage(camera, room, light, [_skin(sheet)], [], np.random.default_rng(0)) as stage:
        empty = stage.picture(0, [mesh.points + AWAY])
        full = stage.picture(0, [mesh.points])
    assert bool((full.depth < empty.depth - 0.02).sum() > 200) is seen
