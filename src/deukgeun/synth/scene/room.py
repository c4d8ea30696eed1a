"""A room as data: its flat panels and its furniture, and how light lies in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deukgeun.synth.scene.mesh import Array, Faces, Floats, Mesh
from deukgeun.synth.scene.textures import Texture

FINE_M = 0.15
CORNER_M = 0.35


@dataclass(frozen=True, slots=True)
class Panel:
    """A textured rectangle: ``corner`` (3,) lower left as seen from its lit side, edges ``across`` and ``up`` (3,).

    ``glows``: shown as bright as its texture, whatever the light (a window, a lamp). ``step_m`` is the length over
    which light may vary.
    """

    corner: Array
    across: Array
    up: Array
    texture: Texture
    glows: bool = False
    step_m: float = FINE_M

    @property
    def normal(self) -> Array:
        """Unit vector (3,) towards its lit side."""
        normal = np.cross(self.across, self.up)
        unit: Array = normal / np.linalg.norm(normal)
        return unit

    def grid(self) -> tuple[Floats, Floats, Faces]:
        """Points (N, 3) in the room, texture places (N, 2) and triangles (F, 3)."""
        wide, tall = float(np.linalg.norm(self.across)), float(np.linalg.norm(self.up))
        columns, rows = (int(np.clip(np.ceil(side / self.step_m), 1, 110)) + 1 for side in (wide, tall))
        b, a = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, 1, columns), indexing="ij")
        points = self.corner + a.reshape(-1, 1) * self.across + b.reshape(-1, 1) * self.up
        uv = np.stack([a.ravel() * wide / self.texture.width_m, b.ravel() * tall / self.texture.height_m], axis=1)
        index = np.arange(rows * columns).reshape(rows, columns)
        p, q, r, s = (part.ravel() for part in (index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]))
        faces = np.concatenate([np.stack([p, q, r], axis=1), np.stack([p, r, s], axis=1)])
        return points.astype(np.float32), uv.astype(np.float32), faces


@dataclass(frozen=True, slots=True)
class Room:
    """``panels`` and ``furniture`` in the room's axes; ``middle`` (3,) of the volume kept free for the athletes.

    ``walls`` (W, 4) are planes (unit normal inwards, offset) that darken what is near them; ``background`` (3,) is
    the linear colour of what has no wall. ``bright`` (3,) is the place where the light is strongest, ``fading_m``
    how far from it half is lost.
    """

    kind: str
    panels: tuple[Panel, ...]
    furniture: Mesh | None
    middle: Array
    walls: Array
    background: Array
    bright: Array
    fading_m: float

    def open_to(self, points: Floats, facing: Array | None) -> Floats:
        """The share (N,) of the sky that walls near points (N, 3) leave them; a wall does not shade itself."""
        left = np.ones(len(points), np.float32)
        for *normal, offset in self.walls:
            if facing is not None and float(np.dot(normal, facing)) > 0.9:
                continue
            distance = points @ np.asarray(normal, np.float32) - np.float32(offset)
            left *= 1 - 0.38 * np.exp(-np.clip(distance, 0, None) / np.float32(CORNER_M))
        return left

    def fading(self, points: Floats) -> Floats:
        """How the light falls off (N,) away from the brightest place, 1 at the middle of the free volume."""

        def level(at: Floats) -> Floats:
            squared = np.sum(((at - self.bright.astype(np.float32)) / np.float32(self.fading_m)) ** 2, axis=-1)
            out: Floats = 0.45 + 0.55 / (1 + squared)
            return out

        share: Floats = level(points) / level(self.middle.astype(np.float32))
        return share
