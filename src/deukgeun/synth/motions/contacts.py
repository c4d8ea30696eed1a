"""Holds the contacts picture by picture: the pelvis follows what bears it, limbs end where they are planted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import BONE, SIDES, Figure
from deukgeun.synth.motions.definition import RESTS
from deukgeun.synth.motions.ground import LEG_BONES, ball, flat_hand, foot_rotation, joint_offset, lowest_m, point_on
from deukgeun.synth.motions.kinematics import Bones, Limb, column, hand, limb, place, set_limb
from deukgeun.synth.motions.plan import Node
from deukgeun.synth.motions.reach import reach
from deukgeun.synth.motions.style import Contact
from deukgeun.synth.motions.support import Measured, Plant, Stand, bearing, resting, rolling
from deukgeun.synth.motions.swivel import swivel_clear
from deukgeun.synth.motions.timeline import progress, smoothstep
from deukgeun.synth.rotation import X, Z, about, between, turned, unit

Array = npt.NDArray[np.float64]

# A stepping foot clears the floor by this much.
STEP_M = 0.06
# Share of a step up or down in which the foot only rises or sinks, clear of the edge.
_EDGE = 0.3
# Where the body rises or sinks by more than this, a step takes place while it is high, and the foot is still for the
# rest, this share of the way.
_LEVEL_M, _HELD = 0.12, 0.25
# The figure's fingers are always half closed: so far below its palm a flat hand's skin may be.
_FINGERS_M = 0.036
# A foot in the air keeps its skin this far above the floor: between the figure's points it is thicker.
_CLEAR_M = 0.006


@dataclass(slots=True)
class Goal:
    """Where a limb's bearing point must be: points (T, 3), yaw (T,) radians.

    ``weight`` (T,) is 1 where it is planted and 0 where it turns freely; ``led`` (T,) is 1 on every way to and from
    there too.
    """

    point: Array
    weight: Array
    led: Array
    yaw_rad: Array
    mode: str


def pelvis_path(
    nodes: Sequence[Node], stands: Sequence[Stand], at_nodes: Measured, measured: Measured, time_s: Array,
    spans: Sequence[slice], anchor: tuple[str, ...],
) -> Array:  # fmt: skip
    """The pelvis (T, 3): borne by the contacts that last from node to node, and through every node's own place."""
    root = np.zeros((len(time_s), 3))
    for k, span in enumerate(spans):
        staying = _staying(nodes, stands, k)
        at = progress(nodes, k, time_s[span])
        rests = resting(nodes[k]), resting(nodes[k + 1])
        if rests[0] and rests[1] and rests[0].effector not in staying:
            root[span] = _handed_over(stands[k], stands[k + 1], rests[0], rests[1], measured, span, at)
            continue
        borne = bearing(nodes[k].contacts, staying, anchor)
        ends = np.array([stands[k].root, stands[k + 1].root])
        if not borne:
            root[span] = _flight(nodes, k, ends, at)
            continue
        fit = np.mean([staying[c.effector].point - measured.points[c.effector, c.mode][span] for c in borne], axis=0)
        # Nothing to add where the same contacts bear at both nodes.
        bases = [
            np.mean([staying[c.effector].point - at_nodes.points[c.effector, c.mode][n] for c in borne], axis=0)
            for n in (k, k + 1)
        ]
        ease = smoothstep(at)[:, None]
        root[span] = fit + (1 - ease) * (ends[0] - bases[0]) + ease * (ends[1] - bases[1])
        for c in rolling(nodes[k].contacts):
            root[span, 2] = c.height_m - measured.points[c.effector, c.mode][span, 2]
    return root


def _staying(nodes: Sequence[Node], stands: Sequence[Stand], k: int) -> dict[str, Plant]:
    """What is planted at node k and still there, at the same place, at the next."""
    now, then = stands[k].plants, stands[k + 1].plants
    return {e: p for e, p in now.items() if e in then and then[e] is p}


def _handed_over(
    now: Stand, then: Stand, a: Contact, b: Contact, measured: Measured, span: slice, at: Array
) -> Array:  # fmt: skip
    """The trunk rolls from one part that bears it onto another, as from the seat onto the back."""
    ease = smoothstep(at)[:, None]
    on_a = now.plants[a.effector].point - measured.points[a.effector, a.mode][span]
    on_b = then.plants[b.effector].point - measured.points[b.effector, b.mode][span]
    path: Array = (1 - ease) * on_a + ease * on_b
    return path


