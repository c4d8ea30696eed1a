"""Rotations of many frames at once."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from deukgeun.synth.motions import rotation

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


def test_smoothstep_is_flat_outside() -> None:
    np.testing.assert_allclose(rotation.smoothstep(np.array([-1.0, 0.0, 0.5, 1.0, 2.0])), [0, 0, 0.5, 1, 1])
