"""The table of movements: what each looks like, in the numbers of ``deukgeun.motion.summary``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ranges = dict[str, tuple[float, float]]

POSITION, BACKGROUND, OTHER = "position", "background", "other"
_GROUPS = (POSITION, BACKGROUND, OTHER)


@dataclass(frozen=True, slots=True)
class Row:
    """One movement: its ``name``, its ``kind`` ("movement", "background" or "other") and the ranges it gives."""

    name: str
    kind: str
    ranges: Ranges


@cache
def movement_rows() -> tuple[Row, ...]:
    """Return every row of ``movements.toml`` in its order, with what it is like taken over."""
    raw = tomllib.loads((files(__package__) / "movements.toml").read_text("utf-8"))
    tables: dict[str, tuple[str, dict[str, Any]]] = {}
    for name, table in raw.items():
        if name in _GROUPS:
            tables.update({f"{name}.{inner}": (name, row) for inner, row in table.items()})
        else:
            tables[name] = ("movement", table)
    rows = {name: kind for name, (kind, _) in tables.items() if kind != POSITION}
    return tuple(Row(name, kind, _ranges(tables, name)) for name, kind in rows.items())


def _ranges(tables: dict[str, tuple[str, dict[str, Any]]], name: str) -> Ranges:
    table = dict(tables[name][1])
    base = _ranges(tables, table.pop("like")) if "like" in table else {}
    for channel, levels in table.items():
        if not isinstance(levels, dict):
            base[channel] = (float(levels[0]), float(levels[1]))
            continue
        for level, (low, high) in levels.items():
            base[f"{channel}.{level}"] = (float(low), float(high))
    return base


@dataclass(frozen=True, slots=True)
class Scale:
    """How a number is compared: logarithmic above ``floor`` if that is not None, ``width`` of all its values and
    ``softness`` of a range's edge, both in the compared unit.
    """

    floor: float | None
    width: float
    softness: float

    def __call__(self, value: Floats | float) -> Floats:
        if self.floor is None:
            return np.asarray(value, np.float64)
        return np.log(np.maximum(np.asarray(value, np.float64), 0.0) + self.floor)


_ANGLES = {
    "elbow", "knee", "hip", "shoulder", "ankle", "upper_arm", "forearm", "thigh", "shin", "trunk", "twist", "neck",
}  # fmt: skip
_DIRECTIONS = {"abduction", "reach", "facing", "thigh_wide"}

_ARMS = {
    "elbow", "shoulder", "upper_arm", "forearm", "abduction", "reach", "wrist_height", "wrist_front", "wrist_wide",
    "wrist_ear", "hands_apart", "wrist",
}  # fmt: skip
_LEGS = {
    "knee", "hip", "ankle", "thigh", "shin", "ankle_height", "ankle_front", "ankle_wide", "thigh_wide", "feet_apart",
    "knees_apart", "hip_drop",
}  # fmt: skip


def limb_of(number: str) -> str:
    """Return whether a number hangs on the "arms", the "legs" or the "trunk"."""
    channel, _, level = number.partition(".")
    if level.startswith("travel") and channel in ("shoulder", "hip"):
        return "trunk"
    return "arms" if channel in _ARMS else "legs" if channel in _LEGS else "trunk"


# Sizes of movement are compared by ratio: 5 or 10 degrees differ as much as 50 or 100. The widths are what the numbers
# take over all movements, the edges are as soft as BlazePose is inexact from an unlucky side.
_TRAVEL = Scale(floor=0.04, width=3.5, softness=0.4)
_ANGLE_RANGE = Scale(floor=5.0, width=3.2, softness=0.35)
_LENGTH_RANGE = Scale(floor=0.1, width=3.2, softness=0.4)
_ANGLE = Scale(floor=None, width=130.0, softness=14.0)
_DIRECTION = Scale(floor=None, width=1.7, softness=0.25)
_LENGTH = Scale(floor=None, width=1.9, softness=0.22)
_SYNC = Scale(floor=None, width=2.0, softness=0.3)
_TEMPO = Scale(floor=0.1, width=3.0, softness=0.4)


def scale(number: str) -> Scale:
    """Return how the number (``knee.low``, ``hip.travel_y``, ...) is compared."""
    if number == "tempo_hz":
        return _TEMPO
    channel, level = number.split(".")
    if level.startswith("travel"):
        return _TRAVEL
    if level == "sync":
        return _SYNC
    spread = level in ("range", "apart")
    if channel in _ANGLES:
        return _ANGLE_RANGE if spread else _ANGLE
    if channel in _DIRECTIONS:
        return _DIRECTION
    return _LENGTH_RANGE if spread else _LENGTH
