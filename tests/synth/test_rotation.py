"""Rotations of many frames at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from deukgeun.synth import rotation

_SEEDS = st.integers(0, 10_000)


@settings(max_examples=30, deadline=None)
@given(_SEEDS)
def test_about_agrees_with_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    axis, angle = rng.normal(size=(6, 3)), rng.uniform(-300, 300, 6)
    expected = Rotation.from_rotvec(np.radians(angle)[:, None] * rotation.unit(axis)).as_matrix()
    np.testing.assert_allclose(rotation.about(axis, angle), expected, atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(_SEEDS, st.floats(0, 1))
def test_part_goes_the_given_share_of_the_way(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    turn = Rotation.from_rotvec(rng.normal(0, 0.8, (4, 3)))
    expected = Rotation.from_rotvec(turn.as_rotvec() * share).as_matrix()
    np.testing.assert_allclose(rotation.part(turn.as_matrix(), share), expected, atol=1e-7)


def test_frame_is_a_rotation_along_its_first_vector() -> None:
    rng = np.random.default_rng(3)
    along, beside = rng.normal(size=(2, 8, 3))
    axes = rotation.frame(along, beside)
    np.testing.assert_allclose(axes @ np.swapaxes(axes, -1, -2), np.tile(np.eye(3), (8, 1, 1)), atol=1e-12)
    np.testing.assert_allclose(np.linalg.det(axes), 1.0)
    np.testing.assert_allclose(axes[..., 0], rotation.unit(along))


@settings(deadline=None, max_examples=30)
@given(_SEEDS)
def test_vector_and_about_undo_each_other(seed: int) -> None:
    drawn = Rotation.random(5, rng=np.random.default_rng(seed)).as_matrix()
    turn = rotation.vector(drawn)
    np.testing.assert_allclose(turn, Rotation.from_matrix(drawn).as_rotvec(), atol=1e-9)
    np.testing.assert_allclose(rotation.of_vector(turn), drawn, atol=1e-9)


@settings(deadline=None, max_examples=30)
@given(_SEEDS, st.floats(0, 1))
def test_the_way_between_two_turns_starts_and_ends_at_them(seed: int, share: float) -> None:
    a, b = Rotation.random(10, rng=np.random.default_rng(seed)).as_matrix().reshape(2, 5, 3, 3)
    np.testing.assert_allclose(rotation.between(a, b, 0.0), a, atol=1e-9)
    np.testing.assert_allclose(rotation.between(a, b, 1.0), b, atol=1e-8)
    whole = np.linalg.norm(rotation.vector(np.swapaxes(a, -1, -2) @ b), axis=-1)
    part = np.linalg.norm(rotation.vector(np.swapaxes(a, -1, -2) @ rotation.between(a, b, share)), axis=-1)
    np.testing.assert_allclose(part, share * whole, atol=1e-6)


@settings(deadline=None, max_examples=30)
@given(_SEEDS, st.floats(-178, 178), st.floats(-143, 143))
def test_twist_is_what_remains_when_the_swing_is_taken_away(seed: int, angle: float, bend: float) -> None:
    axis, other = rotation.unit(np.random.default_rng(seed).normal(size=(2, 3)))
    side = rotation.unit(np.cross(axis, other))
    whole = rotation.about(side, bend) @ rotation.about(axis, angle)
    assert rotation.twist_deg(whole, axis) == pytest.approx(angle, abs=1e-5)


@settings(deadline=None, max_examples=30)
@given(_SEEDS)
def test_a_swing_takes_one_direction_to_the_other_the_shortest_way(seed: int) -> None:
    a, b = rotation.unit(np.random.default_rng(seed).normal(size=(2, 3)))
    turn = rotation.swing(a, b)
    np.testing.assert_allclose(turn @ a, b, atol=1e-9)
    assert np.linalg.norm(rotation.vector(turn)) == pytest.approx(np.arccos(np.clip(a @ b, -1, 1)), abs=1e-6)


def test_no_turn_is_no_turn() -> None:
    np.testing.assert_array_equal(rotation.vector(np.eye(3)), np.zeros(3))
    np.testing.assert_allclose(rotation.swing(np.array([0, 0, 1.0]), np.array([0, 0, 2.0])), np.eye(3), atol=1e-12)
