"""Angles mean what the guide says: directions of limbs for poses that everybody knows."""

import numpy as np
import pytest

from deukgeun.synth.athletes.bank import athletes
from deukgeun.synth.figure import BONE, BONES, PARENTS
from deukgeun.synth.motions import degrees
from deukgeun.synth.motions.kinematics import forward, limb
from deukgeun.synth.motions.reach import reach
from deukgeun.synth.rotation import unit

FIGURE = athletes()[0]
LEFT, BACK, UP = np.eye(3)
AHEAD, DOWN, RIGHT = -BACK, -UP, -LEFT


def posed(**angles: float):  # type: ignore[no-untyped-def]
    row = np.zeros((1, len(degrees.NAMES)))
    for name, value in angles.items():
        row[0, list(degrees.resolve(name.replace("raise_", "raise") if name == "raise_" else name))] = value
    return forward(row, FIGURE)


@pytest.mark.parametrize(
    ("angles", "bone", "tip", "way"),
    [
        ({}, "upper_arm_l", "forearm_l", DOWN),
        ({"raise": 90, "plane": 0}, "upper_arm_l", "forearm_l", AHEAD),
        ({"raise": 90, "plane": 90}, "upper_arm_l", "forearm_l", LEFT),
        ({"raise": 90, "plane": 90}, "upper_arm_r", "forearm_r", RIGHT),
        ({"raise": 180, "plane": 40}, "upper_arm_r", "forearm_r", UP),
        ({"elbow": 90}, "forearm_l", "hand_l", AHEAD),
        ({"elbow": 90, "rotate": 90}, "forearm_l", "hand_l", LEFT),
        ({"elbow": 90, "rotate": 90}, "forearm_r", "hand_r", RIGHT),
        ({"raise": 90, "plane": 90, "elbow": 90, "rotate": 90}, "forearm_l", "hand_l", UP),
        ({"hip": 90}, "thigh_l", "shank_l", AHEAD),
        ({"hip": 90, "knee": 90}, "shank_r", "foot_r", DOWN),
        ({"knee": 90}, "shank_l", "foot_l", BACK),
        ({"pitch": 90}, "pelvis", "neck", AHEAD),
        ({"pitch": -90}, "pelvis", "neck", BACK),
        ({"pitch": 90, "raise": 0, "hang": 1}, "upper_arm_l", "forearm_l", DOWN),
        ({"pitch": 90, "hip": 90}, "thigh_l", "shank_l", DOWN),
        ({"roll": 90}, "pelvis", "neck", LEFT),
        ({"turn": 90, "hip": 90}, "thigh_l", "shank_l", LEFT),
    ],
)
def test_directions(angles: dict[str, float], bone: str, tip: str, way: np.ndarray) -> None:
    joints = posed(**angles).joints[0]
    # 16 degrees: bodies are not drawn with a ruler, spines least of all.
    assert unit(joints[BONE[tip]] - joints[BONE[bone]]) @ way > np.cos(np.radians(16))


def test_bones_keep_their_lengths_in_any_pose() -> None:
    rng = np.random.default_rng(5)
    limits = degrees.table("limits")
    angles = rng.uniform(limits[:, 0], limits[:, 1], (60, len(limits)))
    joints = forward(angles, FIGURE).joints
    for bone, parent in enumerate(PARENTS):
        if parent >= 0:
            rest = np.linalg.norm(FIGURE.joints[bone] - FIGURE.joints[parent])
            np.testing.assert_allclose(np.linalg.norm(joints[:, bone] - joints[:, parent], axis=1), rest, atol=1e-9)


def test_the_two_sides_are_mirror_images() -> None:
    rng = np.random.default_rng(6)
    angles = degrees.clip(rng.normal(0, 25, (20, len(degrees.NAMES))))
    here, there = forward(angles, FIGURE).joints, forward(degrees.mirror(angles), FIGURE).joints
    other = [BONES.index(n[:-1] + ("r" if n[-1] == "l" else "l") if n[-2:] in ("_l", "_r") else n) for n in BONES]
    np.testing.assert_allclose(there[:, other] * [-1, 1, 1], here, atol=2e-3)  # the bank's bodies are all but symmetric


@pytest.mark.parametrize("kind", ["arm", "leg"])
@pytest.mark.parametrize("seed", range(5))
def test_a_limb_ends_at_its_goal_and_keeps_its_lengths(kind: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    bones = posed(elbow=40, knee=40, hip=30, **{"raise": 30})
    parts = limb(FIGURE, kind, "l")
    start = bones.joints[0, parts.upper].copy()
    goal = start + unit(rng.normal(size=3)) * rng.uniform(0.4, 0.9) * (parts.upper_m + parts.lower_m)
    reach(bones, FIGURE, parts, goal[None])
    np.testing.assert_allclose(bones.joints[0, parts.end], goal, atol=1e-6)
    assert np.linalg.norm(bones.joints[0, parts.lower] - start) == pytest.approx(parts.upper_m, abs=1e-9)


def test_a_goal_out_of_reach_is_approached_with_a_straight_limb() -> None:
    bones = posed(elbow=40)
    parts = limb(FIGURE, "arm", "r")
    start = bones.joints[0, parts.upper].copy()
    reach(bones, FIGURE, parts, (start + 5 * AHEAD)[None])
    assert unit(bones.joints[0, parts.end] - start) @ AHEAD > 0.9999
    assert np.linalg.norm(bones.joints[0, parts.end] - start) == pytest.approx(parts.upper_m + parts.lower_m, rel=2e-3)


def test_no_weight_leaves_the_limb_as_it_was() -> None:
    bones = posed(elbow=40)
    parts = limb(FIGURE, "arm", "r")
    before = bones.joints.copy()
    reach(bones, FIGURE, parts, np.ones((1, 3)), np.zeros(1))
    np.testing.assert_allclose(bones.joints, before, atol=1e-6)
