"""Courses of errors, to and fro, and in few bytes."""

import numpy as np
import pytest

from deukgeun.synth.tracks import courses


def test_a_course_is_run_to_and_fro() -> None:
    at = courses.there_and_back(np.arange(9.0), 4)
    np.testing.assert_array_equal(at, [0, 1, 2, 3, 2, 1, 0, 1, 2])


@pytest.mark.parametrize("start", [0, 7, 25])
def test_a_course_begins_where_the_poses_meet(start: int) -> None:
    donor = np.random.default_rng(1).normal(size=(20, 5))
    asked = donor[courses.there_and_back(start + np.arange(12.0), 20).astype(int)]
    found, off = courses.best_course(asked, donor)
    assert found == start and off < 1e-6


def test_small_errors_survive_beside_gross_ones() -> None:
    rng = np.random.default_rng(2)
    left = 0.02 * rng.normal(size=(12, 60, 198)) @ np.diag(rng.uniform(0.5, 2, 198))
    left[0, 30:34] += 2.0
    left[1] += 0.3
    parts, steps, middles, sizes = courses.packed(left, np.ones((12, 60), bool), 198)
    root = steps / courses.LEVELS
    again = (middles[:, None] + sizes[:, None] * root * np.abs(root)) @ parts
    quiet = np.abs(left[2:]).mean()
    assert steps.dtype == np.int8
    assert np.abs(again - left)[1:].mean() < 0.1 * quiet
    assert np.abs(again - left)[0, :28].mean() < 0.3 * quiet
    assert np.abs(again - left)[0, 30:34].mean() < 0.1


def test_errors_that_followed_the_donor_s_movement_follow_the_new_one() -> None:
    rng = np.random.default_rng(3)
    moved = np.sin(np.arange(60) / 5)[:, None] * rng.normal(size=(1, 12))
    slope, noise = rng.normal(size=(12, 4)), 0.01 * rng.normal(size=(60, 4))
    course = moved @ slope + noise
    slower = np.sin(np.arange(40) / 11)[:, None] * moved[8] / np.sin(8 / 5)
    lent = courses.following(course, moved, slower, np.arange(40.0))
    np.testing.assert_allclose(lent, slower @ slope + noise[:40], atol=0.1)
    still = courses.following(course, moved, np.repeat(moved[:1], 40, axis=0), np.arange(40.0))
    assert still.std(axis=0).max() < 0.05 < lent.std(axis=0).min()


def test_nothing_is_made_larger_than_the_donor_had_it() -> None:
    moved = np.linspace(-1, 1, 50)[:, None] * np.ones((1, 12))
    lent = courses.following(moved[:, :1], moved, 30 * moved, np.arange(50.0))
    assert np.abs(lent).max() < 1.2


def test_a_donor_s_course_is_its_own_on_its_own_body() -> None:
    rng = np.random.default_rng(4)
    course, poses = rng.normal(size=(30, 7)), rng.normal(size=(30, 12))
    np.testing.assert_allclose(courses.following(course, poses, poses, np.arange(30.0)), course)
