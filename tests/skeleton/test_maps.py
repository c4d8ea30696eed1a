"""The maps: geometry that holds for any pose, and the maps that exist."""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from deukgeun.errors import PoseError
from deukgeun.skeleton import (
    SkeletonMap,
    Variant,
    common_joints,
    joint_map,
    map_joints,
    skeleton,
    skeleton_names,
)

Floats = NDArray[np.float64]
VARIANTS: tuple[Variant, ...] = ("fitted", "anatomical")
SOURCES = skeleton_names()
TARGETS = ("aihub_24", "coco_17")
MAPS = [joint_map(source, target, variant) for source, target, variant in itertools.product(SOURCES, TARGETS, VARIANTS)]
EVERY_MAP = pytest.mark.parametrize("chosen", MAPS, ids=[f"{m.source.name}-{m.target.name}-{m.variant}" for m in MAPS])
seeds = st.integers(0, 2**32 - 1)
few = settings(max_examples=15, deadline=None)


def poses(seed: int, chosen: SkeletonMap, dims: int) -> Floats:
    return np.random.default_rng(seed).normal(size=(3, len(chosen.source), dims)) * 100


def rotation(seed: int, dims: int) -> Floats:
    q, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(dims, dims)))
    turn: Floats = q * np.sign(np.linalg.det(q))
    return turn


@EVERY_MAP
@given(seed=seeds, dims=st.sampled_from([2, 3]), scale=st.floats(0.01, 100))
@few
def test_a_map_commutes_with_moving_turning_and_scaling(
    chosen: SkeletonMap, seed: int, dims: int, scale: float
) -> None:
    turn, move = scale * rotation(seed, dims), np.arange(dims) * 37.0 - 5
    pose = poses(seed, chosen, dims)
    expected = chosen.points(pose) @ turn.T + move
    assert np.allclose(chosen.points(pose @ turn.T + move), expected, rtol=1e-9, atol=1e-6)


@EVERY_MAP
@given(seed=seeds)
@few
def test_a_map_commutes_with_mirroring(chosen: SkeletonMap, seed: int) -> None:
    pose = poses(seed, chosen, 2)
    mirrored = (pose * [-1, 1])[:, chosen.source.mirror_order]
    expected = (chosen.points(pose) * [-1, 1])[:, chosen.target.mirror_order]
    assert np.allclose(chosen.points(mirrored), expected)


@EVERY_MAP
def test_points_are_the_matrix_times_the_points(chosen: SkeletonMap) -> None:
    assert chosen.matrix.shape == (len(chosen.target), len(chosen.source))
    assert np.allclose(chosen.matrix.sum(axis=1), 1)
    pose = poses(0, chosen, 3)
    assert np.allclose(chosen.points(pose), chosen.matrix @ pose)


@EVERY_MAP
def test_common_joints_are_handed_on_unchanged(chosen: SkeletonMap) -> None:
    pose = poses(1, chosen, 2)
    source, target = common_joints(chosen.source, chosen.target)
    assert len(source) == len(target) >= 17
    assert np.array_equal(chosen.points(pose)[:, target], pose[:, source])


@pytest.mark.parametrize("name", SOURCES)
def test_a_set_maps_onto_itself_unchanged(name: str) -> None:
    pose = np.random.default_rng(2).normal(size=(len(skeleton(name)), 3))
    assert np.array_equal(map_joints(pose, name, name), pose)
    rows, same = common_joints(name, name)
    assert rows.tolist() == same.tolist() == list(range(len(pose)))


@pytest.mark.parametrize("source", SOURCES)
def test_a_round_trip_through_a_larger_set_gives_coco_17_back(source: str) -> None:
    coco = map_joints(np.random.default_rng(3).normal(size=(5, len(skeleton(source)), 2)), source, "coco_17")
    assert np.array_equal(map_joints(map_joints(coco, "coco_17", "aihub_24"), "aihub_24", "coco_17"), coco)


@pytest.mark.parametrize(
    ("source", "target", "missing"),
    [
        ("coco_17", "blazepose_33", "left_heel"),
        ("aihub_24", "blazepose_33", "mouth_left"),
        ("halpe_26", "blazepose_33", "left_pinky"),
        ("coco_17", "halpe_26", "left_heel"),
        ("blazepose_33", "halpe_26", "left_small_toe"),
        ("aihub_24", "halpe_26", "neck"),
    ],
)
def test_what_the_source_cannot_give_is_an_error_that_names_it(source: str, target: str, missing: str) -> None:
    with pytest.raises(PoseError) as error:
        joint_map(source, target)
    assert error.value.code == "pose-no-joint-map"
    assert missing in error.value.message


def test_heels_are_common_to_blazepose_and_halpe_but_necks_are_not_the_same() -> None:
    source, target = common_joints("blazepose_33", "halpe_26")
    names = skeleton("blazepose_33").joints
    assert {names[i] for i in source} >= {"left_heel", "right_heel"}
    assert [names[i] for i in source] == [skeleton("halpe_26").joints[i] for i in target]
    _, shared = common_joints("halpe_26", "aihub_24")
    assert skeleton("aihub_24").index("neck") not in shared


