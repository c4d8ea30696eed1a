"""The named points of a body: the joints of the three joint sets, and the points where it touches the world.

Every point moves rigidly with one bone. Joints that COCO has are placed as its annotators click them (regressed by
anny on COCO's conventions); what the other sets add is placed on the mesh or between joints, as said at each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from deukgeun.skeleton import skeleton
from deukgeun.synth.athletes import touch
from deukgeun.synth.athletes.touch import Surface
from deukgeun.synth.figure import SIDES

Array = npt.NDArray[np.float64]
Marks = dict[str, tuple[str, Array]]

_SETS = ("blazepose_33", "coco_17", "aihub_24")
_LONG = {"l": "left", "r": "right"}
# The bone each joint of COCO moves with: shoulders with the collar bone, as an annotator keeps to the top of it.
_COCO_BONE = {
    "eye": "head", "ear": "head", "shoulder": "clavicle", "elbow": "upper_arm", "wrist": "forearm", "hip": "pelvis",
    "knee": "thigh", "ankle": "shank",
}  # fmt: skip
# AI Hub's own joints, in trunk lengths (middle of the hips to middle of the shoulders) above the hips: medians over
# upright frames of its labels in the front views; its hips are clicked 12 % wider than COCO's.
_AIHUB_SPINE = {"neck": 1.18, "back": 0.70, "waist": 0.33}
_AIHUB_HIP_WIDTH = 1.12
# Half the thickness of a hand at the knuckles, and the radius of a bar: from the knuckles' plane to the bar's middle.
_GRIP_DEPTH_M = 0.026


def _on(bone: str, side: str) -> str:
    return bone if bone in ("head", "pelvis") else f"{bone}_{side}"


def _coco(body: Surface, found: Mapping[str, Array]) -> Marks:
    level = body.band(2, float(found["nose"][2]) - 0.008, 0.02) & body.band(0, 0.0, 0.02) & body.on("head")
    marks: Marks = {"nose": ("head", body.extreme(level, (0.0, -1.0, 0.0)))}
    for side, word in _LONG.items():
        for joint, bone in _COCO_BONE.items():
            marks[f"{word}_{joint}"] = (_on(bone, side), found[f"{word}_{joint}"])
    return marks


def _nearest(body: Surface, place: tuple[float, float], bone: str) -> Array:
    """The foremost skin (3,) at a place (x, z) of a bone."""
    v = body.mesh.vertices
    off = np.hypot(v[:, 0] - place[0], v[:, 2] - place[1])
    near = body.on(bone) & (off < max(0.004, float(off[body.on(bone)].min()) + 0.001))
    point: Array = v[near][v[near][:, 1].argmin()]
    return point


def _face(body: Surface, found: Mapping[str, Array], side: str, sign: float) -> Marks:
    """Corners of the eye 14.5 mm to each side of its middle (a lid is about 30 mm wide), corner of the mouth."""
    word, eye = _LONG[side], found[f"{_LONG[side]}_eye"]
    inner, outer = (_nearest(body, (float(eye[0]) + sign * dx, float(eye[2])), "head") for dx in (-0.0145, 0.0145))
    drop = 1.0 * (eye[2] - found["nose"][2]) + 0.043  # the mouth lies about 43 mm below the tip of the nose
    mouth = _nearest(body, (sign * 0.8 * abs(float(eye[0])), float(eye[2] - drop)), "head")
    return {
        f"{word}_eye_inner": ("head", inner),
        f"{word}_eye_outer": ("head", outer),
        f"mouth_{word}": ("head", mouth),
    }


def _knuckles(body: Surface, side: str) -> Array:
    """Where fingers 2 to 5 (4, 3) leave the palm."""
    return np.array([body.mesh.head(f"finger{finger}-1.{side.upper()}") for finger in (2, 3, 4, 5)])


def palm_normal(body: Surface, side: str) -> Array:
    """The direction (3,) out of the palm at rest."""
    knuckles, wrist = _knuckles(body, side), body.joint(f"hand_{side}")
    across = knuckles[0] - knuckles[3]
    normal = np.cross(across, knuckles.mean(axis=0) - wrist) * (-1.0 if side == "l" else 1.0)
    unit: Array = normal / np.linalg.norm(normal)
    return unit


def _blazepose(body: Surface, found: Mapping[str, Array]) -> Marks:
    marks = _coco(body, found)
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        word, knuckles = _LONG[side], _knuckles(body, side)
        thumb = np.mean([body.mesh.head(f"finger1-{k}.{side.upper()}") for k in (2, 3)], axis=0)
        marks |= _face(body, found, side, sign)
        marks |= {
            f"{word}_pinky": (f"hand_{side}", knuckles[3]),
            f"{word}_index": (f"hand_{side}", knuckles[0]),
            f"{word}_thumb": (f"hand_{side}", thumb),
            f"{word}_heel": (f"foot_{side}", found[f"{word}_heel"]),
            f"{word}_foot_index": (f"toes_{side}", found[f"{word}_big_toe"]),
        }
    return marks


def _spine_y(body: Surface, height: float) -> float:
    """How far back the spine of AI Hub lies at a height: between the vertebrae and the middle of the trunk."""
    bones = ("spine2", "spine3", "spine4", "chest", "neck")
    z = np.array([body.joint(bone)[2] for bone in bones])
    y = np.array([body.joint(bone)[1] for bone in bones])
    return 0.5 * float(np.interp(height, z, y))


def _aihub(body: Surface, found: Mapping[str, Array]) -> Marks:
    marks = _coco(body, found)
    hips = (found["left_hip"] + found["right_hip"]) / 2
    trunk = (found["left_shoulder"] + found["right_shoulder"]) / 2 - hips
    for name, share in _AIHUB_SPINE.items():
        height = float(hips[2] + share * trunk[2])
        bone = {"neck": "neck", "back": "spine4", "waist": "spine2"}[name]
        marks[name] = (bone, np.array([0.0, _spine_y(body, height), height]))
    for side, word in _LONG.items():
        hand, ankle, toes = body.joint(f"hand_{side}"), found[f"{word}_ankle"], body.joint(f"toes_{side}")
        marks[f"{word}_hip"] = ("pelvis", hips + _AIHUB_HIP_WIDTH * (found[f"{word}_hip"] - hips))
        marks[f"{word}_palm"] = (f"hand_{side}", hand + 0.58 * (_knuckles(body, side).mean(axis=0) - hand))
        marks[f"{word}_foot"] = (f"foot_{side}", ankle + 0.5 * (toes - ankle) + [0.0, 0.0, 0.005])
    return marks


def _hand(body: Surface, side: str) -> Marks:
    """Grip: the middle of a bar in the closed fist, and the bar's axis 4 cm towards the thumb; palm; finger tip."""
    knuckles, wrist, normal = _knuckles(body, side), body.joint(f"hand_{side}"), palm_normal(body, side)
    middle = knuckles.mean(axis=0)
    across = (knuckles[0] - knuckles[3]) / np.linalg.norm(knuckles[0] - knuckles[3])
    grip = middle + 0.12 * (wrist - middle) + _GRIP_DEPTH_M * normal
    v = body.mesh.vertices
    centre = wrist + 0.6 * (middle - wrist)
    flat = body.on(f"hand_{side}") & (np.linalg.norm(v - centre, axis=1) < 0.05)
    depth = float(np.sort((v[flat] - centre) @ normal)[-_FLAT:].mean())
    tips = np.linalg.norm(v - wrist, axis=1) * body.on(f"hand_{side}")
    bone = f"hand_{side}"
    return {
        f"grip_{side}": (bone, grip),
        f"grip_thumb_{side}": (bone, grip + 0.04 * across),
        f"palm_{side}": (bone, centre + depth * normal),
        f"fingertip_{side}": (bone, v[int(tips.argmax())]),
    }


