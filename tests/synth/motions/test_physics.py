"""Physics and anatomy of every motion, over many athletes: see `physics.BARS` and `anatomy.LIMITS_DEG`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from tests.synth.motions.acting import act
from tests.synth.motions.phase import off_phase, steady

from deukgeun.synth.athletes.bank import athletes
from deukgeun.synth.figure import BONE, SIDES, Posed
from deukgeun.synth.items import Item
from deukgeun.synth.motions.definition import Motion, find, motions
from deukgeun.synth.motions.enact import Enacted
from deukgeun.synth.motions.kinematics import Bones, limb
from deukgeun.synth.motions.physics import BARS, Physics, measure, planted
from deukgeun.synth.motions.props import items, moved
from deukgeun.synth.motions.reach import reach
from deukgeun.synth.rotation import Z, unit

ATHLETES, FEWER = 20, 5
STEP = 37  # coprime to the bank's size: a different part of it for every motion
RATE_HZ = 12.0
SHOWN = [m for m in motions().values() if m.kind != "transition"]
EXERCISES = [m for m in SHOWN if m.kind == "exercise"]


def cases(shown: list[Motion]) -> list[tuple[Motion, str]]:
    return [(motion, equipment) for motion in shown for equipment in motion.equipment]


def named(value: object) -> str:
    return value.name if isinstance(value, Motion) else str(value)


@pytest.mark.parametrize(("motion", "equipment"), cases(SHOWN), ids=named)
def test_bodies_and_contacts_hold(motion: Motion, equipment: str) -> None:
    bank, faults = athletes(), {}
    for seed in range(ATHLETES if motion.kind == "exercise" else FEWER):
        figure = bank[(seed * STEP + len(motion.name)) % len(bank)]
        done = act(motion, seed, figure, equipment=equipment, repetitions=1 + seed % 2, rate_hz=RATE_HZ)
        if done.faults:
            faults[seed, figure.name] = done.faults
    assert not faults


@pytest.mark.parametrize("motion", [m for m in SHOWN if m.mistakes], ids=named)
def test_mistakes_show_and_keep_the_body_whole(motion: Motion) -> None:
    figure, equipment = athletes()[11], motion.equipment[0]
    right = act(motion, 5, figure, equipment=equipment, rate_hz=RATE_HZ).performance
    for mistake in motion.mistakes:
        done = act(motion, 5, figure, equipment=equipment, mistakes=(mistake,), rate_hz=RATE_HZ)
        assert not done.faults, mistake
        wrong = done.performance
        frames = min(len(right.time_s), len(wrong.time_s))
        differ = np.abs(wrong.angles[:frames] - right.angles[:frames]).max()
        assert differ > 3.0 or len(right.time_s) != len(wrong.time_s), mistake


COUNTED = [m for m in EXERCISES if m.measure == "reps"]


@pytest.mark.parametrize("motion", COUNTED, ids=named)
def test_repetitions_are_where_the_motion_is(motion: Motion) -> None:
    """The truth agrees with what the bones do; told 0.3 s too early or too late, it does not."""
    for seed in range(2):
        p = steady(motion, seed, athletes()[seed * 31], motion.equipment[seed % len(motion.equipment)])
        assert not off_phase(p, p.repetitions)
        for late_s in (-0.3, 0.3):
            told = [
                replace(r, start_s=r.start_s + late_s, peak_s=r.peak_s + late_s, end_s=r.end_s + late_s)
                for r in p.repetitions
            ]
            assert off_phase(p, told), late_s


@cache
def once(name: str, equipment: str) -> Enacted:
    return act(find(name), 3, athletes()[41], equipment=equipment, repetitions=1, rate_hz=8.0)


# What each mutation breaks: (posed, things) with one thing wrong, or None where the motion has nothing of the kind.
Broken = tuple[Posed, tuple[Item, ...]] | None


def reached(done: Enacted, kind: str, side: str, shift: np.ndarray) -> Posed:
    """The posed figure with one hand or foot led elsewhere by (T, 3) or (3,), its bones as long as before."""
    p = done.performance
    bones = Bones(p.posed.rotations.copy(), p.posed.joints.copy())
    parts = limb(p.figure, kind, side)
    before = bones.joints[:, parts.end].copy()
    reach(bones, p.figure, parts, before + shift)
    after = bones.joints[:, parts.end].copy()
    for name in ("toes", "foot") if kind == "leg" else ():
        bones.joints[:, BONE[f"{name}_{side}"]] += after - before if name == "toes" else 0.0
    return Posed(bones.rotations, bones.joints)


def hand_off_the_bar(done: Enacted) -> Broken:
    p = done.performance
    if p.bar is None:
        return None
    shoulder, hand = (p.posed.joints[:, BONE[f"{name}_l"]] for name in ("upper_arm", "hand"))
    return reached(done, "arm", "l", 0.05 * unit(shoulder - hand)), items(p)


def foot_in_the_floor(done: Enacted) -> Broken:
    p = done.performance
    stays = [e for e, mode, height, *_ in planted(done.plan.nodes) if mode == "flat" and height == 0 and "foot" in e]
    if not stays:
        return None
    joints = p.posed.joints.copy()
    joints[:, [BONE[stays[0]], BONE[f"toes_{stays[0][-1]}"]], 2] -= 0.02
    return Posed(p.posed.rotations, joints), items(p)


def foot_in_the_air(done: Enacted) -> Broken:
    broken = foot_in_the_floor(done)
    if broken is None:
        return None
    p = done.performance
    return Posed(broken[0].rotations, p.posed.joints + 2 * (p.posed.joints - broken[0].joints)), broken[1]


def foot_that_slides(done: Enacted) -> Broken:
    broken = foot_in_the_floor(done)
    if broken is None:
        return None
    p = done.performance
    to_and_fro = 0.8 * np.where(np.arange(len(p.time_s)) % 2 == 0, 1.0, -1.0)[:, None, None]
    way = to_and_fro * (p.posed.joints - broken[0].joints)
    return Posed(p.posed.rotations, p.posed.joints + way[..., [2, 0, 1]]), broken[1]


def backwards(done: Enacted, names: tuple[str, str, str]) -> Broken:
    """The lower bone mirrored on the line of the upper one, in limbs that are well bent at some time."""
    joints, bent = done.performance.posed.joints.copy(), False
    for side in SIDES:
        a, b, c = (joints[:, BONE[f"{name}_{side}"]] for name in names)
        upper, lower = unit(b - a), c - b
        along = np.sum(lower * upper, axis=-1, keepdims=True) * upper
        joints[:, BONE[f"{names[2]}_{side}"]] = b + 2 * along - lower
        bent |= bool((np.linalg.norm(lower - along, axis=-1) > 0.5 * np.linalg.norm(lower, axis=-1)).all())
    return (Posed(done.performance.posed.rotations, joints), items(done.performance)) if bent else None


def elbow_bent_backwards(done: Enacted) -> Broken:
    return backwards(done, ("upper_arm", "forearm", "hand"))


def knee_bent_backwards(done: Enacted) -> Broken:
    return backwards(done, ("thigh", "shank", "foot"))


def shifted(done: Enacted, kinds: tuple[str, ...], shift: np.ndarray) -> Broken:
    things = items(done.performance)
    if not any(thing.kind in kinds for thing in things):
        return None
    return done.performance.posed, tuple(
        moved((thing,), np.eye(3), shift)[0] if thing.kind in kinds else thing for thing in things
    )


def bench_dropped(done: Enacted) -> Broken:
    raised = [c for c in done.plan.nodes[0].contacts if c.height_m > 0.1 and c.effector in ("back", "seat", "front")]
    return shifted(done, ("flat_bench", "seat"), -0.06 * Z) if raised else None


def bench_raised(done: Enacted) -> Broken:
    return None if bench_dropped(done) is None else shifted(done, ("flat_bench", "seat"), 0.06 * Z)


def bar_through_the_body(done: Enacted) -> Broken:
    """Every bar moved through the middle of the chest at one moment."""
    p = done.performance
    things = [thing for thing in items(p) if thing.kind in ("barbell", "short_bar", "straight_handle", "pull_up_bar")]
    if not things:
        return None
    at = len(p.time_s) // 2
    pose = things[0].pose[min(at, len(things[0].pose) - 1)]
    return shifted(done, (things[0].kind,), p.posed.joints[at, BONE["spine4"]] - pose[:3, 3])


def bone_stretched(done: Enacted) -> Broken:
    p = done.performance
    joints = p.posed.joints.copy()
    joints[-3:, BONE["head"]] += 0.01
    return Posed(p.posed.rotations, joints), items(p)


MUTATIONS: dict[Callable[[Enacted], Broken], str] = {
    bone_stretched: "length",
    hand_off_the_bar: "grip_m",
    foot_in_the_floor: "floor_m",
    foot_in_the_air: "hover_m",
    foot_that_slides: "slide_m",
    elbow_bent_backwards: "elbow",
    knee_bent_backwards: "knee",
    bench_dropped: "unborne_m",
    bench_raised: "into_pad_m",
    bar_through_the_body: "into_bar_m",
}


@pytest.mark.parametrize(("mutation", "fault"), MUTATIONS.items(), ids=lambda v: getattr(v, "__name__", v))
def test_what_is_wrong_is_seen(mutation: Callable[[Enacted], Broken], fault: str) -> None:
    """Every exercise that has what the mutation breaks fails, and by the measure that is meant."""
    seen, missed = 0, []
    for motion, equipment in cases(EXERCISES):
        done = once(motion.name, equipment)
        broken = mutation(done)
        if broken is not None:
            found = measure(replace(done.performance, posed=broken[0]), done.plan, broken[1]).faults()
            seen += 1
            missed += [] if any(line.startswith(fault) for line in found) else [f"{motion.name}/{equipment}"]
    assert seen > 5 and not missed, f"{len(missed)} of {seen}: {missed}"


@pytest.mark.parametrize("name", BARS)
def test_every_bar_is_measured(name: str) -> None:
    assert name in Physics.__dataclass_fields__
