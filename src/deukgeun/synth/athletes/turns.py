"""Rotations of one frame: part of a turn, the twist about an axis, the smallest turn between two directions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
_TINY = 1e-9


def unit(v: Array) -> Array:
    """``v`` with length 1 along its last axis."""
    out: Array = v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), _TINY)
    return out


def about(axis: Array, angle_rad: Array | float) -> Array:
    """Rotation matrices (..., 3, 3) about unit axes (..., 3) by angles (...) (Rodrigues' formula)."""
    x, y, z = np.moveaxis(np.asarray(axis, dtype=np.float64), -1, 0)
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    k = 1 - c
    rows = [
        [c + x * x * k, x * y * k - z * s, x * z * k + y * s],
        [y * x * k + z * s, c + y * y * k, y * z * k - x * s],
        [z * x * k - y * s, z * y * k + x * s, c + z * z * k],
    ]
    out: Array = np.stack([np.stack(np.broadcast_arrays(*row), axis=-1) for row in rows], axis=-2)
    return out


def vector(rotation: Array) -> Array:
    """Axis times angle (..., 3), angle in 0..pi, of rotation matrices (..., 3, 3), through the quaternion."""
    w, xyz = _quaternion(rotation)
    sine = np.linalg.norm(xyz, axis=-1)
    angle = 2 * np.arctan2(sine, w)
    out: Array = xyz * (angle / np.maximum(sine, _TINY))[..., None]
    return out


def _quaternion(rotation: Array) -> tuple[Array, Array]:
    """Real part (...) >= 0 and imaginary part (..., 3): the largest column of q q^T (Bar-Itzhack's matrix)."""
    m = np.asarray(rotation, dtype=np.float64)
    a, b, c = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    x, y, z = m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0], m[..., 1, 0] - m[..., 0, 1]
    p, q, r = m[..., 0, 1] + m[..., 1, 0], m[..., 0, 2] + m[..., 2, 0], m[..., 1, 2] + m[..., 2, 1]
    outer = np.stack(
        [
            np.stack([1 + a + b + c, x, y, z], axis=-1),
            np.stack([x, 1 + a - b - c, p, q], axis=-1),
            np.stack([y, p, 1 - a + b - c, r], axis=-1),
            np.stack([z, q, r, 1 - a - b + c], axis=-1),
        ],
        axis=-2,
    )
    best = np.diagonal(outer, axis1=-2, axis2=-1).argmax(axis=-1)
    quaternion = unit(np.take_along_axis(outer, best[..., None, None], axis=-2)[..., 0, :])
    quaternion = np.where(quaternion[..., :1] < 0, -quaternion, quaternion)
    return quaternion[..., 0], quaternion[..., 1:]


def part(rotation: Array, share: Array | float) -> Array:
    """The given share of the way from no rotation to ``rotation`` (..., 3, 3), about its own axis."""
    turn = vector(rotation)
    angle = np.linalg.norm(turn, axis=-1)
    return about(unit(turn), angle * share)


def between(a: Array, b: Array, share: Array | float) -> Array:
    """The given share of the way from rotation ``a`` to ``b`` (..., 3, 3)."""
    out: Array = a @ part(np.swapaxes(a, -1, -2) @ b, share)
    return out


def twist_rad(rotation: Array, axis: Array) -> Array:
    """How far rotations (..., 3, 3) turn about unit axes (..., 3), in -pi..pi (swing-twist decomposition)."""
    w, xyz = _quaternion(rotation)
    along = np.einsum("...i,...i->...", xyz, axis)
    angle: Array = 2 * np.arctan2(along, w)
    return angle


def swing(a: Array, b: Array) -> Array:
    """The smallest rotations (..., 3, 3) that take directions ``a`` to directions ``b`` (..., 3)."""
    a, b = unit(a), unit(b)
    cross = np.cross(a, b)
    angle = np.arctan2(np.linalg.norm(cross, axis=-1), np.einsum("...i,...i->...", a, b))
    return about(unit(cross), angle)
