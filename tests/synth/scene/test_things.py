"""Every kind of equipment can be built, lies as its axes say, and gets the right box in the picture."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from deukgeun.synth.camera import Camera
from deukgeun.synth.items import Item
from deukgeun.synth.scene import finish, things

Array = npt.NDArray[np.float64]

HERE = np.eye(4)[None]
ENDS = np.array([[[0.1, 0.2, 0.3], [0.4, -0.5, 1.9]]])
GRIPPED = ("barbell", "short_bar", "dumbbell", "straight_handle", "single_handle", "pull_up_bar")


def _item(kind: str) -> Item:
    return Item(kind, HERE, ends=ENDS if kind in things.STRANDS else None)


@pytest.mark.parametrize("kind", finish.kinds())
def test_every_kind_is_a_modest_surface(kind: str) -> None:
    parts = things.item_things(_item(kind), np.random.default_rng(3))
    assert parts and all(0 < len(part.mesh.faces) < 15_000 for part in parts)
    for part in parts:
        assert np.isfinite(part.mesh.points).all()
        assert np.allclose(np.linalg.norm(part.mesh.normals, axis=1), 1, atol=1e-3)
        assert (part.mesh.albedo > 0).all() and (part.mesh.albedo < 1).all()


@pytest.mark.parametrize("kind", GRIPPED)
def test_a_hand_at_the_origin_holds_a_bar_along_x(kind: str) -> None:
    mesh = things.item_mesh(_item(kind), np.random.default_rng(3))
    radius = finish.sizes(kind, {})["bar_radius_m"]
    middle = mesh.points[(np.linalg.norm(mesh.points[:, 1:], axis=1) < 1.05 * radius)]
    assert middle[:, 0].min() < -0.02 and middle[:, 0].max() > 0.02


STANDING = {
    "flat_bench": 0.45,
    "incline_bench": 0.45,
    "seat": 0.5,
    "pull_up_bar": 2.3,
    "parallel_bars": 1.25,
    "chair": 0.46,
    "rail": 0.35,
    "tower": 0.0,
    "box": 0.0,
    "rack": 0.0,
}


@pytest.mark.parametrize(("kind", "height"), STANDING.items())
def test_what_stands_reaches_the_floor_and_not_below(kind: str, height: float) -> None:
    mesh = things.item_mesh(_item(kind), np.random.default_rng(3))
    assert mesh.points[:, 2].min() == pytest.approx(-height, abs=0.012)


def test_the_lying_side_of_a_bench_is_its_origin() -> None:
    mesh = things.item_mesh(_item("flat_bench"), np.random.default_rng(0))
    assert mesh.points[:, 2].max() == pytest.approx(0, abs=1e-4)


def test_a_strand_reaches_from_end_to_end() -> None:
    (thing,) = things.item_things(_item("cable"), np.random.default_rng(0))
    points = thing.at(0).points
    for end in ENDS[0]:
        assert np.linalg.norm(points - end, axis=1).min() < 0.01
    assert np.allclose(np.linalg.norm(thing.at(0).normals, axis=1), 1, atol=1e-3)


def test_a_rope_has_two_strands_from_its_knot_to_the_hands() -> None:
    strands = things.item_things(_item("rope"), np.random.default_rng(0))
    assert len(strands) == 2
    for strand, hand in zip(strands, ENDS[0], strict=True):
        points = strand.at(0).points
        assert np.linalg.norm(points - hand, axis=1).min() < 0.03
        assert np.linalg.norm(points, axis=1).min() < 0.03


def test_a_strand_without_ends_is_refused() -> None:
    with pytest.raises(ValueError, match="ends"):
        things.item_things(Item("cable", HERE), np.random.default_rng(0))


def test_the_same_seed_gives_the_same_thing() -> None:
    one, other = (things.item_mesh(_item("barbell"), np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(one.points, other.points) and np.array_equal(one.albedo, other.albedo)


def test_boxes_hold_every_projected_vertex(camera: Camera, standing: Array) -> None:
    item = Item("kettlebell", standing)
    (thing,) = things.item_things(item, np.random.default_rng(1))
    (box,) = things.boxes([thing], camera)
    (xy,), _ = camera.project(thing.at(0).points[None].astype(np.float64))
    clipped = np.clip([xy.min(axis=0), xy.max(axis=0)], 0, [camera.width, camera.height])
    assert np.allclose(box, clipped.ravel(), atol=0.01)


def test_boxes_follow_a_moving_thing_and_vanish_with_it(camera: Camera) -> None:
    pose = np.tile(np.eye(4), (3, 1, 1))
    pose[:, 2, 3] = [0.5, 0.9, 0.9]
    pose[2, :2, 3] = (4.0, -4.5)  # behind the lens
    found = things.boxes(things.item_things(Item("dumbbell", pose), np.random.default_rng(1)), camera)
    assert found.shape == (3, 4) and found[1, 1] < found[0, 1]
    assert np.isnan(found[2]).all()


def test_a_rope_has_one_box_round_both_strands(camera: Camera) -> None:
    both = things.item_things(_item("rope"), np.random.default_rng(1))
    whole, *parts = (things.boxes(some, camera)[0] for some in (both, both[:1], both[1:]))
    assert np.allclose(whole[:2], np.min(parts, axis=0)[:2]) and np.allclose(whole[2:], np.max(parts, axis=0)[2:])


def test_a_thing_that_never_moves_is_known_to_rest() -> None:
    pose = np.tile(np.eye(4), (5, 1, 1))
    assert things.item_things(Item("box", pose), np.random.default_rng(0))[0].still
    pose[3, 0, 3] = 0.01
    assert not things.item_things(Item("box", pose), np.random.default_rng(0))[0].still
