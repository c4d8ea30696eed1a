"""Crops changed at random: one map of the plane for all that moves, colours, a patch put over it.

Everything is drawn from the generator that is given: the same generator gives the same picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from deukgeun.pose.geometry import Floats, Image
from deukgeun.skeleton import Skeleton


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How much is changed at most; all zero and ``zoom`` (1, 1) changes nothing.

    ``zoom``: limits of the person's size, drawn evenly in its logarithm. The crop holds the person tightly; at run time
    the region of interest is a quarter wider, and a network that is to work there must have seen smaller people, too.
    ``shift`` is a share of the crop's side, ``cutout`` the longest side of a patch as a share of it, others as named.
    """

    flip: float = 0.5
    rotation_deg: float = 40.0
    rotated: float = 0.6
    zoom: tuple[float, float] = (0.65, 1.15)
    shift: float = 0.08
    colour: float = 0.3
    grey: float = 0.05
    cutout: float = 0.25
    cut: float = 0.4

    def __post_init__(self) -> None:
        if len(self.zoom) != 2:
            raise ValueError("zoom is two numbers, the lowest and the highest")
        shares = (self.flip, self.rotated, self.shift, self.colour, self.grey, self.cutout, self.cut)
        if not all(0 <= share <= 1 for share in shares) or not 0 < self.zoom[0] <= self.zoom[1]:
            raise ValueError(f"shares lie in 0..1 and the zoom's limits in order: {self}")


NOTHING = Augmentation(0.0, 0.0, 0.0, (1.0, 1.0), 0.0, 0.0, 0.0, 0.0, 0.0)


def augmented(
    image: Image, joints: Floats, size: int, how: Augmentation, skeleton: Skeleton, rng: Generator
) -> tuple[Image, Floats]:
    """Return the crop (H, W, 3) as a changed picture (size, size, 3), and its joints (K, 2) there.

    A mirrored person's left joints are the right ones. Colours beyond the crop's border are those of its edge.
    """
    flip = bool(rng.random() < how.flip)
    matrix = drawn_map(image.shape[1], size, how, flip, rng)
    moved = transformed(joints, matrix)
    picture = warped(image, matrix, size)
    picture = _cut_out(_coloured(picture, how, rng), how, rng)
    return picture, moved[skeleton.mirror_order] if flip else moved


def drawn_map(side: int, size: int, how: Augmentation, flip: bool, rng: Generator) -> Floats:
    """Return the map (2, 3) from pixels of a square crop of ``side`` to those of the picture of ``size``."""
    angle = np.deg2rad(rng.uniform(-1, 1) * how.rotation_deg) if rng.random() < how.rotated else 0.0
    zoom = float(np.exp(rng.uniform(*np.log(how.zoom)))) * size / side
    shift = rng.uniform(-1, 1, 2) * how.shift * size
    cos, sin = np.cos(angle) * zoom, np.sin(angle) * zoom
    turn = np.array([[cos, -sin], [sin, cos]])
    if flip:
        turn = turn @ np.diag([-1.0, 1.0])
    # Pixels have their centres at whole numbers: the middle of the crop is (side - 1) / 2.
    offset = np.full(2, (size - 1) / 2) + shift - turn @ np.full(2, (side - 1) / 2)
    return np.concatenate([turn, offset[:, None]], axis=1)


def resizing(side: int, size: int) -> Floats:
    """Return the map (2, 3) that only scales a square crop of ``side`` to ``size``."""
    return drawn_map(side, size, NOTHING, False, np.random.default_rng(0))


def warped(image: Image, matrix: Floats, size: int) -> Image:
    """Return the picture (size, size, 3) that ``matrix`` maps ``image`` to; its edge goes on beyond its border."""
    border = cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpAffine(image, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=border), np.uint8)


def transformed(points: Floats, matrix: Floats) -> Floats:
    """Return points (..., 2) mapped by a matrix (2, 3)."""
    mapped: Floats = points @ matrix[:, :2].T + matrix[:, 2]
    return mapped


def _coloured(image: Image, how: Augmentation, rng: Generator) -> Image:
    """Return the picture with another brightness, contrast, tint and saturation."""
    gain = 1 + how.colour * rng.uniform(-1, 1) + 0.3 * how.colour * rng.uniform(-1, 1, 3)
    bias = 255 * 0.3 * how.colour * rng.uniform(-1, 1)
    saturation = 0.0 if rng.random() < how.grey else 1 + how.colour * rng.uniform(-1, 1)
    if not how.colour and saturation == 1:
        return image
    mixed = saturation * np.eye(3) + (1 - saturation) / 3  # towards the mean of the three, or away from it
    return np.asarray(cv2.transform(image, np.column_stack([gain[:, None] * mixed, np.full(3, bias)])), np.uint8)


def _cut_out(image: Image, how: Augmentation, rng: Generator) -> Image:
    """Return the picture, sometimes with a patch of one colour over it; the joints under it are to be guessed."""
    if rng.random() >= how.cut or how.cutout <= 0:
        return image
    size = image.shape[0]
    wide, high = np.maximum(1, (rng.uniform(0.3, 1.0, 2) * how.cutout * size).astype(int))
    left, top = (int(rng.integers(0, max(1, size - span))) for span in (wide, high))
    covered = image.copy()
    covered[top : top + high, left : left + wide] = rng.integers(0, 256, 3)
    return covered
