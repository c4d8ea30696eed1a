"""Sessions: sets in order, nothing jumps, things stay where they are put, seeds reproduce."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deukgeun.errors import SynthError
from deukgeun.synth.acts import Act
from deukgeun.synth.figure import PARENTS
from deukgeun.synth.motions.definition import motions
from deukgeun.synth.scenario import Scenario
from deukgeun.synth.session import draw_session, parse_schedule
from deukgeun.synth.session.routes import route
from deukgeun.synth.session.segment import bringing

RATE_HZ = 15.0
FASTEST_M_S = 12.0
PLAN = "bodyweight_squat:2x3, push_up:2, plank:4s"


def session(seed: int, plan: str, bystanders: int = 0) -> Scenario:
    entries = parse_schedule(plan, np.random.default_rng(seed))
    return draw_session(
        seed, entries, rest_s=(8.0, 9.0), bystanders=bystanders, rate_hz=RATE_HZ, edge_s=(1.0, 2.0)
    )  # fmt: skip


@pytest.fixture(scope="module")
def crowd() -> Scenario:
    return session(4, PLAN, bystanders=1)


@pytest.fixture(scope="module")
def bench() -> Scenario:
    return session(3, "bench_press/barbell:2x2")


def test_the_sets_are_those_of_the_plan(crowd: Scenario) -> None:
    done = [(each.exercise, len(each.repetitions)) for each in crowd.acts[0].sets]
    assert done == [("bodyweight_squat", 3), ("bodyweight_squat", 3), ("push_up", 2), ("plank", 0)]
    assert crowd.acts[0].sets[-1].hold_s == pytest.approx(4.0, abs=0.3)


def test_repetitions_lie_in_their_set_and_sets_do_not_overlap(crowd: Scenario) -> None:
    for number, act in enumerate(crowd.acts):
        spans = sorted([(s.start_s, s.end_s) for s in act.sets] + [(b.start_s, b.end_s) for b in act.background])
        assert all(b[0] >= a[1] - 1e-6 for a, b in pairwise(spans))
        assert spans[0][0] >= 0 and spans[-1][1] <= len(act.time_s) / RATE_HZ + 1e-6
        for each in act.sets:
            times = [t for rep in each.repetitions for t in (rep.start_s, rep.peak_s, rep.end_s)]
            assert times == sorted(times) and each.person == number
            assert not times or (each.start_s <= times[0] and times[-1] <= each.end_s)


def test_nobody_jumps_and_bones_keep_their_length(crowd: Scenario, bench: Scenario) -> None:
    for act in (*crowd.acts, *bench.acts):
        speed = np.linalg.norm(np.diff(act.posed.joints, axis=0), axis=-1) * RATE_HZ
        assert speed.max() < FASTEST_M_S
        lengths = np.linalg.norm(act.posed.joints[:, 1:] - act.posed.joints[:, list(PARENTS[1:])], axis=-1)
        assert np.ptp(lengths, axis=0).max() < 1e-6


def test_nobody_sinks_into_the_floor(crowd: Scenario) -> None:
    for act in crowd.acts:
        assert act.posed.skin(act.figure)[..., 2].min() > -0.05


def test_the_same_seed_gives_the_same_session(crowd: Scenario) -> None:
    again = session(4, PLAN, bystanders=1)
    for a, b in zip(crowd.acts, again.acts, strict=True):
        assert a.sets == b.sets and a.background == b.background
        np.testing.assert_array_equal(a.posed.joints, b.posed.joints)
    np.testing.assert_array_equal(crowd.camera.position_m, again.camera.position_m)


def test_other_people_keep_away(crowd: Scenario) -> None:
    athlete, other = (act.posed.joints[:, 0, :2] for act in crowd.acts)
    assert np.linalg.norm(athlete - other, axis=1).min() > 0.8


def thing(act: Act, kind: str) -> npt.NDArray[np.float64]:
    return next(item.pose for item in act.items if item.kind == kind)


def test_the_bench_stands_still_and_the_bar_waits_on_its_hooks(bench: Scenario) -> None:
    act = bench.acts[0]
    assert len(thing(act, "flat_bench")) == 1
    height = thing(act, "barbell")[:, 2, 3]
    first, second = act.sets
    between = (act.time_s > first.end_s + 2) & (act.time_s < second.start_s - 4)
    assert between.any() and np.ptp(height[between]) == 0
    assert 0.95 < height[between][0] < 1.15
    assert np.ptp(height[(act.time_s > first.start_s) & (act.time_s < first.end_s)]) > 0.2


def test_both_sets_are_done_on_the_same_bench(bench: Scenario) -> None:
    act = bench.acts[0]
    starts = [act.posed.joints[int(each.start_s * RATE_HZ), 0] for each in act.sets]
    assert np.linalg.norm(starts[0] - starts[1]) < 0.06


@pytest.mark.parametrize(
    ("plan", "wrong"),
    [
        ("push_up", "NAME:REPETITIONS"),
        ("push_up:0", "at most"),
        ("push_up:20s", "repetitions"),
        ("plank:20", "seconds"),
        ("push_up:9999", "at most"),
        ("push_up:3x8,", "NAME:REPETITIONS"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(plan: str, wrong: str) -> None:
    with pytest.raises(SynthError) as refused:
        parse_schedule(plan, np.random.default_rng(0))
    assert refused.value.code == "synth-schedule" and wrong in str(refused.value)


def test_a_plan_knows_other_names_implements_and_sets() -> None:
    squat, plank = parse_schedule("바벨 스쿼트/barbell: 2x5 , plank: 30 s", np.random.default_rng(0))
    assert (squat.piece.exercise, squat.piece.equipment, squat.sets, squat.repetitions) == (
        "barbell_squat",
        "barbell",
        2,
        5,
    )
    assert (plank.repetitions, plank.hold_s) == (0, 30.0)


def test_there_is_a_way_into_every_posture_and_back() -> None:
    for motion in motions().values():
        if motion.kind == "exercise" and motion.posture != "standing":
            there, back = route("standing", motion.posture), route(motion.posture, "standing")
            assert there and back, motion.posture
            assert [leg.motion for leg in back] == [leg.motion for leg in reversed(there)]


numbers = st.floats(-5, 5)


@settings(deadline=None, max_examples=30)
@given(numbers, numbers, st.floats(-180, 180), numbers, numbers, st.floats(-180, 180))
def test_bringing_a_point_brings_its_heading_too(
    x: float, y: float, at_deg: float, to_x: float, to_y: float, to_deg: float
) -> None:
    place = bringing(np.array([x, y, 0.0]), at_deg, np.array([to_x, to_y, 0.0]), to_deg)
    np.testing.assert_allclose(place.of(np.array([x, y, 0.7])), [to_x, to_y, 0.7], atol=1e-9)
    assert place.turn_deg + at_deg == pytest.approx(to_deg)
