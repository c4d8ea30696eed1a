"""Where furniture may stand: along the walls, out of the athletes' way and out of the camera's line to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from deukgeun.synth.camera import Camera
from deukgeun.synth.scene.furniture import MAKERS
from deukgeun.synth.scene.mesh import Array, Mesh, joined, rotation

CLEAR_M = 0.08
LENS_M = 0.6
APART_M = 0.5
"""Positions of a camera farther apart than a hand shakes are several cameras."""
TRIES = 40
HIDES = (0.03, 0.28)
"""The least and the most of the free volume's picture that an occluder may cover."""
OCCLUDERS = ("plant", "cartons", "big_ball", "table", "gym_bench", "weights", "bag", "lamp", "sofa", "plate_tree")

Wall = tuple[Array, Array, Array]
"""Lower left corner, the edge to the right (its length is the wall's) and the inward normal, (3,) each."""


@dataclass(frozen=True, slots=True)
class Keep:
    """What has to stay clear: a box from ``low`` to ``high`` (3,), the line to it from wherever ``camera`` stands (its
    positions may be several cameras), and ``other`` boxes.
    """

    low: Array
    high: Array
    camera: Camera
    other: tuple[tuple[Array, Array], ...] = ()

    def inside(self, points: Array) -> bool:
        """Whether the box round points (N, 3) reaches into what has to stay empty."""
        low, high = points.min(axis=0) - CLEAR_M, points.max(axis=0) + CLEAR_M
        boxes = ((self.low, self.high), *self.other)
        return any(bool((low < top).all() and (high > bottom).all()) for bottom, top in boxes)

    def at_lens(self, points: Array) -> bool:
        """Whether points (N, 3) come too near to the camera."""
        low, high = points.min(axis=0), points.max(axis=0)
        nearest = np.clip(self.camera.position_m, low, high)
        return bool((np.linalg.norm(nearest - self.camera.position_m, axis=1) < LENS_M).any())

    def in_view(self, place: Array) -> bool:
        """Whether ``place`` (3,) on the floor, or a metre above it, is in the first picture."""
        points = np.array([[place, place + np.array([0.0, 0.0, 1.0])]])
        (xy,), (depth,) = self._stills[0].project(points)
        inside = (xy > 0) & (xy < [self.camera.width, self.camera.height])
        return bool((inside.all(axis=1) & (depth > 0.1)).any())

    @property
    def _stills(self) -> list[Camera]:
        """The camera at its first picture, and at the first from every other place: one for each that was set up."""
        camera, places = self.camera, [0]
        for k, position in enumerate(camera.position_m):
            if np.linalg.norm(camera.position_m[places] - position, axis=1).min() > APART_M:
                places.append(k)
        size = camera.width, camera.height, camera.focal_px
        at = zip(camera.position_m[places], camera.rotation[places], strict=True)
        return [Camera(*size, position[None], rotation[None], camera.view) for position, rotation in at]

    def hidden(self, points: Array) -> float:
        """The largest share of the free volume's box in a picture that things with points (N, 3) may hide, 0 to 1."""
        return max(self._hidden_from(still, points) for still in self._stills)

    def _hidden_from(self, still: Camera, points: Array) -> float:
        corners = np.array(np.meshgrid(*zip(self.low, self.high, strict=True))).reshape(3, -1).T
        (xy,), (depth,) = still.project(points[None])
        (free_xy,), (free_depth,) = still.project(corners[None])
        ahead = depth > 0.1
        if not ahead.any() or depth[ahead].min() > free_depth.max():
            return 0.0
        limit = np.array([self.camera.width, self.camera.height], dtype=np.float64)
        low, high = (np.clip(edge, 0, limit) for edge in (free_xy.min(axis=0), free_xy.max(axis=0)))
        own_low, own_high = xy[ahead].min(axis=0), xy[ahead].max(axis=0)
        shared = np.clip(np.minimum(high, own_high) - np.maximum(low, own_low), 0, None).prod()
        return float(shared / max((high - low).prod(), 1.0))


def cluttered(
    table: dict[str, list[str]], keep: Keep, walls: Sequence[Wall], rng: np.random.Generator, occluder: float
) -> Mesh | None:
    """Furniture along the ``walls`` as ``table`` (a row of `rooms.toml`) says, as one mesh; None when there is none."""
    least, most = (int(number) for number in table["count"])
    placed: list[Mesh] = []
    for _ in range(int(rng.integers(least, most + 1)) if walls else 0):
        mesh = MAKERS[str(rng.choice(table["furniture"]))](rng)
        found = _along_wall(mesh, keep, walls, placed, rng)
        if found is not None:
            placed.append(found)
    if rng.random() < occluder:
        found = _occluder(keep, rng)
        if found is not None:
            placed.append(found)
    return joined(placed) if placed else None


def _along_wall(
    mesh: Mesh, keep: Keep, walls: Sequence[Wall], placed: Sequence[Mesh], rng: np.random.Generator
) -> Mesh | None:
    reach, own = float(np.abs(mesh.points[:, 0]).max()), _corners(mesh)
    for tried in range(TRIES // 2):
        corner, edge, inward = walls[int(rng.integers(len(walls)))]
        length = float(np.linalg.norm(edge))
        if length < 2 * reach + 0.1:
            continue
        off = 0.03 if rng.random() < 0.6 else float(rng.uniform(0.1, 1.8))  # some stand in a second row
        at = corner + edge / length * float(rng.uniform(reach, length - reach)) + inward * off
        if tried < TRIES // 3 and not keep.in_view(at):
            continue  # what stands behind the camera is of no use: look for a place in the picture first
        pose = np.eye(4)
        pose[:3, 0], pose[:3, 1], pose[:3, 3] = edge / length, -inward, at
        points = own @ pose[:3, :3].T + pose[:3, 3]
        if keep.inside(points) or keep.at_lens(points) or keep.hidden(points) > 0 or _meets(points, placed):
            continue
        return mesh.moved(pose)
    return None


def _corners(mesh: Mesh) -> Array:
    """The corners (8, 3) of a mesh's box: they stand for it where only room counts."""
    low, high = mesh.points.min(axis=0), mesh.points.max(axis=0)
    corners: Array = np.array(np.meshgrid(*zip(low, high, strict=True)), dtype=np.float64).reshape(3, -1).T
    return corners


def _meets(points: Array, others: Sequence[Mesh]) -> bool:
    low, high = points.min(axis=0), points.max(axis=0)
    boxes = (_corners(other) for other in others)
    return any(bool((low < box.max(axis=0)).all() and (high > box.min(axis=0)).all()) for box in boxes)


def _occluder(keep: Keep, rng: np.random.Generator) -> Mesh | None:
    """One thing before the free volume that hides a part of it, or None when no place for it is found."""
    eye, middle = keep.camera.position_m[0], (keep.low + keep.high) / 2
    ahead = middle - eye
    side = np.array([-ahead[1], ahead[0], 0.0]) / max(float(np.linalg.norm(ahead[:2])), 1e-6)
    for _ in range(TRIES):
        mesh = MAKERS[str(rng.choice(OCCLUDERS))](rng)
        place = eye + ahead * float(rng.uniform(0.3, 0.75)) + side * float(rng.normal(0, 0.6))
        place[2] = 0.0
        pose = np.eye(4)
        pose[:3, :3], pose[:3, 3] = rotation("z", float(rng.uniform(0, 360))), place
        candidate = mesh.moved(pose)
        points = candidate.points.astype(np.float64)
        hidden = keep.hidden(points)
        if HIDES[0] < hidden < HIDES[1] and not keep.inside(points) and not keep.at_lens(points):
            return candidate
    return None
