"""The cushions and steps a body bears on: how deep it goes into them, and whether they are there at all."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import BONE, Figure, Posed
from deukgeun.synth.items import Item
from deukgeun.synth.motions.ground import resting_skin
from deukgeun.synth.motions.plan import Node
from deukgeun.synth.motions.props import kind_sizes
from deukgeun.synth.rotation import X, about

Array = npt.NDArray[np.float64]

# Contacts lower than this bear on the floor.
_RAISED_M = 0.1
# A pad's edge gives so much that what lies over it is borne too.
_EDGE_M = 0.04


@dataclass(frozen=True, slots=True)
class Pad:
    """A cushion: its pose (T, 4, 4) in the room, the origin in the middle of its upper face, and its sizes."""

    pose: Array
    width_m: float
    length_m: float
    thickness_m: float

    def own(self, points: Array) -> Array:
        """Points (T, P, 3) of the room in the pad's axes."""
        out: Array = np.einsum("tji,tpj->tpi", self.pose[:, :3, :3], points - self.pose[:, None, :3, 3])
        return out


def pads(item: Item) -> list[Pad]:
    """The cushions of a thing; a box, and a chair's seat."""
    size = {**kind_sizes(item.kind), **item.size}
    match item.kind:
        case "flat_bench" | "seat":
            return [Pad(item.pose, size["width_m"], size["length_m"], size["thickness_m"])]
        case "incline_bench":
            parts = (("back", size["back_deg"], 1.0), ("seat", -size["seat_deg"], -1.0))
            return [_tilted(item, size, name, angle_deg, way) for name, angle_deg, way in parts]
        case "backrest":  # its face looks to -y; the top leans back
            face = _moved(item.pose, about(X, 90.0 - size["tilt_deg"]), np.zeros(3))
            return [Pad(face, size["width_m"], size["length_m"], size["thickness_m"])]
        case "box":
            face = _moved(item.pose, np.eye(3), np.array([0.0, 0.0, size["height_m"]]))
            return [Pad(face, size["width_m"], size["length_m"], size["height_m"])]
        case "chair":
            return [Pad(item.pose, size["width_m"], size["width_m"], 0.04)]
        case _:
            return []


def _tilted(item: Item, size: dict[str, float], name: str, angle_deg: float, way: float) -> Pad:
    turn, length_m = about(X, angle_deg), size[f"{name}_length_m"]
    pose = _moved(item.pose, turn, turn @ np.array([0.0, way * (length_m / 2 + 0.01), 0.0]))
    return Pad(pose, size["width_m"], length_m, size["thickness_m"])


def _moved(pose: Array, rotation: Array, shift: Array) -> Array:
    own = np.eye(4)
    own[:3, :3], own[:3, 3] = rotation, shift
    out: Array = pose @ own
    return out


def into_pads_m(posed: Posed, figure: Figure, things: Sequence[Item]) -> float:
    """How deep the skin, but for the hands, goes into cushions and steps, from above or from the side."""
    hands = np.isin(figure.skin_bone, [BONE["hand_l"], BONE["hand_r"]])
    skin = posed.skin(figure)[:, ~hands]
    worst = 0.0
    for pad in (each for thing in things for each in pads(thing)):
        at = pad.own(skin)
        sides = np.minimum(pad.width_m / 2 - np.abs(at[..., 0]), pad.length_m / 2 - np.abs(at[..., 1]))
        inside = np.minimum(sides, -at[..., 2]) * (at[..., 2] + pad.thickness_m > 0)
        worst = max(worst, float(inside.max()))
    return worst


def unborne_m(posed: Posed, figure: Figure, things: Sequence[Item], nodes: Sequence[Node], time_s: Array) -> float:
    """How far above every pad and step a part of the body is that the plan bears on one, at the worst."""
    worst = 0.0
    faces = [pad for thing in things for pad in pads(thing)]
    for now, then in itertools.pairwise(nodes):
        frames = (time_s >= now.time_s) & (time_s <= then.time_s)
        same = {c for c in now.contacts if c in then.contacts and c.effector not in then.step}
        for contact in same if frames.any() else ():
            if contact.height_m > _RAISED_M and contact.mode in ("flat", "rest", "slide"):
                skin = resting_skin(posed, figure, contact.effector)[frames]
                worst = max(worst, float(_gap_m(skin, faces, frames).max()))
    return worst


def _gap_m(skin: Array, faces: Sequence[Pad], frames: npt.NDArray[np.bool_]) -> Array:
    """Height (T,) of the lowest of the skin points (T, P, 3) above the face that is nearest below it; 1 if none is."""
    gap = np.ones(len(skin))
    for pad in faces:
        pose = pad.pose if len(pad.pose) == 1 else pad.pose[frames]
        at = Pad(pose, pad.width_m, pad.length_m, pad.thickness_m).own(skin)
        over = (np.abs(at[..., 0]) < pad.width_m / 2 + _EDGE_M) & (np.abs(at[..., 1]) < pad.length_m / 2 + _EDGE_M)
        gap = np.minimum(gap, np.where(over, np.abs(at[..., 2]), 1.0).min(axis=1))
    return gap
