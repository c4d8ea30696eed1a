"""An elbow or a knee turned aside about the line from the limb's root to its end, which both stay where they are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from deukgeun.synth.figure import Figure
from deukgeun.synth.motions.ground import lowest_m
from deukgeun.synth.motions.kinematics import Bones, Limb, set_limb
from deukgeun.synth.rotation import about, turned, unit

Array = npt.NDArray[np.float64]

_STEPS_DEG = (0.0, 8.0, 16.0, 26.0, 38.0, 52.0, 70.0, 90.0)
_DEEPEST_M = -0.008
# Pictures over which a turn is spread, so that the joint does not jump aside.
_REACH, _SOFT = 9, 1.8


def swivel_clear(
    bones: Bones, figure: Figure, parts: Limb, names: tuple[str, ...], outward: Array | None = None
) -> None:
    """Turn the middle joint by the least angle that keeps the skin of ``names`` out of the floor.

    Either way round, whichever frees it first; or, with ``outward`` (T, 3), only that way. Joints below the limb's end
    are left as they are.
    """
    start, middle, tip = (bones.joints[:, b].copy() for b in (parts.upper, parts.lower, parts.end))
    line = unit(tip - start)
    both = (np.ones(len(start)), -np.ones(len(start)))
    ways = both if outward is None else (_way(line, middle - start, outward),)
    best, left = np.zeros(len(start)), np.ones(len(start), dtype=bool)
    trial = Bones(bones.rotations.copy(), bones.joints.copy())
    for step in _STEPS_DEG:
        for way in ways:
            angle = np.full(len(start), step) * way
            _swivel(trial, figure, parts, (start, middle, tip), line, angle)
            free = lowest_m(trial, figure, names) > -_DEEPEST_M
            best, left = np.where(left & free, angle, best), left & ~free
        if not left.any():
            break
    if outward is not None:
        best = np.sign(best) * maximum_filter1d(np.abs(best), _REACH)
    _swivel(bones, figure, parts, (start, middle, tip), line, gaussian_filter1d(best, _SOFT))


def _way(line: Array, arm: Array, outward: Array) -> Array:
    """The sign (T,) of a turn about ``line`` that takes ``arm`` (T, 3) outward."""
    out: Array = np.where(np.sum(np.cross(line, arm) * outward, axis=-1) >= 0, 1.0, -1.0)
    return out


def _swivel(
    bones: Bones, figure: Figure, parts: Limb, limb: tuple[Array, Array, Array], line: Array, angle: Array
) -> None:
    start, middle, tip = limb
    joint = start + turned(about(line, angle), middle - start)
    hinge = np.cross(joint - start, tip - joint)
    straight = np.linalg.norm(hinge, axis=-1, keepdims=True) < 1e-4
    hinge = np.where(straight, turned(bones.rotations[:, parts.upper], parts.hinge), hinge)
    set_limb(bones, figure, parts, joint - start, tip - joint, hinge)
    bones.joints[:, parts.lower] = joint
