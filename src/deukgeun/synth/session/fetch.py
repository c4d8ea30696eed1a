"""How somebody comes by the things of a set: off the floor, off hooks, out of a pocket. Backwards: put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import BONE, SIDES, Figure, Posed
from deukgeun.synth.items import Item
from deukgeun.synth.motions.definition import find, merged
from deukgeun.synth.motions.kinematics import Bones, limb, place
from deukgeun.synth.motions.plan import draw_effort
from deukgeun.synth.motions.reach import reach
from deukgeun.synth.repertoire import Piece
from deukgeun.synth.rotation import Z, about, turned, unit
from deukgeun.synth.scene.finish import sizes
from deukgeun.synth.scene.things import item_mesh
from deukgeun.synth.session.carry import (
    Hands,
    fist_to,
    half_apart_m,
    hand_frames,
    held_by,
    keep_apart,
    one,
)
from deukgeun.synth.session.segment import Segment, about_heading, act_out, bringing, there
from deukgeun.synth.session.things import POCKET, in_pocket
from deukgeun.synth.truth.values import UNKNOWN

Array = npt.NDArray[np.float64]
Held = Mapping[int, Hands]

_ON_FLOOR_M, _STANDS_M = 0.05, 0.7
_STAY_S = 0.4  # with the hands on a thing before it moves
_LOW_M = 0.3  # who sits or lies so low takes things from the floor beside
_BESIDE_M, _BEYOND_M, _SEATED_AHEAD_M = 0.3, 0.38, 0.42
_CLEAR_OF_BENCH_M = 0.6
# From a rack's own axes to its hooks, and from those of a bench with a rack (see `scene.machines`).
_HOOK_M, _RACK_HOOK_BACK_M = 0.03, 0.08
_BENCH_HOOK_M, _BENCH_UPRIGHT_M = 1.02, 0.155
_FROM_RACK_M, _OFF_HOOKS_M, _RACKED_FROM_M = 0.4, 0.05, 0.95


def held(segment: Segment, figure: Figure) -> dict[int, Hands]:
    """The loose things that are in the hands when ``segment`` begins, by number; not those that lie there then."""
    out: dict[int, Hands] = {}
    for number, item in enumerate(segment.items):
        hands = held_by(item, segment.posed, figure, 0)
        if len(item.pose) > 1 and hands is not None and _lowest_m(item, item.pose[0]) > _ON_FLOOR_M:
            out[number] = hands
    return out


def with_rack(segment: Segment, figure: Figure) -> Segment:
    """``segment`` with a rack for the bar that somebody who stands has on the shoulders when it begins."""
    if segment.posed.joints[0, BONE["pelvis"], 2] < _STANDS_M:
        return segment
    for number, hands in held(segment, figure).items():
        bar = segment.items[number]
        height_m = float(bar.pose[0, 2, 3])
        if bar.kind == "barbell" and hands == "both" and height_m > _RACKED_FROM_M:
            size = sizes("rack", {})
            hook_m = height_m - _OFF_HOOKS_M - _HOOK_M - sizes(bar.kind, bar.size)["bar_radius_m"]
            heading_deg = float(segment.heading_deg[0])
            pose = np.eye(4)
            pose[:3, :3] = about(Z, heading_deg + 180.0)
            ahead = np.append(about_heading(heading_deg), 0.0)
            hooks = bar.pose[0, :3, 3] + _FROM_RACK_M * ahead
            back = (size["depth_m"] / 2 - _RACK_HOOK_BACK_M) * ahead
            pose[:2, 3] = (hooks - back)[:2]
            return replace(segment, items=(*segment.items, Item("rack", pose[None], {"hook_m": hook_m})))
    return segment


def fetch(
    segment: Segment, figure: Figure, rng: np.random.Generator, rate_hz: float, ways: Sequence[Segment]
) -> list[Segment]:
    """What is done before ``segment``: its things are taken up before, on or after the ``ways`` into its posture.

    ``ways`` are in their places.
    """
    mine = held(segment, figure)
    if not mine:
        return list(ways)
    hooked = [hooks for n in mine if (hooks := _hooks(segment, segment.items[n])) is not None]
    if segment.items[next(iter(mine))].kind == POCKET:
        return [*ways, _from_pocket(segment, figure, mine, rate_hz)]
    if hooked:
        number = next(iter(mine))
        take = _from_rack if not ways else _from_bench
        return [*ways, take(segment, figure, number, hooked[0], rate_hz)]
    if ways and segment.posed.joints[0, BONE["pelvis"], 2] < _LOW_M:
        return [*ways, _from_beside(segment, figure, mine, rate_hz)]
    taken = _from_floor(segment, figure, mine, rng, rate_hz, ways[0] if ways else segment)
    return [*taken, *(_carrying(way, taken[-1], figure, mine) for way in ways)]


def backwards(segment: Segment) -> Segment:
    """``segment`` the other way round in time."""
    return segment.shown(slice(None, None, -1))


def _lowest_m(item: Item, pose: Array) -> float:
    points = item_mesh(item, np.random.default_rng(0)).points
    return float((points @ pose[:3, :3].T)[:, 2].min() + pose[2, 3])


def _lying(item: Item, at: Array, handle: Array) -> Array:
    """The pose (4, 4) in which a thing lies on the floor under ``at`` (3,), its handle as near to ``handle`` (3,)."""
    level = np.array([handle[0], handle[1], 0.0])
    left = unit(level) if np.linalg.norm(level) > 0.1 else np.array([1.0, 0.0, 0.0])
    out = np.eye(4)
    out[:3, :3] = np.stack([left, np.cross(Z, left), Z], axis=-1)
    out[:2, 3] = at[:2]
    out[2, 3] = -_lowest_m(item, out)
    return out


def _still(segment: Segment, bones: Bones, items: Sequence[Item], rate_hz: float) -> Segment:
    """Somebody who has the hands on things and does not move them yet."""
    count = max(round(_STAY_S * rate_hz), 2)
    posed = Posed(np.repeat(bones.rotations, count, axis=0), np.repeat(bones.joints, count, axis=0))
    return replace(
        segment,
        name="take_up",
        posed=posed,
        grip=np.repeat(segment.grip[:1], count, axis=0),
        heading_deg=np.repeat(segment.heading_deg[:1], count),
        items=tuple(items),
        set_truth=None,
    )


def _waiting(segment: Segment, poses: Mapping[int, Array], count: int) -> tuple[Item, ...]:
    """The things of a segment as they are when it begins, over ``count`` pictures; some at other ``poses`` (4, 4)."""
    out = []
    for number, item in enumerate(segment.items):
        if len(item.pose) == 1 and item.ends is None:
            out.append(item)
            continue
        pose = np.repeat(poses.get(number, item.pose[0])[None], count, axis=0)
        out.append(
            replace(item, pose=pose, ends=None if item.ends is None else np.repeat(item.ends[:1], count, axis=0))
        )
    return tuple(out)


def _first(segment: Segment) -> Bones:
    return Bones(segment.posed.rotations[:1].copy(), segment.posed.joints[:1].copy())


def _count(rate_hz: float) -> int:
    return max(round(_STAY_S * rate_hz), 2)


def _hooks(segment: Segment, item: Item) -> Array | None:
    """The pose of a bar on the hooks of the rack or bench it is used with; None where there are none."""
    if item.kind != "barbell":
        return None
    radius = sizes(item.kind, item.size)["bar_radius_m"]
    for other in segment.items:
        if other.kind not in ("rack", "flat_bench"):
            continue
        size = sizes(other.kind, other.size)
        at = None
        if other.kind == "rack":
            at = [0.0, size["depth_m"] / 2 - _RACK_HOOK_BACK_M, size["hook_m"] + _HOOK_M + radius]
        elif size["rack"] > 0.5:
            at = [0.0, _BENCH_UPRIGHT_M - size["length_m"] / 2, _BENCH_HOOK_M - size["height_m"] + radius]
        if at is not None:
            out: Array = other.pose[0].copy()
            out[:3, 3] = other.pose[0, :3, :3] @ np.array(at) + other.pose[0, :3, 3]
            if out[:3, 0] @ item.pose[0, :3, 0] < 0:  # a bar has no front: it is not turned round on the way
                out[:3, :3] = out[:3, :3] @ about(Z, 180.0)
            return out
    return None


def _from_rack(segment: Segment, figure: Figure, number: int, hooks: Array, rate_hz: float) -> Segment:
    """Under the bar on its hooks, a step before where the set begins, the knees a little bent."""
    bones = _first(segment)
    way = hooks[:3, 3] - segment.items[number].pose[0, :3, 3]
    feet = {side: bones.joints[:, BONE[f"foot_{side}"]] + way * [1.0, 1.0, 0.0] for side in SIDES}
    bones.joints += way
    for side in SIDES:
        leg = limb(figure, "leg", side)
        reach(bones, figure, leg, feet[side])
        place(bones, figure, f"foot_{side}")
    return _still(segment, bones, _waiting(segment, {number: hooks}, _count(rate_hz)), rate_hz)


def _from_bench(segment: Segment, figure: Figure, number: int, hooks: Array, rate_hz: float) -> Segment:
    """On the bench, the arms at the bar on its hooks."""
    bones = _first(segment)
    half_m = half_apart_m(segment.posed, figure, 0)
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        fist_to(bones, figure, side, (hooks[:3, 3] + sign * half_m * hooks[:3, 0])[None])
    return _still(segment, bones, _waiting(segment, {number: hooks}, _count(rate_hz)), rate_hz)


def _from_pocket(segment: Segment, figure: Figure, mine: Held, rate_hz: float) -> Segment:
    """One hand at the hip."""
    bones, number = _first(segment), next(iter(mine))
    side = "r" if mine[number] == "r" else "l"
    sign = 1.0 if side == "l" else -1.0
    hip = bones.joints[:, BONE["pelvis"]] + turned(
        bones.rotations[:, BONE["pelvis"]], np.array([sign * 0.19, -0.05, -0.06])
    )
    fist_to(bones, figure, side, hip)
    poses = {number: in_pocket(Posed(bones.rotations, bones.joints), 1, side)[0]}
    return _still(segment, bones, _waiting(segment, poses, _count(rate_hz)), rate_hz)


def _from_beside(segment: Segment, figure: Figure, mine: Held, rate_hz: float) -> Segment:
    """Low as the body is, the arms reach what lies on the floor: at the sides, or beyond the head, or ahead."""
    bones, poses = _first(segment), {}
    chest = bones.rotations[0, BONE["chest"]]
    lies = chest[2, 2] < 0.5
    up = chest[:, 2] * [1.0, 1.0, 0.0] if lies else -chest[:, 1] * [1.0, 1.0, 0.0]
    for number, hands in mine.items():
        item = segment.items[number]
        arms = SIDES if hands == "both" else (hands,)
        shoulder = bones.joints[0, [BONE[f"upper_arm_{side}"] for side in arms]].mean(axis=0)
        if hands == "both":
            at = shoulder + (_BEYOND_M if lies else _SEATED_AHEAD_M) * unit(up)
        else:
            at = shoulder + (1.0 if hands == "l" else -1.0) * _BESIDE_M * unit(chest[:, 0] * [1.0, 1.0, 0.0])
        handle = item.pose[0, :3, 0]
        poses[number] = _lying(item, at, handle)
        half_m = half_apart_m(segment.posed, figure, 0) if hands == "both" else 0.0
        for side in arms:
            sign = 1.0 if side == "l" else -1.0
            fist_to(bones, figure, side, (poses[number][:3, 3] + sign * half_m * poses[number][:3, 0])[None])
    return _still(segment, bones, _waiting(segment, poses, _count(rate_hz)), rate_hz)


def _from_floor(
    segment: Segment, figure: Figure, mine: Held, rng: np.random.Generator, rate_hz: float, follows: Segment
) -> list[Segment]:  # fmt: skip
    """Down to the things, which lie where the fists come to, and up with them, to where ``follows`` begins."""
    both = "both" in mine.values()
    lying_m = max(-_lowest_m(segment.items[n], np.eye(4)) for n in mine)
    half_m = float(np.clip(half_apart_m(segment.posed, figure, 0), 0.05, 0.45))
    motion = find("to_bar" if both else "to_handles")
    over = {"params": {"bar_m": lying_m, **({"half_m": half_m} if both else {})}}
    motion = replace(motion, raw=merged(motion.raw, over))
    piece = Piece(UNKNOWN, motion, motion.equipment[0])
    acted, done = act_out(piece, None, figure, lambda _: draw_effort(rng, 1, partial=0.0), rng, rate_hz)
    down = replace(there(acted, done, rate_hz), owner=segment.owner)
    heading_deg = float(follows.heading_deg[0])
    at = follows.floor_point(0)
    if follows is segment and any(len(item.pose) == 1 for item in segment.items):
        at = at - _CLEAR_OF_BENCH_M * np.append(about_heading(heading_deg), 0.0)
    down = down.at(bringing(down.floor_point(0), float(down.heading_deg[0]), at, heading_deg))
    poses = {}
    for number, hands in mine.items():
        frame = hand_frames(one(down.posed, -1), figure, hands)[0]
        own = np.linalg.inv(hand_frames(one(segment.posed, 0), figure, hands)[0]) @ segment.items[number].pose[0]
        poses[number] = _lying(segment.items[number], frame[:3, 3], (frame @ own)[:3, 0])
    down = replace(down, name="take_up", items=_waiting(segment, poses, len(down)))
    return [down, _carrying(backwards(down), down, figure, mine)]


def _carrying(way: Segment, before: Segment, figure: Figure, mine: Held) -> Segment:
    """``way`` with the things in the hands as at the end of ``before``."""
    posed = way.posed
    if "both" in mine.values():
        bones = Bones(posed.rotations.copy(), posed.joints.copy())
        keep_apart(bones, figure, half_apart_m(before.posed, figure, -1))
        posed = Posed(bones.rotations, bones.joints)
    items = list(_waiting(before.shown(slice(-1, None)), {}, len(way)))
    for number, hands in mine.items():
        own = np.linalg.inv(hand_frames(one(before.posed, -1), figure, hands)[0]) @ before.items[number].pose[-1]
        items[number] = replace(items[number], pose=hand_frames(posed, figure, hands) @ own)
    return replace(way, owner=before.owner, posed=posed, items=tuple(items))
