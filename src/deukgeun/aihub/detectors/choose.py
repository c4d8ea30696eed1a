"""Which of the people in a picture is the athlete."""

from __future__ import annotations

import numpy as np

from deukgeun.aihub.detectors.people import People
from deukgeun.pose.geometry import Floats

_CENTER_FALL = 8.0  # exp(-8 d²), d in widths and heights from the centre: as for the main subject of a video


def choose_person(people: People, width: int, height: int) -> int | None:
    """Return the index of the athlete in a picture of ``width`` x ``height`` pixels, or None without people."""
    if not len(people):
        return None
    return int(np.argmax(prominence(people, width, height)))


def prominence(people: People, width: int, height: int) -> Floats:
    """Return (N,) how much each is what the picture was taken of: score x size x centrality, in 0..1.

    Size is the box's diagonal over the picture's, centrality falls from 1 in the middle to exp(-4) in a corner. A
    trainer who stands nearer but at the edge, and a small figure in the middle of a mirror, both lose.
    """
    frame = np.array([width, height], np.float64)
    spans = people.boxes[:, 2:] - people.boxes[:, :2]
    size = np.linalg.norm(spans, axis=1) / np.linalg.norm(frame)
    off = (people.boxes[:, :2] + people.boxes[:, 2:]) / 2 / frame - 0.5
    weight: Floats = people.scores * size * np.exp(-_CENTER_FALL * np.sum(off**2, axis=1))
    return weight
