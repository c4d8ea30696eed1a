"""Rotations of many frames at once: matrices (T, 3, 3) and vectors (T, 3)."""

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


def vector_of(rotation: Array) -> Array:
    """Rotation vectors (..., 3) in radians of matrices (..., 3, 3) that turn by less than half a circle."""
    trace = np.clip((np.trace(rotation, axis1=-2, axis2=-1) - 1) / 2, -1.0, 1.0)
    angle = np.arccos(trace)
    axis = np.stack(
        [
            rotation[..., 2, 1] - rotation[..., 1, 2],
            rotation[..., 0, 2] - rotation[..., 2, 0],
            rotation[..., 1, 0] - rotation[..., 0, 1],
        ],
        axis=-1,
    )
    # sin(x)/x near zero: the vector is half the antisymmetric part.
    scale = np.where(angle < 1e-6, 0.5, angle / np.maximum(2 * np.sin(angle), 1e-9))
    out: Array = axis * scale[..., None]
    return out


def part(rotation: Array, share: Array | float) -> Array:
    """``share`` of the way from no rotation to ``rotation`` (..., 3, 3), by the shortest turn."""
    v = vector_of(rotation)
    return about(v, np.degrees(np.linalg.norm(v, axis=-1)) * share)


def smoothstep(x: Array) -> Array:
    """0 below 0, 1 above 1, smooth between."""
    t = np.clip(x, 0.0, 1.0)
    out: Array = t * t * (3 - 2 * t)
    return out
