"""Evidence over time: the scores of every movement in overlapping windows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from deukgeun.motion.channels import Channels
from deukgeun.motion.summary import summarise
from deukgeun.motion.timeline import Movement
from deukgeun.recognition.likelihood import scores

Floats = NDArray[np.float64]
WINDOW_S = 4.0  # holds a repetition of the slowest usual tempo, and not much of what comes before and after
HOP_S = 0.5


@dataclass(frozen=True, slots=True)
class Windows:
    """``scores`` (W, R) of each window for each row of the table; window ``i`` speaks for the steps ``starts[i]`` to
    ``starts[i + 1]`` (exclusive) of the movement, so ``starts`` has W + 1 entries.
    """

    scores: Floats
    starts: tuple[int, ...]


def windows(movement: Movement, found: Channels) -> Windows:
    """Return the evidence in windows of 4 s, every 0.5 s; a shorter movement is one window."""
    steps = len(movement)
    length = min(steps, round(WINDOW_S * movement.rate_hz))
    hop = max(1, round(HOP_S * movement.rate_hz))
    firsts = list(range(0, steps - length + 1, hop))
    rows = [scores(summarise(movement.part(f, f + length), found.part(f, f + length))) for f in firsts]
    centers = [f + length // 2 for f in firsts]
    bounds = [(a + b) // 2 for a, b in pairwise(centers)]
    return Windows(np.array(rows), (0, *bounds, steps))
