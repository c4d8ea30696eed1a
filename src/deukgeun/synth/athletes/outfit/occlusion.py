"""How much of the sky each point of a surface at rest sees (ambient occlusion), from depth maps of many sides."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from deukgeun.synth.athletes.outfit.surface import normals
from deukgeun.synth.rotation import unit

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]
_CELL_M = 0.008
_BIAS_M = 0.016


def _sides(count: int) -> Array:
    """Directions (count, 3) spread evenly over the sphere (Fibonacci lattice)."""
    k = np.arange(count) + 0.5
    z = 1 - 2 * k / count
    turn = np.pi * (1 + 5**0.5) * k
    ring = np.sqrt(1 - z * z)
    return np.stack([ring * np.cos(turn), ring * np.sin(turn), z], axis=1)


def _samples(vertices: Array, faces: Index) -> Array:
    """Points that cover the surface about as closely as a cell of the depth maps: corners, middles and thirds."""
    a, b, c = (vertices[faces[:, k]] for k in range(3))
    wide = np.linalg.norm(np.cross(b - a, c - a), axis=1) > 1e-4
    mixes = [(4, 1, 1), (1, 4, 1), (1, 1, 4), (1, 1, 0), (0, 1, 1), (1, 0, 1)]
    inner = [(i * a[wide] + j * b[wide] + k * c[wide]) / (i + j + k) for i, j, k in mixes]
    return np.concatenate([vertices, (a + b + c) / 3, *inner])


def _seen(points: Array, samples: Array, side: Array) -> npt.NDArray[np.bool_]:
    """Which points nothing lies before, looked at from a direction (3,)."""
    u = unit(np.cross(side, np.array([0.0, 1.0, 0.0]) if abs(side[1]) < 0.9 else np.array([1.0, 0.0, 0.0])))
    plane = np.stack([u, np.cross(side, u)], axis=1)
    flat = samples @ plane
    low = flat.min(axis=0)
    size = np.ceil((flat.max(axis=0) - low) / _CELL_M).astype(np.int64) + 1
    cell = ((flat - low) / _CELL_M).astype(np.int64)
    nearest = np.full(int(size[0] * size[1]), -np.inf)
    np.maximum.at(nearest, cell[:, 0] * size[1] + cell[:, 1], samples @ side)
    own = ((points @ plane - low) / _CELL_M).astype(np.int64)
    seen: npt.NDArray[np.bool_] = points @ side > nearest[own[:, 0] * size[1] + own[:, 1]] - _BIAS_M
    return seen


def openness(vertices: Array, faces: Index, sides: int = 64) -> Array:
    """The cosine-weighted share (N,) of the half space before each vertex from which it is seen, in 0..1.

    A surface alone occludes; the floor does not.
    """
    facing = normals(vertices, faces)
    samples = _samples(vertices, faces)
    seen, whole = np.zeros(len(vertices)), np.full(len(vertices), 1e-9)
    for side in _sides(sides):
        cosine = np.maximum(facing @ side, 0.0)
        whole += cosine
        seen += cosine * _seen(vertices, samples, side)
    share: Array = seen / whole
    return share
