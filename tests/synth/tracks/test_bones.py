"""Bodies as bones."""

import numpy as np
import pytest
from tests.synth.tracks.worlds import scene

from deukgeun.skeleton import skeleton
from deukgeun.synth.tracks import bones, sides
from deukgeun.synth.tracks.make import sight_of

NAMES = skeleton("blazepose_33").joints


@pytest.fixture(scope="module")
def body() -> np.ndarray:
    scenario = scene(4, "bodyweight_squat")
    return sight_of(scenario.acts[0], scenario.camera, scenario.rate_hz).body


def test_every_bone_begins_where_another_ends() -> None:
    assert len(bones.PARENTS) == bones.BONES
    assert NAMES[bones.PARENTS[NAMES.index("left_heel")]] == "left_ankle"
    assert bones.PARENTS[NAMES.index("right_shoulder")] == bones.CHEST
    assert bones.PARENTS[NAMES.index("mouth_left")] == NAMES.index("nose")


def test_differences_of_bones_lead_from_one_body_to_another(body: np.ndarray) -> None:
    other = body + np.random.default_rng(0).normal(0, 0.005, body.shape)
    other[:, [13, 14, 15, 16, 25, 26, 27, 28]] += np.random.default_rng(1).normal(0, 0.1, (len(body), 8, 3))
    other -= other[:, [23, 24]].mean(axis=1, keepdims=True)
    np.testing.assert_allclose(bones.joined(body, bones.apart(body, other)), other, atol=1e-3)


def test_errors_of_directions_keep_the_lengths_of_bones(body: np.ndarray) -> None:
    errors = np.zeros((len(body), bones.BONES, 4))
    errors[..., :3] = np.random.default_rng(1).normal(0, 0.5, (*errors.shape[:2], 3))
    bent = bones.joined(body, errors)
    for one, two in (("left_hip", "left_knee"), ("right_elbow", "right_wrist"), ("left_ankle", "left_heel")):
        long = [np.linalg.norm(at[:, NAMES.index(one)] - at[:, NAMES.index(two)], axis=-1) for at in (body, bent)]
        np.testing.assert_allclose(long[0], long[1], rtol=1e-6)


def angle(at: np.ndarray, *names: str) -> np.ndarray:
    one, two = (at[:, NAMES.index(n)] - at[:, NAMES.index(names[1])] for n in (names[0], names[2]))
    cosine = (one * two).sum(axis=-1) / np.linalg.norm(one, axis=-1) / np.linalg.norm(two, axis=-1)
    return np.degrees(np.arccos(cosine))


def test_a_limb_that_is_seen_elsewhere_keeps_its_joints_angles(body: np.ndarray) -> None:
    errors = np.zeros((len(body), bones.BONES, 4))
    errors[:, NAMES.index("left_elbow"), :3] = [0.3, 0.1, -0.2]
    moved = bones.joined(body, errors)
    assert np.linalg.norm(moved - body, axis=-1)[:, NAMES.index("left_wrist")].min() > 0.1
    for names in (("left_shoulder", "left_elbow", "left_wrist"), ("left_elbow", "left_wrist", "left_thumb")):
        np.testing.assert_allclose(angle(moved, *names), angle(body, *names), atol=1e-3)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_joint_that_is_seen_more_bent_is_so_by_as_much_on_any_body(body: np.ndarray, side: str) -> None:
    errors = np.zeros((len(body), bones.BONES, 4))
    errors[:, NAMES.index(f"{side}_ankle"), 1] = np.radians(20)
    names = f"{side}_hip", f"{side}_knee", f"{side}_ankle"
    np.testing.assert_allclose(angle(body, *names) - angle(bones.joined(body, errors), *names), 20, atol=1e-3)


def test_what_is_foretold_of_a_body_makes_it_again(body: np.ndarray) -> None:
    said = body + np.random.default_rng(2).normal(0, 0.2, body.shape)
    np.testing.assert_allclose(bones.foretold_body(body, bones.foretellable(body, said)), said)


def test_the_place_of_a_foot_on_its_shin_is_foretold_whatever_the_true_foot_does(body: np.ndarray) -> None:
    foot, said = NAMES.index("left_heel"), body + 0.1
    turned = body.copy()
    turned[:, foot] += 0.3
    np.testing.assert_array_equal(bones.foretellable(body, said)[:, foot], bones.foretellable(turned, said)[:, foot])


def test_bones_in_the_mirror_make_the_body_in_the_mirror(body: np.ndarray) -> None:
    errors = np.random.default_rng(3).normal(0, 0.2, (len(body), bones.BONES, 4))
    straight = sides.mirrored_body(bones.joined(body, errors))
    turned = bones.joined(sides.mirrored_body(body), sides.mirrored_bones(errors))
    np.testing.assert_allclose(turned, straight, atol=1e-9)
