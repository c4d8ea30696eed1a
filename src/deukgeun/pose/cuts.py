"""Cuts: where one shot ends and another begins."""

from __future__ import annotations

import cv2
import numpy as np

from deukgeun.pose.geometry import Floats, Image

_SIDE = 24
_MAX_CORRELATION = 0.6


class CutDetector:
    """Tells whether a picture belongs to another shot than the one before.

    A thumbnail that no longer correlates with the last one is another shot: people move, the scene behind
    them does not. A flat picture (black, a plain title) correlates with nothing.
    """

    def __init__(self) -> None:
        self._last: Floats | None = None

    def __call__(self, image: Image) -> bool:
        """Return True for the first picture of a new shot (never for the very first picture)."""
        step = max(1, min(image.shape[:2]) // (4 * _SIDE))  # some 16 samples a cell are as good as all, and quicker
        sparse = np.ascontiguousarray(image[::step, ::step])
        small = cv2.resize(sparse, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float64)
        last, self._last = self._last, small.mean(axis=2)
        if last is None:
            return False
        a, b = last - last.mean(), self._last - self._last.mean()
        scale = float(np.sqrt((a**2).sum() * (b**2).sum()))
        flat = max(float(a.std()), float(b.std())) < 1.0
        return not flat and float((a * b).sum()) < _MAX_CORRELATION * max(scale, 1.0)
