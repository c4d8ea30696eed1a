"""Fingers from flat to a fist round a bar, as turns in the frame of the resting hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deukgeun.synth import rotation
from deukgeun.synth.athletes.mesh import BodyMesh

Array = npt.NDArray[np.float64]

# How far the three bones of a finger are bent against the back of the hand, in degrees: flat on the floor, and closed
# round a bar of 3 cm (the joints then are bent by 62, 78 and 48).
_FLAT_DEG = np.array([4.0, 8.0, 10.0])
_FIST_DEG = np.array([62.0, 140.0, 188.0])
# Directions of the thumb's three bones in the fist, along (fingers, out of the palm, towards the thumb's side).
_THUMB_FIST = np.array([[0.62, 0.70, 0.35], [0.62, 0.76, -0.15], [0.45, 0.30, -0.85]])
# A finger keeps this share of its spread at rest.
_SPREAD = 0.35
_FINGERS = (2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Hand:
    """One hand: ``bones`` (15,) indices into anny's bones (thumb first, each finger from the knuckle outwards), and the
    turns of each from rest, as axis times angle (15, 3): ``flat`` and ``fist``.
    """

    bones: npt.NDArray[np.int64]
    flat: Array
    fist: Array

    def turned(self, grip: float) -> Array:
        """Rotations (15, 3, 3) from rest in the hand's frame: 0 flat, 1 closed round a bar."""
        return rotation.of_vector((1 - grip) * self.flat + grip * self.fist)


def _axes(mesh: BodyMesh, side: str) -> Array:
    """Rows: along the fingers, out of the palm, towards the thumb's side (3, 3)."""
    knuckles = np.array([mesh.head(f"finger{finger}-1.{side}") for finger in _FINGERS])
    thumb = rotation.unit(knuckles[0] - knuckles[3])
    along = knuckles.mean(axis=0) - mesh.head(f"wrist.{side}")
    along = rotation.unit(along - (along @ thumb) * thumb)
    palm = np.cross(thumb, along) * (-1.0 if side == "L" else 1.0)
    return np.stack([along, palm, thumb])


def _bone(mesh: BodyMesh, finger: int, joint: int, side: str) -> Array:
    """Direction (3,) of a finger's bone; the last one goes on as the one before."""
    joint = min(joint, 2)
    return rotation.unit(mesh.head(f"finger{finger}-{joint + 1}.{side}") - mesh.head(f"finger{finger}-{joint}.{side}"))


def _bend(direction: Array, angle_deg: float, axes: Array) -> Array:
    """The turn (3, 3) that lessens a bone's spread and brings it to an angle against the back of the hand."""
    along, palm, thumb = axes
    level = rotation.unit(direction - (direction @ thumb) * thumb)
    spread = float(direction @ thumb) * _SPREAD
    closed = rotation.swing(direction, np.sqrt(1 - spread**2) * level + spread * thumb)
    now_deg = np.degrees(np.arctan2(level @ palm, level @ along))
    bent: Array = rotation.about(np.cross(along, palm), angle_deg - now_deg) @ closed
    return bent


def _levelled(direction: Array, axes: Array) -> Array:
    """The turn (3, 3) that takes a thumb's bone into the plane of the palm: it would be in the floor otherwise."""
    palm = axes[1]
    return rotation.swing(direction, direction - (direction @ palm) * palm)


def hand(mesh: BodyMesh, side: str) -> Hand:
    """The hand of a mesh at rest; ``side`` is "L" or "R"."""
    axes = _axes(mesh, side)
    bones, flat, fist = [], [], []
    for joint in (1, 2, 3):
        direction = _bone(mesh, 1, joint, side)
        bones.append(mesh.names.index(f"finger1-{joint}.{side}"))
        flat.append(rotation.vector(_levelled(direction, axes)))
        fist.append(rotation.vector(rotation.swing(direction, _THUMB_FIST[joint - 1] @ axes)))
    for finger in _FINGERS:
        for joint in (1, 2, 3):
            direction = _bone(mesh, finger, joint, side)
            bones.append(mesh.names.index(f"finger{finger}-{joint}.{side}"))
            flat.append(rotation.vector(_bend(direction, float(_FLAT_DEG[joint - 1]), axes)))
            fist.append(rotation.vector(_bend(direction, float(_FIST_DEG[joint - 1]), axes)))
    return Hand(np.array(bones), np.array(flat), np.array(fist))
