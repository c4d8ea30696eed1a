"""How deep bars go into a body: its parts as thick as their skin is, each a convex shape that moves with one bone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.spatial import ConvexHull

from deukgeun.synth.figure import BONE, Figure, Posed
from deukgeun.synth.items import Item
from deukgeun.synth.motions.props import kind_sizes

Array = npt.NDArray[np.float64]

_PARTS: dict[str, tuple[str, ...]] = {  # a bone, and those whose skin is taken to move with it
    "pelvis": ("pelvis", "spine1", "spine2"),
    "spine4": ("spine3", "spine4", "chest", "clavicle_l", "clavicle_r"),
    "head": ("head",),
    **{f"{name}_{side}": (f"{name}_{side}",) for name in ("thigh", "shank") for side in "lr"},
}
_BARS = ("barbell", "short_bar", "straight_handle", "wide_handle", "pull_up_bar", "single_handle")
_PAIRS = {"parallel_bars": 1, "close_handle": 2}  # two bars side by side, along this axis
_STEP_M = 0.02
# Nearer to a fist than this a bar is inside the hand that holds it; further out than this no body is.
_FIST_M, _REACH_M = 0.09, 0.5


def bar_lines(thing: Item) -> list[tuple[Array, float]]:
    """Points (P, 3) in the thing's axes along each of its bars, as far as a body may be, and the bars' radius."""
    size = {**kind_sizes(thing.kind), **thing.size}
    if thing.kind in _BARS:
        return [(_line(0, min(size["length_m"] / 2, _REACH_M)), size["bar_radius_m"])]
    if thing.kind not in _PAIRS:
        return []
    line, aside = _line(_PAIRS[thing.kind], size["length_m"] / 2), np.array([size["width_m"] / 2, 0.0, 0.0])
    return [(line + way * aside, size["bar_radius_m"]) for way in (1, -1)]


def _line(axis: int, half_m: float) -> Array:
    """Points (P, 3) on both sides of the origin along one axis."""
    along = np.linspace(-half_m, half_m, max(round(2 * half_m / _STEP_M), 1) + 1)
    out: Array = along[:, None] * np.eye(3)[axis]
    return out


def into_bars_m(posed: Posed, figure: Figure, fists: Array, things: Sequence[Item]) -> float:
    """How deep the surface of a bar is in the trunk, the legs or the head at the worst; fists (T, 2, 3) hold it."""
    worst = 0.0
    for thing in things:
        for line, radius_m in bar_lines(thing):
            pose = np.broadcast_to(thing.pose, (len(posed.joints), 4, 4))
            points = np.einsum("tij,pj->tpi", pose[:, :3, :3], line) + pose[:, None, :3, 3]
            held = np.linalg.norm(points[:, :, None] - fists[:, None], axis=-1).min(axis=-1) < _FIST_M
            depth = np.where(held, -1.0, _depth_m(points, posed, figure))
            worst = max(worst, float(depth.max()) + radius_m)
    return worst


def _depth_m(points: Array, posed: Posed, figure: Figure) -> Array:
    """How deep points (T, P, 3) are in the body (T, P); below 0 outside."""
    deepest = np.full(points.shape[:2], -1.0)
    for name, faces in hulls(figure).items():
        bone = BONE[name]
        own = np.einsum("tji,tpj->tpi", posed.rotations[:, bone], points - posed.joints[:, None, bone])
        near = np.linalg.norm(own, axis=-1) < _REACH_M
        if near.any():
            inside = -(own[near] @ faces[:, :3].T + faces[:, 3]).max(axis=-1)
            deepest[near] = np.maximum(deepest[near], inside)
    return deepest


def hulls(figure: Figure) -> dict[str, Array]:
    """Faces (F, 4) of the convex parts by bone, in its axes at rest: outward normal, minus its distance."""
    return _hulls(figure.skin.tobytes(), figure.skin_bone.tobytes(), figure.joints.tobytes())


@lru_cache(maxsize=64)
def _hulls(skin: bytes, skin_bone: bytes, joints: bytes) -> dict[str, Array]:
    points, own = np.frombuffer(skin).reshape(-1, 3), np.frombuffer(skin_bone, dtype=np.int64)
    at = np.frombuffer(joints).reshape(-1, 3)
    return {
        name: ConvexHull(points[np.isin(own, [BONE[part] for part in parts])] - at[BONE[name]]).equations
        for name, parts in _PARTS.items()
    }
