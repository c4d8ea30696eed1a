"""Regions of interest and the affine maps between picture and network input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Image = NDArray[np.uint8]
Outside = Literal["black", "edge"]

MARGIN = 1.25  # a region of interest over the circle around the body; the published graph of BlazePose


@dataclass(frozen=True, slots=True)
class Roi:
    """A rotated square of the picture: centre and side in pixels, rotation in radians (clockwise on screen)."""

    center_x: float
    center_y: float
    side: float
    rotation: float = 0.0

    @property
    def axes(self) -> Floats:
        """Return (2, 2): the columns are the square's right and down directions."""
        cos, sin = np.cos(self.rotation), np.sin(self.rotation)
        return np.array([[cos, -sin], [sin, cos]])

    def to_image(self, points: Floats) -> Floats:
        """Map (..., 2) points of the unit square to pixels."""
        center = np.array([self.center_x, self.center_y])
        mapped: Floats = (points - 0.5) * self.side @ self.axes.T + center
        return mapped

    def to_unit(self, points: Floats) -> Floats:
        """Map (..., 2) pixels to the unit square: the inverse of ``to_image``."""
        center = np.array([self.center_x, self.center_y])
        mapped: Floats = (points - center) @ self.axes / self.side + 0.5
        return mapped

    def crop(self, image: Image, size: int, outside: Outside = "black") -> Image:
        """Return the square of ``image`` as (size, size, 3).

        What lies outside the picture is black, or the colour of the nearest ``edge``. Bilinear without a prefilter, as
        the networks were trained and as their reference pipeline samples.
        """
        corners = self.to_image(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
        target = np.array([[0.0, 0.0], [size, 0.0], [0.0, size]], np.float32)
        matrix = cv2.getAffineTransform(corners.astype(np.float32), target)
        border = cv2.BORDER_CONSTANT if outside == "black" else cv2.BORDER_REPLICATE
        cropped = cv2.warpAffine(image, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=border)
        return np.asarray(cropped, np.uint8)


def whole_picture(image: Image) -> Roi:
    """Return the smallest square that holds the whole picture (a letterbox)."""
    height, width = image.shape[:2]
    return Roi(width / 2, height / 2, float(max(height, width)))


def roi_from_alignment(center: Floats, tip: Floats) -> Roi:
    """Return the square around a person from the two alignment points of BlazePose.

    ``center`` (2,) lies between the hips, ``tip`` (2,) on the circle around the whole body, in the direction of
    the head: the square is upright for the person, twice their distance wide, times ``MARGIN``. Source:
    BlazePose (arXiv 2006.10204) and the calculators of its published graph (target angle 90 degrees, scale 1.25).
    """
    dx, dy = float(tip[0] - center[0]), float(tip[1] - center[1])
    rotation = np.pi / 2 - np.arctan2(-dy, dx)
    wrapped = float((rotation + np.pi) % (2 * np.pi) - np.pi)
    return Roi(float(center[0]), float(center[1]), 2.0 * float(np.hypot(dx, dy)) * MARGIN, wrapped)


def alignment_points(roi: Roi) -> Floats:
    """Return the alignment points (2, 2), centre and tip, that ``roi`` stands for: ``roi_from_alignment`` undone."""
    return roi.to_image(np.array([[0.5, 0.5], [0.5, 0.5 - 0.5 / MARGIN]]))


def sigmoid(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the logistic function, elementwise; inputs are clipped at +-60 so that exp cannot overflow."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -60.0, 60.0))), np.float32)
