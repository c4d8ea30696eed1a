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
# As many principal movements of a clip are followed; those smaller than the root of the other (trunk lengths) hardly.
_MOVEMENTS, _STIFF = 3, 0.01


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


def following(course: Array, donor: Array, poses: Array, at: Array) -> Array:
    """What is lent (T', O) to a body with ``poses`` (T', P) by a donor whose ``course`` is (T, O) and whose poses are
    ``donor`` (T, P), at places ``at`` (T',) of its course.

    What follows the donor's main movements in a straight line follows those of the body, no further than the donor
    went; the rest is as it ran in time.
    """
    middle = donor.mean(axis=0)
    axes = np.linalg.svd(donor - middle, full_matrices=False)[2][:_MOVEMENTS].T
    moved, mean = (donor - middle) @ axes, course.mean(axis=0)
    slopes = np.linalg.solve(moved.T @ moved + _STIFF * len(donor) * np.eye(axes.shape[1]), moved.T @ (course - mean))
    left = course - mean - moved @ slopes
    low = np.minimum(at.astype(int), len(course) - 2)
    share = (at - low)[:, None]
    own = np.clip((poses - middle) @ axes, moved.min(axis=0), moved.max(axis=0))
    out: Array = mean + own @ slopes + (1 - share) * left[low] + share * left[low + 1]
    return out


def packed(left: Array, found: Flags, count: int) -> tuple[Array, npt.NDArray[np.int8], Array, Array]:
    """Errors (N, T, O) as parts (count, O), courses (N, T, count) int8, and their middles and sizes (N, count).

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
