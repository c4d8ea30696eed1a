"""Triangles with colours and normals, and how they are put together and moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
Faces = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Mesh:
    """A surface: points (N, 3) in metres, outward unit normals (N, 3), faces (F, 3) and linear albedo (N, 3).

    ``gloss`` (N,) says how much of the room a point mirrors, 0 for cloth and 0.5 for chrome.
    """

    points: Floats
    normals: Floats
    faces: Faces
    albedo: Floats
    gloss: Floats

    def __post_init__(self) -> None:
        count = len(self.points)
        for name, shape in (("points", (count, 3)), ("normals", (count, 3)), ("albedo", (count, 3))):
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name}: expected {shape}, got {getattr(self, name).shape}")
        if self.gloss.shape != (count,) or self.faces.shape != (len(self.faces), 3):
            raise ValueError(f"expected ({count},) and (F, 3), got {self.gloss.shape}, {self.faces.shape}")

    @classmethod
    def of(cls, points: npt.ArrayLike, normals: npt.ArrayLike, faces: npt.ArrayLike) -> Mesh:
        """A grey surface of these points, normals and faces."""
        xyz = np.asarray(points, dtype=np.float32).reshape(-1, 3)
        return cls(
            xyz,
            np.asarray(normals, dtype=np.float32).reshape(-1, 3),
            np.asarray(faces, dtype=np.int64).reshape(-1, 3),
            np.full_like(xyz, 0.5),
            np.zeros(len(xyz), dtype=np.float32),
        )

    def painted(self, colour: npt.ArrayLike, gloss: float = 0.0) -> Mesh:
        """This surface in one linear colour (3,)."""
        albedo = np.broadcast_to(np.asarray(colour, dtype=np.float32), self.points.shape).copy()
        return replace(self, albedo=albedo, gloss=np.full(len(self.points), gloss, dtype=np.float32))

    def moved(self, pose: Array) -> Mesh:
        """This surface after the rigid motion (4, 4)."""
        turn, shift = pose[:3, :3].astype(np.float32), pose[:3, 3].astype(np.float32)
        return replace(self, points=self.points @ turn.T + shift, normals=self.normals @ turn.T)

    def at(self, x: float, y: float, z: float) -> Mesh:
        """This surface shifted by (x, y, z) metres."""
        return replace(self, points=self.points + np.array([x, y, z], dtype=np.float32))

    def turned(self, axis: str, angle_deg: float) -> Mesh:
        """This surface turned about the x, y or z axis through the origin."""
        pose = np.eye(4)
        pose[:3, :3] = rotation(axis, angle_deg)
        return self.moved(pose)


def rotation(axis: str, angle_deg: float) -> Array:
    """The matrix (3, 3) of a right-handed turn about the x, y or z axis."""
    c, s = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(3)
    matrix[first, first], matrix[first, second], matrix[second, first], matrix[second, second] = c, -s, s, c
    return matrix


def joined(meshes: Sequence[Mesh]) -> Mesh:
    """All these surfaces as one."""
    starts = np.cumsum([0] + [len(mesh.points) for mesh in meshes[:-1]])
    return Mesh(
        np.concatenate([mesh.points for mesh in meshes]),
        np.concatenate([mesh.normals for mesh in meshes]),
        np.concatenate([mesh.faces + start for mesh, start in zip(meshes, starts, strict=True)]),
        np.concatenate([mesh.albedo for mesh in meshes]),
        np.concatenate([mesh.gloss for mesh in meshes]),
    )


def vertex_areas(points: Floats, faces: Faces) -> Floats:
    """Each vertex's share (N,) of the area of its triangles, in square metres."""
    a, b, c = (points[faces[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 6
    shares: Floats = np.bincount(faces.ravel(), np.repeat(area, 3), minlength=len(points)).astype(np.float32)
    return shares
