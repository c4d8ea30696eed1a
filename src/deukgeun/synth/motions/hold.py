"""What the hands hold: bars that both grip, fixed bars, and the athlete's own body."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import BONE, SIDES, Figure
from deukgeun.synth.motions.contacts import Goal
from deukgeun.synth.motions.degrees import INDEX
from deukgeun.synth.motions.ground import lowest_m, point_on, skin_at
from deukgeun.synth.motions.kinematics import Bones, hand, heading, limb, set_hand
from deukgeun.synth.motions.plan import Node
from deukgeun.synth.motions.reach import reach
from deukgeun.synth.motions.swivel import swivel_clear
from deukgeun.synth.motions.timeline import weights
from deukgeun.synth.rotation import Z, between, turned, unit

Array = npt.NDArray[np.float64]

_TRUNK = ("pelvis", "spine1", "spine2", "spine3", "spine4", "chest")
_FRONT = ("shank_l", "shank_r", "thigh_l", "thigh_r", *_TRUNK)
# A fist round a bar lies aslant to the forearm and lengthens it by this share of its own length.
_FIST_SHARE = 0.75
# A bar across the hips lies this far above the hip joints.
_CREASE_M = 0.045
_HEAD_M = 0.3  # a bar further from the far side of the head is not on this side of it
_NEAR_M = 0.07  # how far above and below a bar the body's outline is looked for


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar both hands are on: middle (T, 3), axis (T, 3) to the athlete's left, half the grip's width in metres."""

    middle: Array
    axis: Array
    half_m: float


def half_shoulders_m(figure: Figure) -> float:
    """Half the distance between the shoulder joints."""
    return float(figure.length_m("upper_arm_l", "upper_arm_r")) / 2


def chest_axis(bones: Bones) -> Array:
    """Unit vectors (T, 3) to the left of the rib cage."""
    axis: Array = bones.rotations[:, BONE["chest"]][:, :, 0]
    return axis


def grips(bones: Bones, figure: Figure) -> Array:
    """Centres of the fists (T, 2, 3), left and right."""
    out = [
        bones.joints[:, BONE[f"hand_{s}"]]
        + turned(bones.rotations[:, BONE[f"hand_{s}"]], point_on(figure, f"body/grip_{s}", f"hand_{s}"))
        for s in SIDES
    ]
    return np.stack(out, axis=1)


def bar_in_hands(bones: Bones, angles: Array, figure: Figure, hold: Mapping[str, Any], half_m: float) -> Bar:
    """The bar where both hands carry it: half-way between the fists, across the body, clear of it."""
    middle = grips(bones, figure).mean(axis=1)
    axis = chest_axis(bones)
    chest = bones.joints[:, BONE["chest"]]
    # Hands of unequal height do not push the bar sideways out of the body's middle.
    middle = middle - np.sum((middle - chest) * axis, axis=-1, keepdims=True) * axis
    if "clear" in hold:
        gap_m = float(hold.get("gap_m", 0.02))
        middle = clear(middle, bones, angles, figure, str(hold["clear"]), gap_m)
        if hold["clear"] in ("front", "back") and hold.get("past_head", 1):
            middle = _past_head(middle, bones, angles, figure, -1.0 if hold["clear"] == "front" else 1.0, gap_m)
    return Bar(within_reach(middle, axis, bones, figure, half_m), axis, half_m)


def within_reach(middle: Array, axis: Array, bones: Bones, figure: Figure, half_m: float) -> Array:
    """Bars (T, 3) drawn to the shoulders until straight arms reach them."""
    for _ in range(3):
        for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
            parts = limb(figure, "arm", side)
            fist_m = float(np.linalg.norm(point_on(figure, f"body/grip_{side}", f"hand_{side}")))
            longest_m = 0.995 * (parts.upper_m + parts.lower_m) + _FIST_SHARE * fist_m
            line = middle + sign * half_m * axis - bones.joints[:, parts.upper]
            along = np.sum(line * axis, axis=-1, keepdims=True)
            across = line - along * axis
            room_m = np.sqrt(np.maximum(longest_m**2 - along**2, 0.01))
            far_m = np.linalg.norm(across, axis=-1, keepdims=True)
            middle = middle - np.maximum(1 - room_m / np.maximum(far_m, 1e-6), 0.0) * across
    return middle