def _flight(nodes: Sequence[Node], k: int, ends: Array, at: Array) -> Array:
    """Nothing bears the body: along a line, on a parabola upwards where it leaves or meets the floor."""
    ease = at[:, None] if nodes[k].lift_m or nodes[k + 1].lift_m else smoothstep(at)[:, None]
    path: Array = (1 - ease) * ends[0] + ease * ends[1]
    if nodes[k + 1].lift_m > nodes[k].lift_m:  # rising: slows down
        path[:, 2] = ends[0, 2] + (ends[1, 2] - ends[0, 2]) * (1 - (1 - at) ** 2)
    elif nodes[k + 1].lift_m < nodes[k].lift_m:
        path[:, 2] = ends[1, 2] + (ends[0, 2] - ends[1, 2]) * (1 - at**2)
    return path


def goals(
    nodes: Sequence[Node], stands: Sequence[Stand], measured: Measured, root: Array, time_s: Array,
    spans: Sequence[slice],
) -> dict[str, Goal]:  # fmt: skip
    """For every limb that is planted at any node, where it must be in each picture."""
    out: dict[str, Goal] = {}
    modes = {c.effector: c.mode for node in nodes for c in node.contacts if c.effector not in RESTS}
    for effector, mode in modes.items():
        free = root + measured.points[effector, mode]
        goal = Goal(free.copy(), np.zeros(len(root)), np.zeros(len(root)), measured.yaw_rad[effector].copy(), mode)
        for k, span in enumerate(spans):
            _fill(goal, span, progress(nodes, k, time_s[span]), stands[k], stands[k + 1], effector)
        out[effector] = goal
    return out


def _fill(goal: Goal, span: slice, at: Array, now: Stand, then: Stand, effector: str) -> None:
    """One stretch between two nodes: planted, lifted, let down, or stepped."""
    a, b = now.plants.get(effector), then.plants.get(effector)
    if (a is None and b is None) or not len(at):
        return
    ease = smoothstep(at)
    free = goal.point[span]
    goal.led[span] = 1.0
    if a is not None and b is a:
        goal.point[span], goal.weight[span], goal.yaw_rad[span] = a.point, 1.0, a.yaw_rad
        return
    if a is not None and b is not None:
        at = _stepped(at, float(then.root[2] - now.root[2]))
        ease = smoothstep(at)
    leaving, coming = 1 - smoothstep(2 * at), smoothstep(2 * at - 1)
    path, yaw, weight = free.copy(), goal.yaw_rad[span].copy(), np.zeros(len(at))
    if a is not None:
        path += (1 - ease)[:, None] * (a.point - free[0])
        yaw, weight = yaw + (1 - ease) * _turn(a.yaw_rad, yaw[0]), weight + leaving
    if b is not None:
        path += ease[:, None] * (b.point - free[-1])
        yaw, weight = yaw + ease * _turn(b.yaw_rad, yaw[-1]), weight + coming
    if a is not None and b is not None:  # a step: over the floor, not along it
        path = a.point + ease[:, None] * (b.point - a.point)
        if goal.mode == "plate":  # the plate moves with the foot
            weight = np.ones(len(at))
        else:
            # Up onto something first up, then over; down from it first away, then down.
            up_m = float(b.point[2] - a.point[2])
            rise = smoothstep(2 * at) if up_m > 0 else smoothstep(2 * at - 1)
            if abs(up_m) > STEP_M:
                over = smoothstep((at - _EDGE * (up_m > 0)) / (1 - _EDGE))
                path = a.point + over[:, None] * (b.point - a.point)
            path[:, 2] = a.point[2] + rise * (b.point[2] - a.point[2]) + STEP_M * np.sin(np.pi * ease)
    goal.point[span], goal.weight[span], goal.yaw_rad[span] = path, np.clip(weight, 0, 1), yaw


def _stepped(at: Array, up_m: float) -> Array:
    """How far (T,) a step is: who goes down sets the foot first, who rises by ``up_m`` lifts it last."""
    if abs(up_m) < _LEVEL_M:
        return at
    out: Array = np.clip((at - (_HELD if up_m > 0 else 0.0)) / (1 - _HELD), 0.0, 1.0)
    return out


def _turn(to: float, start: float) -> float:
    return float((to - start + np.pi) % (2 * np.pi) - np.pi)


