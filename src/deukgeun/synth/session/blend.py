"""From one pose to another without a jump: every bone by its shortest turn in its parent, the pelvis straight."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import BONES, PARENTS, Figure, Posed
from deukgeun.synth.motions.ground import skin_at
from deukgeun.synth.motions.kinematics import Bones, place
from deukgeun.synth.motions.timeline import smoothstep
from deukgeun.synth.rotation import between
from deukgeun.synth.session.carry import half_apart_m, keep_apart
from deukgeun.synth.session.steps import STEP_S, count_steps, step

Array = npt.NDArray[np.float64]

_SPEED_M_S = 1.4  # of the joint with the longest way, on average
_SHORTEST_S, _LONGEST_S = 0.5, 3.0


def blend_s(a: Posed, b: Posed, figure: Figure) -> float:
    """How long the way from the last pose of ``a`` to the first of ``b`` takes, unhurried."""
    way_m = float(np.linalg.norm(b.joints[0] - a.joints[-1], axis=-1).max())
    whole_s = float(np.clip(0.35 + way_m / _SPEED_M_S, _SHORTEST_S, _LONGEST_S))
    return max(whole_s, 0.2 + STEP_S * count_steps(a, b, figure))


def blended(a: Posed, b: Posed, count: int, figure: Figure, *, joined: bool = False) -> Posed:
    """``count`` poses between the last of ``a`` and the first of ``b``; the lowest point sinks or rises evenly.

    Feet and hands that bear step to where they are next. ``joined`` fists hold one thing together.
    """
    at = np.arange(1, count + 1) / (count + 1)
    share = smoothstep(at)
    first, last = _in_parents(a.rotations[-1]), _in_parents(b.rotations[0])
    local = between(np.broadcast_to(first, (count, *first.shape)), last, share[:, None])
    bones = Bones(_in_room(local), np.zeros((count, len(BONES), 3)))
    bones.joints[:, 0] = (1 - share)[:, None] * a.joints[-1, 0] + share[:, None] * b.joints[0, 0]
    place(bones, figure)
    wanted = (1 - share) * _lowest(a, -1, figure) + share * _lowest(b, 0, figure)
    bones.joints[..., 2] += (wanted - skin_at(bones, figure, BONES)[..., 2].min(axis=1))[:, None]
    step(bones, a, b, figure, at)
    if joined:
        keep_apart(bones, figure, (1 - share) * half_apart_m(a, figure, -1) + share * half_apart_m(b, figure, 0))
    return Posed(bones.rotations, bones.joints)


def eased(a: Array, b: Array, count: int) -> Array:
    """``count`` values (count, ...) between two (...), eased at both ends."""
    share = smoothstep(np.arange(1, count + 1) / (count + 1)).reshape(-1, *([1] * np.ndim(a)))
    out: Array = (1 - share) * a + share * b
    return out


def blended_rigid(a: Array, b: Array, count: int) -> Array:
    """``count`` rigid motions (count, 4, 4) between two (4, 4)."""
    out = np.tile(np.eye(4), (count, 1, 1))
    share = smoothstep(np.arange(1, count + 1) / (count + 1))
    out[:, :3, :3] = between(a[:3, :3], b[:3, :3], share)
    out[:, :3, 3] = eased(a[:3, 3], b[:3, 3], count)
    return out


def _in_parents(rotations: Array) -> Array:
    """Rotations (24, 3, 3) seen from the parent bone; the pelvis's own stays."""
    out = rotations.copy()
    for bone, parent in enumerate(PARENTS):
        if parent >= 0:
            out[bone] = rotations[parent].T @ rotations[bone]
    return out


def _in_room(local: Array) -> Array:
    out = local.copy()
    for bone, parent in enumerate(PARENTS):
        if parent >= 0:
            out[:, bone] = out[:, parent] @ local[:, bone]
    return out


def _lowest(posed: Posed, frame: int, figure: Figure) -> float:
    one = Bones(posed.rotations[frame][None], posed.joints[frame][None])
    return float(skin_at(one, figure, BONES)[..., 2].min())
