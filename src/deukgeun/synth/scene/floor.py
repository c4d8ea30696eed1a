"""How much darker the floor is under people and things: a small map of it, laid over the picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from scipy.ndimage import map_coordinates

from deukgeun.synth.scene.light import GAMMA, Light
from deukgeun.synth.scene.mesh import Array, Bytes, Floats
from deukgeun.synth.scene.view import Cut, View

CELL_M = 0.05
SIDE = 240
"""Cells along a side of the map: 12 m."""
SPREAD_M = 0.5
CONTACT_M = 0.11
"""A point's own height thins its contact shadow as exp(-z / 11 cm): a foot has one, a knee hardly."""


@dataclass(frozen=True, slots=True)
class FloorMap:
    """Floor whose corner is ``low`` (2,), in ``columns`` x ``rows`` cells along x and y."""

    low: Array
    columns: int = SIDE
    rows: int = SIDE

    @classmethod
    def about(cls, middle: Array) -> FloorMap:
        """The map whose middle is below ``middle`` (2,) or (3,)."""
        return cls(middle[:2] - SIDE * CELL_M / 2)

    def part(self, points: Floats, key: Array) -> FloorMap | None:
        """The part of this map that points (N, 3) may shade, lit along ``key`` (3,); None when there is none."""
        slope = key[:2] / max(float(key[2]), 0.2)
        height = np.clip(points[:, 2], 0, None)
        low, high = np.empty(2), np.empty(2)
        for axis in range(2):  # by columns: numpy is slow along the short side of an array
            at = points[:, axis]
            thrown = at - np.float32(slope[axis]) * height
            low[axis], high[axis] = min(at.min(), thrown.min()), max(at.max(), thrown.max())
        low = np.floor((low - self.low - SPREAD_M) / CELL_M).astype(int)
        high = np.ceil((high - self.low + SPREAD_M) / CELL_M).astype(int)
        limit = np.array([self.columns, self.rows])
        low, high = np.clip(low, 0, limit), np.clip(high, 0, limit)
        if (high <= low).any():
            return None
        return FloorMap(self.low + low * CELL_M, int(high[0] - low[0]), int(high[1] - low[1]))

    @property
    def corners(self) -> Floats:
        """The corners (4, 3) of the map."""
        wide, deep = self.columns * CELL_M, self.rows * CELL_M
        offsets = np.array([[0, 0, 0], [wide, 0, 0], [wide, deep, 0], [0, deep, 0]])
        corners: Floats = (offsets + np.array([*self.low, 0.0])).astype(np.float32)
        return corners

    def contact(self, points: Floats, areas: Floats) -> Floats:
        """Share (rows, columns) of the sky that is left under points (N, 3) with areas (N,)."""
        height = np.clip(points[:, 2], 0, None)
        near = self._splat(points, areas * np.exp(height * np.float32(-1 / CONTACT_M)), 1.1)
        wide = self._splat(points, areas * np.exp(height * np.float32(-1 / 0.7)), 6.0)
        open_to: Floats = np.exp(-1.1 * np.clip(near, 0, 1.6) - 0.45 * np.clip(wide, 0, 2))
        return open_to

    def _splat(self, points: Floats, weights: Floats, sigma: float) -> Floats:
        cells = ((points[:, :2] - self.low.astype(np.float32)) * np.float32(1 / CELL_M)).astype(np.int32)
        x, y = np.ascontiguousarray(cells.T)
        inside = (x >= 0) & (y >= 0) & (x < self.columns) & (y < self.rows)
        flat = (y * self.columns + x)[inside]
        total = np.bincount(flat, weights[inside], minlength=self.rows * self.columns)
        grid = total.reshape(self.rows, self.columns).astype(np.float32)
        # A closed body covers the floor twice, hence the half.
        soft: Floats = cv2.GaussianBlur(grid, (0, 0), sigma) * np.float32(0.5 / CELL_M**2)
        return soft

    def sample(self, field: Floats, points: Floats) -> Floats:
        """Values (N,) of a ``field`` (rows, columns) at points (N, 3), 1 outside the map."""
        at = (points[:, :2] - self.low.astype(np.float32)) / np.float32(CELL_M) - 0.5
        found = map_coordinates(field, at[:, ::-1].T, order=1, mode="constant", cval=1.0)
        values: Floats = found.astype(np.float32)
        return values

    def cells(self) -> Floats:
        """Middles (rows * columns, 3) of the cells, on the floor."""
        x, y = (np.arange(count) + 0.5 for count in (self.columns, self.rows))
        out = np.zeros((self.rows, self.columns, 3), np.float32)
        out[..., 0], out[..., 1] = x * CELL_M + self.low[0], y[:, None] * CELL_M + self.low[1]
        return out.reshape(-1, 3)

    def dimming(self, light: Light, open_to: Floats, key_share: Floats) -> Bytes:
        """How the display values of the floor fall (rows, columns, 3), 255 where nothing shades it."""
        key = max(float(light.key[2]), 0.0) * light.key_colour / (1 + light.wrap) ** 0.5
        rest = light.sky + max(float(light.fill[2]), 0.0) * light.fill_colour
        shares = [(part * 255 / (rest + key)).astype(np.float32) for part in (rest, key)]
        left = open_to[..., None] * shares[0] + key_share[..., None] * shares[1]
        dimmed: Bytes = cv2.LUT(left.astype(np.uint8), _gamma()).astype(np.uint8, copy=False)
        return dimmed

    def over(self, dimming: Bytes, view: View, cut: Cut) -> Bytes:
        """The map as the camera sees it in ``cut``: (h, w, 3)."""
        size = cut.right - cut.left, cut.bottom - cut.top
        seen: Bytes = cv2.warpPerspective(
            dimming,
            self._to_picture(view, cut),
            size,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(255, 255, 255),
        ).astype(np.uint8, copy=False)
        return seen

    def _to_picture(self, view: View, cut: Cut) -> Array:
        """The homography (3, 3) from the map's cells to pixels of the cut (pixel middles at whole numbers)."""
        to_room = np.array(
            [[CELL_M, 0, self.low[0] + CELL_M / 2], [0, CELL_M, self.low[1] + CELL_M / 2], [0, 0, 0], [0, 0, 1]]
        )
        outer = np.concatenate([view.rotation, -(view.rotation @ view.position_m)[:, None]], axis=1)
        cx, cy = view.width / 2 - cut.left - 0.5, view.height / 2 - cut.top - 0.5
        inner = np.array([[view.focal_px, 0, cx], [0, view.focal_px, cy], [0, 0, 1]])
        out: Array = inner @ outer @ to_room
        return out


@cache
def _gamma() -> Bytes:
    return np.round(255 * ((np.arange(256) + 0.5) / 255.5) ** (1 / GAMMA)).astype(np.uint8)
