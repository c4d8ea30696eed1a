"""Channels: right for poses made by hand, and the same wherever somebody stands and from where they are filmed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support_athlete import (
    FRONT,
    HIP,
    LEFT,
    SHOULDER,
    TORSO,
    UP,
    Arm,
    Leg,
    Posture,
    Target,
    View,
    filmed,
    joints,
    turn,
)
from tests.support_exercises import EXERCISES, course, performed

from deukgeun.motion import Channels, Movement, channels, on_grid
from deukgeun.motion.channels import CENTRAL, SIDED

UP_M = np.array([0.0, 0.9, 0.0])


def still(posture: Posture, view: View = View()) -> Movement:  # noqa: B008
    """Return three steps of a posture."""
    points = {name: np.repeat(p, 3, axis=0) for name, p in joints(posture).items()}
    return on_grid(filmed(points, np.arange(3) / 10, view))


def both_arms(**angles: float) -> tuple[Arm, Arm]:
    return Arm(**angles), Arm(**angles)


def both_legs(**angles: float) -> tuple[Leg, Leg]:
    return Leg(**angles), Leg(**angles)


STRAIGHT = both_legs(abduct=0.0, bend=0.0)
LONG = 0.55 / TORSO  # an arm
FLANK = np.degrees(np.arctan2(SHOULDER - HIP, TORSO))  # the hip's angle is measured from the shoulder, which is wider
T_POSE = Posture(UP_M, arms=both_arms(abduct=90, bend=0), legs=STRAIGHT)
OVERHEAD = Posture(UP_M, arms=both_arms(abduct=0, flex=180, bend=0), legs=STRAIGHT)
HANDS_FRONT = Posture(UP_M, arms=both_arms(abduct=0, flex=90, bend=0), legs=STRAIGHT)
CHAIR = Posture(UP_M, arms=both_arms(abduct=0, bend=90), legs=both_legs(flex=90, bend=90, abduct=0))
SQUAT = Posture(UP_M, lean=30, arms=both_arms(abduct=0, flex=120, bend=0), legs=both_legs(flex=120, bend=110, abduct=0))
PLANK = Posture(UP_M, lean=80, arms=both_arms(abduct=0, flex=80, bend=0), legs=STRAIGHT)
SUPINE = Posture(UP_M, lean=-90, arms=both_arms(abduct=0, bend=0), legs=STRAIGHT)
TURNED = Posture(UP_M, twist=40, legs=STRAIGHT)
LEANING = Posture(UP_M, side=30, legs=STRAIGHT)
HANGING = Posture(UP_M, arms=both_arms(abduct=0, bend=0), legs=STRAIGHT)

POSES: dict[str, tuple[Posture, dict[str, float]]] = {
    "T-pose": (
        T_POSE,
        {
            "elbow": 180,
            "shoulder": 90,
            "upper_arm": 90,
            "forearm": 90,
            "abduction": 1,
            "reach": 0,
            "wrist_height": 0,
            "wrist_front": 0,
            "wrist_wide": LONG,
            "trunk": 0,
            "facing": 0,
            "hands_apart": (0.36 + 1.1) / TORSO,
        },
    ),
    "arms overhead": (
        OVERHEAD,
        {"shoulder": 180, "upper_arm": 180, "forearm": 180, "wrist_height": LONG, "elbow": 180},
    ),
    "hands in front": (
        HANDS_FRONT,
        {"shoulder": 90, "reach": 1, "abduction": 0, "wrist_front": LONG, "wrist_height": 0},
    ),
    "hands hanging": (HANGING, {"shoulder": 0, "upper_arm": 0, "forearm": 0, "wrist_height": -LONG, "reach": 0}),
    "on a chair": (
        CHAIR,
        {
            "hip": 90,
            "knee": 90,
            "thigh": 90,
            "shin": 0,
            "ankle": 90,
            "elbow": 90,
            "forearm": 90,
            "upper_arm": 0,
            "ankle_height": -0.42 / TORSO,
            "ankle_front": 0.42 / TORSO,
            "hip_drop": 1 + 0.42 / TORSO,
        },
    ),
    "squat": (
        SQUAT,
        {"trunk": 30, "hip": 60.295, "knee": 70, "thigh": 90, "shin": 20, "upper_arm": 90, "shoulder": 120},
    ),
    "plank": (PLANK, {"trunk": 80, "facing": -np.sin(np.radians(80)), "hip": 180 - FLANK, "knee": 180, "upper_arm": 0}),
    "on the back": (
        SUPINE,
        {"trunk": 90, "facing": 1, "hip": 180 - FLANK, "knee": 180, "hip_drop": 0, "thigh": 90, "shin": 90},
    ),
    "turned": (TURNED, {"twist": 40, "trunk": 0, "facing": 0}),
    "leaning to a side": (LEANING, {"trunk": 30, "facing": 0, "twist": 0}),
    "standing": (HANGING, {"hip_drop": 1 + 0.84 / TORSO, "ankle_height": -0.84 / TORSO, "feet_apart": 0.22 / TORSO}),
}


@pytest.mark.parametrize("name", POSES)
@pytest.mark.parametrize("heading", [0.0, 65.0, 180.0])
def test_a_pose_made_by_hand_has_its_angles_from_every_side(name: str, heading: float) -> None:
    posture, expected = POSES[name]
    found = channels(still(posture, View(heading=heading)))
    measured = {channel: float(found.both(channel)[1]) for channel in expected}
    assert measured == pytest.approx(expected, abs=0.02)


def test_legs_apart_point_to_their_own_sides() -> None:
    found = channels(still(Posture(UP_M, legs=both_legs(abduct=30, bend=0))))
    for side in "lr":
        assert found.side("thigh_wide", side)[0] == pytest.approx(0.5, abs=0.01)
        assert found.side("ankle_wide", side)[0] == pytest.approx(0.42 / TORSO, abs=0.02)
    assert found.both("knees_apart")[0] == pytest.approx((0.22 + 0.42) / TORSO, abs=0.01)


def test_crossed_legs_are_inward_of_their_hips() -> None:
    crossed = Target(np.array([[-0.3, 0.1, 0.0]])), Target(np.array([[0.3, 0.1, 0.1]]))
    found = channels(still(Posture(UP_M, legs=crossed)))
    assert found.side("ankle_wide", "l")[0] < -0.5
    assert found.side("ankle_wide", "r")[0] < -0.5


def test_a_turn_to_the_right_is_negative() -> None:
    assert channels(still(replace(TURNED, twist=-25))).both("twist")[0] == pytest.approx(-25, abs=0.01)


@st.composite
def postures(draw: st.DrawFn) -> Posture:
    """Any body that is not degenerate, upside down included."""
    angle = st.floats(-170, 170)
    arms = tuple(Arm(draw(angle), draw(st.floats(0, 150)), draw(st.floats(0, 150)), draw(angle)) for _ in "lr")
    legs = tuple(Leg(draw(st.floats(-40, 120)), draw(st.floats(-20, 80)), draw(st.floats(0, 140))) for _ in "lr")
    lean, side, twist = draw(angle), draw(st.floats(-60, 60)), draw(st.floats(-60, 60))
    return Posture(UP_M, lean, side, twist, (arms[0], arms[1]), (legs[0], legs[1]))


def assert_same(a: Channels, b: Channels, swapped: bool = False) -> None:
    for name in SIDED:
        for side, other in (("l", "r"), ("r", "l")):
            assert np.allclose(a.side(name, side), b.side(name, other if swapped else side), atol=1e-4), name
    for name in CENTRAL:
        sign = -1 if swapped and name == "twist" else 1
        assert np.allclose(a.both(name), sign * b.both(name), atol=1e-4), name


@given(postures(), st.floats(0, 360))
@settings(deadline=None, max_examples=40)
def test_channels_do_not_depend_on_where_the_athlete_looks(posture: Posture, heading: float) -> None:
    assert_same(channels(still(posture)), channels(still(posture, View(heading=heading))))


@given(postures(), st.floats(0.3, 3), st.tuples(*[st.floats(-5, 5)] * 3))
@settings(deadline=None, max_examples=30)
def test_channels_do_not_depend_on_size_and_place(
    posture: Posture, size: float, place: tuple[float, float, float]
) -> None:
    movement = still(posture)
    moved = replace(movement, xyz=movement.xyz * size + np.array(place))
    assert_same(channels(movement), channels(moved))


@given(postures())
@settings(deadline=None, max_examples=30)
def test_a_mirror_swaps_the_sides_of_all_channels(posture: Posture) -> None:
    assert_same(channels(still(posture)), channels(still(posture, View(mirrored=True))), swapped=True)


@given(postures())
@settings(deadline=None, max_examples=40)
def test_channels_are_in_their_documented_ranges(posture: Posture) -> None:
    found = channels(still(posture))
    angles = (
        "elbow", "knee", "hip", "shoulder", "ankle", "upper_arm", "forearm", "thigh", "shin", "trunk", "neck",
    )  # fmt: skip
    for name, values in found.series.items():
        base = name.removesuffix("_l").removesuffix("_r")
        if base in angles:
            assert np.all((values >= 0) & (values <= 180)), name
        elif base in ("abduction", "reach", "thigh_wide", "facing"):
            assert np.all(np.abs(values) <= 1 + 1e-9), name
        elif base in ("hands_apart", "feet_apart", "knees_apart", "wrist_ear", "wrist_knee", "cross_knee"):
            assert np.all(values >= 0), name
        elif base == "twist":
            assert np.all(np.abs(values) <= 180)
        assert np.isfinite(values).all()


def test_every_documented_channel_is_there_and_no_other() -> None:
    found = channels(still(T_POSE))
    assert set(found.series) == {f"{n}_{s}" for n in SIDED for s in "lr"} | set(CENTRAL)
    documented = channels.__globals__["__doc__"]
    assert all(name in documented for name in (*SIDED, *CENTRAL))


def test_the_side_that_is_seen_better_counts_more() -> None:
    one_bent = Posture(UP_M, arms=(Arm(bend=0), Arm(bend=90)))
    movement = still(one_bent)
    hidden = movement.score.copy()
    hidden[:, [i for i, joint in enumerate(movement.skeleton.joints) if joint.startswith("right")]] = 0.0
    assert channels(movement).both("elbow")[0] == pytest.approx(135, abs=1)
    assert channels(replace(movement, score=hidden)).both("elbow")[0] > 179


def test_a_part_holds_its_steps() -> None:
    found = channels(on_grid(performed(EXERCISES["squat"], course(2))))
    part = found.part(5, 15)
    assert np.array_equal(part.both("knee"), found.both("knee")[5:15])
    assert part.torso_m == found.torso_m == pytest.approx(TORSO, abs=1e-3)


def test_lengths_are_in_torsos_of_the_whole_time() -> None:
    """A trunk that is foreshortened for a moment must not stretch the limbs."""
    movement = on_grid(performed(EXERCISES["curl"], course(3)))
    body = movement.skeleton
    shrunk = movement.xyz.copy()
    upper = [
        i
        for i, joint in enumerate(body.joints)
        if not any(p in joint for p in ("hip", "knee", "ankle", "foot", "heel"))
    ]
    shrunk[4][upper] -= 0.2 * UP
    assert channels(replace(movement, xyz=shrunk)).torso_m == pytest.approx(TORSO, abs=1e-3)


def test_the_tests_axes_are_right_handed() -> None:
    assert np.allclose(np.cross(LEFT, UP), FRONT)
    assert np.allclose(turn(UP, 90)[0] @ FRONT, LEFT)
