"""A skeleton as bones: the way from each joint's parent to it, and errors of their directions and lengths.

An estimator that is wrong about a limb still believes in a whole body: its bones keep their lengths, and what hangs on
a limb goes with it. Errors of bones, laid on another body, leave a body; errors of joints tear it apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deukgeun.skeleton import skeleton

Array = npt.NDArray[np.float64]

_NAMES = skeleton("blazepose_33").joints
CHEST = len(_NAMES)
"""The bone from between the hips to between the shoulders; bone k of the others ends at joint k."""
BONES = CHEST + 1
_SIDES = ("left", "right")
_LIMBS = {
    "shoulder": ("elbow",), "elbow": ("wrist",), "wrist": ("pinky", "index", "thumb"),
    "hip": ("knee",), "knee": ("ankle",), "ankle": ("heel", "foot_index"),
}  # fmt: skip
# No bone is taken to be shorter (trunk lengths), nor to be more than so many times (e^1.5) as long as it is.
_SHORTEST, _STRETCH = 0.01, 1.5


def _parents() -> list[int]:
    """Of every bone the one that it begins at the end of; -1 between the hips."""
    above = {f"{s}_{child}": f"{s}_{parent}" for s in _SIDES for parent, below in _LIMBS.items() for child in below}
    out = []
    for name in _NAMES:
        part = name.split("_")[-1]
        if name in above:
            out.append(_NAMES.index(above[name]))
        elif part in ("shoulder", "nose"):
            out.append(CHEST)
        else:
            out.append(-1 if part == "hip" else _NAMES.index("nose"))
    return [*out, -1]


PARENTS = _parents()


def _to_bones() -> Array:
    """Bones (34, 33) of joints from between the hips."""
    ends = np.concatenate([np.eye(CHEST), np.zeros((1, CHEST))])
    ends[CHEST, [_NAMES.index(f"{side}_shoulder") for side in _SIDES]] = 0.5
    return np.array([end - (ends[parent] if parent >= 0 else 0.0) for end, parent in zip(ends, PARENTS, strict=True)])


def _to_joints() -> Array:
    """Joints (33, 34) as sums of bones."""
    out = np.zeros((CHEST, BONES))
    for joint in range(CHEST):
        bone = joint
        while bone >= 0:
            out[joint, bone] = 1.0
            bone = PARENTS[bone]
    return out


_TO_BONES, _TO_JOINTS = _to_bones(), _to_joints()


def _both(part: str) -> list[int]:
    return [_NAMES.index(f"{side}_{part}") for side in _SIDES]


_HIPS, _SHOULDERS, _HANDS, _FEET = (_both(part) for part in ("hip", "shoulder", "wrist", "ankle"))
_NOSE = _NAMES.index("nose")
_HINGES = [*_both("wrist"), *_both("ankle")]
"""Forearms and shins, by the joints they end at."""
_LIMBS_FROM_TRUNK = [_NOSE, *_both("elbow"), *_both("knee")]
_FRAMED = [*_LIMBS_FROM_TRUNK, *_HINGES] + [k for k, up in enumerate(PARENTS[:CHEST]) if up in (*_HINGES, _NOSE)]
"""Bones that are seen from the frame of another one, each after that one."""
# Where a limb is at rest in its frame: ahead, down and outward, so that the opposite, where frames cannot follow, is
# out of reach (behind the back, upwards and across). The head is upright.
_REST = np.array([0.6, -0.5, 0.6]) / np.linalg.norm([0.6, -0.5, 0.6])
_STRAIGHT = {_NOSE: np.array([0.0, 1.0, 0.0])}
_STRAIGHT |= {k: _REST * ([1, 1, 1] if _NAMES[k].startswith("left") else [-1, 1, 1])
              for k in (*_LIMBS_FROM_TRUNK[1:], *_HINGES)}  # fmt: skip
# A frame that is turned right over: about any axis at right angles to all that is straight.
_ANY_AXIS = np.array([0.0, 0.6, 0.5]) / np.linalg.norm([0.6, 0.5])


_HELD = [k for k, parent in enumerate(PARENTS[:CHEST]) if parent in (*_HANDS, *_FEET, _NOSE)]
_HOLDERS = [PARENTS[k] for k in _HELD]


def foretellable(body: Array, said: Array) -> Array:
    """What is foretold of a body (T, 33, 3) that is said to be another one, ``said``: of main joints how far they are
    off, and of fingers, feet and face where they are said to be from wrists, ankles and nose.

    An estimator's feet follow its shins, whatever the true feet do, so their place on the shin is easily foretold and
    their error is not.
    """
    out = said - body
    out[:, _HELD] = said[:, _HELD] - said[:, _HOLDERS]
    return out


def foretold_body(body: Array, foretold: Array) -> Array:
    """The inverse of `foretellable`: the body (T, 33, 3) that is said."""
    out = body + foretold
    out[:, _HELD] = out[:, _HOLDERS] + foretold[:, _HELD]
    return out


def apart(body: Array, said: Array) -> Array:
    """How the bones of ``said`` (T, 33, 3) differ from those of ``body`` (T, 33, 3): (T, 34, 4).

    Of trunk and girdles three numbers are the difference of the unit vectors along the bone; of upper arms, thighs and
    the head so too, but as seen from the trunk; of hands, feet and face, as seen from the bone that they hang on. Of
    forearms and shins, which hang on hinges, they are how far the bone swings out sideways, how much more the joint is
    bent (radians), and nothing. The fourth is the logarithm of the ratio of the lengths.
    """
    own, other = _local(body), _local(said)
    out = np.concatenate([other.way - own.way, (np.log(other.length) - np.log(own.length))[..., None]], axis=-1)
    for bone in _HINGES:
        out[:, bone, :3] = _swung(own.way[:, bone], other.way[:, bone], _STRAIGHT[bone])
    out[..., 3] = np.clip(out[..., 3], -_STRETCH, _STRETCH)
    return out


def joined(body: Array, errors: Array) -> Array:
    """Joints (T, 33, 3) from between the hips of a ``body`` (T, 33, 3) whose bones are off by ``errors`` (T, 34, 4)."""
    own = _local(body)
    way = _unit(own.way + errors[..., :3])
    for bone in _HINGES:
        way[:, bone] = _swing(own.way[:, bone], errors[:, bone, :3], _STRAIGHT[bone])
    length = own.length * np.exp(np.clip(errors[..., 3], -_STRETCH, _STRETCH))
    return _grown(way, length)


@dataclass(frozen=True, slots=True)
class _Local:
    """Of every bone the unit vector along it as its own frame sees it (T, 34, 3), and its length (T, 34)."""

    way: Array
    length: Array


def _local(body: Array) -> _Local:
    hips = body[:, _HIPS].mean(axis=1, keepdims=True)
    bones = np.einsum("bj,tji->tbi", _TO_BONES, body - hips)
    length = np.maximum(np.linalg.norm(bones, axis=-1), _SHORTEST)
    way = bones / length[..., None]
    out = way.copy()
    frames = _trunk_frames(bones)
    for bone in _FRAMED:
        frame = frames[PARENTS[bone]]
        out[:, bone] = np.einsum("tij,tj->ti", frame, way[:, bone])
        if bone in _STRAIGHT:
            frames[bone] = _carried(frame, _STRAIGHT[bone], out[:, bone])
    return _Local(out, length)


def _grown(way: Array, length: Array) -> Array:
    """Joints of bones with such local directions (T, 34, 3) and lengths (T, 34)."""
    bones = way * length[..., None]
    frames = _trunk_frames(bones)
    for bone in _FRAMED:
        frame = frames[PARENTS[bone]]
        bones[:, bone] = np.einsum("tij,ti->tj", frame, way[:, bone]) * length[:, bone, None]
        if bone in _STRAIGHT:
            frames[bone] = _carried(frame, _STRAIGHT[bone], way[:, bone])
    joints = np.einsum("jb,tbi->tji", _TO_JOINTS, bones)
    middled: Array = joints - joints[:, _HIPS].mean(axis=1, keepdims=True)
    return middled


def _trunk_frames(bones: Array) -> dict[int, Array]:
    """Axes (T, 3, 3), to the left, up and ahead, of the pelvis at the hips and of the chest at the shoulders and
    between them, by the number of the bone that ends there."""
    up = _unit(bones[:, CHEST])
    out: dict[int, Array] = {}
    for joints in (_HIPS, _SHOULDERS):
        across = bones[:, joints[0]] - bones[:, joints[1]]
        left = _unit(across - np.einsum("ti,ti->t", across, up)[:, None] * up)
        out |= dict.fromkeys(joints, np.stack([left, up, np.cross(left, up)], axis=1))
    return out | {CHEST: out[_SHOULDERS[0]]}


def _carried(frame: Array, straight: Array, way: Array) -> Array:
    """A frame (T, 3, 3) turned with a bone the shortest way, from ``straight`` (3,) to its ``way`` (T, 3)."""
    across, along = np.cross(straight, way), (way @ straight)[:, None, None]
    size = np.linalg.norm(across, axis=-1)
    axis = np.where(size[:, None] > 1e-6, across / np.maximum(size, 1e-6)[:, None], _ANY_AXIS)
    cross = np.zeros_like(frame)
    cross[:, [2, 0, 1], [1, 2, 0]], cross[:, [1, 2, 0], [2, 0, 1]] = axis, -axis
    turn = np.eye(3) + size[:, None, None] * cross + (1 - along) * cross @ cross  # Rodrigues' formula
    return np.asarray(turn.transpose(0, 2, 1) @ frame)


def _swung(own: Array, other: Array, straight: Array) -> Array:
    """From one direction (T, 3) to another: sideways, how much more bent, and nothing."""
    aside, ahead = _plane(own, straight)
    bend = [np.arctan2(np.einsum("ti,ti->t", way, ahead), way @ straight) for way in (own, other)]
    return np.stack([np.einsum("ti,ti->t", other, aside), _wrapped(bend[1] - bend[0]), np.zeros_like(bend[0])], axis=1)


def _swing(own: Array, error: Array, straight: Array) -> Array:
    """The direction (T, 3) that `_swung` leads to."""
    aside, ahead = _plane(own, straight)
    bend = (np.arctan2(np.einsum("ti,ti->t", own, ahead), own @ straight) + error[:, 1])[:, None]
    side = np.clip(error[:, :1], -1.0, 1.0)
    return np.asarray(np.sqrt(1 - side**2) * (np.cos(bend) * straight + np.sin(bend) * ahead) + side * aside)


def _plane(way: Array, straight: Array) -> tuple[Array, Array]:
    """Unit vectors (T, 3) across the plane that a bone bends in, and in it, at right angles to where it is straight."""
    aside = _unit(np.cross(np.broadcast_to(straight, way.shape), way))
    return aside, np.cross(aside, straight)


def _wrapped(angle: Array) -> Array:
    return np.asarray((angle + np.pi) % (2 * np.pi) - np.pi)


def _unit(v: Array) -> Array:
    return np.asarray(v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9))
