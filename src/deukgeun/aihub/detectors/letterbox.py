"""A picture of any shape in a network's square, as Darknet puts it there, and boxes back from the square."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from deukgeun.pose.geometry import Floats, Image
from deukgeun.pose.network import Tensor

_GREY = 0.5  # of what the picture leaves free


@dataclass(frozen=True, slots=True)
class Letterbox:
    """A picture of ``width`` x ``height`` within a square of ``size``, all in pixels."""

    width: int
    height: int
    size: int

    @property
    def inner(self) -> tuple[int, int]:
        """Width and height of the picture in the square: the longer side fills it, the shorter is rounded down."""
        longer = max(self.width, self.height)
        return max(self.width * self.size // longer, 1), max(self.height * self.size // longer, 1)

    @property
    def corner(self) -> tuple[int, int]:
        """Where the picture's upper left corner is in the square."""
        inner_width, inner_height = self.inner
        return (self.size - inner_width) // 2, (self.size - inner_height) // 2

    def tensor(self, image: Image) -> Tensor:
        """Return ``image`` as (1, 3, size, size) in 0..1 with grey around it.

        The corner pixels' centres fall on each other and nothing is smoothed, as in Darknet's ``resize_image``.
        """
        (inner_width, inner_height), (x, y) = self.inner, self.corner
        scale_x = (self.width - 1) / max(inner_width - 1, 1)
        scale_y = (self.height - 1) / max(inner_height - 1, 1)
        matrix = np.array([[scale_x, 0.0, 0.0], [0.0, scale_y, 0.0]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        small = cv2.warpAffine(image, matrix, self.inner, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        square = np.full((3, self.size, self.size), _GREY, np.float32)
        square[:, y : y + inner_height, x : x + inner_width] = small.transpose(2, 0, 1) / np.float32(255)
        return square[None]

    def to_image(self, boxes: Floats) -> Floats:
        """Map boxes (N, 4) of the square to the picture."""
        mapped: Floats = (boxes - np.tile(self.corner, 2)) * np.tile(self._scale, 2)
        return mapped

    def to_square(self, boxes: Floats) -> Floats:
        """Map boxes (N, 4) of the picture to the square: ``to_image`` undone."""
        mapped: Floats = boxes / np.tile(self._scale, 2) + np.tile(self.corner, 2)
        return mapped

    @property
    def _scale(self) -> Floats:
        scale: Floats = np.array([self.width, self.height], np.float64) / np.array(self.inner, np.float64)
        return scale
