"""From 24 bones to the skin."""

from __future__ import annotations

import numpy as np
import pytest
from tests.synth.athletes.support_block import block_body

from deukgeun.synth import rotation
from deukgeun.synth.athletes.mesh import BodyMesh
from deukgeun.synth.athletes.skinning import rig_of, skin_of
from deukgeun.synth.figure import BONE, BONES, PARENTS, Figure

FIGURE, MESH = block_body()
OPEN = np.zeros(2)


def _pose(turned: dict[str, np.ndarray], figure: Figure = FIGURE) -> tuple[np.ndarray, np.ndarray]:
    """Rotations (24, 3, 3) and joints (24, 3) when bones turn against their parents."""
    rotations, joints = np.tile(np.eye(3), (24, 1, 1)), figure.joints.copy()
    for bone, parent in enumerate(PARENTS):
        local = turned.get(BONES[bone], np.eye(3))
        rotations[bone] = local if parent < 0 else rotations[parent] @ local
        if parent >= 0:
            joints[bone] = joints[parent] + rotations[parent] @ (figure.joints[bone] - figure.joints[parent])
    return rotations, joints


def _turned(mesh: BodyMesh, transforms: np.ndarray, bone: str) -> np.ndarray:
    return transforms[mesh.names.index(bone), :9].reshape(3, 3).astype(np.float64)


def _axis(start: str, end: str) -> np.ndarray:
    return rotation.unit(FIGURE.joint(end) - FIGURE.joint(start))


def test_at_rest_nothing_moves_but_the_fingers() -> None:
    rotations, joints = _pose({})
    skin = skin_of(MESH.vertices, MESH.weights())
    moved = np.abs(skin.posed(rig_of(MESH).transforms(rotations, joints, OPEN)) - MESH.vertices).max(axis=1)
    fingers = np.array(["finger" in name for name in MESH.names]).repeat(3)
    assert moved[~fingers].max() < 1e-5


def test_the_body_moves_as_one_with_the_pelvis() -> None:
    whole = rotation.about(rotation.unit(np.array([0.3, -0.5, 0.8])), np.degrees(2.0))
    rotations, joints = _pose({"pelvis": whole})
    joints = joints + np.array([1.0, 2.0, 0.5])
    rest = rig_of(MESH).transforms(*_pose({}), OPEN)
    skin = skin_of(MESH.vertices, MESH.weights())
    moved = skin.posed(rig_of(MESH).transforms(rotations, joints, OPEN))
    pelvis = FIGURE.joint("pelvis")
    expected = (skin.posed(rest) - pelvis) @ whole.T + pelvis + [1.0, 2.0, 0.5]
    np.testing.assert_allclose(moved, expected, atol=1e-4)


@pytest.mark.parametrize(
    ("limb", "end", "bones"),
    [
        ("upper_arm_l", "forearm_l", ("upperarm01.L", "upperarm02.L")),
        ("thigh_r", "shank_r", ("upperleg01.R", "upperleg02.R")),
    ],
)
def test_half_of_a_limbs_twist_is_in_its_upper_bone(limb: str, end: str, bones: tuple[str, str]) -> None:
    axis = _axis(limb, end)
    transforms = rig_of(MESH).transforms(*_pose({limb: rotation.about(axis, np.degrees(1.2))}), OPEN)
    twist = [np.radians(rotation.twist_deg(_turned(MESH, transforms, bone), axis)) for bone in bones]
    np.testing.assert_allclose(twist, [0.6, 1.2], atol=1e-3)


def test_a_turned_hand_twists_the_forearm_little_by_little() -> None:
    axis = _axis("forearm_l", "hand_l")
    transforms = rig_of(MESH).transforms(*_pose({"hand_l": rotation.about(axis, np.degrees(1.5))}), OPEN)
    bones = ("upperarm02.L", "lowerarm01.L", "lowerarm02.L", "wrist.L")
    twist = [np.radians(rotation.twist_deg(_turned(MESH, transforms, bone), axis)) for bone in bones]
    assert twist[0] == pytest.approx(0, abs=1e-3) and twist[3] == pytest.approx(1.5, abs=1e-3)
    assert np.all(np.diff(twist) > 0.2)


def test_the_neck_bends_between_chest_and_head() -> None:
    transforms = rig_of(MESH).transforms(*_pose({"head": rotation.about(np.array([1.0, 0, 0]), np.degrees(0.9))}), OPEN)
    bend = [
        np.linalg.norm(rotation.vector(_turned(MESH, transforms, b))) for b in ("neck01", "neck02", "neck03", "head")
    ]
    np.testing.assert_allclose(bend, [0, 0.3, 0.6, 0.9], atol=1e-3)


@pytest.mark.parametrize("side", ["l", "r"])
def test_a_fist_closes_round_the_bar(side: str) -> None:
    rig, (rotations, joints) = rig_of(MESH), _pose({})
    skin = skin_of(MESH.vertices, MESH.weights())
    index = BONE[f"hand_{side}"]
    grip = joints[index] + rotations[index] @ (FIGURE.landmark(f"body/grip_{side}") - FIGURE.joint(f"hand_{side}"))
    axis = rotation.unit(FIGURE.landmark(f"body/grip_thumb_{side}") - FIGURE.landmark(f"body/grip_{side}"))

    def middle_finger(closed: float) -> np.ndarray:
        moved = skin.posed(rig.transforms(rotations, joints, np.full(2, closed)))
        ends = [MESH.names.index(f"finger3-{joint}.{side.upper()}") * 3 for joint in (1, 2, 3)]
        off = moved[ends] - grip
        return np.asarray(off - (off @ axis)[:, None] * axis, dtype=np.float64)

    flat, fist = middle_finger(0.0), middle_finger(1.0)
    assert np.linalg.norm(flat[2]) > 0.055
    assert np.linalg.norm(fist, axis=1).max() < 0.05
    around = np.degrees(np.arccos(rotation.unit(fist[0]) @ rotation.unit(fist[2])))
    assert around > 60


def test_each_hand_closes_by_itself() -> None:
    rig, (rotations, joints) = rig_of(MESH), _pose({})
    both, left = (rig.transforms(rotations, joints, np.array(grip)) for grip in ([0.0, 0.0], [1.0, 0.0]))
    changed = {name for name, a, b in zip(MESH.names, both, left, strict=True) if np.abs(a - b).max() > 1e-4}
    assert changed and all(name.startswith("finger") and name.endswith(".L") for name in changed)


def test_the_skin_keeps_the_heaviest_weights_and_their_sum() -> None:
    weights = np.array([[0.5, 0.3, 0.15, 0.05], [0.0, 0.0, 1.0, 0.0]])
    skin = skin_of(np.zeros((2, 3)), weights, keep=2)
    np.testing.assert_allclose(skin.weights.toarray(), [[0.625, 0.375, 0, 0], [0, 0, 1, 0]], atol=1e-6)
