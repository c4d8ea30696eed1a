"""A stick athlete: enough of a body to be framed and looked at."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_RIGHT_HALF = {
    "nose": (0.0, -0.10, 1.60),
    "ear": (-0.08, 0.0, 1.62),
    "shoulder": (-0.19, 0.0, 1.42),
    "elbow": (-0.25, 0.02, 1.12),
    "wrist": (-0.27, -0.05, 0.86),
    "hip": (-0.10, 0.0, 0.92),
    "knee": (-0.11, -0.02, 0.50),
    "ankle": (-0.12, 0.03, 0.08),
    "toe": (-0.13, -0.17, 0.02),
}
STANDING: Array = np.array([*_RIGHT_HALF.values(), *[(-x, y, z) for x, y, z in _RIGHT_HALF.values()]])
LEFT_TOE, RIGHT_TOE = len(STANDING) - 1, len(_RIGHT_HALF) - 1
TIME_S: Array = np.arange(0.0, 6.0, 1 / 30)


def squats() -> Array:
    """Landmarks (180, 18, 3) of an athlete who goes up and down with the feet on the floor."""
    depth = 0.25 * (1 - np.cos(2 * np.pi * TIME_S / 2))
    share = np.clip((STANDING[:, 2] - 0.08) / 0.84, 0.0, 1.0)
    points = np.repeat(STANDING[None], len(TIME_S), axis=0)
    points[..., 2] -= depth[:, None] * share
    return points


def lying() -> Array:
    """Landmarks (180, 18, 3) of an athlete on the floor, the head towards -y, the face down."""
    x, y, z = STANDING.T
    flat = np.stack([x, 0.9 - z, 0.3 + y], axis=-1)
    return np.repeat(flat[None], len(TIME_S), axis=0)
