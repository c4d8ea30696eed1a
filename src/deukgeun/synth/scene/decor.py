"""Flat things on walls: windows, doors, posters, mirrors that are off, painted by procedure in linear albedo."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from deukgeun.synth.scene.finish import colour
from deukgeun.synth.scene.mesh import Floats

PX_M = 160
"""Pixels a metre."""

Sign = tuple[Floats, float]
"""A picture (h, w, 3) and the height of its lower edge above the floor in metres; it is h / PX_M metres tall."""

SignMaker = Callable[[np.random.Generator], Sign]


def _blank(width_m: float, height_m: float, tone: object) -> Floats:
    image: Floats = np.empty((round(height_m * PX_M), round(width_m * PX_M), 3), np.float32)
    image[:] = np.asarray(tone, dtype=np.float32)
    return image


def _frame(image: Floats, tone: object, border_m: float) -> None:
    border = max(2, round(border_m * PX_M))
    for part in (image[:border], image[-border:], image[:, :border], image[:, -border:]):
        part[:] = np.asarray(tone, dtype=np.float32)


def window(rng: np.random.Generator) -> Sign:
    """A window with daylight, a dim view, or a blind before it."""
    width, height = float(rng.uniform(0.7, 2.4)), float(rng.uniform(0.9, 1.6))
    bright = float(rng.uniform(0.5, 1.4))
    image = _blank(width, height, 0)
    ramp = np.linspace(1.1, 0.75, len(image), dtype=np.float32)[:, None, None]
    image[:] = bright * ramp * np.array([0.92, 0.98, 1.05], np.float32)
    if rng.random() < 0.35:
        lines = 0.75 + 0.25 * np.sign(np.sin(np.arange(len(image)) * 2 * np.pi / rng.uniform(5, 10)))
        image *= lines[:, None, None].astype(np.float32)
    elif rng.random() < 0.7:
        _outside(image, rng)
    trim = colour("trim", rng)
    panes = int(rng.integers(1, 4))
    for cut in np.linspace(0, image.shape[1], panes + 1)[1:-1].astype(int):
        image[:, cut - 3 : cut + 3] = trim
    _frame(image, trim, 0.05)
    return image, float(rng.uniform(0.85, 1.15))


def _outside(image: Floats, rng: np.random.Generator) -> None:
    """Blurred, overexposed shapes of what lies beyond the pane."""
    h, w = image.shape[:2]
    for _ in range(int(rng.integers(2, 7))):
        tone = colour(str(rng.choice(["leaf", "paint", "wood"])), rng) * float(rng.uniform(0.8, 2.5)) + 0.12
        left, top = int(rng.integers(-w // 4, w)), int(rng.uniform(0.3, 0.95) * h)
        right = left + int(rng.uniform(0.1, 0.6) * w)
        if rng.random() < 0.5:
            cv2.rectangle(image, (left, top), (right, h), tone.tolist(), -1)
        else:
            cv2.ellipse(image, ((left + right) // 2, h), ((right - left) // 2, h - top), 0, 0, 360, tone.tolist(), -1)
    image[:] = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(3, 9)))


def door(rng: np.random.Generator) -> Sign:
    """A door in its frame with panels and a handle."""
    width, height = float(rng.uniform(0.8, 1.0)), float(rng.uniform(2.0, 2.1))
    tone = colour("wood" if rng.random() < 0.5 else "paint", rng)
    image = _blank(width, height, tone)
    h, w = image.shape[:2]
    for top, bottom in ((0.08, 0.42), (0.50, 0.92))[: int(rng.integers(0, 3))]:
        cv2.rectangle(image, (w // 6, int(h * top)), (w * 5 // 6, int(h * bottom)), (tone * 0.6).tolist(), 2)
    cv2.circle(image, (int(w * 0.88), int(h * 0.52)), 6, (0.4, 0.4, 0.4), -1)
    _frame(image, colour("trim", rng), 0.05)
    return image, 0.0


def poster(rng: np.random.Generator) -> Sign:
    """A framed picture: a landscape of bands, or shapes on a plain ground."""
    width, height = float(rng.uniform(0.3, 1.1)), float(rng.uniform(0.3, 1.0))
    image = _blank(width, height, colour("paint", rng))
    h, w = image.shape[:2]
    tones = [colour(str(rng.choice(["plastic", "cloth", "leaf", "paint"])), rng) for _ in range(5)]
    for tone in tones:
        centre = (int(rng.integers(w)), int(rng.integers(h)))
        axes = (int(rng.uniform(0.05, 0.4) * w) + 1, int(rng.uniform(0.05, 0.4) * h) + 1)
        if rng.random() < 0.5:
            cv2.ellipse(image, centre, axes, float(rng.uniform(0, 180)), 0, 360, tone.tolist(), -1, cv2.LINE_AA)
        else:
            cv2.rectangle(image, centre, (centre[0] + axes[0], centre[1] + axes[1]), tone.tolist(), -1)
    _frame(image, colour("trim", rng), float(rng.uniform(0.015, 0.05)))
    return image, float(rng.uniform(1.2, 1.6))


def lettering(rng: np.random.Generator) -> Sign:
    """A band with a word, as gyms paint on their walls."""
    word = str(rng.choice(["STRONG", "MOVE", "GYM", "DEUKGEUN", "FIT 24", "LIFT", "ROOM 2"]))
    height = float(rng.uniform(0.35, 0.8))
    ground, tone = colour("paint", rng), colour("plastic", rng)
    scale = height * PX_M / 34
    (w, h), _ = cv2.getTextSize(word, cv2.FONT_HERSHEY_DUPLEX, scale, int(scale * 2.5) + 1)
    image = _blank((w + 0.4 * h) / PX_M, height, ground)
    mask = np.zeros(image.shape[:2], np.uint8)
    at = (int(0.2 * h), int((len(image) + h) / 2))
    cv2.putText(mask, word, at, cv2.FONT_HERSHEY_DUPLEX, scale, 255, int(scale * 2.5) + 1, cv2.LINE_AA)
    share = (mask / np.float32(255))[..., None]
    return (image * (1 - share) + tone.astype(np.float32) * share).astype(np.float32), float(rng.uniform(1.4, 1.8))


def dull_mirror(rng: np.random.Generator) -> Sign:
    """A mirror wall that shows nobody: a cool, even grey with joints."""
    width, height = float(rng.uniform(1.2, 3.0)), float(rng.uniform(1.4, 2.0))
    image = _blank(width, height, colour("paint", rng) * 0.55 + 0.04)
    ramp = np.linspace(1.2, 0.7, len(image), dtype=np.float32)[:, None, None]
    image *= ramp
    for cut in range(PX_M, image.shape[1], PX_M):
        image[:, cut - 1 : cut + 1] *= 0.5
    _frame(image, (0.2, 0.2, 0.2), 0.02)
    return image, 0.25


SIGNS: dict[str, SignMaker] = {
    "window": window,
    "door": door,
    "poster": poster,
    "lettering": lettering,
    "mirror": dull_mirror,
}