def lower_to_reach(bones: Bones, figure: Figure, wanted: dict[str, Goal], angles: Array) -> Array:
    """How the pelvis must move (T, 3) so that no planted limb has to be longer than it is.

    A thigh above a planted knee, or an upper arm above a planted elbow, must not be shorter either.
    """
    moved = np.zeros((len(bones.joints), 3))
    for _ in range(6):
        push, rigid, weight = np.zeros_like(moved), np.zeros_like(moved), np.full(len(moved), 1e-9)
        for effector, goal in wanted.items():
            kind, side = effector.split("_")
            parts = limb(figure, "leg" if kind in ("foot", "knee") else "arm", side)
            start = bones.joints[:, parts.upper] + moved
            if kind in ("knee", "elbow"):
                line = goal.point - joint_offset(bones, figure, kind, side) - start
                off = np.linalg.norm(line, axis=-1) - parts.upper_m
                rigid += unit(line) * (off * goal.weight)[:, None]
                weight += goal.weight
                continue
            line = end_goal(bones, angles, figure, effector, goal) - start
            over = np.maximum(np.linalg.norm(line, axis=-1) - 0.999 * (parts.upper_m + parts.lower_m), 0.0)
            pull = unit(line) * (over * goal.weight)[:, None]
            push = np.where(np.abs(pull) > np.abs(push), pull, push)
        moved += push + rigid / np.maximum(weight, 1.0)[:, None]
    return moved


def end_goal(bones: Bones, angles: Array, figure: Figure, effector: str, goal: Goal) -> Array:
    """The ankle or wrist (T, 3) for a goal of the sole or the palm."""
    kind, side = effector.split("_")
    if kind == "foot":
        rotation = foot_rotation(bones, angles, side, goal.yaw_rad)
        out: Array = goal.point - ball(figure, side, rotation, goal.mode)
        return out
    name = "palm" if goal.mode == "flat" else "grip"
    rotation = bones.rotations[:, BONE[effector]]
    if goal.mode == "flat":
        flat = Bones(bones.rotations.copy(), bones.joints)
        flat_hand(flat, figure, side, goal.yaw_rad)
        rotation = flat.rotations[:, BONE[effector]]
    end: Array = goal.point - turned(rotation, point_on(figure, f"body/{name}_{side}", effector))
    return end


def plant_feet(bones: Bones, angles: Array, figure: Figure, wanted: dict[str, Goal]) -> None:
    """Legs to their goals; a foot in the air keeps above the floor."""
    for side in SIDES:
        effector, parts = f"foot_{side}", limb(figure, "leg", side)
        knee = wanted.get(f"knee_{side}")
        if knee is not None:
            _aim(bones, figure, parts, knee, "knee", side)
            place(bones, figure, effector)
        goal = wanted.get(effector)
        if goal is not None:
            planted = foot_rotation(bones, angles, side, goal.yaw_rad)
            reach(bones, figure, parts, end_goal(bones, angles, figure, effector, goal), goal.led)
            _turn_foot(bones, angles, figure, side, planted, goal)
        _keep_above_floor(bones, figure, side, parts, goal, knee, LEG_BONES[side])
        if knee is None:
            _knee_aside(bones, figure, side, parts, goal)
            _keep_above_floor(bones, figure, side, parts, goal, None, (*LEG_BONES[side], f"shank_{side}"))


def _knee_aside(bones: Bones, figure: Figure, side: str, parts: Limb, goal: Goal | None) -> None:
    """The knee of a leg that swings under a low body goes out to the side before it goes into the floor."""
    names = (f"thigh_{side}", f"shank_{side}")
    swings = np.ones(len(bones.joints), bool) if goal is None else goal.weight < 1
    if not ((lowest_m(bones, figure, names) < 0.0) & swings).any():
        return
    outward = bones.rotations[:, BONE["pelvis"], :, 0] * (1.0 if side == "l" else -1.0)
    before = Bones(bones.rotations.copy(), bones.joints.copy())
    swivel_clear(bones, figure, parts, names, outward)
    for bone in (parts.upper, parts.lower, parts.end):  # a leg that stands keeps its knee where it was
        bones.rotations[~swings, bone] = before.rotations[~swings, bone]
        bones.joints[~swings, bone] = before.joints[~swings, bone]
    place(bones, figure, f"foot_{side}")


def _turn_foot(bones: Bones, angles: Array, figure: Figure, side: str, planted: Array, goal: Goal) -> None:
    """Blend from the foot that follows its shank to the planted one, which bends at the toes."""
    foot, toes = BONE[f"foot_{side}"], BONE[f"toes_{side}"]
    weight = goal.weight
    free = bones.rotations[:, BONE[f"shank_{side}"]] @ about(X, -column(angles, f"ankle_{side}"))
    mixed = between(free, planted, weight)
    bones.rotations[:, foot] = mixed
    level = planted if goal.mode == "plate" else planted @ about(X, -column(angles, f"heel_{side}"))
    bent = mixed @ about(X, -column(angles, f"toe_{side}"))
    bones.rotations[:, toes] = between(bent, level, weight)
    place(bones, figure, f"foot_{side}")