_FLAT = 12


def _foot(body: Surface, side: str) -> Marks:
    """Contact points of the sole: under the heel, the ball, and the tip of the big toe."""
    v, ankle, ball = body.mesh.vertices, body.joint(f"foot_{side}"), body.joint(f"toes_{side}")
    foot = body.on(f"foot_{side}", f"toes_{side}")
    heel = body.extreme(foot & (v[:, 1] > ankle[1] - 0.01), (0.0, 0.3, -1.0))
    pad = body.extreme(foot & (np.abs(v[:, 1] - ball[1]) < 0.02), (0.0, 0.0, -1.0))
    tip = body.extreme(foot, (0.0, -1.0, 0.0))
    floor = float(v[foot][:, 2].min())
    return {
        f"heel_{side}": (f"foot_{side}", np.array([heel[0], heel[1], floor])),
        f"ball_{side}": (f"foot_{side}", np.array([ball[0], pad[1], floor])),
        f"toe_tip_{side}": (f"toes_{side}", np.array([tip[0], tip[1] + 0.006, floor])),
    }


def _limbs(body: Surface, side: str, sign: float) -> Marks:
    """Knee, elbow, seat, trochanter, and the front and back of thigh and shank where pads and bars press."""
    v = body.mesh.vertices
    hip, knee, ankle = (body.joint(f"{bone}_{side}") for bone in ("thigh", "shank", "foot"))
    shank, low = body.on(f"shank_{side}"), body.band(2, float(ankle[2] + 0.15 * (knee[2] - ankle[2])), 0.02)
    thigh, half = body.on(f"thigh_{side}"), body.band(2, float((hip[2] + knee[2]) / 2), 0.02)
    near_hip = body.on(f"thigh_{side}", "pelvis", "spine1") & (v[:, 0] * sign > 0.3 * abs(hip[0]))
    return {
        f"knee_front_{side}": (f"shank_{side}", touch.kneecap(body, side)),
        f"elbow_tip_{side}": (f"forearm_{side}", touch.elbow(body, side)),
        f"sit_{side}": ("pelvis", touch.seat(body, side)),
        f"hip_side_{side}": ("pelvis", body.extreme(near_hip & body.band(2, float(hip[2]), 0.06), (sign, 0.0, 0.0))),
        f"hip_crease_{side}": (
            "pelvis",
            body.extreme(near_hip & body.band(2, float(hip[2]) + 0.01, 0.02) & body.band(0, float(hip[0]), 0.05),
                         (0.0, -1.0, 0.0)),
        ),
        f"thigh_front_{side}": (f"thigh_{side}", body.extreme(thigh & half, (0.0, -1.0, 0.0))),
        f"shin_front_{side}": (f"shank_{side}", body.extreme(shank & low, (0.0, -1.0, 0.0))),
        f"calf_back_{side}": (f"shank_{side}", body.extreme(shank & low, (0.0, 1.0, 0.0))),
    }  # fmt: skip


