"""Light falls from lamps, shade lies behind things, and the floor's map lands on the floor of the picture."""

from __future__ import annotations

import numpy as np
import pytest

from deukgeun.synth.camera import Camera
from deukgeun.synth.scene.floor import FloorMap
from deukgeun.synth.scene.light import EXPOSURE, GAMMA, Light, Shade, display, lit, random_light
from deukgeun.synth.scene.mesh import Mesh, vertex_areas
from deukgeun.synth.scene.people import Bodies, Skin
from deukgeun.synth.scene.solids import ball, box
from deukgeun.synth.scene.view import Cut, View

ONE = np.ones(3)
OVERHEAD = Light(
    key=np.array([0.0, 0.0, 1.0]),
    key_colour=0.6 * ONE,
    fill=np.array([1.0, 0.0, 0.0]),
    fill_colour=0.1 * ONE,
    sky=0.4 * ONE,
    ground=0.2 * ONE,
    softness_m=0.05,
    wrap=0.1,
)
MIDDLE = np.array([0.0, 0.0, 1.0])


def _shade(mesh: Mesh) -> Shade:
    return Shade.of(OVERHEAD, mesh.points, vertex_areas(mesh.points, mesh.faces), MIDDLE)


def test_what_faces_the_lamp_is_brighter() -> None:
    normals = np.array([[0, 0, 1], [0, 1, 0], [0, 0, -1]], np.float32)
    top, side, bottom = lit(OVERHEAD, normals, np.full((3, 3), 0.5, np.float32))[:, 0]
    assert top > side > bottom > 0


def test_shade_lies_behind_a_board_and_not_before_it() -> None:
    shade = _shade(box((-0.3, -0.3, 1.0), (0.3, 0.3, 1.05), 0.05))
    points = np.array([[0, 0, 0.5], [0, 0, 1.5], [1.0, 0, 0.5], [0, 0, -20], [30, 0, 0]], np.float32)
    below, above, beside, _, far = shade.reaching(points, 0.05)
    assert below < 0.15 and above > 0.95 and beside > 0.95 and far == 1


def test_a_ball_does_not_shade_its_own_lit_side() -> None:
    globe = ball(0.4, 40).at(0, 0, 1.0)
    share = _shade(globe).reaching(globe.points, 0.11)
    assert share[globe.normals[:, 2] > 0.9].min() > 0.9
    assert share[globe.normals[:, 2] < -0.9].max() < 0.3


def test_contact_shadows_fade_with_height() -> None:
    floor = FloorMap.about(np.zeros(3))
    darkest = []
    for height in (0.0, 0.1, 0.4):
        mesh = box((-0.1, -0.1, height), (0.1, 0.1, height + 0.05), 0.03)
        darkest.append(float(floor.contact(mesh.points, vertex_areas(mesh.points, mesh.faces)).min()))
    assert darkest[0] < darkest[1] < darkest[2] < 1


def test_the_map_lands_on_the_floor_of_the_picture(camera: Camera) -> None:
    floor = FloorMap.about(np.zeros(3))
    dimming = np.full((floor.rows, floor.columns, 3), 255, np.uint8)
    spot = np.array([0.4, 0.3])
    column, row = ((spot - floor.low) / 0.05).astype(int)
    dimming[row - 1 : row + 2, column - 1 : column + 2] = 0
    view = View(camera.position_m[0], camera.rotation[0], camera.focal_px, camera.width, camera.height)
    seen = floor.over(dimming, view, Cut(40, 20, 440, 260))
    rows, columns = np.nonzero(seen[..., 0] < 100)
    centre = floor.low + 0.05 * (np.array([column, row]) + 0.5)
    (xy,), _ = camera.project(np.array([[[*centre, 0.0]]]))
    assert np.allclose([columns.mean() + 40.5, rows.mean() + 20.5], xy[0], atol=1.0)


def test_display_is_a_plain_gamma() -> None:
    linear = np.array([0.0, 0.1, 0.5, 1.0, 9.0], np.float32)
    expected = 255 * np.clip(EXPOSURE * linear, 0, 1) ** (1 / GAMMA)
    assert np.allclose(display(linear), expected, atol=2.0)


@pytest.mark.parametrize("outdoors", [False, True])
def test_random_lights_come_from_above_and_are_neither_dark_nor_blinding(outdoors: bool) -> None:
    for seed in range(50):
        light = random_light(np.random.default_rng(seed), outdoors)
        assert light.key[2] > 0.4 and np.linalg.norm(light.key) == pytest.approx(1)
        upward = lit(light, np.array([[0, 0, 1]], np.float32), np.full((1, 3), 0.5, np.float32))
        assert 0.2 < upward.mean() < 1.2


def test_normals_of_bodies_point_outwards() -> None:
    globe = ball(0.5, 30)
    skin = Skin(globe.faces, globe.albedo, np.ones(len(globe.points), np.float32))
    bodies = Bodies((skin, skin))
    shift = np.array([3, 0, 0], np.float32)
    normals, areas = bodies.normals_and_areas(np.concatenate([globe.points, globe.points + shift]))
    inner = areas[: len(globe.points)] > 1e-9
    cosine = np.einsum("ij,ij->i", normals[: len(globe.points)], globe.points / 0.5)
    assert cosine[inner].min() > 0.9
    assert areas.sum() == pytest.approx(2 * np.pi, rel=0.03)


def test_a_skin_tells_what_shape_it_wanted() -> None:
    with pytest.raises(ValueError, match="expected"):
        Skin(np.zeros((1, 3), np.int64), np.zeros((3, 3), np.float32), np.zeros(2, np.float32))
