"""How far predicted joints are from the labelled ones, in pixels of the 1920 x 1080 picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def squared_errors(predicted: Floats, labelled: Floats) -> Floats:
    """Return the squared distances (..., K) of joints (..., K, 2), NaN where a joint is not labelled."""
    errors: Floats = np.square(predicted - labelled).sum(axis=-1)
    return errors


def keypoint_rmse(squared: Floats) -> Floats:
    """Return the keypoint RMSE (N,) of each image: sqrt(mean over its labelled joints of dx^2 + dy^2).

    The definition of the study of 24 joints, sqrt(1/24 * sum of (dx^2 + dy^2)). An image without labels gives NaN.
    """
    return _root_mean(squared, axis=1)


def joint_rmse(squared: Floats) -> Floats:
    """Return for each joint (K,) the root of its mean squared distance over all images; NaN without labels."""
    return _root_mean(squared, axis=0)


def _root_mean(squared: Floats, axis: int) -> Floats:
    known = np.isfinite(squared)
    total = np.where(known, squared, 0.0).sum(axis=axis)
    count = known.sum(axis=axis)
    return np.where(count > 0, np.sqrt(total / np.maximum(count, 1)), np.nan)


def pck(squared: Floats, torso: Floats, share: float = 0.2) -> float:
    """Return the share of labelled joints (N, K) within ``share`` of the torso length (N,); NaN without any."""
    known = np.isfinite(squared)
    right = np.sqrt(np.where(known, squared, np.inf)) <= share * torso[:, None]
    return float(right[known].mean()) if known.any() else float("nan")