def _shoulder(body: Surface, side: str, sign: float) -> Marks:
    """Where a barbell lies behind the neck (upper trapezius) and before it (front deltoid); armpit and shoulder."""
    joint = body.joint(f"upper_arm_{side}")
    trunk = body.on("chest", "neck", f"clavicle_{side}", f"upper_arm_{side}")
    near = np.linalg.norm(body.mesh.vertices - joint, axis=1) < 0.11
    arm = body.on(f"clavicle_{side}", f"upper_arm_{side}") & near
    on_trap = trunk & body.band(0, 0.45 * float(joint[0]), 0.012)
    on_delt = trunk & body.band(0, 0.8 * float(joint[0]), 0.012) & body.band(2, float(joint[2]), 0.09)
    trunk_side = body.on("chest", "spine4") & body.band(2, float(joint[2]) - 0.1, 0.015)
    return {
        f"shoulder_top_{side}": ("chest", body.extreme(on_trap, (0.0, 0.8, 1.0))),
        f"shoulder_front_{side}": (f"clavicle_{side}", body.extreme(on_delt, (0.0, -1.0, 0.8))),
        f"shoulder_side_{side}": (f"upper_arm_{side}", body.extreme(arm, (sign, 0.0, 0.6))),
        f"armpit_{side}": ("chest", body.extreme(trunk_side, (sign, 0.0, 0.0))),
    }


def _midline(body: Surface, bones: tuple[str, ...], z: float, front: float, half_x: float = 0.1) -> Array:
    """The middle of the body at a height, as far forward (-1) or back (1) as its skin reaches there: (3,)."""
    mask = body.on(*bones) & body.band(2, z, 0.03) & body.band(0, 0.0, half_x)
    return np.array([0.0, body.extreme(mask, (0.0, front, 0.0))[1], z])


