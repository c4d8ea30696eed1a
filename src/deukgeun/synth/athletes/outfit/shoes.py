"""Shoes: a loft of rings along the foot, so that they have no toes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from deukgeun.synth.athletes.mesh import BodyMesh
from deukgeun.synth.athletes.outfit.hair import grid_faces
from deukgeun.synth.athletes.outfit.measures import Measures
from deukgeun.synth.athletes.outfit.surface import Piece
from deukgeun.synth.athletes.outfit.wardrobe import Look
from deukgeun.synth.rotation import unit

Array = npt.NDArray[np.float64]
_STATIONS = 18
_SOLE_M = 0.022
_GROWN_M = 0.007
# A ring, from the middle of the sole round one side and the top: across (-1..1), and 0 floor, 1 edge of the sole,
# then up to 2 at the top; the edge of the sole is there twice, so that its colour ends sharply.
_HALF = np.array(
    [[0.7, 0], [0.96, 0.12], [1.03, 0.6], [1.03, 1], [1, 1], [0.99, 1.25], [0.9, 1.55], [0.68, 1.83], [0.36, 1.97]]
)
_RING = np.concatenate([[[0.0, 0.0]], _HALF, [[0.0, 2.0]], _HALF[::-1] * [-1.0, 1.0]])


def _outline(foot: Array, ahead: Array, across: Array) -> tuple[Array, Array, Array, Array]:
    """Stations along the foot (S,), and there its middle, half width and height, each (S,)."""
    along, side = foot @ ahead, foot @ across
    low, high = along.min() - _GROWN_M, along.max() + _GROWN_M + 0.004
    t = (1 - np.cos(np.linspace(0, np.pi, _STATIONS))) / 2
    at = low + (high - low) * t
    middle, half, top = np.zeros(_STATIONS), np.zeros(_STATIONS), np.zeros(_STATIONS)
    for i, s in enumerate(at):
        near = np.abs(along - np.clip(s, low + 0.02, high - 0.025)) < 0.02
        middle[i] = (side[near].max() + side[near].min()) / 2
        half[i] = (side[near].max() - side[near].min()) / 2 + _GROWN_M
        top[i] = foot[near][:, 2].max() + _GROWN_M
    ends = np.minimum(1.0, np.minimum(at - low, high - at) / 0.03)
    rounded = np.sqrt(np.clip(1 - (1 - ends) ** 2, 0.0, 1.0))
    return at, middle, half * np.maximum(rounded, 0.12), np.maximum(top, 0.045) * (0.45 + 0.55 * rounded)


def shoe(mesh: BodyMesh, weights: Array, m: Measures, look: Look, side: str) -> Piece:
    """One shoe ("L" or "R"), whose collar the leg goes into."""
    v, sign = mesh.vertices, 1.0 if side == "L" else -1.0
    mine = np.flatnonzero((m.foot > 0.4) & (v[:, 0] * sign > 0) & (v[:, 2] < m.ankle_m + 0.012))
    foot = v[mine]
    ahead = unit((mesh.head(f"toe3-1.{side}") - mesh.head(f"foot.{side}")) * [1, 1, 0])
    across = np.array([-ahead[1], ahead[0], 0.0])
    at, middle, half, top = _outline(foot, ahead, across)
    rows = []
    for s, c, w, h in zip(at, middle, half, top, strict=True):
        z = np.interp(_RING[:, 1], [0, 1, 2], [0.0, _SOLE_M, max(h, _SOLE_M + 0.012)])
        rows.append(s * ahead + (c + w * _RING[:, :1]) * across + z[:, None] * [0, 0, 1])
    vertices = np.concatenate(rows)
    near = cKDTree(foot).query(vertices, k=4)[1]
    albedo = np.tile(look.shoe if look.shoe is not None else look.sole, (len(vertices), 1))
    low = np.tile((_RING[:, 1] <= 1) & (np.abs(_RING[:, 0]) != 1), _STATIONS)
    albedo[low] = look.sole
    faces = grid_faces(_STATIONS, len(_RING), True)
    caps = []
    for start in (0, (_STATIONS - 1) * len(_RING)):
        ring = start + np.arange(len(_RING))
        caps.append(np.stack([np.full(len(ring) - 2, ring[0]), ring[1:-1], ring[2:]], axis=1))
    faces = np.concatenate([faces, *caps])
    return Piece(vertices, faces, weights[mine[near]].mean(axis=1), albedo, np.zeros((len(vertices), 0)))
