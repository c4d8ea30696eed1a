"""How sure a network may say it is, from tracks of athletes whom it did not learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from deukgeun.recognition.network import MOVEMENT, log_softmax

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.integer[Any]]

_LIMITS = (-2.0, 2.0)
"""Of the logarithm of a temperature."""
BINS = 15


@dataclass(frozen=True, slots=True)
class Calibration:
    """``temperature``: what scores are divided by. ``least_known``: the share below which a movement has no name."""

    temperature: float
    least_known: float


def calibrate(scores: Floats, truth: Ints, kinds: Sequence[str], lost: float = 0.01) -> Calibration:
    """Return what makes mean ``scores`` (N, C) of whole tracks say the truth most surely, and the threshold that takes
    the name from a share ``lost`` of the movements that are named right.

    The temperature minimises the surprise (Guo et al. 2017). Where no movement is named right nothing is unknown.
    """
    rows = np.arange(len(truth))

    def surprise(log_temperature: float) -> float:
        return float(-log_softmax(scores / np.exp(log_temperature))[rows, truth].mean())

    temperature = float(np.exp(minimize_scalar(surprise, bounds=_LIMITS, method="bounded").x))
    named = scores.argmax(axis=1)
    known = (np.array(kinds)[truth] == MOVEMENT) & (named == truth)
    sure = np.exp(log_softmax(scores / temperature))[rows, named]
    return Calibration(temperature, float(np.quantile(sure[known], lost)) if known.any() else 0.0)


def calibration_error(sure: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Return the expected calibration error of answers with confidence ``sure`` (N,), in 15 bins of equal width."""
    place = np.clip((sure * BINS).astype(int), 0, BINS - 1)
    parts = [np.flatnonzero(place == k) for k in range(BINS)]
    gaps = [len(part) * abs(float(sure[part].mean()) - float(right[part].mean())) for part in parts if len(part)]
    return float(sum(gaps) / max(len(sure), 1))
