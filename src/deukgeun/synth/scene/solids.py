"""The plain solids that equipment and furniture are put together from, each with smooth or crisp normals."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from deukgeun.synth.scene.mesh import Array, Mesh, joined

EDGE_M = 0.18
"""Faces longer than this are divided, so that light and shadow can vary along them."""

_FACES = tuple((axis, sign) for axis in range(3) for sign in (-1.0, 1.0))


def _grid_faces(rows: int, columns: int) -> npt.NDArray[np.int64]:
    """Triangles over a grid of rows x columns points: the normal is (next column) x (next row)."""
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = (part.ravel() for part in (index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]))
    return np.concatenate([np.stack([a, b, c], axis=1), np.stack([a, c, d], axis=1)])


def _unit(v: Array) -> Array:
    out: Array = v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-12)
    return out


@cache
def _cube_face(axis: int, sign: float, steps: tuple[int, int]) -> tuple[Array, npt.NDArray[np.int64]]:
    """Grid points (n, 3) in -1..1 on one face of the cube, and outward triangles."""
    first, second = ((axis + 1) % 3, (axis + 2) % 3)[:: int(sign)]
    rows, columns = np.meshgrid(np.linspace(-1, 1, steps[1] + 1), np.linspace(-1, 1, steps[0] + 1), indexing="ij")
    points = np.empty((rows.size, 3))
    points[:, axis], points[:, first], points[:, second] = sign, columns.ravel(), rows.ravel()
    return points, _grid_faces(*rows.shape)


def box(low: Sequence[float], high: Sequence[float], edge_m: float = EDGE_M) -> Mesh:
    """A box between two corners with crisp edges."""
    half, centre = (np.subtract(high, low)) / 2, np.add(low, high) / 2
    parts = []
    for axis, sign in _FACES:
        first, second = ((axis + 1) % 3, (axis + 2) % 3)[:: int(sign)]
        steps = tuple(int(np.clip(np.ceil(2 * half[k] / edge_m), 1, 24)) for k in (first, second))
        points, faces = _cube_face(axis, sign, (steps[0], steps[1]))
        normal = np.zeros(3)
        normal[axis] = sign
        parts.append(Mesh.of(points * half + centre, np.broadcast_to(normal, points.shape), faces))
    return joined(parts)


def pad(size: Sequence[float], radius: float, steps: int = 7) -> Mesh:
    """A cushion of ``size`` (x, y, z) about the origin, rounded by ``radius``."""
    half = np.asarray(size, dtype=np.float64) / 2
    radius = min(radius, float(half.min()) * 0.98)
    parts = []
    for axis, sign in _FACES:
        unit_points, faces = _cube_face(axis, sign, (steps, steps))
        # More points near the rim, where the surface bends.
        rough = np.sign(unit_points) * (1 - (1 - np.abs(unit_points)) ** 2) * half
        inner = np.clip(rough, -(half - radius), half - radius)
        normals = _unit(rough - inner)
        parts.append(Mesh.of(inner + normals * radius, normals, faces))
    return joined(parts)


def _frames(path: Array) -> tuple[Array, Array, Array]:
    """Tangents and two normals (K, 3) carried along a path without twisting."""
    tangent = _unit(np.gradient(path, axis=0))
    seed = np.array([0.0, 0.0, 1.0]) if abs(tangent[0, 2]) < 0.9 else np.array([1.0, 0.0, 0.0])
    side = np.empty_like(path)
    for k, along in enumerate(tangent):
        previous = seed if k == 0 else side[k - 1]
        side[k] = _unit(previous - (previous @ along) * along)
    return tangent, side, np.cross(tangent, side)


def tube(path: npt.ArrayLike, radius: float, sides: int = 12, caps: bool = True) -> Mesh:
    """A round tube along the points (K, 3) of a path, closed at both ends unless ``caps`` is False."""
    line = np.asarray(path, dtype=np.float64)
    tangent, side, other = _frames(line)
    angle = np.linspace(0, 2 * np.pi, sides + 1)
    normals = side[:, None] * np.cos(angle)[None, :, None] + other[:, None] * np.sin(angle)[None, :, None]
    points = line[:, None] + radius * normals
    parts = [Mesh.of(points, normals, _grid_faces(len(line), sides + 1))]
    if caps:
        parts += [_cap(points[0], line[0], -tangent[0]), _cap(points[-1], line[-1], tangent[-1])]
    return joined(parts)


def _cap(rim: Array, centre: Array, normal: Array) -> Mesh:
    points = np.concatenate([rim, centre[None]])
    ring, last = np.arange(len(rim) - 1), len(rim)
    faces = np.stack([ring, ring + 1, np.full_like(ring, last)], axis=1)
    a, b, c = points[faces[0]]
    if np.cross(b - a, c - a) @ normal < 0:
        faces = faces[:, ::-1]
    return Mesh.of(points, np.broadcast_to(normal, points.shape), faces)


def rod(start: Sequence[float], end: Sequence[float], radius: float, sides: int = 10) -> Mesh:
    """A closed cylinder from point to point, divided along its length."""
    length = float(np.linalg.norm(np.subtract(end, start)))
    steps = int(np.clip(np.ceil(length / (2 * EDGE_M)), 1, 12)) + 1
    return tube(np.linspace(start, end, steps), radius, sides)


def bent(corners: npt.ArrayLike, radius: float, corner_m: float, sides: int = 10) -> Mesh:
    """A tube through the corners (K, 3) of a path, each corner rounded over ``corner_m``."""
    points = np.asarray(corners, dtype=np.float64)
    path = [points[0]]
    for before, here, after in zip(points[:-2], points[1:-1], points[2:], strict=True):
        start, end = here + _unit(before - here) * corner_m, here + _unit(after - here) * corner_m
        t = np.linspace(0, 1, 6)[:, None]
        path += list((1 - t) ** 2 * start + 2 * t * (1 - t) * here + t**2 * end)
    return tube(np.stack([*path, points[-1]]), radius, sides)


def lathe(profile: npt.ArrayLike, sides: int = 32, smooth: bool = False) -> Mesh:
    """The surface that a profile (K, 2) of (radius, z) sweeps about the z axis.

    The profile runs so that the outside lies to its right (upwards on the outer wall). With ``smooth`` the normals
    pass softly over its corners; otherwise every corner is an edge.
    """
    line = np.asarray(profile, dtype=np.float64)
    step = np.diff(line, axis=0)
    outward = _unit(np.stack([step[:, 1], -step[:, 0]], axis=1))
    if smooth:
        soft = _unit(np.concatenate([outward[:1], outward[:-1] + outward[1:], outward[-1:]]))
        return _swept(line, soft, sides)
    return joined([_swept(line[k : k + 2], outward[[k, k]], sides) for k in range(len(step))])


def _swept(line: Array, outward: Array, sides: int) -> Mesh:
    angle = np.linspace(0, 2 * np.pi, sides + 1)
    around = np.stack([np.cos(angle), np.sin(angle)], axis=1)

    def sweep(flat: Array) -> Array:
        rows = [np.concatenate([radius * around, np.full((sides + 1, 1), z)], axis=1) for radius, z in flat]
        return np.stack(rows)

    return Mesh.of(sweep(line), sweep(outward), _grid_faces(len(line), sides + 1))


def ball(radius: float, sides: int = 24) -> Mesh:
    """A sphere about the origin."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, sides // 2 + 1)
    return lathe(np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), sides, smooth=True)


def disc(radius: float, thickness: float, bevel: float = 0.004, sides: int = 28, hole: float = 0.0) -> Mesh:
    """A thick disc about the origin whose axis is z, its rim bevelled, a hole in its middle if asked."""
    half = thickness / 2
    rim = [(radius - bevel, -half), (radius, -half + bevel), (radius, half - bevel), (radius - bevel, half)]
    return lathe([(hole, -half), *rim, (hole, half)], sides)
