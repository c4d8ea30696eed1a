"""The room as seen by a camera that hardly moves: drawn once, well, and shifted for the hand's shake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from deukgeun.synth.scene.mesh import Array, Bytes, Floats
from deukgeun.synth.scene.raster import FAR_M, Canvas, metres
from deukgeun.synth.scene.view import Cut, View

MARGIN = 0.06
"""How far the plate reaches beyond the picture, as a share of its longer side."""
FLOOR_M = 0.015
TURN_RAD = 0.03
SHIFT_M = 0.06
END_M = 0.01
STEP_PX = 16
"""The shake is worked out for every 16th pixel and interpolated between."""


@dataclass(frozen=True, slots=True)
class Plate:
    """Colours (h, w, 3), 255 where the floor is (h, w) and depths (h, w) in metres, seen from ``view``.

    The plate is larger than the picture by ``margin`` pixels on every side.
    """

    view: View
    margin: int
    colours: Bytes
    floor: Bytes
    depth: Floats

    def serves(self, view: View) -> bool:
        """Whether ``view`` is so near that the plate can be shifted to it."""
        if self._same(view):
            return True
        turn = view.rotation @ self.view.rotation.T
        angle = float(np.arccos(np.clip((np.trace(turn) - 1) / 2, -1, 1)))
        shift = float(np.linalg.norm(view.position_m - self.view.position_m))
        reach = self.margin / self.view.focal_px
        return angle < min(TURN_RAD, 0.8 * reach) and shift < SHIFT_M

    def seen(self, view: View) -> tuple[Bytes, Bytes, Floats]:
        """Colours (H, W, 3), the floor's mask (H, W) and depths (H, W) from ``view``: exact from the plate's own."""
        m = self.margin
        if self._same(view):
            inside = slice(m, m + view.height), slice(m, m + view.width)
            return self.colours[inside].copy(), self.floor[inside], self.depth[inside].copy()
        places, farther = self._shifted(view)
        colours, floor = _taken(self.colours, places, cv2.INTER_LINEAR), _taken(self.floor, places, cv2.INTER_NEAREST)
        depth = _taken(self.depth, places, cv2.INTER_NEAREST)
        # Beyond the depth buffer's end there is nothing: a deeper background would be taken for being behind nothing.
        deeper: Floats = np.minimum(depth.astype(np.float32, copy=False) + farther, np.float32(FAR_M - END_M))
        return colours.astype(np.uint8, copy=False), floor.astype(np.uint8, copy=False), deeper

    def _same(self, view: View) -> bool:
        same_turn = np.array_equal(view.rotation, self.view.rotation)
        return same_turn and np.array_equal(view.position_m, self.view.position_m)

    def _shifted(self, view: View) -> tuple[Floats, Floats]:
        """Where in the plate each pixel of ``view`` comes from, (H, W, 2), and how much its depth grows, (H, W)."""
        rows, columns = -(-view.height // STEP_PX), -(-view.width // STEP_PX)
        # One more on every side; in the middle of each STEP_PX x STEP_PX pixels, as cv2.resize takes them.
        v, u = np.meshgrid(np.arange(-1, rows + 1), np.arange(-1, columns + 1), indexing="ij")
        across, down = (u + 0.5) * STEP_PX - view.width / 2, (v + 0.5) * STEP_PX - view.height / 2
        rays = np.stack([across, down, np.full(u.shape, view.focal_px)], axis=-1) / view.focal_px @ view.rotation
        x, y, farther = self._trace(view, rays)
        return self._fine(np.stack([x, y], axis=-1), view), self._fine(farther, view)

    def _fine(self, coarse: Array, view: View) -> Floats:
        """A grid given for every `STEP_PX` pixels and one more on every side, for every pixel of ``view``."""
        wide = cv2.resize(coarse.astype(np.float32), None, fx=STEP_PX, fy=STEP_PX, interpolation=cv2.INTER_LINEAR)
        cut: Floats = wide[STEP_PX : STEP_PX + view.height, STEP_PX : STEP_PX + view.width].astype(
            np.float32, copy=False
        )
        return cut

    def _trace(self, view: View, rays: Array) -> tuple[Array, Array, Array]:
        """Plate places of the rays: guess a depth, look it up where it leads, and once more."""
        height, width = self.depth.shape
        depth = np.full(rays.shape[:2], 4.0)
        for _ in range(4):
            seen = (view.position_m + rays * depth[..., None] - self.view.position_m) @ self.view.rotation.T
            x = self.view.focal_px * seen[..., 0] / seen[..., 2] + width / 2 - 0.5
            y = self.view.focal_px * seen[..., 1] / seen[..., 2] + height / 2 - 0.5
            column = np.clip(np.round(x), 0, width - 1).astype(int)
            row = np.clip(np.round(y), 0, height - 1).astype(int)
            there = self.depth[row, column]
            depth = depth + (there - seen[..., 2])
        return x, y, depth - there


def _taken(image: npt.NDArray[Any], places: Floats, how: int) -> npt.NDArray[Any]:
    """The picture (H, W, ...) taken from ``image`` at ``places`` (H, W, 2); beyond its edge, the edge."""
    # None tells OpenCV that x and y are in one map; an empty array would be read as a second one.
    taken: npt.NDArray[Any] = cv2.remap(image, places, None, how, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
    return taken


def make_plate(canvas: Canvas, view: View, scale: int, moving: bool) -> Plate:
    """Draws everything on ``canvas`` from ``view``, with a margin if the camera is ``moving``."""
    margin = round(MARGIN * max(view.width, view.height)) if moving else 0
    cut = Cut(-margin, -margin, view.width + margin, view.height + margin)
    fine, fine_depth = canvas.draw(view, cut, scale)
    size = cut.right - cut.left, cut.bottom - cut.top
    colours = cv2.resize(fine, size, interpolation=cv2.INTER_AREA)
    depth = _mean_depth(metres(fine_depth), scale)
    return Plate(view, margin, colours.astype(np.uint8, copy=False), _is_floor(view, cut, depth), depth)


def coarse_depth(fine: Floats, scale: int) -> Floats:
    """The nearest of the ``scale`` x ``scale`` depths (or depth-buffer values) of each pixel."""
    height, width = fine.shape
    rows = fine[::scale]
    for k in range(1, scale):
        rows = cv2.min(rows, fine[k::scale]).astype(np.float32, copy=False)
    columns = cv2.split(np.ascontiguousarray(rows).reshape(height // scale, width // scale, scale))
    nearest = columns[0]
    for column in columns[1:]:
        nearest = cv2.min(nearest, column)
    return nearest.astype(np.float32, copy=False).reshape(height // scale, width // scale)


def _mean_depth(fine: Floats, scale: int) -> Floats:
    """One depth a pixel from ``scale`` x ``scale``: the mean on a surface, the nearest at its edge."""
    parts = np.stack([fine[i::scale, j::scale] for i in range(scale) for j in range(scale)])
    nearest, farthest = parts.min(axis=0), parts.max(axis=0)
    out: Floats = np.where(farthest < 1.04 * nearest, parts.mean(axis=0), nearest).astype(np.float32)
    return out


def _is_floor(view: View, cut: Cut, depth: Floats) -> Bytes:
    """255 where what is seen lies within 1.5 cm of the floor."""
    x = (np.arange(cut.left, cut.right) + 0.5 - view.width / 2) / view.focal_px
    y = (np.arange(cut.top, cut.bottom) + 0.5 - view.height / 2) / view.focal_px
    up = view.rotation[:, 2]
    ray = up[0] * x[None, :] + up[1] * y[:, None] + up[2]
    with np.errstate(invalid="ignore"):
        height = view.position_m[2] + ray * depth
    mask: Bytes = (np.abs(height) < FLOOR_M).astype(np.uint8) * np.uint8(255)
    return mask
