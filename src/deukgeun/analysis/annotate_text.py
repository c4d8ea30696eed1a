"""Letters on pictures. OpenCV 5 has a font with Korean letters built in; before it there are Latin strokes only."""

from __future__ import annotations

from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Colour = tuple[int, int, int]

_WEIGHT = 600
_HERSHEY = cv2.FONT_HERSHEY_DUPLEX
_CAPITAL = 0.7  # height of a capital, as a share of the size of the built-in font


@cache
def _font() -> Any | None:
    """Return OpenCV's built-in scalable font, or None before OpenCV 5."""
    return cv2.FontFace("sans") if hasattr(cv2, "FontFace") else None


def speaks_korean() -> bool:
    """Return whether Korean letters can be drawn."""
    return _font() is not None


def text_width(text: str, size_px: float) -> int:
    """Return the width in pixels of ``text`` with capitals of ``0.7 * size_px``."""
    font = _font()
    if font is not None:
        return int(cv2.getTextSize((1 << 15, 1 << 12), text, (0, 0), font, round(size_px), _WEIGHT)[2])
    (width, _), _ = cv2.getTextSize(text, _HERSHEY, _hershey_scale(size_px), _hershey_stroke(size_px))
    return int(width)


def draw_text(image: Image, text: str, x: float, baseline: float, size_px: float, colour: Colour) -> None:
    """Draw ``text`` into ``image`` (in place) with its left end at ``x``, standing on ``baseline``."""
    origin = round(x), round(baseline)
    font = _font()
    if font is not None:
        cv2.putText(image, text, origin, colour, font, round(size_px), _WEIGHT)
        return
    stroke = _hershey_stroke(size_px)
    cv2.putText(image, text, origin, _HERSHEY, _hershey_scale(size_px), colour, stroke, cv2.LINE_AA)


def fitted(text: str, size_px: float, width_px: float, smallest: float = 0.6) -> tuple[str, float]:
    """Return ``text`` and a size with which it is no wider than ``width_px``: smaller first, then cut with dots."""
    size = size_px
    while text_width(text, size) > width_px and size > smallest * size_px:
        size *= 0.93
    short = text
    while text_width(short, size) > width_px and len(short) > 2:
        short = short.rstrip(".")[:-1].rstrip() + ".."
    return short, size


def _hershey_scale(size_px: float) -> float:
    return float(cv2.getFontScaleFromHeight(_HERSHEY, max(1, round(size_px * _CAPITAL)), _hershey_stroke(size_px)))


def _hershey_stroke(size_px: float) -> int:
    return max(1, round(size_px / 18))
