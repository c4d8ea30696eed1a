"""PoseTrack, Person and the choice of the main subject."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from tests.pose.scripted import JOINTS, Body

from deukgeun.pose import PoseTrack, main_subject
from deukgeun.pose.estimator import PoseEstimate
from deukgeun.pose.people import Person
from deukgeun.pose.subject import oscillation, seen_s

TIMES = np.arange(0, 10, 0.1)


def track_of(bodies: list[Body], times: np.ndarray = TIMES, person: int = 1) -> PoseTrack:
    xy = np.array([body.xy for body in bodies])
    return PoseTrack(times, xy, np.ones((len(bodies), 33)), None, JOINTS, person)


def squatter(x: float = 320, torso: float = 70, amplitude: float = 0.6, person: int = 1) -> PoseTrack:
    """Somebody whose body goes down and up while the feet stay: hips and head move, ankles do not."""
    track = track_of([Body(x, 250, torso)] * len(TIMES), person=person)
    xy = track.xy.copy()
    up = [i for i, name in enumerate(JOINTS.joints) if not re.search("ankle|heel|foot", name)]
    xy[:, up, 1] += (amplitude * torso * (1 - np.cos(2 * np.pi * TIMES / 2.5)) / 2)[:, None]
    return replace(track, xy=xy)


def walker(torso: float = 70, person: int = 1) -> PoseTrack:
    return track_of([Body(60 + 52 * t, 250, torso) for t in TIMES], person=person)


def stander(x: float = 320, torso: float = 70, person: int = 1) -> PoseTrack:
    return track_of([Body(x, 250, torso)] * len(TIMES), person=person)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("xy", np.zeros((99, 33, 2))),
        ("xy", np.zeros((100, 17, 2))),
        ("xy", np.zeros((100, 33, 3))),
        ("score", np.zeros((100, 33, 1))),
        ("xyz", np.zeros((100, 33, 2))),
        ("time_s", np.zeros((100, 1))),
    ],
)
def test_a_wrong_shape_is_refused_by_name(field: str, value: np.ndarray) -> None:
    with pytest.raises(ValueError, match=rf"^{field} must be \("):
        replace(stander(), **{field: value})


@pytest.mark.parametrize("times", [np.zeros(3), np.array([0.0, 0.2, 0.1])])
def test_times_must_increase(times: np.ndarray) -> None:
    with pytest.raises(ValueError, match="strictly increasing"):
        track_of([Body(0, 0)] * 3, times)


def test_a_part_of_a_track() -> None:
    whole = replace(stander(), xyz=np.arange(100 * 33 * 3, dtype=float).reshape(100, 33, 3))
    part = whole.between(1.0, 2.0)
    assert (part.time_s[0], part.time_s[-1], len(part)) == (pytest.approx(1.0), pytest.approx(2.0), 11)
    assert part.xyz is not None and whole.xyz is not None
    assert np.array_equal(part.xyz, whole.xyz[10:21])
    assert len(stander().between(50, 60)) == 0
    assert stander().between(0, 1).xyz is None


def estimate_of(body: Body, xyz: bool = True) -> PoseEstimate:
    return PoseEstimate(0.9, body.xy, np.ones(33), np.zeros((33, 3)) if xyz else None, body.roi)


def see(person: Person, bodies: list[Body], start_s: float = 0.0, xyz: bool = True) -> Person:
    for i, body in enumerate(bodies):
        person.see(estimate_of(body, xyz), start_s + 0.1 * i, 1.0)
    return person


@pytest.mark.parametrize("xyz", [True, False])
def test_a_person_becomes_a_track(xyz: bool) -> None:
    body = Body(100, 200)
    person = see(Person(3, body.roi, body.xy, 0.0), [body] * 5, xyz=xyz)
    track = person.track(JOINTS)
    assert (len(track), track.person, track.xyz is not None) == (5, 3, xyz)
    assert np.allclose(track.xy, body.xy)


def test_the_place_to_look_next_is_held_steadier_than_the_joints() -> None:
    shaking = [Body(200 + 3 * (-1) ** i, 200) for i in range(40)]
    person = Person(1, shaking[0].roi, shaking[0].xy, 0.0)
    places = [see(person, [body], 0.1 * i).roi.center_x for i, body in enumerate(shaking)]
    joints = person.track(JOINTS).xy[:, JOINTS.index("left_hip"), 0]
    assert np.ptp(places[10:]) < 0.8 * np.ptp(joints[10:]) < np.ptp([body.x for body in shaking])


@pytest.mark.parametrize("lost", [True, False], ids=["lost in between", "a gap in time"])
def test_filters_start_anew_when_somebody_was_away(lost: bool) -> None:
    before, after = Body(100, 200), Body(400, 300, 50, 90)
    person = see(Person(1, before.roi, before.xy, 0.0), [before] * 10)
    person.active = not lost
    pose = person.see(estimate_of(after), 1.0 if lost else 3.0, restart_after_s=1.0)
    assert np.allclose(pose.xy, after.xy)
    assert (person.roi.center_x, person.roi.side) == pytest.approx((after.roi.center_x, after.roi.side))
    assert person.active


def test_an_outfit_is_learned_slowly_and_not_from_nothing() -> None:
    person = Person(1, Body(0, 0).roi, Body(0, 0).xy, 0.0)
    person.learn_outfit(None)
    assert person.outfit is None
    person.learn_outfit(np.array([1.0, 0.0], np.float32))
    person.learn_outfit(np.array([0.0, 1.0], np.float32))
    person.learn_outfit(None)
    assert person.outfit == pytest.approx([0.8, 0.2])


@pytest.mark.parametrize(
    ("wanted", "other"),
    [
        (squatter(person=2), walker(person=1)),
        (squatter(torso=50, person=2), walker(torso=80, person=1)),
        (squatter(person=2), stander(person=1)),
        (squatter(torso=60, person=2), stander(torso=80, x=200, person=1)),
        (squatter(torso=90, person=2), squatter(torso=45, person=1)),
        (squatter(x=320, person=2), squatter(x=600, person=1)),
        (squatter(person=2), squatter(person=1).between(0, 3)),
        (stander(torso=80, person=2), stander(torso=40, person=1)),
    ],
    ids=["walks", "walks nearer", "stands", "stands nearer", "small", "aside", "short", "nobody moves"],
)
def test_the_main_subject(wanted: PoseTrack, other: PoseTrack) -> None:
    assert main_subject([other, wanted], 640, 480) is wanted
    assert main_subject([wanted, other], 640, 480) is wanted


def test_without_anybody_there_is_no_main_subject() -> None:
    assert main_subject([], 640, 480) is None


def test_time_out_of_sight_does_not_count() -> None:
    times = np.concatenate([np.arange(0, 2, 0.1), np.arange(8, 9, 0.1)])
    assert seen_s(track_of([Body(0, 0)] * len(times), times)) == pytest.approx(1.9 + 0.9 + 0.05)


def test_oscillation_is_motion_that_comes_back() -> None:
    assert oscillation(stander()) == pytest.approx(0.0, abs=1e-9)
    assert oscillation(walker()) < 0.3 * oscillation(squatter())
    assert oscillation(squatter(amplitude=0.3)) < oscillation(squatter(amplitude=0.6))
    assert oscillation(squatter().between(0, 0.25)) == 0.0
