"""The frames of a 2D label: joints, what is part of the exercise, and the pictures' names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.aihub.clip import JOINTS, VIEW_COUNT, Array, BadLabelError
from deukgeun.aihub.points import points

_VIEWS = tuple(f"view{number}" for number in range(1, VIEW_COUNT + 1))
_ACTIVE = {"yes": True, "no": False, "true": True, "false": False}


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """``xy`` (5, F, 24, 2) px, ``active`` (F,), five times F paths, and the codes of what is odd about them."""

    xy: Array
    active: npt.NDArray[np.bool_]
    pictures: tuple[tuple[str, ...], ...]
    odd: frozenset[str]


def plain_frames(value: Any) -> Frames:
    """Return the frames out of a label's parsed ``frames``. Raises `BadLabelError`."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise BadLabelError("not_a_label")
    odd: set[str] = set()
    frames = [frame if isinstance(frame, Mapping) else {} for frame in value]
    views = [[_view(frame, name, odd) for frame in frames] for name in _VIEWS]
    poses = [view.get("pts") for row in views for view in row]
    xy = points(poses, "xy", odd).reshape(VIEW_COUNT, len(frames), JOINTS, 2)
    told = [[_active(view) for view in row] for row in views]
    pictures = tuple(tuple(_key(view) for view in row) for row in views)
    return Frames(xy, agreed(told, odd), pictures, frozenset(odd))


def agreed(told: Sequence[Sequence[bool | None]], odd: set[str]) -> npt.NDArray[np.bool_]:
    """Return what is part of the exercise (F,) as the first view that says has it."""
    columns = [[value for value in column if value is not None] for column in zip(*told, strict=True)]
    if any(len(set(column)) != 1 for column in columns):
        odd.add("active_differs")
    return np.array([column[0] if column else True for column in columns], dtype=np.bool_)


def _view(frame: Mapping[str, Any], name: str, odd: set[str]) -> Mapping[str, Any]:
    view = frame.get(name)
    if isinstance(view, Mapping) and view:
        return view
    odd.add("view_missing")
    return {}


def _active(view: Mapping[str, Any]) -> bool | None:
    return _ACTIVE.get(str(view.get("active")).strip().lower())


def _key(view: Mapping[str, Any]) -> str:
    key = view.get("img_key")
    return key.strip() if isinstance(key, str) else ""