def clear(middle: Array, bones: Bones, angles: Array, figure: Figure, way: str, gap_m: float) -> Array:
    """Bars (T, 3) pushed out of the body to the ``front``, ``back``, ``up`` or ``down`` of the athlete's heading."""
    skin = skin_at(bones, figure, _FRONT if way in ("up", "down") or _stands(bones) else _TRUNK)
    face = heading(angles)
    local = np.einsum("tji,tpj->tpi", face, skin - middle[:, None])
    along, across = (1, 2) if way in ("front", "back") else (2, 1)
    sign = -1.0 if way in ("front", "down") else 1.0
    near = (np.abs(local[..., across]) < _NEAR_M) & (np.abs(local[..., 0]) < 0.3)
    reachable = near & (np.abs(local[..., along]) < 0.35)
    depth = np.where(reachable, sign * local[..., along], -1.0).max(axis=1) + gap_m
    step = np.zeros((len(middle), 3))
    step[:, along] = sign * np.maximum(depth, 0.0)
    return middle + turned(face, step)


def _stands(bones: Bones) -> bool:
    """Whether the thighs are ever nearer upright than level: those of who sits are below a bar, not behind it."""
    hip, knee = (bones.joints[:, [BONE[f"{name}_{side}"] for side in SIDES]] for name in ("thigh", "shank"))
    way = unit(hip - knee)[..., 2]
    return bool(way.max() > 0.7)


def _past_head(middle: Array, bones: Bones, angles: Array, figure: Figure, sign: float, gap_m: float) -> Array:
    """Bars (T, 3) moved ahead (-1) or back (1) of the head: the less, the higher above or the deeper below they are."""
    face = heading(angles)
    local = np.einsum("tji,tpj->tpi", face, skin_at(bones, figure, ("head",)) - middle[:, None])
    into = (sign * local[..., 1] - 2 * np.abs(local[..., 2])).max(axis=1)
    step = np.zeros((len(middle), 3))
    step[:, 1] = sign * np.maximum(np.where(into < _HEAD_M, into + min(gap_m, 0.03), 0.0), 0.0)
    return middle + turned(face, step)


def bar_on_body(bones: Bones, figure: Figure, place: str, half_m: float) -> Bar:
    """A bar that lies on the upper back, the front of the shoulders or the hips."""
    axis = chest_axis(bones)
    if place == "hips":
        bone, at = "pelvis", np.array([0.0, -_belly_m(figure), _CREASE_M])
    else:
        top = (figure.landmark("body/shoulder_top_l") + figure.landmark("body/shoulder_top_r")) / 2
        back = place == "back"
        bone, at = (
            "chest",
            top - figure.joint("chest") + np.array([0.0, 0.035 if back else -0.11, -0.01 if back else 0.0]),
        )
    middle = bones.joints[:, BONE[bone]] + turned(bones.rotations[:, BONE[bone]], at)
    return Bar(middle, axis, half_m)


def _belly_m(figure: Figure) -> float:
    """How far ahead of the pelvis's joint a bar across the hips lies: before the belly, however thick that is."""
    trunk = np.isin(figure.skin_bone, [BONE[name] for name in ("pelvis", "spine1", "spine2")])
    at = figure.skin[trunk] - figure.joint("pelvis")
    return float(np.max(-at[np.abs(at[:, 2] - _CREASE_M) < _NEAR_M + 0.03, 1], initial=0.1)) + 0.015


def grip_bar(bones: Bones, angles: Array, figure: Figure, bar: Bar, hold: Mapping[str, Any], weight: Array) -> None:
    """Both fists round the bar; ``grip`` is over, under, neutral (thumbs ahead) or cup (hands as the angles say)."""
    kind = str(hold.get("grip", "over"))
    for index, side in enumerate(SIDES):
        sign = 1.0 if index == 0 else -1.0
        at = bar.middle + sign * bar.half_m * bar.axis
        thumb = None if kind == "cup" else -sign * bar.axis * (1.0 if kind == "over" else -1.0)
        close_fist(bones, angles, figure, side, sign, at, thumb, weight)


def close_fist(
    bones: Bones, angles: Array, figure: Figure, side: str, sign: float, at: Array, thumb: Array | None, weight: Array
) -> None:
    """Bring one fist to ``at`` (T, 3), its thumb's side along ``thumb`` (T, 3) if that is given."""
    parts, bone = limb(figure, "arm", side), BONE[f"hand_{side}"]
    offset = point_on(figure, f"body/grip_{side}", f"hand_{side}")
    for _ in range(4):  # the fist's place depends on the forearm, and the forearm on the fist's place
        before = bones.rotations[:, bone].copy()
        if thumb is not None:
            along = unit(bones.joints[:, parts.end] - bones.joints[:, parts.lower])
            across = unit(thumb)
            fingers = unit(along - np.sum(along * across, axis=-1, keepdims=True) * across)
            bent = np.radians(angles[:, INDEX[f"wrist_{side}"]])[:, None]
            fingers = np.cos(bent) * fingers + np.sin(bent) * sign * np.cross(fingers, across)
            set_hand(bones, figure, side, fingers, across)
            closed = bones.rotations[:, bone]
            bones.rotations[:, bone] = between(before, closed, weight)
        reach(bones, figure, parts, at - turned(bones.rotations[:, bone], offset), weight)
        if thumb is None:
            hand(bones, angles, figure, side, sign)


