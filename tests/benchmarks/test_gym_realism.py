"""Courses of angles are told apart whatever phase and side they begin with, and a motion that is off is found."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.benchmarks.scripts import BENCHMARKS, script


def made(middle: float, swing: float, seed: int, shift: int = 0, swapped: bool = False) -> Any:
    """A course whose left elbow and both knees swing about ``middle``."""
    gc = script("gym_course")
    turn = np.cos(2 * np.pi * (np.arange(gc.PHASES) + shift) / gc.PHASES)
    noise = np.random.default_rng(seed).normal(0, 1, (3, 1, len(gc.SIDED)))
    left, right = (np.full((gc.PHASES, len(gc.SIDED)), middle) + noise[k] for k in (0, 1))
    left[:, 0] += swing * turn
    left[:, 1] += swing * turn
    right[:, 1] += swing * turn
    central = np.zeros((gc.PHASES, len(gc.CENTRAL)))
    return gc.Course(*((right, left) if swapped else (left, right)), central, 3)


def test_phase_and_side_do_not_matter_and_size_does() -> None:
    gc = script("gym_course")
    one = made(90, 40, 0)
    others = [made(90, 40, 0, shift=7), made(90, 40, 0, swapped=True), made(90, 20, 0), made(120, 40, 0)]
    far = gc.crowd(others).distances(one)
    assert far[0] == pytest.approx(0, abs=1e-5)
    assert far[1] == pytest.approx(0, abs=1e-5)
    assert far[2] > 3
    assert far[3] > 25


def test_distance_is_the_weighted_mean_square() -> None:
    gc = script("gym_course")
    weights = np.zeros(len(gc.SIDED) + len(gc.CENTRAL))
    weights[0] = 1.0
    one, other = made(90, 0, 0), made(90, 0, 0)
    other.left[:, 0] += 10
    other.right[:, 0] += 10
    other.left[:, 5] += 50
    assert gc.crowd([other], weights).distances(one)[0] == pytest.approx(10, abs=1e-6)


def test_repetitions_on_the_other_side_are_turned_round() -> None:
    gc = script("gym_course")
    usual = gc._usual([made(90, 40, 0), made(90, 40, 0, swapped=True), made(90, 40, 0)])
    assert np.ptp(usual.left[:, 0]) == pytest.approx(80)
    assert np.ptp(usual.right[:, 0]) == pytest.approx(0)


def test_a_motion_that_is_not_what_it_is_called_is_off() -> None:
    realism = script("gym_realism")
    gym = realism.Gym({"squat": [made(90, 40, k) for k in range(6)], "curl": [made(140, 10, k) for k in range(6)]})
    row = {"path": "clips/a.mp4", "movement": "squat", "view": "side"}
    right, wrong = realism.judge([(row, made(91, 38, 9)), (row, made(139, 12, 9))], gym)
    assert (right.rank, right.off) == (1, False)
    assert (wrong.rank, wrong.other, wrong.off) == (2, "curl", True)


def test_a_clip_far_from_everything_is_off_though_its_class_is_nearest() -> None:
    realism = script("gym_realism")
    gym = realism.Gym({"squat": [made(90, 40, k) for k in range(6)], "curl": [made(30, 10, k) for k in range(6)]})
    row = {"path": "clips/a.mp4", "movement": "squat", "view": "side"}
    (found,) = realism.judge([(row, made(130, 40, 9))], gym)
    assert found.rank == 1
    assert found.off


def test_clips_that_come_and_go_are_counted() -> None:
    realism = script("gym_realism")

    def verdict(clip: int, rank: int) -> Any:
        return realism.Verdict(str(clip), "squat", "side", 10.0, rank, "curl", 12.0, 10.0, 3)

    before = [verdict(k, 2) for k in range(6)] + [verdict(6, 1), verdict(7, 1)]
    now = [verdict(k, 1) for k in range(6)] + [verdict(6, 1), verdict(7, 3)]
    said = realism.moved(now, before)
    assert said.startswith("6 clips came to be nearest to their own class, 1 ceased to be (sign test p = 0.12)")


def test_only_clips_of_known_movements_in_their_own_shape_are_wanted(tmp_path: Path) -> None:
    rows = [
        ("clips/a.mp4", "x/y", "squat"),
        ("clips/b.mp4", "x/y", "other"),
        ("clips/c.mp4", "Wurminator69420/z", "squat"),
    ]
    manifest = tmp_path / "clips.csv"
    with manifest.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("path", "source_repo", "movement"), *rows])
    assert [row["path"] for row in script("gym_realism").wanted(manifest)] == ["clips/a.mp4"]


def test_shares_have_their_interval() -> None:
    assert script("gym_realism").interval(8, 10) == "8/10 = 80% [49%, 94%]"


def test_every_reason_is_of_one_of_three_kinds() -> None:
    import tomllib

    notes = tomllib.loads((BENCHMARKS / "gym_realism.toml").read_text("utf-8"))
    assert {why.split(":")[0] for why in notes["why"].values()} <= {"estimator", "view", "motion", "measure"}
