"""Courses of errors: keeping them small, and laying one along another body's movement."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

LEVELS = 31
"""Steps on each side of the middle."""
# Errors beyond this many times a clip's own size do not bend the parts.
_SPIKE = 10.0


@cache
def _starts(count: int, frames: int) -> npt.NDArray[np.int64]:
    """Pictures (2 (frames - 1), count) of every way to and fro through ``frames`` pictures."""
    steps = np.arange(max(2 * (frames - 1), 1))[:, None] + np.arange(count)
    return np.asarray(there_and_back(steps.astype(np.float64), frames), dtype=np.int64)


def there_and_back(at: Array, frames: int) -> Array:
    """Places in a course of ``frames`` pictures that is run through to and fro."""
    last = max(frames - 1, 1)
    return np.abs((at + last) % (2 * last) - last)


def best_course(poses: Array, donor: Array) -> tuple[int, float]:
    """Where to begin in a donor's poses (T', P), going to and fro, so that they are most like ``poses`` (T, P); and
    how far they are apart then (root mean square, trunk lengths)."""
    apart = (poses**2).sum(axis=1)[:, None] + (donor**2).sum(axis=1) - 2 * poses @ donor.T
    along = _starts(len(poses), len(donor))
    cost = apart[np.arange(len(poses)), along].mean(axis=1)
    start = int(cost.argmin())
    return start, float(np.sqrt(max(cost[start], 0.0)))


def packed(left: Array, found: Flags, count: int) -> tuple[Array, npt.NDArray[np.int8], Array, Array]:
    """Errors (N, T, 198) as parts (count, 198), courses (N, T, count) int8, and their middles and sizes (N, count).

    Parts are the principal ones of errors measured by each output's and each clip's own size, so that clips without
    gross errors keep their small ones. Courses are signed square roots of the distance from the clip's middle.
    """
    scale = np.median(np.abs(left[found]), axis=0) + 1e-3
    scaled = left / scale
    size = np.sqrt(np.mean(np.minimum(np.abs(scaled), 2 * _SPIKE) ** 2, axis=(1, 2))) + 0.1
    rows = np.clip(scaled / size[:, None, None], -_SPIKE, _SPIKE).reshape(-1, left.shape[2])
    _, axes = np.linalg.eigh(rows.T @ rows)
    kept = axes[:, ::-1][:, :count].T
    course = scaled @ kept.T
    middles = np.median(course, axis=1)
    off = course - middles[:, None]
    sizes = np.abs(off).max(axis=1) + 1e-6
    steps = np.rint(LEVELS * np.sign(off) * np.sqrt(np.abs(off) / sizes[:, None])).astype(np.int8)
    return kept * scale, steps, middles, sizes
