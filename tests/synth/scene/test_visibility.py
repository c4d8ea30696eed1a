"""A joint counts as seen by what stands before it."""

from __future__ import annotations

import numpy as np
import pytest

from deukgeun.skeleton import skeleton as joint_set
from deukgeun.synth.scene.visibility import SLACK_M, slacks, visible

DEPTH = np.full((1, 20, 30), 3.0, np.float32)


@pytest.mark.parametrize(
    ("xy", "depth", "slack", "seen"),
    [
        ((5.0, 5.0), 3.05, 0.12, True),  # inside its limb
        ((5.0, 5.0), 3.30, 0.12, False),  # something stands before it
        ((5.0, 5.0), 3.30, 0.40, True),  # a deeper joint
        ((5.0, 5.0), 2.00, 0.12, True),  # before everything
        ((-0.1, 5.0), 2.0, 0.12, False),
        ((30.0, 5.0), 2.0, 0.12, False),
        ((29.9, 19.9), 2.0, 0.12, True),
        ((5.0, 5.0), -1.0, 0.12, False),  # behind the lens
    ],
)
def test_visible(xy: tuple[float, float], depth: float, slack: float, seen: bool) -> None:
    found = visible(DEPTH, np.array([[xy]]), np.array([[depth]]), slack)
    assert found.shape == (1, 1) and bool(found[0, 0]) is seen


def test_each_joint_may_have_its_own_slack() -> None:
    xy = np.tile([5.0, 5.0], (1, 2, 1))
    assert visible(DEPTH, xy, np.array([[3.3, 3.3]]), np.array([0.1, 0.5])).tolist() == [[False, True]]


def test_shapes_are_checked() -> None:
    with pytest.raises(ValueError, match="expected"):
        visible(DEPTH, np.zeros((2, 1, 2)), np.zeros((1, 1)))


@pytest.mark.parametrize("skeleton", ["blazepose_33", "coco_17", "aihub_24"])
def test_every_joint_of_the_sets_has_a_slack_of_its_own(skeleton: str) -> None:
    found = slacks(joint_set(skeleton).joints)
    assert ((found > 0.04) & (found < 0.25)).all() and not (found == SLACK_M).any()


def test_a_foot_is_no_finger_and_a_stranger_gets_the_usual() -> None:
    assert slacks(["left_foot_index", "left_index", "tail"]).tolist() == [0.06, 0.05, SLACK_M]
