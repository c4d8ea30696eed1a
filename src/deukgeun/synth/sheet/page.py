"""A whole contact sheet: a row a view, a column a moment, a line of text above."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from deukgeun.synth.acts import Act
from deukgeun.synth.camera import Camera
from deukgeun.synth.scenario import facing, film_points
from deukgeun.synth.sheet.pick import Moments
from deukgeun.synth.sheet.views import view_camera

Array = npt.NDArray[np.float64]
Image = npt.NDArray[np.uint8]
Draw = Callable[[Act, Camera], list[Image]]
"""Draws one cell (H, W, 3) RGB for each picture of an act."""

_TITLE_PX, _GAP_PX = 26, 2
_PAPER, _INK = 255, (20, 20, 20)
_THINGS_M = 0.9  # things that reach further from the athlete's middle than this may be cut


def page(shown: Moments, views: Sequence[str], size: int, draw: Draw) -> Image:
    """The sheet (H, W, 3) RGB of one piece, in cells of ``size`` pixels."""
    act = shown.act
    ahead, points = facing(act), framed(act)
    rows = [_row(draw(act, view_camera(view, points, size, ahead)), view, act.time_s) for view in views]
    return np.concatenate([_title(shown.title, rows[0].shape[1]), *rows])


def strip(shown: Moments, views: Sequence[str], size: int, draw: Draw) -> Image:
    """The same in one row without words: all moments from the first side, then all from the next."""
    ahead, points = facing(shown.act), framed(shown.act)
    cells = [cell for view in views for cell in draw(shown.act, view_camera(view, points, size, ahead))]
    return np.concatenate(cells, axis=1)


def framed(act: Act) -> Array:
    """What the cells must hold: the joints (T, N, 3), and the middles of things near them."""
    points = film_points(act)
    middle = points.mean(axis=(0, 1))
    places = [np.broadcast_to(thing.pose[:, :3, 3], (len(points), 3)) for thing in act.items]
    near = [place[:, None] for place in places if np.abs(place - middle).max() < _THINGS_M]
    return np.concatenate([points, *near], axis=1)


def _row(cells: Sequence[Image], view: str, time_s: Array) -> Image:
    edges = ((_GAP_PX, 0), (_GAP_PX, 0), (0, 0))
    edged = [np.pad(cell, edges, constant_values=_PAPER) for cell in cells]
    for cell, at_s in zip(edged, time_s, strict=True):
        _write(cell, f"{at_s:.2f} s", (6, cell.shape[0] - 7), 0.38)
    _write(edged[0], view, (6, 16), 0.45)
    return np.concatenate(edged, axis=1)


def _title(text: str, width: int) -> Image:
    band = np.full((_TITLE_PX, width, 3), _PAPER, np.uint8)
    _write(band, text, (6, 18), 0.55)
    return band


def _write(image: Image, text: str, at: tuple[int, int], size: float) -> None:
    cv2.putText(image, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, _INK, 1, cv2.LINE_AA)
