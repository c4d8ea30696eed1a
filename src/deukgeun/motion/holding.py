"""How long a posture is held: from when the body has come into it until it leaves it."""

from __future__ import annotations

import numpy as np

from deukgeun.motion.channels import Channels

_POSTURE = ("trunk", "hip", "knee", "shoulder")
_TREMBLE_PERCENT = 95
_LEAVING_DEG = 6.0  # beyond the tremble inside: a body that gets up changes by ten times as much within a second


def held(found: Channels, core: tuple[int, int]) -> tuple[int, int]:
    """Return the steps (first, last exclusive) around ``core`` in which the angles stay as they are inside it.

    The windows of the recogniser need the posture from end to end, and so leave out the seconds in which it begins
    and ends.
    """
    first, last = core
    posture = np.stack([found.both(name) for name in _POSTURE], axis=1)
    away = np.abs(posture - np.median(posture[first:last], axis=0)).max(axis=1)
    left = away > np.percentile(away[first:last], _TREMBLE_PERCENT) + _LEAVING_DEG
    before = np.flatnonzero(left[:first])
    after = np.flatnonzero(left[last:])
    return int(before[-1]) + 1 if len(before) else 0, last + int(after[0]) if len(after) else len(left)