def _lift_shank(bones: Bones, figure: Figure, side: str, parts: Limb, below: Array) -> None:
    """Turn a shank about its planted knee until the foot is higher by ``below`` (T,) m."""
    shank = bones.joints[:, parts.end] - bones.joints[:, parts.lower]
    up = about(unit(np.cross(shank, Z)), np.degrees(below / parts.lower_m))
    for name in ("shank", "foot", "toes"):
        bones.rotations[:, BONE[f"{name}_{side}"]] = up @ bones.rotations[:, BONE[f"{name}_{side}"]]
    place(bones, figure, f"shank_{side}")


def _keep_above_floor(
    bones: Bones, figure: Figure, side: str, parts: Limb, goal: Goal | None, knee: Goal | None, names: tuple[str, ...]
) -> None:
    """Lift the end of a leg that bears nothing until the skin of ``names`` is out of the floor."""
    low = lowest_m(bones, figure, names)
    weight = np.zeros(len(low)) if goal is None else goal.weight
    free, clear_m = (weight < 1).astype(np.float64), _CLEAR_M * (1 - weight)
    below = np.maximum(clear_m - low, 0.0) * free
    if not (below > 0).any():
        return
    if knee is not None:  # only while the knee is down
        _lift_shank(bones, figure, side, parts, below * (knee.weight >= 1))
        below = np.maximum(clear_m - lowest_m(bones, figure, LEG_BONES[side]), 0.0) * free * (knee.weight < 1)
    up = bones.joints[:, parts.end] + below[:, None] * np.array([0.0, 0.0, 1.0])
    reach(bones, figure, parts, up, (below > 0).astype(np.float64))
    place(bones, figure, f"foot_{side}")


def _aim(bones: Bones, figure: Figure, parts: Limb, goal: Goal, kind: str, side: str) -> None:
    """Turn the upper bone so that the joint below it comes nearest to where its planted point wants it."""
    lower = bones.rotations[:, parts.lower]
    hinge_joint = figure.joints[parts.lower]
    target = goal.point - joint_offset(bones, figure, kind, side)
    start = bones.joints[:, parts.upper]
    now = bones.joints[:, parts.lower] - start
    way = unit(now) + goal.weight[:, None] * (unit(target - start) - unit(now))
    along = turned(lower, unit(figure.joints[parts.end] - hinge_joint))
    hinge = turned(lower, parts.hinge)
    set_limb(bones, figure, parts, way, along, hinge)
    start_m = float(np.linalg.norm(hinge_joint - figure.joints[parts.upper]))
    bones.joints[:, parts.lower] = start + start_m * unit(way)
    bones.joints[:, parts.end] = bones.joints[:, parts.lower] + parts.lower_m * along


def plant_hands(bones: Bones, angles: Array, figure: Figure, wanted: dict[str, Goal]) -> None:
    """Arms to palms on the floor and elbows on the floor; fists round bars are `hold`'s."""
    for index, side in enumerate(SIDES):
        sign = 1.0 if index == 0 else -1.0
        parts = limb(figure, "arm", side)
        elbow = wanted.get(f"elbow_{side}")
        if elbow is not None:
            _aim(bones, figure, parts, elbow, "elbow", side)
            hand(bones, angles, figure, side, sign)
            place(bones, figure, f"forearm_{side}")
        goal = wanted.get(f"hand_{side}")
        if goal is None or goal.mode != "flat":
            continue
        reach(bones, figure, parts, end_goal(bones, angles, figure, f"hand_{side}", goal), goal.led)
        hand(bones, angles, figure, side, sign)
        free = bones.rotations[:, BONE[f"hand_{side}"]].copy()
        flat_hand(bones, figure, side, goal.yaw_rad)
        planted = bones.rotations[:, BONE[f"hand_{side}"]]
        bones.rotations[:, BONE[f"hand_{side}"]] = between(free, planted, goal.weight)
        below = np.maximum(-lowest_m(bones, figure, (f"hand_{side}",)) - _FINGERS_M * goal.weight, 0.0)
        if below.any():  # a hand on its way down still points there
            reach(bones, figure, parts, bones.joints[:, parts.end] + below[:, None] * Z)
