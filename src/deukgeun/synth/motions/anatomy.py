"""Joint angles as they come out, measured on the solved bones, against what a healthy adult can reach.

A pose is written in angles that are within `anatomy.toml`'s limits; contacts then bend limbs to where they are planted.
Here the angles are read back from the bones, so that what the contacts made of them is checked, not what was meant.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import BONE, SIDES, Figure, Posed
from deukgeun.synth.motions.kinematics import Limb, hand_axes, limb
from deukgeun.synth.rotation import Z, about, turned, unit, vector

Array = npt.NDArray[np.float64]

LIMITS_DEG: dict[str, tuple[float, float]] = {
    "elbow": (-5, 159),
    "knee": (-5, 165),
    "hip": (-40, 150),
    "abduct": (-50, 75),
    "turnout": (-70, 80),
    "ankle": (-65, 50),
    "raise": (-1, 180),
    "rotate": (-110, 145),
    "wrist": (0, 105),
    "trunk": (0, 85),
    "neck": (0, 75),
}
"""`anatomy.toml`'s ranges with what contacts add: 5 degrees for hinges, 15 to 30 for turns about a limb and for wrists
that bear. Those of the arm are measured on the rib cage, and have the girdle's share in them."""

# Of a limb straighter than this, which way it bends says nothing.
_BENT_DEG = 20.0
# Nearer to hanging or overhead than this, the plane in which an arm is raised has no meaning.
_POLE_DEG = 25.0
# Nearer to the side split than this, "forward" has no meaning.
_SPLIT = 0.35


def joint_angles(posed: Posed, figure: Figure) -> dict[str, tuple[float, float]]:
    """Smallest and largest of the angles of `LIMITS_DEG`, in degrees, over all pictures and both sides."""
    out: dict[str, list[Array]] = {name: [] for name in LIMITS_DEG}
    for index, side in enumerate(SIDES):
        sign = 1.0 if index == 0 else -1.0
        for name, values in {**_arm(posed, figure, side, sign), **_leg(posed, figure, side, sign)}.items():
            out[name].append(values)
    out["trunk"].append(_turn_deg(posed, "pelvis", "chest"))
    out["neck"].append(_turn_deg(posed, "chest", "head"))
    return {name: (float(np.min(values)), float(np.max(values))) for name, values in out.items()}


def beyond(angles: dict[str, tuple[float, float]]) -> list[str]:
    """Which of `joint_angles` are outside their limits, in words."""
    out = []
    for name, (low, high) in angles.items():
        bottom, top = LIMITS_DEG[name]
        if low < bottom - 1e-6 or high > top:
            out.append(f"{name} {low:.0f}..{high:.0f} outside {bottom}..{top}")
    return out


def _bones(posed: Posed, names: tuple[str, str, str], side: str, base: str) -> tuple[Array, Array, Array]:
    """Unit ways (T, 3) along a limb's two bones in the axes of ``base``, and its bend in degrees (T,)."""
    a, b, c = (posed.joints[:, BONE[f"{name}_{side}"]] for name in names)
    axes = np.swapaxes(posed.rotations[:, BONE[base]], -1, -2)
    upper, lower = turned(axes, unit(b - a)), turned(axes, unit(c - b))
    return upper, lower, np.degrees(np.arccos(np.clip(np.sum(upper * lower, axis=-1), -1, 1)))


def _way(posed: Posed, parts: Limb) -> Array:
    """1 where a limb (T,) bends the way its hinge does, -1 where it bends backwards."""
    a, b, c = (posed.joints[:, bone] for bone in (parts.upper, parts.lower, parts.end))
    hinge = turned(posed.rotations[:, parts.upper], parts.hinge)
    return np.where(np.sum(np.cross(b - a, c - b) * hinge, axis=-1) < 0, -1.0, 1.0)


def _about(along: Array, reference: Array, way: Array) -> Array:
    """From ``reference`` to ``way`` (T, 3) about ``along``, in degrees (T,), -180..180."""
    sine = np.sum(np.cross(reference, way) * along, axis=-1)
    out: Array = np.degrees(np.arctan2(sine, np.sum(reference * way, axis=-1)))
    return out


def _arm(posed: Posed, figure: Figure, side: str, sign: float) -> dict[str, Array]:
    """As `kinematics.arm_directions` defines them."""
    upper, lower, bend = _bones(posed, ("upper_arm", "forearm", "hand"), side, "chest")
    raised = np.degrees(np.arccos(np.clip(-upper[:, 2], -1, 1)))
    level = unit(upper * np.array([1.0, 1.0, 0.0]))
    ahead = turned(about(np.cross(-Z, level), raised), np.array([0.0, -1.0, 0.0]))
    rotate = -sign * _about(upper, ahead, lower)
    told = (bend > _BENT_DEG) & (raised > _POLE_DEG) & (raised < 180 - _POLE_DEG)
    return {
        "elbow": bend * _way(posed, limb(figure, "arm", side)),
        "raise": raised,
        "rotate": np.where(told, rotate, 0.0),
        "wrist": _wrist_deg(posed, figure, side),
    }


def _wrist_deg(posed: Posed, figure: Figure, side: str) -> Array:
    """The angle (T,) between the forearm and where the fingers point."""
    fingers = turned(posed.rotations[:, BONE[f"hand_{side}"]], hand_axes(figure, side)[0])
    forearm = unit(posed.joints[:, BONE[f"hand_{side}"]] - posed.joints[:, BONE[f"forearm_{side}"]])
    out: Array = np.degrees(np.arccos(np.clip(np.sum(fingers * forearm, axis=-1), -1, 1)))
    return out


def _leg(posed: Posed, figure: Figure, side: str, sign: float) -> dict[str, Array]:
    """As `kinematics.leg` defines them."""
    upper, lower, bend = _bones(posed, ("thigh", "shank", "foot"), side, "pelvis")
    hip = np.degrees(np.arctan2(-upper[:, 1], -upper[:, 2]))
    hip = np.where(hip < -90, hip + 360, hip)
    behind = np.stack([np.zeros_like(hip), np.cos(np.radians(hip)), -np.sin(np.radians(hip))], axis=-1)
    shank, foot = (posed.rotations[:, BONE[f"{name}_{side}"]] for name in ("shank", "foot"))
    toes = turned(np.swapaxes(shank, -1, -2), -foot[:, :, 1])
    forward = np.hypot(upper[:, 1], upper[:, 2]) > _SPLIT
    return {
        "knee": bend * _way(posed, limb(figure, "leg", side)),
        "hip": np.where(forward, hip, 0.0),
        "abduct": np.degrees(np.arcsin(np.clip(sign * upper[:, 0], -1, 1))),
        "turnout": np.where((bend > _BENT_DEG) & forward, -sign * _about(upper, behind, lower), 0.0),
        "ankle": np.degrees(np.arctan2(toes[:, 2], -toes[:, 1])),
    }


def _turn_deg(posed: Posed, lower: str, upper: str) -> Array:
    """How far (T,) one bone is turned on another."""
    between = np.swapaxes(posed.rotations[:, BONE[lower]], -1, -2) @ posed.rotations[:, BONE[upper]]
    out: Array = np.degrees(np.linalg.norm(vector(between), axis=-1))
    return out
