"""Inverse kinematics: a limb that ends where it must."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import Figure
from deukgeun.synth.motions.kinematics import Bones, Limb, set_limb
from deukgeun.synth.rotation import unit

Array = npt.NDArray[np.float64]

# A limb stops short of straight, or its hinge would flip.
STRETCH = 0.9995


def reach(bones: Bones, figure: Figure, parts: Limb, goal: Array, weight: Array | None = None) -> None:
    """Bend a limb so that its end joint is at ``goal`` (T, 3), in the plane in which it is bent already.

    With ``weight`` (T,) the goal counts by as much, and what the limb did before by the rest. Law of cosines. The
    end bone keeps its rotation and moves along.
    """
    start, middle, tip = (bones.joints[:, b] for b in (parts.upper, parts.lower, parts.end))
    if weight is not None:
        goal = weight[:, None] * goal + (1 - weight[:, None]) * tip
    line = goal - start
    shortest, longest = abs(parts.upper_m - parts.lower_m) + 0.01, STRETCH * (parts.upper_m + parts.lower_m)
    distance = np.clip(np.linalg.norm(line, axis=-1), shortest, longest)[:, None]
    e = unit(line)
    pole = _pole(start, middle, tip, e, bones.rotations[:, parts.upper] @ parts.hinge)
    along = (parts.upper_m**2 - parts.lower_m**2 + distance**2) / (2 * distance)
    height = np.sqrt(np.maximum(parts.upper_m**2 - along**2, 0.0))
    knee, end = start + along * e + height * pole, start + distance * e
    hinge = np.cross(pole, e)
    set_limb(bones, figure, parts, knee - start, end - knee, hinge)
    bones.joints[:, parts.lower], bones.joints[:, parts.end] = knee, end


def _pole(start: Array, middle: Array, tip: Array, line: Array, hinge: Array) -> Array:
    """Which way (T, 3) the middle joint leans off ``line``: as the bent limb did, and as its hinge says."""
    # The hinge axis carries the plane even where the limb is straight: pole = line x hinge.
    before = unit(tip - start)
    sideways = np.cross(before, hinge)
    # Carried from the old line to the new one by the smallest turn, so that the elbow does not swing about.
    axis = np.cross(before, line)
    cosine = np.sum(before * line, axis=-1, keepdims=True)
    v = sideways
    carried = (
        v * cosine + np.cross(axis, v) + axis * np.sum(axis * v, axis=-1, keepdims=True) / np.maximum(1 + cosine, 1e-3)
    )
    flat = carried - np.sum(carried * line, axis=-1, keepdims=True) * line
    return unit(flat)
