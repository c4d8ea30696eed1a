"""Physics and anatomy of every motion, over many athletes: see `physics.BARS` and `physics.LIMITS_DEG`."""

import numpy as np
import pytest
from tests.synth.motions.acting import act

from deukgeun.synth.athletes.bank import athletes
from deukgeun.synth.figure import BONE
from deukgeun.synth.motions.definition import Motion, find, motions
from deukgeun.synth.motions.physics import BARS, Physics, measure
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
        done = act(motion, seed, figure, equipment=equipment, repetitions=1 + seed % 2)
        found = measure(done.performance, done.plan).faults()
        if found:
            faults[seed, figure.name] = found
    assert not faults


@pytest.mark.parametrize("motion", [m for m in SHOWN if m.mistakes], ids=lambda m: m.name)
def test_mistakes_show_and_keep_the_body_whole(motion: Motion) -> None:
    figure, equipment = athletes()[11], motion.equipment[0]
    right = act(motion, 5, figure, equipment=equipment).performance
    for mistake in motion.mistakes:
        done = act(motion, 5, figure, equipment=equipment, mistakes=(mistake,))
        assert not done.faults, mistake
        wrong = done.performance
        frames = min(len(right.time_s), len(wrong.time_s))
        differ = np.abs(wrong.angles[:frames] - right.angles[:frames]).max()
        assert differ > 3.0 or len(right.time_s) != len(wrong.time_s), mistake


COUNTED = [m for m in SHOWN if m.kind == "exercise" and m.measure == "reps"]


@pytest.mark.parametrize("motion", COUNTED, ids=lambda m: m.name)
def test_repetitions_are_where_the_motion_is(motion: Motion) -> None:
    """At the start and the end of a repetition the body is in the start pose, at the peak far from it."""
    for seed in range(4):
        plan = act(motion, seed, athletes()[seed * 9], repetitions=3).plan
        begin = plan.nodes[0].angles
        for each in plan.repetitions:
            start, peak, end = angles_at(plan.nodes, np.array([each.start_s, each.peak_s, each.end_s]))
            far = np.linalg.norm(peak - start)
            assert far > 4 * np.sqrt(each.range)  # degrees, over all angles
            if motion.sides == "both":
                assert np.linalg.norm(start - begin) < 0.6 * far
                assert np.linalg.norm(end - begin) < 0.6 * far


def test_the_measures_see_what_is_wrong() -> None:
    done = act(find("squat"), 1, athletes()[3], equipment="none")
    p = done.performance
    assert measure(p, done.plan).faults() == []
    p.posed.joints[5:, BONE["foot_l"]] += [0.3, 0.0, -0.2]
    found = " ".join(measure(p, done.plan).faults())
    assert all(word in found for word in ("length", "slide_m", "floor_m"))


@pytest.mark.parametrize("name", BARS)
def test_every_bar_is_measured(name: str) -> None:
    assert name in Physics.__dataclass_fields__
