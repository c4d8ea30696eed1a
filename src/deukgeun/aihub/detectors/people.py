"""What every detector gives: boxes around people, best first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from deukgeun.pose.geometry import Floats, Image

MIN_SCORE = 0.5  # of a person who counts as found; Darknet's own default


@dataclass(frozen=True, slots=True)
class People:
    """The people of one picture: ``boxes`` (N, 4: x0, y0, x1, y1) pixels, ``scores`` (N,) in 0..1, best first."""

    boxes: Floats
    scores: Floats

    def __post_init__(self) -> None:
        if self.boxes.shape != (len(self.scores), 4) or self.scores.ndim != 1:
            raise ValueError(f"expected boxes (N, 4) and scores (N,), got {self.boxes.shape} and {self.scores.shape}")
        if np.any(np.diff(self.scores) > 0):
            raise ValueError("expected the best person first")

    def __len__(self) -> int:
        return len(self.scores)


class PersonDetector(Protocol):
    """Finds people in a picture."""

    def people(self, image: Image) -> People:
        """Return the people of ``image`` (H, W, 3) RGB, best first, their boxes within the picture."""
        ...


def people_within(boxes: Floats, scores: Floats, image: Image) -> People:
    """Return ``boxes`` (N, 4) and ``scores`` (N,) in any order as ``People``, cut off at the edges of ``image``.

    Boxes of which nothing is in the picture, and those that are not finite, are left out.
    """
    height, width = image.shape[:2]
    inside = np.clip(boxes.astype(np.float64).reshape(-1, 4), 0.0, [width, height, width, height])
    real = (inside[:, 2] > inside[:, 0]) & (inside[:, 3] > inside[:, 1]) & np.isfinite(inside).all(axis=1)
    inside, kept = inside[real], scores[real].astype(np.float64)
    order = np.argsort(-kept, kind="stable")
    return People(inside[order], kept[order])
