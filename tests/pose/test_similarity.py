"""How alike two poses, places and outfits are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pose.scripted import BLUE, GREEN, JOINTS, RED, Body, World

from deukgeun.pose.geometry import Roi
from deukgeun.pose.similarity import outfit, outfit_similarity, pose_similarity, roi_overlap, torso_within

quick = settings(deadline=None, max_examples=60)
bodies = st.builds(Body, st.floats(50, 600), st.floats(50, 450), st.floats(20, 150), st.floats(-180, 180))
circles = st.builds(Roi, st.floats(-100, 100), st.floats(-100, 100), st.floats(1, 200))


@quick
@given(bodies, bodies)
def test_similarity_of_poses_is_a_share_and_symmetric(a: Body, b: Body) -> None:
    there, back = pose_similarity(a.xy, b.xy, JOINTS), pose_similarity(b.xy, a.xy, JOINTS)
    assert 0 <= there <= 1
    assert there == pytest.approx(back)
    assert pose_similarity(a.xy, a.xy, JOINTS) == pytest.approx(1.0)


def test_poses_are_less_alike_the_farther_apart_whatever_the_size_of_the_picture() -> None:
    for torso in (20, 80, 300):
        body = Body(0, 0, torso)
        shares = [pose_similarity(body.xy, Body(away * torso, 0, torso).xy, JOINTS) for away in (0, 0.1, 0.3, 0.6, 2)]
        assert shares == sorted(shares, reverse=True)
        assert shares[1] > 0.8 and shares[-1] < 0.05


def test_somebody_beside_is_not_the_same_and_a_small_error_is() -> None:
    body, noise = Body(300, 200, 80), np.random.default_rng(1).normal(0, 4, (33, 2))
    assert pose_similarity(body.xy, body.xy + noise, JOINTS) > 0.8
    assert pose_similarity(body.xy, Body(400, 200, 80).xy, JOINTS) < 0.3


@quick
@given(circles, circles)
def test_overlap_of_places_is_a_share_and_symmetric(a: Roi, b: Roi) -> None:
    assert 0 <= roi_overlap(a, b) <= 1 + 1e-9
    assert roi_overlap(a, b) == pytest.approx(roi_overlap(b, a), abs=1e-9)
    assert roi_overlap(a, a) == pytest.approx(1.0)


@quick
@given(st.floats(1, 100), st.floats(1, 100))
def test_places_overlap_less_the_farther_apart(side: float, other: float) -> None:
    shares = [roi_overlap(Roi(0, 0, side), Roi(d, 0, other)) for d in np.linspace(0, (side + other) / 2, 25)]
    assert np.all(np.diff(shares) <= 1e-9)
    assert shares[-1] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (Roi(0, 0, 100, 1.5), 1.0),  # turned in place: the same place
        (Roi(0, 0, 50), 0.25),  # one in the other: the areas
        (Roi(101, 0, 100), 0.0),
        (Roi(50, 0, 100), 0.2430),  # a lens of (2 pi / 3 - sqrt(3) / 2) r^2
    ],
)
def test_overlap_of_places(other: Roi, expected: float) -> None:
    assert roi_overlap(Roi(0, 0, 100), other) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("inner", "inside"),
    [
        (Body(200, 200, 100), True),
        (Body(200, 170, 40), True),
        (Body(260, 200, 100), False),
        (Body(200, 170, 140), False),
    ],
)
def test_a_small_body_in_somebody_s_shirt_is_told(inner: Body, inside: bool) -> None:
    assert torso_within(inner.xy, Body(200, 200, 100).xy, JOINTS) is inside


def wearing(body: Body) -> np.ndarray:
    seen = outfit(World().frame(0.0, [body]).image, body.xy, JOINTS)
    assert seen is not None
    return seen


@pytest.mark.parametrize("shirt", [RED, BLUE, GREEN, (0, 0, 255), (0, 255, 0), (255, 0, 255), (240, 240, 240)])
def test_an_outfit_is_known_again_in_another_pose_and_place(shirt: tuple[int, int, int]) -> None:
    here, there = Body(150, 250, 70, shirt=shirt), Body(420, 300, 45, 80, shirt=shirt)
    assert wearing(here).shape == (216,)
    assert wearing(here).sum() == pytest.approx(1.0)
    assert outfit_similarity(wearing(here), wearing(there)) > 0.8


def test_different_outfits_are_told_apart() -> None:
    red, blue = wearing(Body(150, 250, shirt=RED)), wearing(Body(150, 250, shirt=BLUE))
    assert outfit_similarity(red, blue) < 0.3
    assert outfit_similarity(red, blue) == pytest.approx(outfit_similarity(blue, red))


@pytest.mark.parametrize("body", [Body(-300, 200), Body(1000, 200), Body(300, 250, torso=3)])
def test_without_a_torso_in_the_picture_there_is_no_outfit(body: Body) -> None:
    assert outfit(World().frame(0.0, [body]).image, body.xy, JOINTS) is None


def test_a_torso_without_area_has_no_outfit() -> None:
    xy = np.zeros((33, 2))
    corners = JOINTS.indices("left_shoulder", "right_shoulder", "right_hip", "left_hip")
    xy[list(corners)] = [[10, 10], [17, 17], [10.2, 10], [17, 17]]
    assert outfit(np.zeros((100, 100, 3), np.uint8), xy, JOINTS) is None
