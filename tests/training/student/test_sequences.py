"""Sequences of 24 joints: cutting, splitting, and what the network gets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from deukgeun.errors import TrainingError
from deukgeun.skeleton import skeleton
from deukgeun.training.student.sequences import (
    Sequences,
    by_performer,
    classes_of,
    exercise_scores,
    inputs,
    load,
    mirrored,
    resampled,
    save,
)


def some(count: int = 20, length: int = 16, seed: int = 0) -> Sequences:
    rng = np.random.default_rng(seed)
    return Sequences(
        rng.uniform(200, 900, (count, length, 24, 2)),
        np.array([f"e{k % 3}" for k in range(count)]),
        np.array(["ABCDE"[k % 5] for k in range(count)]),
        np.array([f"Z{k % 7}" for k in range(count)]),
    )


def test_kept_and_read(tmp_path: Path) -> None:
    here = some()
    save(here, tmp_path / "s.npz")
    there = load(tmp_path / "s.npz")
    np.testing.assert_allclose(there.xy, here.xy, rtol=1e-6)
    assert (there.exercise == here.exercise).all()
    (tmp_path / "bad.npz").write_bytes(b"no archive")
    for name in ("bad.npz", "none.npz"):
        with pytest.raises(TrainingError, match="training-no-data"):
            load(tmp_path / name)


def test_nobody_is_on_both_sides() -> None:
    known, unseen = by_performer(some(40), held=2)
    assert len(known) + len(unseen) == 40
    assert len(set(unseen.performer)) == 2
    assert not set(known.performer) & set(unseen.performer)


@pytest.mark.parametrize("length", [32, 16, 5])
def test_resampled_from_first_to_last(length: int) -> None:
    here = some()
    found = resampled(here, length).xy
    assert found.shape[1] == length
    assert np.array_equal(found[:, 0], here.xy[:, 0])
    assert np.array_equal(found[:, -1], here.xy[:, -1])


def test_the_body_s_frame_forgets_place_and_size() -> None:
    xy = some().xy
    moved = xy * 0.6 + np.array([300, 50])
    np.testing.assert_allclose(inputs(moved, "body"), inputs(xy, "body"), atol=1e-4)
    assert np.abs(inputs(moved, "picture") - inputs(xy, "picture")).max() > 0.05
    assert inputs(xy, "picture").max() <= 1


def test_the_mirror() -> None:
    xy = some().xy
    np.testing.assert_allclose(mirrored(mirrored(xy)), xy)
    joints = skeleton("aihub_24")
    left, right = joints.indices("left_knee", "right_knee")
    np.testing.assert_allclose(mirrored(xy)[:, :, left, 0], 1920 - xy[:, :, right, 0])


def test_views_are_added_up() -> None:
    classes = ("a/A", "a/B", "b/A", "b/B")
    scores, names = exercise_scores(np.log([[0.3, 0.3, 0.4, 1e-9]]), classes)
    assert names == ("a", "b")
    np.testing.assert_allclose(scores, [[0.6, 0.4]], atol=1e-6)
    assert set(classes_of(some(), True)) == {f"e{k}/{v}" for k in range(3) for v in "ABCDE"}


def test_shapes_are_checked() -> None:
    with pytest.raises(ValueError, match="expected"):
        Sequences(np.zeros((2, 16, 17, 2)), *[np.array(["a", "b"])] * 3)
