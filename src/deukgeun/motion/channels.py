"""What a body does, as named time series that do not depend on where it stands or from where it is seen.

All are computed in 3D. Angles are in degrees, lengths in torso lengths (mid hip to mid shoulder, the median over the
time). Gravity is kept: the camera is taken to be level. Channels of a limb exist for the left (``knee_l``) and the
right (``knee_r``) side.

=====================  =====================================================================================
elbow, knee            angle at the joint, 180 straight
hip                    angle from the shoulder over the hip to the knee, 172 straight (shoulders are wider than hips)
shoulder               angle between trunk (downwards) and upper arm, 0 hanging along the trunk
ankle                  angle between shin and foot
upper_arm, forearm     angle of the segment against straight down: 0 hanging, 90 level, 180 upwards
thigh, shin            the same for the leg: 0 straight down, 90 level, 180 upwards
thigh_wide             how far the thigh points to its own side, -1 to 1
ankle_wide             ankle outward of its hip
abduction              how far the upper arm points to its own side, -1 to 1
reach                  how far the upper arm points to the front of the chest, -1 to 1
wrist_height           wrist above the shoulder line, against gravity
wrist_front            wrist in front of the chest's plane
wrist_wide             wrist outward of its shoulder
wrist_ear, wrist_knee  distances of the wrist to the ear and to the knee of its side
ankle_height           ankle above the hips, against gravity
ankle_front            ankle in front of the hips, along the pelvis' front
cross_knee             distance of the elbow to the knee of the other side
trunk                  angle of the trunk against straight up: 0 upright, 90 lying, 180 head down
facing                 where the chest looks, 1 up to the sky, 0 to the horizon, -1 down to the floor
twist                  turn of the shoulders against the hips
neck                   angle of the head against the trunk
hands_apart            distance between the wrists
feet_apart             distance between the ankles
knees_apart            distance between the knees
hip_drop               height of the shoulders over the ankles
=====================  =====================================================================================
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from deukgeun.motion.timeline import Floats, Movement

SIDED = (
    "elbow",
    "knee",
    "hip",
    "shoulder",
    "ankle",
    "upper_arm",
    "forearm",
    "thigh",
    "shin",
    "abduction",
    "reach",
    "wrist_height",
    "wrist_front",
    "wrist_wide",
    "wrist_ear",
    "wrist_knee",
    "ankle_height",
    "ankle_front",
    "ankle_wide",
    "thigh_wide",
    "cross_knee",
)
ANGLES = frozenset(
    ("elbow", "knee", "hip", "shoulder", "ankle", "upper_arm", "forearm", "thigh", "shin", "trunk", "twist", "neck")
)
"""What is in degrees."""
CENTRAL = ("trunk", "facing", "twist", "neck", "hands_apart", "feet_apart", "knees_apart", "hip_drop")


@dataclass(frozen=True, slots=True)
class Channels:
    """Time series by name, each (T,); ``weight_l`` and ``weight_r`` (T,) say how well each side is seen."""

    series: dict[str, Floats]
    weight_l: Floats
    weight_r: Floats
    torso_m: float

    def part(self, first: int, last: int) -> Channels:
        """Return the steps ``first`` to ``last`` (exclusive)."""
        cut = slice(first, last)
        series = {name: values[cut] for name, values in self.series.items()}
        return Channels(series, self.weight_l[cut], self.weight_r[cut], self.torso_m)

    def side(self, name: str, side: str) -> Floats:
        """Return a sided channel for ``side`` "l" or "r"."""
        return self.series[f"{name}_{side}"]

    def both(self, name: str) -> Floats:
        """Return a central channel, or the mean of both sides weighted by how well each is seen."""
        if name in self.series:
            return self.series[name]
        total = self.weight_l + self.weight_r
        mean: Floats = (self.side(name, "l") * self.weight_l + self.side(name, "r") * self.weight_r) / total
        return mean


def channels(movement: Movement) -> Channels:
    """Return every channel of ``movement`` (BlazePose joints)."""
    index = movement.skeleton.index
    shoulders, hips = (_middle(movement.xyz, index, part) for part in ("shoulder", "hip"))
    torso_m = float(np.median(np.linalg.norm(shoulders - hips, axis=1))) + 1e-6
    series = measures(Trunk((movement.xyz - hips[:, None]) / torso_m, index))
    return Channels(series, _visible(movement, "left"), _visible(movement, "right"), torso_m)


class Trunk:
    """Joints (..., K, 3) from between the hips, in torso lengths, y up, and the axes of the trunk, each (..., 3):
    ``up``, ``left`` and ``front`` of the chest, ``hips_left`` of the pelvis; ``shoulders`` is the place between them.

    ``index`` tells the row of a joint by its name.
    """

    def __init__(self, points: Floats, index: Callable[[str], int]) -> None:
        self._points, self._index = points, index
        self.shoulders = _middle(points, index, "shoulder")
        self.up = _unit(self.shoulders)
        self.left = _unit(_reject(self.at("left_shoulder") - self.at("right_shoulder"), self.up))
        self.front = np.cross(self.left, self.up)
        self.hips_left = _unit(_reject(self.at("left_hip") - self.at("right_hip"), self.up))

    def at(self, joint: str) -> Floats:
        """Return a joint (..., 3)."""
        return self._points[..., self._index(joint), :]


def measures(body: Trunk) -> dict[str, Floats]:
    """Return every channel (...) by its name, ``_l`` and ``_r`` for the sides."""
    found = {f"{name}_{side[0]}": v for side in ("left", "right") for name, v in _sided(body, side).items()}
    return found | _central(body)


def _middle(points: Floats, index: Callable[[str], int], part: str) -> Floats:
    mean: Floats = (points[..., index(f"left_{part}"), :] + points[..., index(f"right_{part}"), :]) / 2
    return mean


def _visible(movement: Movement, side: str) -> Floats:
    """Return (T,) how well the limbs of a side are seen, at least 0.05."""
    parts = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    columns = list(movement.skeleton.indices(*(f"{side}_{part}" for part in parts)))
    return np.asarray(np.maximum(movement.score[:, columns].mean(axis=1), 0.05) ** 2)


def _sided(body: Trunk, side: str) -> dict[str, Floats]:
    other = "right" if side == "left" else "left"
    outward, sideward = (body.left, body.hips_left) if side == "left" else (-body.left, -body.hips_left)
    shoulder, elbow, wrist = (body.at(f"{side}_{p}") for p in ("shoulder", "elbow", "wrist"))
    hip, knee, ankle = (body.at(f"{side}_{p}") for p in ("hip", "knee", "ankle"))
    foot, ear = body.at(f"{side}_foot_index"), body.at(f"{side}_ear")
    upper_arm, hand = _unit(elbow - shoulder), wrist - shoulder
    return {
        "elbow": _angle(shoulder - elbow, wrist - elbow),
        "knee": _angle(hip - knee, ankle - knee),
        "hip": _angle(shoulder - hip, knee - hip),
        "shoulder": _angle(-body.up, elbow - shoulder),
        "ankle": _angle(knee - ankle, foot - ankle),
        "upper_arm": _from_down(elbow - shoulder),
        "forearm": _from_down(wrist - elbow),
        "thigh": _from_down(knee - hip),
        "shin": _from_down(ankle - knee),
        "abduction": _dot(upper_arm, outward),
        "reach": _dot(upper_arm, body.front),
        "wrist_height": wrist[..., 1] - body.shoulders[..., 1],
        "wrist_front": _dot(hand, body.front),
        "wrist_wide": _dot(hand, outward),
        "wrist_ear": _length(wrist - ear),
        "wrist_knee": _length(wrist - knee),
        "ankle_height": ankle[..., 1],
        "ankle_front": _dot(ankle - hip, body.front),
        "ankle_wide": _dot(ankle - hip, sideward),
        "thigh_wide": _dot(_unit(knee - hip), sideward),
        "cross_knee": _length(elbow - body.at(f"{other}_knee")),
    }


def _central(body: Trunk) -> dict[str, Floats]:
    head = (body.at("left_ear") + body.at("right_ear")) / 2 - body.shoulders
    ankles = (body.at("left_ankle") + body.at("right_ankle")) / 2
    turn = np.degrees(np.arctan2(_dot(body.hips_left, body.front), _dot(body.hips_left, body.left)))
    return {
        "trunk": 180.0 - _from_down(body.up),
        "facing": body.front[..., 1],
        "twist": turn,
        "neck": _angle(head, body.up),
        "hands_apart": _length(body.at("left_wrist") - body.at("right_wrist")),
        "feet_apart": _length(body.at("left_ankle") - body.at("right_ankle")),
        "knees_apart": _length(body.at("left_knee") - body.at("right_knee")),
        "hip_drop": body.shoulders[..., 1] - ankles[..., 1],
    }


def _unit(v: Floats) -> Floats:
    unit: Floats = v / (np.linalg.norm(v, axis=-1, keepdims=True) + 1e-9)
    return unit


def _dot(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.einsum("...i,...i->...", a, b))


def _length(v: Floats) -> Floats:
    return np.asarray(np.linalg.norm(v, axis=-1))


def _reject(v: Floats, axis: Floats) -> Floats:
    """Return the part of ``v`` at right angles to the unit vectors ``axis``."""
    return np.asarray(v - _dot(v, axis)[..., None] * axis)


def _angle(a: Floats, b: Floats) -> Floats:
    """Return the angle between vectors in degrees; atan2 keeps it exact near 0 and 180."""
    return np.degrees(np.arctan2(_length(np.cross(a, b)), _dot(a, b)))


def _from_down(v: Floats) -> Floats:
    return np.degrees(np.arctan2(np.hypot(v[..., 0], v[..., 2]), -v[..., 1]))
