"""Cuts: where one shot ends and another begins."""

from __future__ import annotations

import cv2
import numpy as np

from deukgeun.pose.geometry import Floats, Image

_SIDE = 24
_MAX_CORRELATION = 0.6
_MIN_CHANGED, _CHANGED_BY = 0.35, 10.0  # of all cells; grey levels of 255


class CutDetector:
    """Tells whether a picture belongs to another shot than the one before.

    A thumbnail that no longer correlates with the last one, and differs from it in much of the picture, is another
    shot: people move, the scene behind them does not. Correlation alone would see a cut in every quick movement before
    a plain wall, where the person is all there is to correlate. Between two flat pictures (black, plain titles) there
    is no cut.
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
        changed = float(np.mean(np.abs(self._last - last) > _CHANGED_BY))
        return changed > _MIN_CHANGED and _correlation(last, self._last) < _MAX_CORRELATION


def _correlation(one: Floats, other: Floats) -> float:
    """Return the correlation of two thumbnails; 1 where both are flat, for then there is nothing to tell them apart."""
    a, b = one - one.mean(), other - other.mean()
    if max(float(a.std()), float(b.std())) < 1.0:
        return 1.0
    return float((a * b).sum()) / max(float(np.sqrt((a**2).sum() * (b**2).sum())), 1.0)
