"""Where a person is cut out of a picture, and the way back from the crop to the picture that the labels are about.

The box is that of the joints, which are first brought into the picture (a label may lie far outside), plus 10 px, and
squared on its longer side about its middle, as in the original study. It is rounded outwards to whole pixels. Where the
square reaches over the border of the picture, the crop is black there: the person keeps place and proportions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from deukgeun.aihub.clip import HEIGHT, WIDTH, Array

Image = npt.NDArray[np.uint8]

SIDE = 384
"""Pixels of a crop's side."""
MARGIN_PX = 10.0
"""What is added on all sides of the joints' box, in pixels of 1920 x 1080."""


@dataclass(frozen=True, slots=True)
class Square:
    """A square of a picture: left, top and side in whole pixels; it may reach over the picture's border."""

    left: int
    top: int
    side: int


def square_around(xy: Array, margin_px: float = MARGIN_PX, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Square:
    """Return the square around joints (24, 2) in pixels of a picture of ``size`` (width, height)."""
    inside = np.clip(xy, 0.0, np.array(size) - 1.0)
    low, high = inside.min(axis=0) - margin_px, inside.max(axis=0) + margin_px
    side = max(math.ceil(float((high - low).max())), 1)
    # The square's pixels have their centres on left .. left + side - 1.
    left, top = (round(float(value)) for value in (low + high + 1 - side) / 2)
    return Square(left, top, side)


def cut_out(image: Image, square: Square, side: int = SIDE) -> Image:
    """Return the square of an image (H, W, 3) as (side, side, 3); black where it reaches over the border."""
    height, width = image.shape[:2]
    over = [-square.top, square.top + square.side - height, -square.left, square.left + square.side - width]
    top, bottom, left, right = (min(max(value, 0), square.side) for value in over)
    rows = slice(max(square.top, 0), max(square.top + square.side, 0))
    part: Any = image[rows, max(square.left, 0) : max(square.left + square.side, 0)]
    if top or bottom or left or right:
        part = cv2.copyMakeBorder(part, top, bottom, left, right, cv2.BORDER_CONSTANT)
    how = cv2.INTER_AREA if square.side > side else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(part, (side, side), interpolation=how), dtype=np.uint8)


def to_picture(square: Square, side: int = SIDE) -> Array:
    """Return the map (2, 3) from pixels of the crop to pixels of the picture.

    Pixel centres are whole numbers, as ``cv2.resize`` has them: x = left + (u + 0.5) * scale - 0.5.
    """
    scale = square.side / side
    shift = 0.5 * scale - 0.5
    return np.array([[scale, 0.0, square.left + shift], [0.0, scale, square.top + shift]])


def scaled_to_label(transform: Array, size: tuple[int, int]) -> Array:
    """Return a map (2, 3) into a picture of ``size`` (width, height) as one into the labels' 1920 x 1080."""
    ratio = np.array([WIDTH / size[0], HEIGHT / size[1]])
    found: Array = transform * ratio[:, None]
    found[:, 2] += 0.5 * ratio - 0.5
    return found


def scaled_to_size(xy: Array, size: tuple[int, int]) -> Array:
    """Return joints (..., 2) of a label in pixels of a picture of ``size`` (width, height)."""
    ratio = np.array([size[0] / WIDTH, size[1] / HEIGHT])
    return np.asarray((xy + 0.5) * ratio - 0.5)


def apply(transform: Array, xy: Array) -> Array:
    """Return points (..., 2) mapped by (2, 3)."""
    return np.asarray(xy @ transform[:, :2].T + transform[:, 2])


def inverse(transform: Array) -> Array:
    """Return the map (2, 3) the other way."""
    turned = np.linalg.inv(transform[:, :2])
    return np.column_stack([turned, -turned @ transform[:, 2]])