def _trunk(body: Surface) -> Marks:
    """Planes of contact on the middle of trunk and head: lying on the back, on the front, leaning on a pad."""
    hip, spine, chest, neck, head = (body.joint(b) for b in ("thigh_l", "spine2", "chest", "neck", "head"))
    low, mid, top = ("pelvis", "thigh_l", "thigh_r", "spine1"), ("spine1", "spine2", "spine3"), ("chest", "spine4")
    skull, collar = body.on("head"), ("clavicle_l", "clavicle_r")
    chin_m = float(body.mesh.vertices[skull][:, 2].min()) + 0.01
    points: dict[str, tuple[str, Callable[[], Array]]] = {
        "tailbone": ("pelvis", lambda: _midline(body, low, float(hip[2]) + 0.02, 1.0, 0.16)),
        "mid_back": ("spine3", lambda: _midline(body, mid, float(spine[2]) + 0.06, 1.0)),
        "upper_back": ("chest", lambda: _midline(body, (*top, *collar), float(chest[2]) + 0.05, 1.0, 0.13)),
        "chest_front": ("chest", lambda: _midline(body, top, float(chest[2]) - 0.03, -1.0, 0.13)),
        "belly_front": ("spine2", lambda: _midline(body, (*mid, "pelvis"), float(spine[2]), -1.0)),
        "nape": ("neck", lambda: _midline(body, ("neck", "chest", "head"), float(neck[2]) + 0.01, 1.0, 0.04)),
        "head_back": ("head", lambda: body.extreme(skull, (0.0, 1.0, 0.0)) * [0.0, 1.0, 1.0]),
        "crown": ("head", lambda: body.extreme(skull, (0.0, 0.0, 1.0)) * [0.0, 1.0, 1.0]),
        "forehead": ("head", lambda: _midline(body, ("head",), float(head[2]) + 0.095, -1.0, 0.03)),
        "chin": ("head", lambda: _midline(body, ("head",), chin_m, -1.0, 0.03)),
    }  # fmt: skip
    return {name: (bone, place()) for name, (bone, place) in points.items()}


def body_marks(body: Surface) -> Marks:
    """The points "body/<name>" without their prefix: (bone, rest position (3,)) by name.

    ==================== =============================================================================================
    grip                 middle of a bar in the closed fist; grip_thumb: on the same bar, 4 cm nearer the thumb
    palm                 what touches under a flat hand; fingertip: end of the longest finger of the open hand
    heel, ball, toe_tip  the sole on the floor: under the heel, under the toes' joint, under the tip of the big toe
    knee_front           what touches the floor in kneeling (thigh upright, shank level)
    elbow_tip            the point of the elbow bent at a right angle
    sit                  lowest point of a buttock when seated; hip_side: side of the hip; hip_crease: front of it
    thigh_front          middle of the front of the thigh; shin_front, calf_back: 15 % of the shank over the ankle
    shoulder_top         where a barbell lies behind the neck (trapezius); shoulder_front: before it (deltoid)
    shoulder_side        outside of the shoulder; armpit: side of the ribs under the arm
    tailbone, mid_back   on the middle line, as far back as the buttocks, and as the small of the back reach
    upper_back, nape     the same at the shoulder blades, and at the neck
    chest_front          on the middle line, as far forward as the chest reaches; belly_front: at the navel's height
    crown, forehead      top of the head, and front of it; head_back, chin: the back of it, and the chin
    ==================== =============================================================================================

    Those of a side end in _l and _r.
    """
    marks = _trunk(body)
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        marks |= _hand(body, side) | _foot(body, side) | _limbs(body, side, sign) | _shoulder(body, side, sign)
    return marks


def all_marks(body: Surface, found: Mapping[str, Array]) -> Marks:
    """Every landmark of a figure, by its full name; ``found`` are COCO's joints, heels and toes on the mesh."""
    made = {"blazepose_33": _blazepose(body, found), "coco_17": _coco(body, found), "aihub_24": _aihub(body, found)}
    marks = {f"{name}/{joint}": made[name][joint] for name in _SETS for joint in skeleton(name).joints}
    return marks | {f"body/{name}": mark for name, mark in body_marks(body).items()}
