"""The angles of a pose: names, mirror image, limits."""

import numpy as np
import pytest

from deukgeun.synth.motions import degrees


def test_every_angle_has_limits_that_hold_zero() -> None:
    limits = degrees.table("limits")
    assert limits.shape == (len(degrees.NAMES), 2)
    assert (limits[:, 0] <= 0).all() and (limits[:, 1] >= 0).all()


def test_mirror_twice_is_the_same_pose() -> None:
    angles = np.random.default_rng(1).normal(0, 30, (5, len(degrees.NAMES)))
    np.testing.assert_allclose(degrees.mirror(degrees.mirror(angles)), angles)


def test_mirror_swaps_limbs_and_reverses_turns() -> None:
    angles = np.zeros(len(degrees.NAMES))
    angles[degrees.INDEX["knee_l"]], angles[degrees.INDEX["twist"]], angles[degrees.INDEX["pitch"]] = 40, 12, 7
    seen = degrees.mirror(angles)
    assert seen[degrees.INDEX["knee_r"]] == 40 and seen[degrees.INDEX["knee_l"]] == 0
    assert seen[degrees.INDEX["twist"]] == -12 and seen[degrees.INDEX["pitch"]] == 7


def test_a_limb_without_a_side_means_both() -> None:
    assert degrees.resolve("knee") == (degrees.INDEX["knee_l"], degrees.INDEX["knee_r"])
    assert degrees.resolve("pitch") == (degrees.INDEX["pitch"],)
    with pytest.raises(KeyError):
        degrees.resolve("tail")


def test_clip_keeps_angles_within_anatomy() -> None:
    angles = np.full((2, len(degrees.NAMES)), 1e6)
    limits = degrees.table("limits")
    np.testing.assert_array_equal(degrees.clip(angles), np.tile(limits[:, 1], (2, 1)))
