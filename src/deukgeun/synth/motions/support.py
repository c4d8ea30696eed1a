"""Where the pelvis is: from what the body bears on, node by node and picture by picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import Figure
from deukgeun.synth.motions.definition import RESTS
from deukgeun.synth.motions.ground import (
    SINK_M,
    effector_point,
    foot_yaw_rad,
    heading_rad,
    lowest_m,
    rest_height,
    rest_pin,
)
from deukgeun.synth.motions.kinematics import Bones, limb
from deukgeun.synth.motions.plan import Node
from deukgeun.synth.motions.style import Contact

Array = npt.NDArray[np.float64]

# A limb is not planned straighter than this share of its length, or sway would pull its contact away.
_STRAIGHT = 0.992


@dataclass(frozen=True, slots=True)
class Plant:
    """Where a contact stays: point (3,) in the room and the way it points (radians)."""

    point: Array
    yaw_rad: float


@dataclass(frozen=True, slots=True)
class Stand:
    """The pelvis (3,) at one node and what is planted there."""

    root: Array
    plants: dict[str, Plant]


@dataclass(frozen=True, slots=True)
class Measured:
    """Bearing points of every used contact with the pelvis at the origin: (T, 3) each; yaw (T,); rests (T,).

    ``spans`` has for limbs that reach the hip or shoulder (T, 3), the way from the bearing point to the ankle or wrist
    (T, 3), and the length of the limb in metres.
    """

    points: dict[tuple[str, str], Array]
    spans: dict[tuple[str, str], tuple[Array, Array, float]]
    yaw_rad: dict[str, Array]
    lowest: Array

    @classmethod
    def of(cls, bones: Bones, angles: Array, figure: Figure, contacts: Sequence[Contact]) -> Measured:
        """Measure the contacts that any of the nodes use."""
        points: dict[tuple[str, str], Array] = {}
        spans: dict[tuple[str, str], tuple[Array, Array, float]] = {}
        yaw: dict[str, Array] = {}
        for contact in contacts:
            effector, key = contact.effector, (contact.effector, contact.mode)
            if key in points:
                continue
            if effector in RESTS:
                pin = rest_pin(bones, effector).copy()
                pin[:, 2] = rest_height(bones, figure, effector) + SINK_M
                points[key] = pin
            else:
                points[key] = effector_point(bones, angles, figure, effector, contact.mode)
                if contact.mode == "flat":
                    spans[key] = _span(bones, figure, effector, points[key])
            yaw[effector] = foot_yaw_rad(bones, effector[-1]) if effector.startswith("foot") else heading_rad(angles)
        everything = tuple(n for n in _BODY)
        return cls(points, spans, yaw, lowest_m(bones, figure, everything))


def _span(bones: Bones, figure: Figure, effector: str, point: Array) -> tuple[Array, Array, float]:
    parts = limb(figure, "leg" if effector.startswith("foot") else "arm", effector[-1])
    return bones.joints[:, parts.upper], bones.joints[:, parts.end] - point, parts.upper_m + parts.lower_m


_BODY = ("pelvis", "chest", "head", "thigh_l", "thigh_r", "shank_l", "shank_r", "foot_l", "foot_r", "toes_l", "toes_r",
         "hand_l", "hand_r", "forearm_l", "forearm_r")  # fmt: skip


def stand_nodes(nodes: Sequence[Node], measured: Measured, anchor: tuple[str, ...], bar: float) -> list[Stand]:
    """The pelvis and the planted contacts at every node, one after the other.

    A contact that a node shares with the one before stays where it was, unless the node steps; a new one is planted
    where the pose puts it. ``bar`` is half the distance of the hands on a fixed bar, in metres.
    """
    stands: list[Stand] = []
    for k, node in enumerate(nodes):
        before = stands[-1] if stands else None
        kept = _kept(node, before)
        root = _root(k, node, before, kept, measured, anchor)
        plants = dict(kept)
        for contact in node.contacts:
            if contact.effector not in plants:
                plants[contact.effector] = _plant(k, contact, root, measured, bar)
        stands.append(Stand(root, plants))
    return stands


def _kept(node: Node, before: Stand | None) -> dict[str, Plant]:
    if before is None:
        return {}
    return {
        c.effector: before.plants[c.effector]
        for c in node.contacts
        if c.effector in before.plants and c.effector not in node.step
    }


def bearing(contacts: Sequence[Contact], kept: dict[str, Plant], anchor: tuple[str, ...]) -> list[Contact]:
    """The contacts that hold the pelvis: a resting trunk before limbs, the motion's anchor before other limbs."""
    held = [c for c in contacts if c.effector in kept]
    rests = [c for c in held if c.effector in RESTS and c.mode != "slide"]
    if rests:
        return rests[:1]
    anchored = [c for c in held if c.effector in anchor]
    return anchored or held


