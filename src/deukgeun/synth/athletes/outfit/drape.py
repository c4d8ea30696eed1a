"""How loose cloth hangs on a trunk: round it like a tube, from the chest and the shoulder blades down."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
_SIDES = 40
_SLICE_M = 0.015
# How fast a hanging tube may draw in below its widest part: metres of radius a metre of height.
_DRAW_IN = 0.22


def _support(trunk: Array, low_m: float, high_m: float) -> tuple[Array, Array]:
    """Heights (H,) from high to low, and how far the trunk (N, 3) reaches there in each direction (H, _SIDES)."""
    turn = 2 * np.pi * np.arange(_SIDES) / _SIDES
    heights = np.arange(high_m, low_m - _SLICE_M, -_SLICE_M)
    reach = np.full((len(heights), _SIDES), -np.inf)
    flat = trunk[:, :2] @ np.stack([np.cos(turn), np.sin(turn)])
    for row, height in enumerate(heights):
        near = np.abs(trunk[:, 2] - height) < _SLICE_M
        if near.any():
            reach[row] = flat[near].max(axis=0)
    return heights, reach


def _hanging(reach: Array, slack: float) -> Array:
    """The reach of cloth that hangs from what is above: it draws in slowly; ``slack`` 0 follows the body instead."""
    out = reach.copy()
    for row in range(1, len(out)):
        out[row] = np.maximum(out[row], out[row - 1] - _SLICE_M * (_DRAW_IN + (1 - slack) * 2.0))
    return out


def _radius(reach: Array, angle: Array) -> Array:
    """Distance (N,) from the axis to the convex outline of each vertex' reach (N, _SIDES), in its direction (N,)."""
    turn = 2 * np.pi * np.arange(_SIDES) / _SIDES
    cosine = np.cos(angle[:, None] - turn)
    far = np.where(cosine > 0.2, reach / np.maximum(cosine, 0.2), np.inf)
    radius: Array = far.min(axis=1)
    return radius


def draped(vertices: Array, trunk: Array, top_m: float, share: Array, slack: float) -> Array:
    """Cloth (N, 3) moved out to where it would hang round the ``trunk`` (M, 3), by ``share`` (N,) 0..1 of the way.

    Nothing moves above ``top_m``; ``slack`` 1 hangs free, 0 only spans hollows.
    """
    heights, reach = _support(trunk, float(vertices[:, 2].min()), top_m)
    reach = _hanging(reach, slack)
    order = np.clip((top_m - vertices[:, 2]) / _SLICE_M, 0, len(heights) - 1.001)
    row = order.astype(np.int64)
    mix = (order - row)[:, None]
    own = (1 - mix) * reach[row] + mix * reach[np.minimum(row + 1, len(heights) - 1)]
    distance = np.linalg.norm(vertices[:, :2], axis=1)
    target = _radius(own, np.arctan2(vertices[:, 1], vertices[:, 0]))
    more = np.maximum(target - distance, 0.0) * share * (vertices[:, 2] < top_m)
    out = vertices.copy()
    out[:, :2] *= (1 + more / np.maximum(distance, 1e-3))[:, None]
    return out
