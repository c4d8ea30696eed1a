"""Rotations: against scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from deukgeun.synth.athletes import turns

ANGLE = st.floats(-3.1, 3.1)
SEED = st.integers(0, 10_000)


def _random(seed: int, count: int = 5) -> np.ndarray:
    return Rotation.random(count, rng=np.random.default_rng(seed)).as_matrix()


@settings(deadline=None, max_examples=30)
@given(SEED)
def test_vector_and_about_undo_each_other(seed: int) -> None:
    rotation = _random(seed)
    turn = turns.vector(rotation)
    np.testing.assert_allclose(turn, Rotation.from_matrix(rotation).as_rotvec(), atol=1e-9)
    back = turns.about(turns.unit(turn), np.linalg.norm(turn, axis=-1))
    np.testing.assert_allclose(back, rotation, atol=1e-9)


@settings(deadline=None, max_examples=30)
@given(SEED, st.floats(0, 1))
def test_the_way_between_two_turns_starts_and_ends_at_them(seed: int, share: float) -> None:
    a, b = _random(seed), _random(seed + 1)
    np.testing.assert_allclose(turns.between(a, b, 0.0), a, atol=1e-9)
    np.testing.assert_allclose(turns.between(a, b, 1.0), b, atol=1e-8)
    whole = np.linalg.norm(turns.vector(np.swapaxes(a, -1, -2) @ b), axis=-1)
    part = np.linalg.norm(turns.vector(np.swapaxes(a, -1, -2) @ turns.between(a, b, share)), axis=-1)
    np.testing.assert_allclose(part, share * whole, atol=1e-6)


@settings(deadline=None, max_examples=30)
@given(SEED, ANGLE, st.floats(-2.5, 2.5))
def test_twist_is_what_remains_when_the_swing_is_taken_away(seed: int, angle: float, bend: float) -> None:
    axis, other = turns.unit(np.random.default_rng(seed).normal(size=(2, 3)))
    side = turns.unit(np.cross(axis, other))
    rotation = turns.about(side, bend) @ turns.about(axis, angle)
    assert turns.twist_rad(rotation, axis) == pytest.approx(angle, abs=1e-7)


@settings(deadline=None, max_examples=30)
@given(SEED)
def test_a_swing_takes_one_direction_to_the_other_the_shortest_way(seed: int) -> None:
    a, b = turns.unit(np.random.default_rng(seed).normal(size=(2, 3)))
    rotation = turns.swing(a, b)
    np.testing.assert_allclose(rotation @ a, b, atol=1e-9)
    assert np.linalg.norm(turns.vector(rotation)) == pytest.approx(np.arccos(np.clip(a @ b, -1, 1)), abs=1e-6)


def test_no_turn_is_no_turn() -> None:
    np.testing.assert_array_equal(turns.vector(np.eye(3)), np.zeros(3))
    np.testing.assert_allclose(turns.swing(np.array([0, 0, 1.0]), np.array([0, 0, 2.0])), np.eye(3), atol=1e-12)
