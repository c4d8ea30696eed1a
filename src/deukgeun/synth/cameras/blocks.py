"""What equipment takes up of the room, in boxes: enough to tell what a phone would see of the athlete behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from deukgeun.synth.items import Item
from deukgeun.synth.scene.finish import sizes

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Sizes = Mapping[str, float]
Block = tuple[tuple[float, float, float], tuple[float, float, float]]
"""Two corners, low and high, in the thing's own axes (see `equipment.toml`)."""

_ROUND = 0.88  # a square of this half-width covers about as much as the disc around it
_MOST_PLACES = 48  # of a moving thing that are looked at


def _ends(s: Sizes) -> list[Block]:
    reach, start = _ROUND * s["plate_radius_m"], s["plate_at_m"]
    right = ((start, -reach, -reach), (start + s["plate_width_m"], reach, reach))
    return [right, ((-right[1][0], -reach, -reach), (-start, reach, reach))]


def _flat_bench(s: Sizes) -> list[Block]:
    x, y = s["width_m"] / 2, s["length_m"] / 2
    return [((-x, -y, -s["thickness_m"]), (x, y, 0.0))]


def _seat(s: Sizes) -> list[Block]:
    return _flat_bench(s)


def _incline_bench(s: Sizes) -> list[Block]:
    """The back alone, as a box round its slope: the athlete lies on its other side."""
    slope, x, thick = np.radians(s["back_deg"]), s["width_m"] / 2, s["thickness_m"]
    steps = np.linspace(0.0, s["back_length_m"], 6)
    y, z = steps * np.cos(slope), steps * np.sin(slope)
    down = thick * np.cos(slope)
    return [
        ((-x, float(y[k]), float(z[k] - down)), (x, float(y[k + 1]), float(z[k + 1] - 0.5 * down))) for k in range(5)
    ]


def _backrest(s: Sizes) -> list[Block]:
    """Upright, or as a stair of boxes where it leans."""
    lean, x, half = np.radians(s["tilt_deg"]), s["width_m"] / 2, s["length_m"] / 2
    along = np.linspace(-half, half, 6)
    y, z = along * np.sin(lean), along * np.cos(lean)
    return [
        (
            (-x, float(y[k : k + 2].min()), float(z[k])),
            (x, float(y[k : k + 2].max()) + s["thickness_m"], float(z[k + 1])),
        )
        for k in range(5)
    ]


def _platform(s: Sizes) -> list[Block]:
    x, z = s["width_m"] / 2, s["length_m"] / 2
    return [((-x, -s["thickness_m"], -z), (x, 0.0, z))]


def _tower(s: Sizes) -> list[Block]:
    x = s["width_m"] / 2 + 0.03
    return [((-x, 0.08, 0.0), (x, 0.11 + s["depth_m"], s["height_m"]))]


def _box(s: Sizes) -> list[Block]:
    x, y = s["width_m"] / 2, s["length_m"] / 2
    return [((-x, -y, 0.0), (x, y, s["height_m"]))]


def _wall(s: Sizes) -> list[Block]:
    x = s["width_m"] / 2
    return [((-x, 0.0, 0.0), (x, 0.1, s["height_m"]))]


def _chair(s: Sizes) -> list[Block]:
    x = s["width_m"] / 2
    return [((-x, -0.21, -0.035), (x, 0.21, 0.0)), ((-x, 0.22, 0.23), (x, 0.26, 0.43))]


def _swiss_ball(s: Sizes) -> list[Block]:
    reach = _ROUND * s["radius_m"]
    return [((-reach, -reach, -reach), (reach, reach, reach))]


def _plate(s: Sizes) -> list[Block]:
    reach, half = _ROUND * s["radius_m"], s["thickness_m"] / 2
    return [((-reach, -half, -reach), (reach, half, reach))]


_KINDS: dict[str, Callable[[Sizes], list[Block]]] = {
    "barbell": _ends,
    "short_bar": _ends,
    "plate": _plate,
    "flat_bench": _flat_bench,
    "incline_bench": _incline_bench,
    "seat": _seat,
    "backrest": _backrest,
    "platform": _platform,
    "tower": _tower,
    "box": _box,
    "wall": _wall,
    "chair": _chair,
    "swiss_ball": _swiss_ball,
}


def blocks(item: Item) -> list[Block]:
    """The boxes of ``item`` that can hide a person; none for what is thin (cables, handles, posts, mats)."""
    return _KINDS[item.kind](sizes(item.kind, item.size)) if item.kind in _KINDS else []


def corners(item: Item) -> Array:
    """The corners (M, 3) of its boxes in the room, at some of its places; (0, 3) where there are none."""
    pose = item.pose[:: -(-len(item.pose) // _MOST_PLACES)]
    boxes = [np.array(np.meshgrid(*zip(*each, strict=True))).reshape(3, -1).T for each in blocks(item)]
    own = np.concatenate([np.zeros((0, 3)), *boxes])
    placed: Array = (np.einsum("tij,nj->tni", pose[:, :3, :3], own) + pose[:, None, :3, 3]).reshape(-1, 3)
    return placed


def hidden(items: Sequence[Item], eye: Array, points: Array, frames: Sequence[int]) -> Flags:
    """Which of ``points`` (F, N, 3) a thing hides from ``eye`` (3,): (F, N). ``frames`` (F,) are those of the items."""
    out = np.zeros(points.shape[:2], dtype=np.bool_)
    for item in items:
        pose = item.pose[list(frames) if len(item.pose) > 1 else [0] * len(frames)]
        turn, place = pose[:, :3, :3], pose[:, :3, 3]
        start = np.einsum("fji,fj->fi", turn, eye - place)[:, None]
        end = np.einsum("fji,fnj->fni", turn, points - place[:, None])
        for low, high in blocks(item):
            out |= _crossed(start, end, np.array(low), np.array(high))
    return out


def _crossed(start: Array, end: Array, low: Array, high: Array) -> Flags:
    """Whether the lines from ``start`` to ``end`` (..., 3) pass a box: the slab method (Kay and Kajiya 1986)."""
    way = end - start
    way = np.where(np.abs(way) < 1e-9, 1e-9, way)
    first, second = (low - start) / way, (high - start) / way
    enters, leaves = np.minimum(first, second).max(axis=-1), np.maximum(first, second).min(axis=-1)
    crossed: Flags = (enters < np.minimum(leaves, 1.0)) & (leaves > 0.0)
    return crossed
