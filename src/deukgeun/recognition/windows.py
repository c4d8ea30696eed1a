"""Evidence over time: what the network sees in overlapping windows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.motion.timeline import Movement, at_rate
from deukgeun.recognition.network import MovementNetwork
from deukgeun.recognition.representation import Body, body_of

Floats = npt.NDArray[np.floating[Any]]

HOP_S = 0.5


@dataclass(frozen=True, slots=True)
class Windows:
    """``log_share`` (W, C) of each window for each class of the network, ``embedding`` (W, E) of each.

    Window ``i`` speaks for the steps ``starts[i]`` to ``starts[i + 1]`` (exclusive) of the movement, so ``starts`` has
    W + 1 entries.
    """

    log_share: Floats
    embedding: Floats
    starts: tuple[int, ...]

    def __post_init__(self) -> None:
        if not len(self.log_share) == len(self.embedding) == len(self.starts) - 1:
            raise ValueError("expected (W, C), (W, E) and W + 1 starts")

    def __len__(self) -> int:
        return len(self.log_share)


def windows(movement: Movement, network: MovementNetwork) -> Windows:
    """Return the evidence in windows of the network's length, every 0.5 s; a shorter movement is one window."""
    same = at_rate(movement, network.file.rate_hz)
    hop = max(1, round(HOP_S * network.file.rate_hz))
    seen = network.look(windows_of(body_of(same), network.file.steps, hop))
    middle = network.file.steps / 2 + hop * np.arange(len(seen.log_share))
    bounds = [(a + b) / 2 * movement.rate_hz / network.file.rate_hz for a, b in pairwise(middle)]
    return Windows(seen.log_share, seen.embedding, (0, *(round(b) for b in bounds), len(movement)))


def windows_of(body: Body, steps: int, hop: int) -> Body:
    """Return the windows of one person's whole movement, ``hop`` apart, the last one up to the end; of a movement that
    is too short, itself and its mirror in time over and over.
    """
    length = body.score.shape[1]
    if length < steps:
        there_and_back = np.abs((np.arange(steps) + length - 1) % max(2 * length - 2, 1) - (length - 1))
        index = there_and_back[None]
    else:
        index = np.arange(0, length - steps + 1, hop)[:, None] + np.arange(steps)
    return Body(body.xyz[0][index], body.xy[0][index], body.score[0][index])