def rolling(contacts: Sequence[Contact]) -> list[Contact]:
    """The contacts that hold the pelvis's height only: a seat that rolls."""
    return [c for c in contacts if c.mode == "slide"]


def _root(
    k: int, node: Node, before: Stand | None, kept: dict[str, Plant], measured: Measured, anchor: tuple[str, ...]
) -> Array:
    holding = bearing(node.contacts, kept, anchor)
    rest = resting(node)
    if holding and (rest is None or holding[0].effector in RESTS):
        root: Array = np.mean(
            [kept[c.effector].point - measured.points[c.effector, c.mode][k] for c in holding], axis=0
        )
        landing = [c for c in node.contacts if c.effector not in kept and c.mode in ("flat", "rest")]
        if landing and rest is None:
            heights = [c.height_m - measured.points[c.effector, c.mode][k][2] for c in landing]
            root[2] = (root[2] * len(holding) + sum(heights)) / (len(holding) + len(heights))
        for c in rolling(node.contacts):
            root[2] = c.height_m - measured.points[c.effector, c.mode][k][2]
        return root
    if rest is not None and holding and before is not None and not set(before.plants) & set(RESTS):
        # Sitting or lying down: the limbs that stay say where, the trunk says how high.
        root = np.mean([kept[c.effector].point - measured.points[c.effector, c.mode][k] for c in holding], axis=0)
    else:
        root = np.zeros(3) if before is None else before.root * np.array([1.0, 1.0, 0.0])
        root = root + np.array([node.move_m[0], -node.move_m[1], 0.0])
    rolls = rolling(node.contacts)
    bears = [rest] if rest else rolls or [c for c in node.contacts if c.effector in anchor] or list(node.contacts)
    if bears:
        root[2] = np.mean([c.height_m - measured.points[c.effector, c.mode][k][2] for c in bears])
    else:
        root[2] = node.lift_m - measured.lowest[k]
    return root


def resting(node: Node) -> Contact | None:
    """The part of the trunk that bears the body at a node and keeps its place, if one does."""
    return next((c for c in node.contacts if c.effector in RESTS and c.mode != "slide"), None)


def _plant(k: int, contact: Contact, root: Array, measured: Measured, bar: float) -> Plant:
    point = root + measured.points[contact.effector, contact.mode][k]
    if not np.isnan(contact.height_m):
        point[2] = contact.height_m
    if contact.mode in ("bar", "rail"):
        hands = [
            measured.points[f"hand_{s}", contact.mode][k]
            for s in ("l", "r")
            if (f"hand_{s}", contact.mode) in measured.points
        ]
        middle = root + np.mean(hands, axis=0)
        point[:2] = middle[0] + (bar if contact.effector == "hand_l" else -bar), middle[1]
    if (contact.effector, contact.mode) in measured.spans:
        point = _within_reach(point, root, k, measured.spans[contact.effector, contact.mode])
    return Plant(point, float(measured.yaw_rad[contact.effector][k]))


def _within_reach(point: Array, root: Array, k: int, span: tuple[Array, Array, float]) -> Array:
    """A point on the floor (3,) drawn nearer, level, until the limb is long enough for it."""
    start, offset, length_m = root + span[0][k], span[1][k], _STRAIGHT * span[2]
    line = point + offset - start
    level = float(np.hypot(line[0], line[1]))
    most = float(np.sqrt(max(length_m**2 - line[2] ** 2, 0.0)))
    if level <= most or level < 1e-6:
        return point
    nearer: Array = point + np.array([line[0], line[1], 0.0]) * (most / level - 1)
    return nearer
