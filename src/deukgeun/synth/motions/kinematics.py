"""From angles to bones: forward kinematics of a whole movement at once.

The pelvis stays at the origin here; where it is in the room follows from what touches what (`contacts`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import BONE, BONES, PARENTS, SIDES, Figure
from deukgeun.synth.motions.degrees import INDEX
from deukgeun.synth.rotation import X, Y, Z, about, frame, part, turned, unit

Array = npt.NDArray[np.float64]

# Share of the bend between pelvis and rib cage that each vertebra has taken: more in the lower back than above
# (flexion of the spine by region: White & Panjabi, Clinical Biomechanics of the Spine, 1990).
_SPINE = {"spine1": 0.1, "spine2": 0.4, "spine3": 0.65, "spine4": 0.9}
_NECK = 0.45
# Collar bone per degree of raised arm: a third of the arm's elevation comes from the girdle, half of that shows in
# the collar bone (Inman's scapulohumeral rhythm).
_RISE, _RISE_FROM_DEG = 0.16, 30.0
_FORWARD_DEG = 10.0


@dataclass(slots=True)
class Bones:
    """Rotations (T, 24, 3, 3) and joints (T, 24, 3) while they are being worked out."""

    rotations: Array
    joints: Array


@dataclass(frozen=True, slots=True)
class Limb:
    """The three bones of an arm or a leg and its hinge at rest (3,), for one figure."""

    upper: int
    lower: int
    end: int
    hinge: Array
    upper_m: float
    lower_m: float


def limb(figure: Figure, kind: str, side: str) -> Limb:
    """The arm or the leg ("arm", "leg") of ``side`` ("l", "r")."""
    names = ("upper_arm", "forearm", "hand") if kind == "arm" else ("thigh", "shank", "foot")
    upper, lower, end = (BONE[f"{name}_{side}"] for name in names)
    top, middle, tip = figure.joints[upper], figure.joints[lower], figure.joints[end]
    # A knee bends about the body's transverse axis; an elbow at rest is bent, so its own bones tell.
    hinge = X if kind == "leg" else np.cross(middle - top, tip - middle)
    along = unit(middle - top)
    hinge = unit(hinge - (hinge @ along) * along)
    return Limb(upper, lower, end, hinge, float(np.linalg.norm(middle - top)), float(np.linalg.norm(tip - middle)))


def column(angles: Array, name: str) -> Array:
    """One angle of poses (T, D): (T,)."""
    values: Array = angles[:, INDEX[name]]
    return values


def heading(angles: Array) -> Array:
    """Rotations (T, 3, 3) of the way the athlete faces."""
    return about(Z, column(angles, "turn"))


def forward(angles: Array, figure: Figure) -> Bones:
    """The bones for poses (T, D), with the pelvis at the origin."""
    bones = Bones(np.zeros((len(angles), len(BONES), 3, 3)), np.zeros((len(angles), len(BONES), 3)))
    trunk(bones, angles)
    for index, side in enumerate(SIDES):
        sign = 1.0 if index == 0 else -1.0
        clavicle(bones, angles, side, sign)
        arm(bones, angles, figure, side, sign)
        leg(bones, angles, figure, side, sign)
    place(bones, figure)
    return bones


def place(bones: Bones, figure: Figure, below: str = "pelvis") -> None:
    """Joints from rotations, for all bones that hang on ``below``; its own joint stays."""
    moved = {BONE[below]}
    for bone, parent in enumerate(PARENTS):
        if parent in moved:
            offset = figure.joints[bone] - figure.joints[parent]
            bones.joints[:, bone] = bones.joints[:, parent] + turned(bones.rotations[:, parent], offset)
            moved.add(bone)


def trunk(bones: Bones, angles: Array) -> None:
    """Pelvis, spine, neck and head."""
    pelvis = heading(angles) @ about(Y, column(angles, "roll")) @ about(X, column(angles, "pitch"))
    bend = about(Z, column(angles, "twist")) @ about(Y, column(angles, "side")) @ about(X, column(angles, "flex"))
    nod = about(Z, column(angles, "look")) @ about(Y, column(angles, "tilt")) @ about(X, column(angles, "nod"))
    bones.rotations[:, BONE["pelvis"]] = pelvis
    for name, share in _SPINE.items():
        bones.rotations[:, BONE[name]] = pelvis @ part(bend, share)
    chest = pelvis @ bend
    bones.rotations[:, BONE["chest"]] = chest
    bones.rotations[:, BONE["neck"]] = chest @ part(nod, _NECK)
    bones.rotations[:, BONE["head"]] = chest @ nod


def clavicle(bones: Bones, angles: Array, side: str, sign: float) -> None:
    """The collar bone follows the raised arm, and shrugs."""
    raised, plane = column(angles, f"raise_{side}"), np.radians(column(angles, f"plane_{side}"))
    ahead = np.sin(np.radians(np.clip(raised, 0, 180))) * np.cos(plane)
    up = _RISE * np.clip(raised - _RISE_FROM_DEG, 0, 150) + column(angles, f"shrug_{side}")
    front = _FORWARD_DEG * np.clip(ahead, -0.5, 1) + column(angles, f"protract_{side}")
    girdle = about(Z, -sign * front) @ about(Y, -sign * up)
    bones.rotations[:, BONE[f"clavicle_{side}"]] = bones.rotations[:, BONE["chest"]] @ girdle


def arm_directions(angles: Array, side: str, sign: float) -> tuple[Array, Array]:
    """Upper arm (T, 3) and the way the elbow bends (T, 3), in the axes of the rib cage."""
    plane = np.radians(column(angles, f"plane_{side}"))
    level = np.stack([sign * np.sin(plane), -np.cos(plane), np.zeros_like(plane)], axis=-1)
    lift = about(np.cross(-Z, level), column(angles, f"raise_{side}"))
    along = turned(lift, -Z)
    bend = turned(about(along, -sign * column(angles, f"rotate_{side}")), turned(lift, -Y))
    return along, bend


def arm(bones: Bones, angles: Array, figure: Figure, side: str, sign: float) -> None:
    """Upper arm, forearm and hand."""
    along, bend = arm_directions(angles, side, sign)
    hang = column(angles, f"hang_{side}")[:, None]
    chest, room = bones.rotations[:, BONE["chest"]], heading(angles)
    upper = unit((1 - hang) * turned(chest, along) + hang * turned(room, along))
    inward = unit((1 - hang) * turned(chest, bend) + hang * turned(room, bend))
    hinge = np.cross(upper, inward)
    lower = turned(about(hinge, column(angles, f"elbow_{side}")), upper)
    set_limb(bones, figure, limb(figure, "arm", side), upper, lower, hinge)
    hand(bones, angles, figure, side, sign)


def leg(bones: Bones, angles: Array, figure: Figure, side: str, sign: float) -> None:
    """Thigh, shank, foot and toes."""
    pelvis = bones.rotations[:, BONE["pelvis"]]
    hip, out = np.radians(column(angles, f"hip_{side}")), np.radians(column(angles, f"abduct_{side}"))
    fore, up = np.sin(hip), np.cos(hip)
    along = np.stack([sign * np.sin(out), -np.cos(out) * fore, -np.cos(out) * up], axis=-1)
    behind = np.stack([np.zeros_like(hip), up, -fore], axis=-1)
    bend = turned(about(along, -sign * column(angles, f"turnout_{side}")), behind)
    upper = turned(pelvis, along)
    hinge = np.cross(upper, turned(pelvis, bend))
    lower = turned(about(hinge, column(angles, f"knee_{side}")), upper)
    set_limb(bones, figure, limb(figure, "leg", side), upper, lower, hinge)
    shank = bones.rotations[:, BONE[f"shank_{side}"]]
    foot = shank @ about(X, -column(angles, f"ankle_{side}"))
    bones.rotations[:, BONE[f"foot_{side}"]] = foot
    bones.rotations[:, BONE[f"toes_{side}"]] = foot @ about(X, -column(angles, f"toe_{side}"))


def set_limb(bones: Bones, figure: Figure, parts: Limb, upper: Array, lower: Array, hinge: Array) -> None:
    """Turn the two bones of a limb along ``upper`` and ``lower`` (T, 3) with the hinge axis (T, 3) given."""
    rest = figure.joints
    along, on = rest[parts.lower] - rest[parts.upper], rest[parts.end] - rest[parts.lower]
    bones.rotations[:, parts.upper] = frame(upper, hinge) @ frame(along, parts.hinge).T
    bones.rotations[:, parts.lower] = frame(lower, hinge) @ frame(on, parts.hinge).T


def hand_axes(figure: Figure, side: str) -> tuple[Array, Array]:
    """At rest: the way the fingers point (3,) and the way from the little finger to the index (3,)."""
    index = figure.landmark(f"blazepose_33/{_LONG[side]}_index")
    little = figure.landmark(f"blazepose_33/{_LONG[side]}_pinky")
    along = unit((index + little) / 2 - figure.joint(f"hand_{side}"))
    across = index - little
    return along, unit(across - (across @ along) * along)


_LONG = {"l": "left", "r": "right"}


def hand(bones: Bones, angles: Array, figure: Figure, side: str, sign: float) -> None:
    """The hand on the end of the forearm, turned by pronation and bent at the wrist."""
    parts = limb(figure, "arm", side)
    upper, lower = bones.rotations[:, parts.upper], bones.rotations[:, parts.lower]
    rest = figure.joints
    along = turned(lower, unit(rest[parts.end] - rest[parts.lower]))
    hinge = turned(upper, parts.hinge)
    thumb = turned(about(along, sign * column(angles, f"pronate_{side}")), np.cross(hinge, along))
    palm = sign * np.cross(along, thumb)
    wrist = np.radians(column(angles, f"wrist_{side}"))[:, None]
    fingers = np.cos(wrist) * along + np.sin(wrist) * palm
    set_hand(bones, figure, side, fingers, thumb)


def set_hand(bones: Bones, figure: Figure, side: str, fingers: Array, thumb: Array) -> None:
    """Turn a hand so that its fingers point along ``fingers`` (T, 3) and its thumb's side lies towards ``thumb``."""
    rest_along, rest_across = hand_axes(figure, side)
    bones.rotations[:, BONE[f"hand_{side}"]] = frame(fingers, thumb) @ frame(rest_along, rest_across).T
