"""Which end of the body stays where it is: movement in the picture, in torso lengths.

In a squat the feet stand and the hips travel, in a pull-up the hands stay: this tells exercises apart whose joint
angles are alike. It means nothing while the camera itself moves.
"""

from __future__ import annotations

import numpy as np

from deukgeun.motion.timeline import Floats, Movement

PARTS = ("shoulder", "hip", "wrist", "ankle", "knee")
_SPREAD = tuple(f"{s}_{p}" for s in ("left", "right") for p in ("shoulder", "hip", "knee", "ankle", "elbow"))


def pixels_per_torso(movement: Movement, torso_m: float) -> float:
    """Return how many pixels a torso length is, from the spread of the joints in the picture and in metres.

    The spread over ten joints is steadier than the torso alone, which shrinks when it points at the camera.
    """
    columns = list(movement.skeleton.indices(*_SPREAD))
    pixels = np.median(movement.xy[:, columns].var(axis=1).sum(axis=-1))
    metres = np.median(movement.xyz[:, columns, :2].var(axis=1).sum(axis=-1))
    return float(np.sqrt(pixels / (metres + 1e-9)) * torso_m) + 1e-6


def paths(movement: Movement, torso_m: float) -> dict[str, Floats]:
    """Return (T, 2) of each part (mean of both sides) in the picture, in torso lengths, x right, y up."""
    unit = pixels_per_torso(movement, torso_m)
    result: dict[str, Floats] = {}
    for part in PARTS:
        columns = list(movement.skeleton.indices(f"left_{part}", f"right_{part}"))
        weight = np.maximum(movement.score[:, columns], 0.05)[..., None]
        mean = (movement.xy[:, columns] * weight).sum(axis=1) / weight.sum(axis=1)
        result[part] = mean / unit * np.array([1.0, -1.0])
    return result
