"""Whole sessions as bodies move through them: nothing glides, sinks, stretches or flies."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from tests.synth.session.movement import alone_m, skid_m

from deukgeun.synth.acts import Act
from deukgeun.synth.athletes.bank import athletes
from deukgeun.synth.figure import PARENTS
from deukgeun.synth.items import Item
from deukgeun.synth.motions.definition import find
from deukgeun.synth.motions.ground import LEG_BONES, lowest_m
from deukgeun.synth.motions.kinematics import Bones
from deukgeun.synth.motions.plan import draw_effort
from deukgeun.synth.repertoire import Piece
from deukgeun.synth.session import draw_session, parse_schedule
from deukgeun.synth.session.blend import blend_s, blended
from deukgeun.synth.session.carry import LOOSE
from deukgeun.synth.session.segment import Place, Segment, act_out

RATE_HZ = 15.0
PLANS = {
    "home": (3, "bodyweight_squat:3, push_up:2, plank:4s"),
    "gym": (5, "barbell_squat/barbell:2x2, bench_press/barbell:2, barbell_row/barbell:2"),
    "mixed": (8, "dumbbell_curl/dumbbell:2, goblet_squat/kettlebell:2, crunch:3, side_lateral_raise:2"),
}
SLIPS_M = 0.03
"""Rolling over sparse skin makes a planted foot look as if it slipped by as much."""


@pytest.fixture(scope="module", params=PLANS)
def act(request: pytest.FixtureRequest) -> Act:
    seed, plan = PLANS[request.param]
    entries = parse_schedule(plan, np.random.default_rng(seed))
    return draw_session(seed, entries, rest_s=(6.0, 9.0), rate_hz=RATE_HZ, edge_s=(1.0, 2.0)).acts[0]


def loose(act: Act) -> list[Item]:
    return [item for item in act.items if item.kind in LOOSE and len(item.pose) > 1]


def test_bones_keep_their_length(act: Act) -> None:
    lengths = np.linalg.norm(act.posed.joints[:, 1:] - act.posed.joints[:, list(PARENTS[1:])], axis=-1)
    assert np.ptp(lengths, axis=0).max() < 1e-6


def test_nobody_sinks_into_the_floor(act: Act) -> None:
    assert act.posed.skin(act.figure)[..., 2].min() > -0.04  # a flat hand's fingers are always half closed


def test_nobody_jumps(act: Act) -> None:
    assert np.linalg.norm(np.diff(act.posed.joints, axis=0), axis=-1).max() * RATE_HZ < 6.0


def test_planted_feet_do_not_slip_in_the_standing_sets(act: Act) -> None:
    standing = [s for s in act.sets if act.posed.joints[int(s.start_s * RATE_HZ), 0, 2] > 0.7]
    for each in standing:
        frames = slice(int(each.start_s * RATE_HZ), int(each.end_s * RATE_HZ))
        assert max(skid_m(act, side, frames) for side in "lr") < SLIPS_M, each.exercise


def test_things_move_only_in_hands(act: Act) -> None:
    for item in loose(act):
        assert alone_m(act, item) < 0.05, item.kind


def test_things_lie_on_the_floor_or_hooks_in_the_beginning_and_in_the_end(act: Act) -> None:
    for item in loose(act):
        if item.kind != "phone":  # that is in a pocket
            assert np.linalg.norm(item.pose[0, :3, 3] - item.pose[-1, :3, 3]) < 0.02, item.kind
            assert item.pose[0, 2, 3] < 0.3 or any(o.kind in ("rack", "flat_bench") for o in act.items)


def standing(seed: int, name: str = "squat") -> tuple[Segment, Segment]:
    """Two starts of the same athlete, the second a little further and turned."""
    figure, rng = athletes()[seed * 31 % len(athletes())], np.random.default_rng(seed)
    piece = Piece("unknown", find(name), "none")
    first, _ = act_out(piece, None, figure, lambda _: draw_effort(rng, 1), rng, RATE_HZ)
    shift = np.array([*rng.uniform(-0.3, 0.3, 2), 0.0])
    return first, first.at(Place(float(rng.uniform(-40, 40)), shift))


@pytest.mark.parametrize("seed", range(6))
def test_feet_step_from_one_stand_to_another(seed: int) -> None:
    figure = athletes()[seed * 31 % len(athletes())]
    a, b = standing(seed)
    count = round(blend_s(a.posed, b.posed, figure) * 60)
    way = blended(a.posed, b.posed, count, figure)
    between = Act(figure, np.arange(count) / 60, way, np.zeros((count, 2)), (), (), (), "standing")
    assert max(skid_m(between, side, slice(None)) for side in "lr") < 0.02
    assert way.skin(figure)[..., 2].min() > -0.012
    lifted = [act_lowest(between, side).max() for side in "lr"]
    assert max(lifted) > 0.015  # somebody who glided would not lift a foot


def act_lowest(act: Act, side: str) -> npt.NDArray[np.float64]:
    return lowest_m(Bones(act.posed.rotations, act.posed.joints), act.figure, LEG_BONES[side])
