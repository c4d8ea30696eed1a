"""What equipment hides: a person behind a tower, a wall or a plate, and nobody beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from tests.synth.cameras.support import STANDING, TIME_S, lying, squats

from deukgeun.synth.cameras import breadth, hidden_share, phone_camera, phone_settings, shoot
from deukgeun.synth.cameras.blocks import blocks, corners, hidden
from deukgeun.synth.cameras.shot import Shot
from deukgeun.synth.items import Item
from deukgeun.synth.scene.finish import kinds, sizes
from deukgeun.synth.scene.things import STRANDS, item_mesh

EYE_M = np.array([0.0, -3.0, 1.2])
SIDE = Shot(90.0, 0.9, 65.0, 1280, 720, 0.0, "whole", 0.8, 0.0, (0.0, 0.0), 0.0, 0.0, 1, 0.0)


def put(kind: str, x: float, y: float, z: float, turn_deg: float = 0.0, **size: float) -> Item:
    pose, angle = np.eye(4)[None].copy(), np.radians(turn_deg)
    pose[0, :2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    pose[0, :3, 3] = x, y, z
    return Item(kind, pose, size)


@pytest.mark.parametrize(
    ("item", "least", "most"),
    [
        (put("wall", 0.0, -1.0, 0.0), 1.0, 1.0),
        (put("wall", 0.0, 1.0, 0.0), 0.0, 0.0),
        (put("tower", 0.0, -0.9, 0.0, width_m=0.6), 0.8, 1.0),
        (put("tower", 1.5, -0.9, 0.0, width_m=0.6), 0.0, 0.0),
        (put("tower", 0.0, -6.0, 0.0), 0.0, 0.0),
        (put("flat_bench", 0.0, -1.0, 0.45), 0.0, 0.5),
        (put("barbell", -0.6, -1.5, 1.4, plate_radius_m=0.2), 0.05, 0.6),
        (put("cable", 0.0, -1.0, 1.0), 0.0, 0.0),
    ],
    ids=lambda v: v.kind if isinstance(v, Item) else str(v),
)
def test_what_stands_between_hides(item: Item, least: float, most: float) -> None:
    share = hidden([item], EYE_M, STANDING[None], [0]).mean()
    assert least <= share <= most


@pytest.mark.parametrize("kind", [k for k in kinds() if k not in STRANDS])
@pytest.mark.parametrize("tilt_deg", [0.0, 30.0])
def test_boxes_lie_within_what_is_drawn(kind: str, tilt_deg: float) -> None:
    item = put(kind, 0.0, 0.0, 0.0, **({"tilt_deg": tilt_deg} if kind == "backrest" else {}))
    if not blocks(item):
        return
    drawn = item_mesh(Item(kind, item.pose, sizes(kind, item.size)), np.random.default_rng(1)).points
    found = corners(item)
    assert (found.min(axis=0) > drawn.min(axis=0) - 0.06).all()
    assert (found.max(axis=0) < drawn.max(axis=0) + 0.06).all()


def test_a_thing_that_moves_hides_only_when_it_is_there() -> None:
    pose = np.repeat(put("wall", 0.0, -1.0, 0.0).pose, 2, axis=0)
    pose[1, 1, 3] = 5.0
    seen = hidden([Item("wall", pose)], EYE_M, np.repeat(STANDING[None], 2, axis=0), [0, 1])
    assert seen[0].all() and not seen[1].any()


def test_nobody_films_through_a_wall() -> None:
    wall = [put("wall", 0.0, -0.6, 0.0)]
    free = [phone_camera(np.random.default_rng(seed), squats(), TIME_S) for seed in range(30)]
    kept = [phone_camera(np.random.default_rng(seed), squats(), TIME_S, items=wall) for seed in range(30)]
    assert max(hidden_share(each, squats(), wall) for each in free) == 1.0
    assert max(hidden_share(each, squats(), wall) for each in kept) <= phone_settings().hidden_share


def test_the_lens_keeps_clear_of_a_bar_that_reaches_towards_it() -> None:
    bar = put("barbell", 0.0, 0.0, 1.4)
    close = replace(SIDE, fill=50.0)
    near, far = shoot(close, squats(), TIME_S), shoot(close, squats(), TIME_S, items=[bar])
    gap = float(far.position_m[0, 0] - corners(bar)[:, 0].max())
    assert gap == pytest.approx(phone_settings().lens_clearance_m, abs=1e-3)
    assert near.position_m[0, 0] < far.position_m[0, 0]


def test_bodies_are_seldom_filmed_end_on() -> None:
    limit = phone_settings().end_on

    def share(end_on: float) -> float:
        drawn_from = replace(phone_settings(), end_on=end_on)
        cameras = [phone_camera(np.random.default_rng(s), lying(), TIME_S, drawn_from) for s in range(80)]
        return float(np.mean([breadth(camera, lying()) < limit for camera in cameras]))

    assert 0.0 < share(limit) < 0.7 * share(0.0)


def test_phones_are_mostly_laid_on_their_side_for_who_lies() -> None:
    def upright(points: npt.NDArray[np.float64]) -> float:
        cameras = [phone_camera(np.random.default_rng(s), points, TIME_S) for s in range(60)]
        return float(np.mean([camera.height > camera.width for camera in cameras]))

    assert upright(squats()) == pytest.approx(phone_settings().upright_share, abs=0.15)
    assert 0.0 < upright(lying()) < 0.8 * upright(squats())


def test_breadth_tells_a_body_seen_from_its_side_from_one_seen_from_its_feet() -> None:
    def seen(azimuth_deg: float) -> float:
        return breadth(shoot(replace(SIDE, azimuth_deg=azimuth_deg), lying(), TIME_S), lying())

    assert seen(90.0) > 0.9
    assert seen(180.0) < 0.3
