"""Physics and anatomy of every motion, over many athletes: see `physics.BARS` and `physics.LIMITS_DEG`."""

import numpy as np
import pytest
from tests.synth.motions.physics import act, measure

from deukgeun.synth.athletes.bank import athletes
from deukgeun.synth.motions.definition import Motion, motions
from deukgeun.synth.motions.timeline import angles_at

ATHLETES = 20
STEP = 37  # coprime to the bank's size: a different part of it for every motion
SHOWN = [m for m in motions().values() if m.kind != "transition"]


def cases() -> list[tuple[Motion, str]]:
    return [(motion, equipment) for motion in SHOWN for equipment in motion.equipment]


@pytest.mark.parametrize(("motion", "equipment"), cases(), ids=lambda v: v if isinstance(v, str) else v.name)
def test_bodies_and_contacts_hold(motion: Motion, equipment: str) -> None:
    bank, faults = athletes(), {}
    for seed in range(ATHLETES):
        figure = bank[(seed * STEP + len(motion.name)) % len(bank)]
        performance, plan = act(motion, seed, figure, equipment=equipment, repetitions=1 + seed % 2, rate_hz=20.0)
        found = measure(performance, plan).faults()
        if found:
            faults[seed, figure.name] = found
    assert not faults


@pytest.mark.parametrize("motion", [m for m in SHOWN if m.mistakes], ids=lambda m: m.name)
def test_mistakes_show_and_keep_the_body_whole(motion: Motion) -> None:
    figure = athletes()[11]
    right, _ = act(motion, 5, figure, equipment=motion.equipment[0])
    for mistake in motion.mistakes:
        wrong, plan = act(motion, 5, figure, equipment=motion.equipment[0], mistakes=(mistake,))
        assert not measure(wrong, plan).faults(), mistake
        frames = min(len(right.time_s), len(wrong.time_s))
        differ = np.abs(wrong.angles[:frames] - right.angles[:frames]).max()
        assert differ > 3.0 or len(right.time_s) != len(wrong.time_s), mistake


@pytest.mark.parametrize(
    "motion", [m for m in SHOWN if m.kind == "exercise" and m.measure == "reps"], ids=lambda m: m.name
)
def test_repetitions_are_where_the_motion_is(motion: Motion) -> None:
    """At the start and the end of a repetition the body is in the start pose, at the peak far from it."""
    for seed in range(4):
        _performance, plan = act(motion, seed, athletes()[seed * 9], repetitions=3)
        nodes = plan.nodes
        for each in plan.repetitions:
            start, peak, end = angles_at(nodes, np.array([each.start_s, each.peak_s, each.end_s]))
            begin = nodes[0].angles
            far = np.linalg.norm(peak - start)
            assert far > 4 * np.sqrt(each.range)  # degrees, over all angles
            if motion.sides == "both" or motion.raw.get("sides", "both") == "both":
                assert np.linalg.norm(start - begin) < 0.6 * far
                assert np.linalg.norm(end - begin) < 0.6 * far
