"""Left and right: a body in a mirror, and limbs that the estimator takes for those of the other side.

Taking one side for the other is an error of its own kind: added as a vector to another body it would put a joint
nowhere in particular. So it is kept as a flag, and what is left of the error is measured from the limb it was put on.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from deukgeun.skeleton import skeleton
from deukgeun.synth.tracks.bones import CHEST
from deukgeun.synth.tracks.features import Sight

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_NAMES = skeleton("blazepose_33").joints
_OTHER = {"left": "right", "right": "left"}
MIRROR = np.array([_NAMES.index("_".join(_OTHER.get(part, part) for part in name.split("_"))) for name in _NAMES])
"""Of every joint, that of the other side (33,)."""
_BONE_MIRROR = np.append(MIRROR, CHEST)
_FLAT_SIGN, _BONE_SIGN = np.array([-1.0, 1.0, 1.0]), np.array([-1.0, 1.0, 1.0, 1.0])
HIPS = [_NAMES.index("left_hip"), _NAMES.index("right_hip")]
_MAIN_MIRROR = np.array([0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11])

_PARTS = (("elbow", "wrist", "pinky", "index", "thumb"), ("knee", "ankle", "heel", "foot_index"), ("shoulder", "hip"))
LIMBS = tuple(
    np.array([_NAMES.index(f"{side}_{part}") for side in ("left", "right") for part in parts]) for parts in _PARTS
)
"""What changes sides together: arms, legs, girdles."""
# A limb is on the other side where that explains the picture this much better, and the error is no trifle (trunks).
_BETTER, _LEAST = 0.6, 0.1


def mirrored_sight(seen: Sight) -> Sight:
    """The same body in a mirror that stands at its hips."""
    body = mirrored_body(seen.body)
    middle = seen.xy[:, HIPS].mean(axis=1, keepdims=True) * np.array([1.0, 0.0])
    xy = (seen.xy[:, MIRROR] - middle) * np.array([-1.0, 1.0]) + middle
    return Sight(body, seen.trunk_m, seen.trunk_px, xy, seen.border[:, _MAIN_MIRROR], seen.rate_hz)


def mirrored_flat(flat: Array) -> Array:
    """What was said in the picture (T, 33, 3), of the body in the mirror."""
    return np.asarray(flat[:, MIRROR] * _FLAT_SIGN)


def mirrored_body(body: Array) -> Array:
    """Joints (T, 33, 3) of the body in the mirror."""
    return np.asarray(body[:, MIRROR] * np.array([-1.0, 1.0, 1.0]))


def mirrored_bones(errors: Array) -> Array:
    """Errors of bones (T, 34, 4), of the body in the mirror."""
    return np.asarray(errors[:, _BONE_MIRROR] * _BONE_SIGN)


def straightened(seen: Sight, error: Array) -> tuple[Array, Flags]:
    """Errors (T, 33, 6) from the side that was meant, and which of `LIMBS` (T, 3) were on the other side."""
    flags = np.zeros((len(error), len(LIMBS)), bool)
    flat = seen.xy / seen.trunk_px[:, None, None]
    told = flat + error[..., :2]
    for k, limb in enumerate(LIMBS):
        own = np.linalg.norm(told[:, limb] - flat[:, limb], axis=-1).mean(axis=1)
        other = np.linalg.norm(told[:, limb] - flat[:, MIRROR[limb]], axis=-1).mean(axis=1)
        flags[:, k] = (other < _BETTER * own) & (own > _LEAST)
    return exchanged(seen, error, flags), flags


def exchanged(seen: Sight, error: Array, flags: Flags) -> Array:
    """Errors (T, 33, 6) after what was said of the flagged limbs (T, 3) has changed sides; its own inverse."""
    there = np.concatenate([seen.xy / seen.trunk_px[:, None, None], seen.body, np.zeros((*error.shape[:2], 1))], axis=2)
    out = error.copy()
    for k, limb in enumerate(LIMBS):
        at = np.flatnonzero(flags[:, k])[:, None]
        out[at, limb] = (there + error)[at, MIRROR[limb]] - there[at, limb]
    return out
