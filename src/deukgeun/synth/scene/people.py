"""A person's surface as the stage takes it: what stays the same from frame to frame, and its normals in each."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix

from deukgeun.synth.scene.mesh import Faces, Floats

UPRIGHT_M = 1.3


@dataclass(frozen=True, slots=True)
class Skin:
    """Triangles of one person: faces (F, 3), linear albedo (V, 3), occlusion (V,).

    ``occlusion`` is the share of the sky that each vertex sees at rest, 1 where nothing is near.
    """

    faces: Faces
    albedo: Floats
    occlusion: Floats

    def __post_init__(self) -> None:
        count = len(self.occlusion)
        if self.albedo.shape != (count, 3) or self.faces.shape != (len(self.faces), 3):
            raise ValueError(f"expected ({count}, 3) and (F, 3), got {self.albedo.shape}, {self.faces.shape}")


class Bodies:
    """Several people as one surface: ``faces`` (F, 3), ``albedo`` (V, 3), ``occlusion`` (V,)."""

    def __init__(self, skins: tuple[Skin, ...]) -> None:
        counts = [len(skin.occlusion) for skin in skins]
        starts = np.cumsum([0, *counts])
        self.count = int(starts[-1])
        self._starts = starts
        empty = np.zeros((0, 3))
        self.faces: Faces = np.concatenate(
            [empty.astype(np.int64), *(skin.faces + start for skin, start in zip(skins, starts[:-1], strict=True))]
        )
        self.albedo: Floats = np.concatenate([empty, *(skin.albedo for skin in skins)]).astype(np.float32)
        self.occlusion: Floats = np.concatenate([empty[:, 0], *(skin.occlusion for skin in skins)]).astype(np.float32)
        self._sum = _incidence(self.faces, self.count)

    def all_upright(self, points: Floats) -> bool:
        """Whether everybody stands, or nearly: the vertices (V, 3) of each span `UPRIGHT_M` in height."""
        parts = (points[a:b, 2] for a, b in pairwise(self._starts))
        return all(float(np.ptp(heights)) > UPRIGHT_M for heights in parts)

    def normals_and_areas(self, points: Floats) -> tuple[Floats, Floats]:
        """Unit normals (V, 3) and each vertex's share of the area (V,) with the vertices at ``points`` (V, 3)."""
        if not self.count:
            return np.zeros((0, 3), np.float32), np.zeros(0, np.float32)
        a, b, c = (np.take(points, self.faces[:, k], axis=0) for k in range(3))
        face = _cross(b - a, c - a)
        length = np.sqrt(np.einsum("ij,ij->i", face, face))
        summed = self._sum @ np.column_stack([face, length])
        normals = summed[:, :3]
        normals /= np.maximum(np.sqrt(np.einsum("ij,ij->i", normals, normals)), 1e-12)[:, None]
        return np.ascontiguousarray(normals), summed[:, 3] / 6


def _incidence(faces: Faces, count: int) -> csr_matrix:
    """The matrix (V, F) that sums what belongs to triangles at their corners."""
    columns = np.repeat(np.arange(len(faces)), 3)
    return csr_matrix((np.ones(columns.size, np.float32), (faces.ravel(), columns)), shape=(count, len(faces)))


def _cross(a: Floats, b: Floats) -> Floats:
    """np.cross for (F, 3) rows: several times faster than numpy's own."""
    (ax, ay, az), (bx, by, bz) = a.T, b.T
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], axis=1)