def grip_fixed(
    bones: Bones, angles: Array, figure: Figure, wanted: Mapping[str, Goal], hold: Mapping[str, Any]
) -> None:
    """Fists on a bar or rails that do not move."""
    face = heading(angles)
    under = hold.get("grip", "over") == "under"
    for index, side in enumerate(SIDES):
        goal = wanted.get(f"hand_{side}")
        if goal is None or goal.mode == "flat":
            continue
        sign = 1.0 if index == 0 else -1.0
        inward = np.array([-sign if not under else sign, 0.0, 0.0])
        ahead = Z if hold.get("grip") == "upright" else np.array([0.0, 1.0 if under else -1.0, 0.0])
        thumb = turned(face, inward if goal.mode == "bar" else ahead)
        close_fist(bones, angles, figure, side, sign, goal.point, thumb, goal.led)


@cache
def _touch_table() -> dict[str, dict[str, Any]]:
    return tomllib.loads(resources.files(__package__).joinpath("touch.toml").read_text(encoding="utf-8"))


def touch_body(bones: Bones, angles: Array, figure: Figure, nodes: Sequence[Node], time_s: Array) -> None:
    """Palms to the part of the athlete's own body that the nodes name; "hips_l" means the left one alone."""
    names = {node.touch for node in nodes if node.touch}
    half, trunk = half_shoulders_m(figure), figure.length_m("pelvis", "neck")
    for name in sorted(names):
        place, only = (name[:-2], name[-1]) if name[-2:] in ("_l", "_r") else (name, "")
        row = _touch_table()[place]
        for index, side in enumerate(SIDES):
            if only not in ("", side):
                continue
            sign = 1.0 if index == 0 else -1.0
            weight = weights(np.array([_touches(node, name, side) for node in nodes]), nodes, time_s)
            bone = f"{row['bone']}_{side}" if row["bone"] in ("thigh", "shank") else row["bone"]
            x, y, z = row["at"]
            offset = np.array([sign * x * half, y * trunk, z * trunk])
            target = bones.joints[:, BONE[bone]] + turned(bones.rotations[:, BONE[bone]], offset)
            _palm_to(bones, angles, figure, side, sign, target, weight)


def _touches(node: Node, name: str, side: str) -> float:
    """1 where the palm is on that part of the body: an arm that bears is not."""
    bears = {f"hand_{side}", f"elbow_{side}"} & {c.effector for c in node.contacts}
    return float(node.touch == name and not bears)


def _palm_to(bones: Bones, angles: Array, figure: Figure, side: str, sign: float, target: Array, weight: Array) -> None:
    parts = limb(figure, "arm", side)
    offset = point_on(figure, f"body/palm_{side}", f"hand_{side}")
    bone = BONE[f"hand_{side}"]
    before = bones.rotations[:, bone].copy()
    for _ in range(3):
        reach(bones, figure, parts, target - turned(bones.rotations[:, bone], offset), weight)
        hand(bones, angles, figure, side, sign)
        # Where the palm is not on the body it stays as it was: perhaps flat on the floor.
        bones.rotations[:, bone] = between(before, bones.rotations[:, bone], weight)


def keep_arms_above_floor(bones: Bones, angles: Array, figure: Figure, planted: set[str]) -> None:
    """Arms that bear nothing stay out of the floor: the hand is lifted, then the elbow turned aside."""
    for index, side in enumerate(SIDES):
        if planted & {f"hand_{side}", f"elbow_{side}"}:
            continue
        sign, parts = (1.0 if index == 0 else -1.0), limb(figure, "arm", side)
        below = np.maximum(-lowest_m(bones, figure, (f"hand_{side}",)) - 0.002, 0.0)
        if (below > 0).any():
            up = bones.joints[:, parts.end] + below[:, None] * np.array([0.0, 0.0, 1.05])
            reach(bones, figure, parts, up, (below > 0).astype(np.float64))
            hand(bones, angles, figure, side, sign)
        low = lowest_m(bones, figure, (f"upper_arm_{side}", f"forearm_{side}"))
        if (low < -0.002).any():
            swivel_clear(bones, figure, parts, (f"upper_arm_{side}", f"forearm_{side}"))
            hand(bones, angles, figure, side, sign)
