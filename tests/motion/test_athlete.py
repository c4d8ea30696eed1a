"""The stick-figure athlete that the tests of movement stand on is itself a possible body."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support_athlete import FOREARM, HIP, SHIN, SHOULDER, THIGH, TORSO, UPPER_ARM, View, filmed, mirrored
from tests.support_exercises import EXERCISES, course, performed, plank, points_of, stand, walk

MOVES = {**EXERCISES, "stand": stand, "walk": walk, "plank": plank}
BONES = {
    ("shoulder", "elbow"): UPPER_ARM,
    ("elbow", "wrist"): FOREARM,
    ("hip", "knee"): THIGH,
    ("knee", "ankle"): SHIN,
}


@pytest.mark.parametrize("name", MOVES)
def test_bones_keep_their_length(name: str) -> None:
    points = points_of(MOVES[name], course(3))
    for side in ("left", "right"):
        for (a, b), length in BONES.items():
            bone = np.linalg.norm(points[f"{side}_{a}"] - points[f"{side}_{b}"], axis=1)
            assert np.allclose(bone, length, rtol=0.01), (side, a, b)
    for joint, half in (("shoulder", SHOULDER), ("hip", HIP)):
        assert np.allclose(np.linalg.norm(points[f"left_{joint}"] - points[f"right_{joint}"], axis=1), 2 * half)
    middle = {j: (points[f"left_{j}"] + points[f"right_{j}"]) / 2 for j in ("shoulder", "hip")}
    assert np.allclose(np.linalg.norm(middle["shoulder"] - middle["hip"], axis=1), TORSO)


@pytest.mark.parametrize("name", MOVES)
def test_nobody_sinks_into_the_floor(name: str) -> None:
    assert min(p[:, 1].min() for p in points_of(MOVES[name], course(3)).values()) > -0.12


def test_a_mirror_swaps_the_sides_and_twice_is_none() -> None:
    points = points_of(EXERCISES["lunge"], course(2))
    once = mirrored(points)
    assert np.allclose(once["left_knee"] * [-1, 1, 1], points["right_knee"])
    assert all(np.allclose(mirrored(once)[name], p) for name, p in points.items())


def test_the_course_has_its_repetitions_pauses_and_cuts() -> None:
    whole = course(4, tempo_s=2.0, pause_s=1.0, before_s=1.0, after_s=2.0)
    assert whole.time_s[-1] == pytest.approx(1.0 + 4 * 3.0 - 1.0 + 2.0)
    assert np.sum(np.diff(np.signbit(whole.depth - 0.5).astype(int)) == 1) == 4
    cut = course(4, tempo_s=2.0, first=0.25, last=0.5)
    assert (cut.depth[0], cut.depth[-1]) == pytest.approx((0.5, 1.0))


def test_a_heading_of_90_looks_to_the_right_of_the_picture() -> None:
    track = performed(stand, course(0), View(heading=90))
    body = track.skeleton
    nose, ear = (track.xy[:, body.index(j), 0] for j in ("nose", "left_ear"))
    assert np.all(nose > ear)
    assert track.xyz is not None
    hips = track.xyz[:, list(body.indices("left_hip", "right_hip"))].mean(axis=1)
    assert np.allclose(hips, 0.0)


def test_a_blind_time_is_missing_from_the_track() -> None:
    c = course(5)
    track = filmed(points_of(stand, c), c.time_s, View(blind=((2.0, 4.0),)))
    assert np.diff(track.time_s).max() > 2.0
