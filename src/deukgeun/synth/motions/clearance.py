"""Dumbbells that hang beside the legs, not in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter1d

from deukgeun.synth.figure import BONE, SIDES, Figure
from deukgeun.synth.motions.definition import other_side
from deukgeun.synth.motions.ground import point_on
from deukgeun.synth.motions.kinematics import Bones, hand_axes, limb
from deukgeun.synth.motions.reach import reach
from deukgeun.synth.rotation import turned, unit

Array = npt.NDArray[np.float64]

# Middles of a dumbbell's ends from the fist along its handle, and their radius with some air (`equipment.toml`).
_ENDS_M, _END_RADIUS_M = (-0.1, 0.1), 0.065
_ROUNDS = 3
# Pictures over which a push is spread.
_SOFT = 2.0


def held_by(items: Sequence[Mapping[str, Any]], mirrored: bool) -> tuple[str, ...]:
    """The sides whose fists hold a dumbbell of their own; ``mirrored`` where all is done the other way round."""
    places = {str(each.get("at")) for each in items if each["kind"] == "dumbbell"}
    places = {other_side(place) if mirrored else place for place in places}
    return tuple(side for side in SIDES if places & {"hands", f"hand_{side}"})


def keep_off_thighs(bones: Bones, figure: Figure, sides: Sequence[str]) -> None:
    """Push the fists of ``sides`` away from the thighs until their dumbbells are clear of the skin."""
    for side in sides:
        parts, hand = limb(figure, "arm", side), BONE[f"hand_{side}"]
        fist, handle = point_on(figure, f"body/grip_{side}", f"hand_{side}"), hand_axes(figure, side)[1]
        before = Bones(bones.rotations.copy(), bones.joints.copy())
        for _ in range(_ROUNDS):
            rotation = bones.rotations[:, hand]
            ends = [bones.joints[:, hand] + turned(rotation, fist + far_m * handle) for far_m in _ENDS_M]
            push = np.zeros((len(rotation), 3))
            for away in (_away(bones, figure, thigh, end) for thigh in SIDES for end in ends):
                larger = np.linalg.norm(away, axis=-1, keepdims=True) > np.linalg.norm(push, axis=-1, keepdims=True)
                push = np.where(larger, away, push)
            if not push.any():
                break
            reach(bones, figure, parts, bones.joints[:, parts.end] + push)
        pushed = bones.joints[:, parts.end] - before.joints[:, parts.end]
        if pushed.any():  # past a thigh from one side to the other: not in one picture
            for bone in (parts.upper, parts.lower, parts.end):
                bones.rotations[:, bone], bones.joints[:, bone] = before.rotations[:, bone], before.joints[:, bone]
            reach(bones, figure, parts, bones.joints[:, parts.end] + gaussian_filter1d(pushed, _SOFT, axis=0))


def _away(bones: Bones, figure: Figure, side: str, end: Array) -> Array:
    """How a dumbbell's end (T, 3) must move (T, 3) to be clear of a thigh, taken as round."""
    hip, knee = bones.joints[:, BONE[f"thigh_{side}"]], bones.joints[:, BONE[f"shank_{side}"]]
    way = knee - hip
    share = np.clip(np.sum((end - hip) * way, axis=-1) / np.sum(way**2, axis=-1), 0.0, 1.0)
    off = end - hip - share[:, None] * way
    top_m, low_m = _radii_m(figure.skin.tobytes(), figure.skin_bone.tobytes(), figure.joints.tobytes(), side)
    clear_m = top_m + share * (low_m - top_m) + _END_RADIUS_M
    out: Array = unit(off) * np.maximum(clear_m - np.linalg.norm(off, axis=-1), 0.0)[:, None]
    return out


@lru_cache(maxsize=128)
def _radii_m(skin: bytes, skin_bone: bytes, joints: bytes, side: str) -> tuple[float, float]:
    """A thigh's radius at the hip and at the knee: a line through the distances of its skin."""
    at = np.frombuffer(joints).reshape(-1, 3)
    hip, knee = at[BONE[f"thigh_{side}"]], at[BONE[f"shank_{side}"]]
    own = np.frombuffer(skin).reshape(-1, 3)[np.frombuffer(skin_bone, dtype=np.int64) == BONE[f"thigh_{side}"]] - hip
    share = own @ (knee - hip) / np.sum((knee - hip) ** 2)
    radius = np.linalg.norm(own - share[:, None] * (knee - hip), axis=-1)
    chosen = (share > 0.1) & (share < 1.0)
    slope, top = np.polyfit(share[chosen], radius[chosen], 1)
    return float(top), float(top + slope)
