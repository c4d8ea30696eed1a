"""Items of the gym as meshes with a place in every frame, and the boxes they fill in the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from deukgeun.synth.camera import NEAR_M, Camera
from deukgeun.synth.items import Item
from deukgeun.synth.scene import equipment, machines
from deukgeun.synth.scene.finish import sizes
from deukgeun.synth.scene.mesh import Array, Mesh
from deukgeun.synth.scene.moment import between

BUILDERS: dict[str, equipment.Builder] = {
    "barbell": equipment.barbell,
    "short_bar": equipment.short_bar,
    "dumbbell": equipment.dumbbell,
    "kettlebell": equipment.kettlebell,
    "plate": equipment.plate,
    "pull_up_bar": machines.pull_up_bar,
    "parallel_bars": machines.parallel_bars,
    "flat_bench": machines.flat_bench,
    "incline_bench": machines.incline_bench,
    "seat": machines.seat,
    "backrest": machines.backrest,
    "roller": equipment.roller,
    "platform": machines.platform,
    "rail": machines.rail,
    "straight_handle": equipment.straight_handle,
    "wide_handle": equipment.wide_handle,
    "close_handle": equipment.close_handle,
    "single_handle": equipment.single_handle,
    "tower": machines.tower,
    "box": machines.crate,
    "wall": machines.wall,
    "chair": machines.chair,
    "bottle": equipment.bottle,
    "phone": equipment.phone,
    "mat": equipment.mat,
    "rack": machines.rack,
    "swiss_ball": equipment.swiss_ball,
}
STRANDS = {"rope": "rope", "cable": "steel", "lever": "frame"}
"""Kinds drawn between their ends, and what they are made of."""

FURNITURE = {"tower", "wall", "mat", "rack", "pull_up_bar", "parallel_bars", "rail"}
"""Kinds that are drawn once with the room when they stand still: hardly any light on them changes."""

STILL = 1e-6
"""Poses that differ by less are the same."""


def item_mesh(item: Item, rng: np.random.Generator) -> Mesh:
    """The surface of ``item`` in its own axes; a strand (see `STRANDS`) reaches from z = 0 to z = 1."""
    size = sizes(item.kind, item.size)
    if item.kind in STRANDS:
        return equipment.strand(size, rng, STRANDS[item.kind])
    return BUILDERS[item.kind](size, rng)


def _between(ends: Array) -> Array:
    """Motions (T, 4, 4) that lay the unit tube along z from the first to the second of ``ends`` (T, 2, 3)."""
    along = ends[:, 1] - ends[:, 0]
    length = np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-6)
    z = along / length
    seed = np.where(np.abs(z[:, :1]) < 0.9, np.array([[1.0, 0.0, 0.0]]), np.array([[0.0, 1.0, 0.0]]))
    x = np.cross(seed, z)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    motion = np.tile(np.eye(4), (len(ends), 1, 1))
    motion[:, :3, 0], motion[:, :3, 1], motion[:, :3, 2] = x, np.cross(z, x), along
    motion[:, :3, 3] = ends[:, 0]
    return motion


@dataclass(frozen=True, slots=True)
class Thing:
    """A mesh with its motion (T, 4, 4) from its own axes to the room; T is 1 when it stands still."""

    mesh: Mesh
    motion: Array
    kind: str

    def __post_init__(self) -> None:
        if self.motion.shape != (len(self.motion), 4, 4):
            raise ValueError(f"motion: expected (T, 4, 4), got {self.motion.shape}")

    @property
    def still(self) -> bool:
        """Whether it never moves."""
        return len(self.motion) == 1

    def at(self, frame: float) -> Mesh:
        """Its surface in the room at ``frame`` (see `between`); the one of its only frame when it stands still."""
        motion = between(self.motion, frame)
        placed = self.mesh.moved(motion)
        if self.kind not in STRANDS:
            return placed
        length = np.linalg.norm(motion[:3, 2])
        normals = self.mesh.normals.copy()
        normals[:, 2] /= length  # of a stretched surface: the inverse transpose
        turn = (motion[:3, :3] / [1, 1, length]).astype(np.float32)
        unit = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
        return Mesh(placed.points, unit @ turn.T, placed.faces, placed.albedo, placed.gloss)


def item_things(item: Item, rng: np.random.Generator) -> tuple[Thing, ...]:
    """What ``item`` looks like: one thing, or the two strands of a rope. One that does not move has one frame."""
    mesh = item_mesh(item, rng)
    if item.kind not in STRANDS:
        rests = bool(np.ptp(item.pose, axis=0).max() < STILL)
        return (Thing(mesh, item.pose[:1] if rests else item.pose, item.kind),)
    if item.ends is None:
        raise ValueError(f"{item.kind}: ends are needed")
    if item.kind != "rope":
        return (Thing(mesh, _between(item.ends), item.kind),)
    frames = max(len(item.ends), len(item.pose))
    ends = np.broadcast_to(item.ends, (frames, 2, 3))
    knot = np.broadcast_to(item.pose[:, :3, 3], (frames, 3))
    strands = (np.stack([knot, ends[:, hand]], axis=1) for hand in (0, 1))
    return tuple(Thing(mesh, _between(strand), item.kind) for strand in strands)


def boxes(things: Sequence[Thing], camera: Camera) -> Array:
    """The picture's boxes (T, 4) of an item's things: left, top, right, bottom in pixels, clipped; NaN where unseen.

    T is that of the camera or the things, whichever moves.
    """
    frames = max(len(camera.position_m), *(len(thing.motion) for thing in things))
    found = np.stack([_boxes(thing, camera, frames) for thing in things])
    low = np.fmin.reduce(found, axis=0)  # fmin and fmax pass over NaN where they can
    high = np.fmax.reduce(found, axis=0)
    out: Array = np.concatenate([low[:, :2], high[:, 2:]], axis=1)
    return out


def _boxes(thing: Thing, camera: Camera, frames: int) -> Array:
    motion = np.broadcast_to(thing.motion, (frames, 4, 4))
    rotation = np.broadcast_to(camera.rotation, (frames, 3, 3))
    position = np.broadcast_to(camera.position_m, (frames, 3))
    turn = rotation @ motion[:, :3, :3]
    shift = np.einsum("tij,tj->ti", rotation, motion[:, :3, 3] - position)
    seen = thing.mesh.points.astype(np.float64) @ turn.transpose(0, 2, 1) + shift[:, None]
    depth = seen[..., 2]
    centre = np.array([camera.width, camera.height]) / 2
    xy = centre + camera.focal_px * seen[..., :2] / np.maximum(depth, NEAR_M)[..., None]
    ahead = (depth > NEAR_M)[..., None]
    limit = np.array([camera.width, camera.height], dtype=np.float64)
    low = np.min(np.where(ahead, xy, np.inf), axis=1)
    high = np.max(np.where(ahead, xy, -np.inf), axis=1)
    inside = (ahead.any(axis=(1, 2))) & (low < limit).all(axis=1) & (high > 0).all(axis=1)
    box = np.concatenate([np.clip(low, 0, limit), np.clip(high, 0, limit)], axis=1)
    out: Array = np.where(inside[:, None], box, np.nan)
    return out
