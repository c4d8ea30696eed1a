"""Sets in time: what is planned is what the truth says."""

import numpy as np
import pytest

from deukgeun.synth.motions.definition import find, parse
from deukgeun.synth.motions.plan import Effort, draw_effort, plan_set
from deukgeun.synth.motions.style import draw

TABLE = {
    "tempo_s": [2.0, 2.0],
    "keys": {"down": {"knee": 0}, "up": {"knee": 90}, "mid": {"knee": 40}},
    "cycle": [{"key": "down"}, {"key": "up", "peak": True, "pause_s": 0.5}],
}


def effort(count: int, **values: object) -> Effort:
    whole = {
        "amplitude": np.ones(count), "duration": np.ones(count), "complete": np.ones(count, bool), "lead_in_s": 1.0,
        "lead_out_s": 0.5, "first_side": "l", "looseness": 0.0,
    }  # fmt: skip
    return Effort(**{**whole, **values})  # type: ignore[arg-type]


def plan(table: dict[str, object], given: Effort):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(0)
    return plan_set(draw(parse("test", table), rng), given, rng)


def test_repetitions_follow_each_other_from_start_pose_to_start_pose() -> None:
    made = plan(TABLE, effort(3))
    assert len(made.repetitions) == 3
    assert made.repetitions[0].start_s == pytest.approx(1.0)
    for each in made.repetitions:
        assert each.start_s < each.peak_s < each.end_s
    for one, two in zip(made.repetitions, made.repetitions[1:], strict=False):
        assert one.end_s <= two.start_s
    times = [node.time_s for node in made.nodes]
    assert times == sorted(times) and len(set(times)) == len(times)
    assert made.duration_s > made.repetitions[-1].end_s


def test_a_partial_repetition_goes_only_part_of_the_way_and_does_not_count() -> None:
    made = plan(TABLE, effort(2, amplitude=np.array([1.0, 0.4]), complete=np.array([True, False])))
    ups = [node.angles.max() for node in made.nodes if node.name == "up"]
    assert ups[0] == pytest.approx(90) and ups[-1] == pytest.approx(36)
    assert [r.complete for r in made.repetitions] == [True, False]


def test_alternating_sides_mirror_every_other_repetition() -> None:
    table = {**TABLE, "sides": "alternating", "keys": {"down": {}, "up": {"knee_l": 90}}}
    made = plan(table, effort(4))
    assert [r.side for r in made.repetitions] == ["l", "r", "l", "r"]
    assert [r.side for r in plan(table, effort(2, first_side="r")).repetitions] == ["r", "l"]


def test_a_hold_has_no_repetitions_and_lasts() -> None:
    made = plan({**TABLE, "measure": "hold"}, effort(0, hold_s=20.0))
    assert not made.repetitions and made.duration_s == pytest.approx(21.5)


def test_the_pause_is_at_the_peak() -> None:
    made = plan(TABLE, effort(1))
    held = [n.time_s for n in made.nodes if n.name == "up"]
    assert len(held) == 2 and held[1] - held[0] > 0.2


@pytest.mark.parametrize("seed", range(4))
def test_the_same_seed_plans_the_same_set(seed: int) -> None:
    def make():  # type: ignore[no-untyped-def]
        rng = np.random.default_rng(seed)
        return plan_set(draw(find("push_up"), rng), draw_effort(rng, 6), rng)

    one, two = make(), make()
    assert one.repetitions == two.repetitions
    for here, there in zip(one.nodes, two.nodes, strict=True):
        np.testing.assert_array_equal(here.angles, there.angles)


def test_tired_sets_get_slower_or_shorter() -> None:
    rng = np.random.default_rng(2)
    first, last = [], []
    for _ in range(300):
        drawn = draw_effort(rng, 12, partial=0.0)
        first.append(drawn.duration[0] / drawn.amplitude[0])
        last.append(drawn.duration[-1] / drawn.amplitude[-1])
    assert np.mean(last) > 1.08 * np.mean(first)
