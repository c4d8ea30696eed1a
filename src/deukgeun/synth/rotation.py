"""Rotations of many frames at once: matrices (..., 3, 3), directions (..., 3), angles in degrees.

A rotation as a vector is its axis times its angle in radians.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

X, Y, Z = np.eye(3)


def unit(v: Array) -> Array:
    """`v` with length 1 along its last axis; a vector of no length stays of no length."""
    out: Array = v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-12)
    return out


def about(axis: Array, angle_deg: Array | float) -> Array:
    """Rotation matrices (..., 3, 3) about ``axis`` (3,) or (..., 3) by ``angle_deg`` (...) (Rodrigues)."""
    angle = np.radians(np.asarray(angle_deg, dtype=np.float64))
    a = unit(np.asarray(axis, dtype=np.float64))
    shape = np.broadcast_shapes(angle.shape, a.shape[:-1])
    a = np.broadcast_to(a, (*shape, 3))
    sine, cosine = np.broadcast_to(np.sin(angle), shape), np.broadcast_to(np.cos(angle), shape)
    out = (1 - cosine)[..., None, None] * a[..., :, None] * a[..., None, :]
    skew = sine[..., None] * a
    out[..., 0, 1] -= skew[..., 2]
    out[..., 0, 2] += skew[..., 1]
    out[..., 1, 0] += skew[..., 2]
    out[..., 1, 2] -= skew[..., 0]
    out[..., 2, 0] -= skew[..., 1]
    out[..., 2, 1] += skew[..., 0]
    for k in range(3):
        out[..., k, k] += cosine
    return out


def turned(rotation: Array, v: Array) -> Array:
    """``rotation`` (..., 3, 3) applied to ``v`` (3,) or (..., 3)."""
    out: Array = np.einsum("...ij,...j->...i", rotation, v)
    return out


def frame(along: Array, beside: Array) -> Array:
    """Matrices (..., 3, 3) whose columns are ``along``, ``beside`` made perpendicular to it, and their product."""
    a = unit(along)
    b = unit(beside - np.sum(beside * a, axis=-1, keepdims=True) * a)
    return np.stack([a, b, np.cross(a, b)], axis=-1)


def vector(rotation: Array) -> Array:
    """Axis times angle (..., 3) in radians, 0..pi, of rotation matrices (..., 3, 3), through the quaternion."""
    w, xyz = _quaternion(rotation)
    sine = np.linalg.norm(xyz, axis=-1)
    angle = 2 * np.arctan2(sine, w)
    out: Array = xyz * (angle / np.maximum(sine, 1e-12))[..., None]
    return out


def of_vector(turn: Array, share: Array | float = 1.0) -> Array:
    """The matrices (..., 3, 3) of ``share`` of the turns (..., 3) that `vector` returns."""
    return about(turn, np.degrees(np.linalg.norm(turn, axis=-1)) * share)


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
    """``share`` of the way from no rotation to ``rotation`` (..., 3, 3), by the shortest turn."""
    return of_vector(vector(rotation), share)


def between(a: Array, b: Array, share: Array | float) -> Array:
    """``share`` of the way from rotations ``a`` to ``b`` (..., 3, 3), by the shortest turn."""
    out: Array = a @ part(np.swapaxes(a, -1, -2) @ b, share)
    return out


def twist_deg(rotation: Array, axis: Array) -> Array:
    """How far rotations (..., 3, 3) turn about unit axes (..., 3), in -180..180 (swing-twist decomposition)."""
    w, xyz = _quaternion(rotation)
    along = np.einsum("...i,...i->...", xyz, axis)
    angle: Array = np.degrees(2 * np.arctan2(along, w))
    return angle


def swing(a: Array, b: Array) -> Array:
    """The smallest rotations (..., 3, 3) that take directions ``a`` to directions ``b`` (..., 3)."""
    a, b = unit(a), unit(b)
    cross = np.cross(a, b)
    angle = np.arctan2(np.linalg.norm(cross, axis=-1), np.einsum("...i,...i->...", a, b))
    return about(cross, np.degrees(angle))