def standing() -> Floats:
    """A person who stands and faces the camera: BlazePose 33, y down, torso of length 50."""
    at = {
        "nose": (0, -22), "ear": (7, -24), "eye": (3, -25), "mouth": (2, -18), "shoulder": (18, 0),
        "elbow": (20, 28), "wrist": (20, 53), "pinky": (21, 60), "index": (19, 61), "thumb": (17, 57),
        "hip": (10, 50), "knee": (10, 92), "ankle": (10, 132), "heel": (10, 137), "foot": (12, 138),
    }  # fmt: skip
    points = []
    for joint in skeleton("blazepose_33").joints:
        x, y = next(at[word] for word in joint.split("_") if word in at)
        points.append((-x if "right" in joint else x, y))
    return np.array(points, dtype=np.float64)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_added_joints_lie_where_a_body_has_them(variant: Variant) -> None:
    body = map_joints(standing(), "blazepose_33", "aihub_24", variant)
    rows = skeleton("aihub_24").index
    heights = [body[rows(joint), 1] for joint in ("nose", "neck", "left_shoulder", "back", "waist", "left_hip")]
    assert heights == sorted(heights)
    assert np.allclose(body[[rows("neck"), rows("back"), rows("waist")], 0], 0)
    assert 2 < body[rows("left_palm"), 1] - body[rows("left_wrist"), 1] < 10
    assert 2 < body[rows("left_foot"), 1] - body[rows("left_ankle"), 1] < 15


def test_the_anatomical_variant_follows_a_bent_wrist_and_a_turned_foot() -> None:
    pose, rows = standing(), skeleton("blazepose_33").indices("left_index", "left_pinky", "left_foot_index")
    bent = pose.copy()
    bent[list(rows), 0] += 9
    palm, foot = skeleton("aihub_24").indices("left_palm", "left_foot")
    moved = {v: map_joints(bent - pose, "blazepose_33", "aihub_24", v)[:, 0] for v in VARIANTS}
    assert moved["fitted"].tolist() == [0.0] * 24
    assert moved["anatomical"][[palm, foot]].tolist() == pytest.approx([6.0, 4.5])


def test_an_unknown_joint_spoils_only_what_is_made_of_it() -> None:
    pose = np.ones((17, 2))
    pose[skeleton("coco_17").index("left_ear")] = np.nan
    spoilt = np.isnan(map_joints(pose, "coco_17", "aihub_24")).any(axis=1)
    assert [skeleton("aihub_24").joints[i] for i in np.flatnonzero(spoilt)] == ["left_ear", "neck"]


@EVERY_MAP
@given(seed=seeds)
@few
def test_scores_stay_in_range_and_min_is_the_more_careful(chosen: SkeletonMap, seed: int) -> None:
    score = np.random.default_rng(seed).uniform(size=(4, len(chosen.source)))
    least, mean = chosen.score(score), chosen.score(score, "weighted")
    assert least.shape == mean.shape == (4, len(chosen.target))
    assert np.all(least <= mean + 1e-12)
    assert least.min() >= score.min()
    assert mean.max() <= score.max() + 1e-12
    assert np.allclose(chosen.score(np.full_like(score, 0.5), "weighted"), 0.5)


def test_score_of_a_palm_is_the_lesser_of_wrist_and_elbow() -> None:
    score = np.ones(17)
    score[skeleton("coco_17").index("left_wrist")] = 0.2
    mapped = joint_map("coco_17", "aihub_24").score(score)
    assert mapped[skeleton("aihub_24").index("left_palm")] == 0.2
    assert mapped[skeleton("aihub_24").index("right_palm")] == 1.0


def test_a_map_is_one_object_that_survives_pickling() -> None:
    chosen = joint_map("blazepose_33", "aihub_24", "anatomical")
    assert joint_map(skeleton("blazepose_33"), skeleton("aihub_24"), "anatomical") is chosen
    assert pickle.loads(pickle.dumps(chosen)) is chosen  # noqa: S301 - our own bytes
    with pytest.raises(ValueError, match="read-only"):
        chosen.weights[0, 0] = 2.0


@pytest.mark.parametrize(
    "call",
    [
        lambda chosen: chosen.points(np.zeros((5, 16, 2))),
        lambda chosen: chosen.points(np.zeros(17)),
        lambda chosen: chosen.score(np.zeros((17, 5))),
        lambda chosen: chosen.score(0.5),
    ],
)
def test_arrays_of_another_joint_count_are_refused(call: Callable[[SkeletonMap], Floats]) -> None:
    with pytest.raises(ValueError, match="coco_17 needs"):
        call(joint_map("coco_17", "aihub_24"))


@pytest.mark.parametrize(
    ("rows", "weights", "reason"),
    [
        (np.zeros((16, 1), dtype=np.intp), np.ones((16, 1)), r"must be \(17, M\)"),
        (np.zeros((17, 2), dtype=np.intp), np.ones((17, 1)), r"must be \(17, M\)"),
        (np.zeros((17, 1), dtype=np.intp), np.full((17, 1), 0.9), "sum to 1"),
    ],
)
def test_a_map_with_wrong_weights_is_refused(rows: NDArray[np.intp], weights: Floats, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        SkeletonMap(skeleton("coco_17"), skeleton("coco_17"), rows, weights)
