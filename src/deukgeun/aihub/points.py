"""Joints out of a label's JSON: by their names, in any order, missing ones as NaN."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np

from deukgeun.aihub.clip import JOINTS, Array
from deukgeun.aihub.names import clean_text
from deukgeun.skeleton import skeleton

_NAN = float("nan")


@cache
def joint_names() -> tuple[str, ...]:
    """Return the 24 joints as the data set spells them, in the order of ``aihub_24``."""
    return skeleton("aihub_24").labels["aihub"]


def points(poses: Iterable[Any], axes: str, odd: set[str]) -> Array:
    """Return the joints (P, 24, len(axes)) of P poses, each the value of a label's ``pts``.

    A pose that is no mapping is all NaN. ``odd`` gets the codes of what is odd about them.
    """
    rows = [_pose(pose, axes, odd) for pose in poses]
    found = np.array(rows, dtype=np.float64).reshape(-1, JOINTS, len(axes))
    known = np.isfinite(found).all(axis=-1)
    if not known.all():
        odd.add("joint_missing")
        found[~known] = _NAN  # half a point is none
    return found


@cache
def _getters(axes: str) -> tuple[Any, Any]:
    return itemgetter(*joint_names()), itemgetter(*axes)


def _pose(pose: Any, axes: str, odd: set[str]) -> Any:
    """Twenty-four rows of numbers; the quick way when all is as it should be."""
    joints, numbers = _getters(axes)
    try:
        flat = list(chain.from_iterable(map(numbers, joints(pose))))
        if len(pose) == JOINTS and set(map(type, flat)) <= {int, float}:
            return flat
    except (KeyError, TypeError):
        pass
    return _odd_pose(pose, axes, odd)


def _odd_pose(pose: Any, axes: str, odd: set[str]) -> list[float]:
    named = {clean_text(str(key)): value for key, value in pose.items()} if isinstance(pose, Mapping) else {}
    if set(named) - set(joint_names()):
        odd.add("joint_unknown")
    return [_number(named.get(name), axis) for name in joint_names() for axis in axes]


def _number(point: Any, axis: str) -> float:
    value = point.get(axis) if isinstance(point, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return _NAN
    try:
        return float(value)
    except (ValueError, OverflowError):
        return _NAN
