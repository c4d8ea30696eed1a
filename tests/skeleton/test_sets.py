"""The joint sets: complete, consistent, and one object each."""

from __future__ import annotations

import copy
import pickle
import re
from pathlib import Path

import numpy as np
import pytest

from deukgeun.errors import PoseError
from deukgeun.skeleton import Skeleton, skeleton, skeleton_names

COUNTS = {"aihub_24": 24, "blazepose_33": 33, "coco_17": 17, "halpe_26": 26}
DOCS = Path(__file__).parents[2] / "docs/explanation/skeletons.md"


@pytest.fixture(params=sorted(COUNTS))
def joints(request: pytest.FixtureRequest) -> Skeleton:
    return skeleton(request.param)


def test_names_are_complete() -> None:
    assert dict.fromkeys(COUNTS) == dict.fromkeys(skeleton_names())
    assert {name: len(skeleton(name)) for name in skeleton_names()} == COUNTS


def test_a_set_is_one_object_that_survives_copies_and_pickles(joints: Skeleton) -> None:
    assert skeleton(joints.name) is joints
    assert pickle.loads(pickle.dumps(joints)) is joints  # noqa: S301 - our own bytes
    assert copy.deepcopy(joints) is joints
    assert {joints: 1}[skeleton(joints.name)] == 1


def test_a_set_of_ones_own_pickles_by_value() -> None:
    own = Skeleton("own", ("a", "b"), ((0, 1),), (), {"en": ("a", "b")})
    again = pickle.loads(pickle.dumps(own))  # noqa: S301 - our own bytes
    assert again == own
    assert again.label("b") == "b"


@pytest.mark.parametrize(
    ("joints", "bones", "labels", "reason"),
    [
        (("a", "a"), (), {}, "twice"),
        (("a", "b"), ((0, 2),), {}, "outside"),
        (("a", "b"), ((-1, 0),), {}, "outside"),
        (("a", "b"), (), {"en": ("a",)}, "needs 2 'en' labels"),
        (("a", "b"), (), {"en": ("a", "")}, "needs 2 'en' labels"),
    ],
)
def test_an_inconsistent_set_is_refused(
    joints: tuple[str, ...], bones: tuple[tuple[int, int], ...], labels: dict[str, tuple[str, ...]], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        Skeleton("own", joints, bones, (), labels)


def test_bones_join_every_joint_once_and_mirror_onto_bones(joints: Skeleton) -> None:
    bones = {frozenset(bone) for bone in joints.bones}
    assert len(bones) == len(joints.bones)
    assert all(len(bone) == 2 for bone in bones)
    assert {i for bone in bones for i in bone} == set(range(len(joints)))
    order = joints.mirror_order
    assert {frozenset(int(order[i]) for i in bone) for bone in bones} == bones


def test_mirror_order_is_an_involution_that_keeps_the_centre(joints: Skeleton) -> None:
    order = joints.mirror_order
    assert np.array_equal(order[order], np.arange(len(joints)))
    assert [i for i in range(len(joints)) if order[i] == i] == list(joints.centre)
    for left, right in joints.pairs:
        assert joints.joints[left].replace("left", "right") == joints.joints[right]


def test_every_joint_has_an_english_and_a_korean_name(joints: Skeleton) -> None:
    for vocabulary, script in (("en", r"[a-z() ]+"), ("ko", r"[가-힣 ]+")):
        texts = [joints.label(joint, vocabulary) for joint in joints.joints]
        assert len(set(texts)) == len(joints)
        assert all(re.fullmatch(script, text) for text in texts)
    for left, right in joints.pairs:
        assert joints.labels["ko"][left].replace("왼쪽", "오른쪽") == joints.labels["ko"][right]


def test_coco_17_is_the_start_of_halpe_26_and_aihub_24() -> None:
    coco = skeleton("coco_17").joints
    assert skeleton("halpe_26").joints[:17] == coco
    assert skeleton("aihub_24").joints[:17] == coco
    assert set(coco) < set(skeleton("blazepose_33").joints)


@pytest.mark.parametrize(
    ("name", "joint", "row"),
    [
        ("coco_17", "right_ankle", 16),
        ("blazepose_33", "mouth_left", 9),
        ("blazepose_33", "left_shoulder", 11),
        ("blazepose_33", "right_thumb", 22),
        ("blazepose_33", "left_hip", 23),
        ("blazepose_33", "right_foot_index", 32),
        ("aihub_24", "neck", 17),
        ("aihub_24", "waist", 21),
        ("aihub_24", "right_foot", 23),
        ("halpe_26", "hip", 19),
        ("halpe_26", "left_small_toe", 22),
        ("halpe_26", "right_heel", 25),
    ],
)
def test_rows_are_those_of_the_published_orders(name: str, joint: str, row: int) -> None:
    assert skeleton(name).index(joint) == row
    assert skeleton(name).indices("nose", joint) == (0, row)


def test_aihub_24_knows_the_spelling_of_the_data_set() -> None:
    joints = skeleton("aihub_24")
    assert joints.label("left_foot", "aihub") == "Left Foot"
    assert joints.labels["aihub"][0] == "Nose"
    assert joints.labels["aihub"][17:22] == ("Neck", "Left Palm", "Right Palm", "Back", "Waist")


def test_unknown_names_are_told_with_the_known_ones() -> None:
    with pytest.raises(PoseError, match="openpose_25") as error:
        skeleton("openpose_25")
    assert error.value.code == "pose-unknown-skeleton"
    assert "halpe_26" in error.value.hint
    with pytest.raises(PoseError, match="left_palm") as error:
        skeleton("coco_17").index("left_palm")
    assert error.value.code == "pose-unknown-joint"


def test_the_documentation_lists_every_joint_of_every_set(joints: Skeleton) -> None:
    text = DOCS.read_text("utf-8")
    for row, joint in enumerate(joints.joints):
        assert f"{row} {joint}" in text
