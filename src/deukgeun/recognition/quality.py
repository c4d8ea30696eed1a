"""Whether a person's pose can be trusted: judged before anything is named.

A pose network answers to every picture, a title card included. What it makes up shows in the answer itself: in joints
that it says are hidden, in limbs that grow and shrink, in a body that is somewhere else a moment later.

The limits are where the virtual gym ends, not where real clips are named well. Its error model is as bad at people who
lie as an estimator is; 7 of its 8,700 tracks of ten seconds are beyond a limit, all of people who lie.

Not told: a wrong skeleton that keeps still, and a stretched picture, which cannot be seen in the pose: BlazePose's
lengths in space follow the picture only in part. Files that state their pixels' shape are put right when they are read.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from deukgeun.motion.timeline import Movement, at_rate

Floats = NDArray[np.float64]
Reason = Literal["hardly-seen", "trunk-hidden", "limbs-change", "jumps"]

_RATE_HZ = 10.0  # of what is judged: a share of steps means nothing without it
_SIDES = ("left", "right")
_TRUNK = tuple(f"{side}_{part}" for side, part in product(_SIDES, ("shoulder", "hip")))
_SPREAD = (*_TRUNK, *(f"{side}_{part}" for side, part in product(_SIDES, ("knee", "ankle", "elbow"))))
_LONG = (("shoulder", "hip"), ("hip", "knee"), ("knee", "ankle"))  # arms change in good poses too, and most of all
_LIMBS = tuple((f"{side}_{a}", f"{side}_{b}") for side, (a, b) in product(_SIDES, _LONG))
_TINY = 1e-6

# Of synthetic tracks: the 0.1st or 99.9th percentile; the worst.
_LEAST_SEEN = 0.5  # 0.73; 0.65
_LEAST_TRUNK = 0.5  # 0.97; 0.95. Shoulders alone give 0.5, and exercises of the arms are named well from them
_MOST_SPREAD = 0.45  # 0.42; 0.50. Joints at random give 0.6
_MOST_JUMPS = 0.05  # 0.02; 0.04. One cut in a window of four seconds is 0.025

_FASTEST_M_S = 5.0  # of a body's middle: a take-off is 3 m/s, a run filmed from the side 4 m/s
_NEAREST = 2.0  # by which a body can grow or shrink in one step: it would cross half its distance to the camera
_LEAST_M = 0.05  # a body never spreads less: it divides pixels


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the pose of a stretch of movement is.

    ``seen_share`` of the times had a pose; ``trunk_score`` is the median over the times of how well shoulders and hips
    are seen on average (0 to 1); ``limb_spread`` the median over the trunk's sides, thighs and shanks of the
    interquartile range of their length in space over its median; ``jump_share`` of the steps at 10 Hz no body can have
    made (another person, or a cut). Where nobody is seen all four are 0.
    """

    seen_share: float
    trunk_score: float
    limb_spread: float
    jump_share: float

    def __post_init__(self) -> None:
        for name in (f.name for f in fields(self)):
            value, most = getattr(self, name), np.inf if name == "limb_spread" else 1.0
            if not 0.0 <= value <= most:
                raise ValueError(f"{name} must be between 0 and {most:g}, is {value}")


def quality(movement: Movement) -> Quality:
    """Return how good the pose of a movement (BlazePose joints) is."""
    judged = at_rate(movement, _RATE_HZ)
    if not judged.seen.any():
        return Quality(0.0, 0.0, 0.0, 0.0)
    return Quality(float(judged.seen.mean()), _trunk_score(judged), _limb_spread(judged), _jump_share(judged))


def verdict(found: Quality) -> Reason | None:
    """Return None where the pose can be trusted, otherwise why it cannot, the plainest reason first."""
    if found.seen_share < _LEAST_SEEN:
        return "hardly-seen"
    if found.trunk_score < _LEAST_TRUNK:
        return "trunk-hidden"
    if found.jump_share > _MOST_JUMPS:  # before the limbs: two bodies in turn have two lengths of each
        return "jumps"
    return "limbs-change" if found.limb_spread > _MOST_SPREAD else None


def _trunk_score(movement: Movement) -> float:
    columns = list(movement.skeleton.indices(*_TRUNK))
    return float(np.clip(np.median(movement.score[movement.seen][:, columns].mean(axis=1)), 0.0, 1.0))


def _limb_spread(movement: Movement) -> float:
    xyz = movement.xyz[movement.seen]
    ends = [list(movement.skeleton.indices(*names)) for names in zip(*_LIMBS, strict=True)]
    long_m = np.linalg.norm(xyz[:, ends[0]] - xyz[:, ends[1]], axis=-1)
    low, middle, high = np.percentile(long_m, [25, 50, 75], axis=0)
    return float(np.median((high - low) / np.maximum(middle, _TINY)))


def _jump_share(movement: Movement) -> float:
    """Count the steps between two sights in which the middle moves, or the scale changes, too much for one body."""
    both = movement.seen[1:] & movement.seen[:-1]
    if not both.any():
        return 0.0
    scale = _pixels_per_metre(movement)
    columns = list(movement.skeleton.indices(*_SPREAD))
    moved_px = np.linalg.norm(np.diff(movement.xy[:, columns].mean(axis=1), axis=0), axis=-1)
    moved_m = moved_px / np.minimum(scale[1:], scale[:-1])
    jumps = (moved_m * movement.rate_hz > _FASTEST_M_S) | (np.abs(np.diff(np.log(scale))) > np.log(_NEAREST))
    return float(jumps[both].mean())


def _pixels_per_metre(movement: Movement) -> Floats:
    """(T,) from the spread of ten joints in the picture and in space: it does not change when somebody crouches."""
    columns = list(movement.skeleton.indices(*_SPREAD))
    pixels, metres = (
        np.sqrt(points[:, columns, :2].var(axis=1).sum(axis=-1)) for points in (movement.xy, movement.xyz)
    )
    return np.asarray(np.maximum(pixels, _TINY) / np.maximum(metres, _LEAST_M))
