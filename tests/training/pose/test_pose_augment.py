"""Changed pictures keep their joints on the same spots of the body."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deukgeun.skeleton import skeleton
from deukgeun.training.pose.augment import NOTHING, Augmentation, augmented, resizing, transformed, warped

JOINTS = skeleton("aihub_24")
few = settings(deadline=None, max_examples=30)


def spots(seed: int, side: int = 96) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """A picture with a bright spot on one joint, the others elsewhere."""
    rng = np.random.default_rng(seed)
    joints = rng.uniform(0.35 * side, 0.65 * side, (24, 2))
    image = np.full((side, side, 3), 40, np.uint8)
    cv2.circle(image, tuple(int(v) for v in np.rint(joints[9] * 16)), 3 * 16, (255, 255, 255), -1, cv2.LINE_AA, 4)
    return image, joints


@few
@given(st.integers(0, 10**6), st.sampled_from([64, 96, 128]))
def test_a_joint_stays_on_its_spot(seed: int, size: int) -> None:
    """The left wrist is a spot of light; after a mirror it is the right wrist's."""
    image, joints = spots(seed)
    how = Augmentation(flip=0.5, rotation_deg=60, zoom=(0.7, 1.3), shift=0.1, colour=0.0, grey=0.0, cut=0.0)
    picture, moved = augmented(image, joints, size, how, JOINTS, np.random.default_rng(seed))
    light = picture[..., 0].astype(float) - 40
    rows, columns = np.mgrid[:size, :size]
    place = np.array([(light * columns).sum(), (light * rows).sum()]) / light.sum()
    wrists = moved[list(JOINTS.indices("left_wrist", "right_wrist"))]
    assert np.linalg.norm(wrists - place, axis=1).min() < 0.3


def test_a_mirrored_person_has_left_and_right_swapped() -> None:
    image, joints = spots(3)
    picture, moved = augmented(image, joints, 96, replace(NOTHING, flip=1.0), JOINTS, np.random.default_rng(0))
    assert (picture == image[:, ::-1]).all()
    mirrored = joints * [-1, 1] + [95, 0]
    assert moved[JOINTS.index("left_knee")] == pytest.approx(mirrored[JOINTS.index("right_knee")])
    assert moved[JOINTS.index("neck")] == pytest.approx(mirrored[JOINTS.index("neck")])


def test_nothing_changes_nothing() -> None:
    image, joints = spots(4)
    picture, moved = augmented(image, joints, 96, NOTHING, JOINTS, np.random.default_rng(0))
    assert (picture == image).all()
    assert moved == pytest.approx(joints)


def test_the_same_generator_gives_the_same_picture_and_another_another() -> None:
    image, joints = spots(5)
    first, again, other = (
        augmented(image, joints, 64, Augmentation(), JOINTS, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    assert (first[0] == again[0]).all()
    assert (first[1] == again[1]).all()
    assert (first[0] != other[0]).any()


def test_unknown_joints_stay_unknown() -> None:
    image, joints = spots(6)
    joints[3] = np.nan
    _, moved = augmented(image, joints, 64, replace(NOTHING, flip=1.0), JOINTS, np.random.default_rng(0))
    assert np.isnan(moved[JOINTS.index("right_ear")]).all()
    assert np.isfinite(moved).all(axis=1).sum() == 23


def test_a_patch_covers_a_part() -> None:
    image = np.full((64, 64, 3), 128, np.uint8)
    how = replace(NOTHING, cut=1.0, cutout=0.5)
    picture, _ = augmented(image, np.zeros((24, 2)), 64, how, JOINTS, np.random.default_rng(1))
    changed = (picture != 128).any(axis=2).sum()
    assert 0 < changed <= 32 * 32


def test_colours_change_without_moving_anything() -> None:
    image, joints = spots(7)
    how = replace(NOTHING, colour=0.5)
    picture, moved = augmented(image, joints, 96, how, JOINTS, np.random.default_rng(1))
    assert moved == pytest.approx(joints)
    assert (picture != image).mean() > 0.5


@few
@given(st.sampled_from([48, 64, 200]), st.sampled_from([64, 96, 384]))
def test_scaling_there_and_back_leads_back(side: int, size: int) -> None:
    points = np.random.default_rng(side).uniform(0, side, (24, 2))
    assert transformed(transformed(points, resizing(side, size)), resizing(size, side)) == pytest.approx(points)


def test_the_picture_goes_on_beyond_its_border() -> None:
    image = np.full((32, 32, 3), 77, np.uint8)
    assert (warped(image, np.array([[0.5, 0, 8.0], [0, 0.5, 8.0]]), 32) == 77).all()


@pytest.mark.parametrize("change", [{"flip": 1.5}, {"zoom": (1.2, 1.0)}, {"zoom": (0.0, 1.0)}, {"cutout": -0.1}])
def test_senseless_limits_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="shares"):
        replace(Augmentation(), **change)  # type: ignore[arg-type]
