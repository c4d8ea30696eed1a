"""What hands carry: which hand a thing is in, and how it goes where the hand goes."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import BONE, SIDES, Figure, Posed
from deukgeun.synth.items import Item
from deukgeun.synth.motions.hold import grips
from deukgeun.synth.motions.kinematics import Bones, limb
from deukgeun.synth.motions.reach import reach
from deukgeun.synth.motions.timeline import smoothstep
from deukgeun.synth.rotation import Z, between, turned, unit

Array = npt.NDArray[np.float64]
Hands = Literal["l", "r", "both"]

LOOSE = {"barbell", "short_bar", "dumbbell", "kettlebell", "plate", "bottle", "phone", "swiss_ball"}
"""Kinds that are taken up and put down; all other moving things stay where a set begins."""
_IN_HAND_M = 0.13  # from a thing's origin to the middle of the fist, or of both


def fists(posed: Posed, figure: Figure) -> Array:
    """Middles of the fists (T, 2, 3), left and right."""
    return grips(Bones(posed.rotations, posed.joints), figure)


def held_by(item: Item, posed: Posed, figure: Figure, frame: int) -> Hands | None:
    """Which hands a loose thing is in at ``frame`` of a movement; None if in none."""
    if item.kind not in LOOSE or item.ends is not None:
        return None
    at = item.pose[frame if len(item.pose) > 1 else 0, :3, 3]
    both = fists(one(posed, frame), figure)[0]
    away = [float(np.linalg.norm(at - point)) for point in (*both, both.mean(axis=0))]
    nearest: tuple[Hands, ...] = ("l", "r", "both")
    best = int(np.argmin(away))
    return nearest[best] if away[best] < _IN_HAND_M else None


def one(posed: Posed, frame: int) -> Posed:
    """One picture of a movement, as a movement."""
    return Posed(posed.rotations[frame][None], posed.joints[frame][None])


def hand_frames(posed: Posed, figure: Figure, hands: Hands) -> Array:
    """Axes and place (T, 4, 4) of a fist, or of both: x from the right one to the left, z upwards."""
    at = fists(posed, figure)
    out = np.tile(np.eye(4), (len(at), 1, 1))
    if hands == "both":
        left = unit(at[:, 0] - at[:, 1])
        up = unit(Z - np.sum(left * Z, axis=-1, keepdims=True) * left)
        out[:, :3, :3] = np.stack([left, np.cross(up, left), up], axis=-1)
        out[:, :3, 3] = at.mean(axis=1)
        return out
    out[:, :3, :3] = posed.rotations[:, BONE[f"hand_{hands}"]]
    out[:, :3, 3] = at[:, SIDES.index(hands)]
    return out


def carried(posed: Posed, figure: Figure, hands: Hands, start: Array, end: Array) -> Array:
    """Poses (T, 4, 4) of a thing in ``hands``, from ``start`` (4, 4) in the first picture to ``end`` in the last.

    It is soon in the hand as it will be.
    """
    frames = hand_frames(posed, figure, hands)
    own = np.linalg.inv(frames[0]) @ start, np.linalg.inv(frames[-1]) @ end
    share = smoothstep(2.5 * np.linspace(0, 1, len(frames)))
    inside = np.tile(np.eye(4), (len(frames), 1, 1))
    inside[:, :3, :3] = between(np.broadcast_to(own[0][:3, :3], inside[:, :3, :3].shape), own[1][:3, :3], share)
    inside[:, :3, 3] = (1 - share)[:, None] * own[0][:3, 3] + share[:, None] * own[1][:3, 3]
    out: Array = frames @ inside
    return out


def half_apart_m(posed: Posed, figure: Figure, frame: int) -> float:
    """Half the distance between the fists."""
    both = fists(one(posed, frame), figure)[0]
    return float(np.linalg.norm(both[0] - both[1])) / 2


def keep_apart(bones: Bones, figure: Figure, half_m: Array | float) -> None:
    """Fists that hold one thing stay ``half_m`` (T,) from their middle, on the line they are on."""
    now = grips(bones, figure)
    middle, axis = now.mean(axis=1), unit(now[:, 0] - now[:, 1])
    for side, sign in zip(SIDES, (1.0, -1.0), strict=True):
        fist_to(bones, figure, side, middle + sign * np.reshape(half_m, (-1, 1)) * axis)


def fist_to(bones: Bones, figure: Figure, side: str, goal: Array) -> None:
    """An arm to where its fist is at ``goal`` (T, 3); the hand keeps its turn."""
    arm = limb(figure, "arm", side)
    offset = figure.landmark(f"body/grip_{side}") - figure.joint(f"hand_{side}")
    reach(bones, figure, arm, goal - turned(bones.rotations[:, arm.end], offset))
