"""What a telephone does to a picture: exposure, white balance, contrast, vignette, softness, shutter and noise.

The stage hands out plain gamma 2.2. Everything that acts on single values is one table of 256 entries a channel;
noise is cut each frame from a field drawn once, so that a frame costs a few milliseconds. The shutter is the stage's
affair (`Stage.exposed`), compression the encoder's (`deukgeun.media.VideoWriter`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from deukgeun.synth.scene.mesh import Bytes, Floats

GAMMA = 2.2
FIELD_PX = 160
"""The noise field is this much larger than the picture; each frame takes another cut of it."""
BURNT = 1.3
"""Exposure stops rising where the brightest fiftieth of the middle would pass this linear value."""
GREY = 0.58
METERED = 0.75
"""Where automatic exposure puts the mean display value of the middle of the picture, and how far it goes towards
it: telephones leave a white studio light and a black gym dark."""
LONGEST_SHUTTER_S = 1 / 30
"""Telephones hold 30 pictures a second: in the dark they add noise instead of time."""


@dataclass(frozen=True, slots=True)
class Lens:
    """One telephone and its settings.

    ``exposure`` is in stops around what the meter would choose; ``balance`` (3,) multiplies linear light;
    ``contrast`` is the share of an S-curve; ``stretch`` is how far the darkest and the brightest fiftieth of the
    first picture are pulled to black and white; ``lift`` raises the blacks (flare); ``saturation`` is 1 for none;
    ``vignette`` is the loss in the corners; ``blur_px`` the deviation of its softness at 540 lines; ``noise`` is in
    display levels, alike in light and shade as denoisers leave it, ``chroma`` its share of colour; ``sharpen`` an
    edge gain as telephones apply; ``shutter_s`` is how long each picture is exposed; ``crf`` how hard the video is
    compressed (x264's constant rate factor).
    """

    exposure: float
    balance: tuple[float, float, float]
    contrast: float
    stretch: float
    lift: float
    saturation: float
    vignette: float
    blur_px: float
    noise: float
    chroma: float
    sharpen: float
    shutter_s: float
    crf: int


def random_lens(rng: np.random.Generator) -> Lens:
    """A telephone of today in a room that may be too dark for it."""
    poor = float(rng.beta(1.2, 3.0))  # 0 a good camera in good light, 1 a bad one in the dark
    warm = float(rng.normal(0, 0.06))
    return Lens(
        exposure=float(np.clip(rng.normal(0.05, 0.33), -0.9, 0.6)),
        balance=(1 + warm, 1.0 + float(rng.normal(0, 0.015)), 1 - warm),
        contrast=float(rng.uniform(0.3, 0.9)),
        stretch=float(rng.uniform(0.2, 0.85)),
        lift=float(rng.uniform(0, 0.03)),
        saturation=float(rng.uniform(0.6, 1.1)),
        vignette=float(rng.uniform(0, 0.25)),
        blur_px=float(rng.uniform(0.25, 0.6) + 0.8 * poor**2),
        noise=float(0.2 + 2.7 * poor),
        chroma=float(rng.uniform(0.2, 0.6)),
        sharpen=float(rng.uniform(0, 0.5) * (1 - poor)),
        shutter_s=float(min(np.exp(rng.uniform(np.log(1 / 500), np.log(1 / 60))) * (1 + 2 * poor), LONGEST_SHUTTER_S)),
        crf=round(float(np.clip(rng.normal(23 + 6 * poor, 3), 16, 36))),
    )


def blended(pictures: Sequence[Bytes]) -> Bytes:
    """The mean (H, W, 3) of sub-frames: motion blur. It is taken in display values, where it differs little."""
    if len(pictures) == 1:
        return pictures[0]
    total = np.zeros(pictures[0].shape, np.uint16)
    for picture in pictures:
        total += picture
    mean: Bytes = ((total + len(pictures) // 2) // len(pictures)).astype(np.uint8)
    return mean


class Photo:
    """Turns the stage's pictures into those of one telephone. The first picture sets the exposure."""

    def __init__(self, lens: Lens, width: int, height: int, rng: np.random.Generator) -> None:
        self.lens, self.size, self._rng = lens, (width, height), rng
        self._table: Bytes | None = None
        self._vignette = _vignette(width, height, lens.vignette)
        self._noise = self._noise_field()

    def take(self, rgb: Bytes) -> Bytes:
        """The telephone's picture (height, width, 3) of ``rgb`` (H, W, 3), resized if need be."""
        picture = rgb
        if rgb.shape[1::-1] != self.size:
            smaller = rgb.shape[1] > self.size[0]
            resized = cv2.resize(rgb, self.size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)
            picture = resized.astype(np.uint8, copy=False)
        if self._table is None:
            self._table = self._metered(picture)
        return self._noisy(self._soft(_table_and_colour(picture, self._table, self.lens.saturation)))

    def _metered(self, picture: Bytes) -> Bytes:
        """The table (1, 256, 3) that brings the middle of this picture to `GREY`, with the lens's own errors."""
        height, width = picture.shape[:2]
        middle = picture[height // 6 : -height // 6 or None, width // 6 : -width // 6 or None]
        linear = (middle[::4, ::4] / 255.0) ** GAMMA
        level, bright = float(linear.mean()), float(np.percentile(linear, 98))
        gain = (GREY**GAMMA / max(level, 0.004)) ** METERED * 2**self.lens.exposure
        gain = float(np.clip(min(gain, BURNT / max(bright, 0.05)), 0.5, 4.0))
        linear = (np.arange(256)[:, None] / 255.0) ** GAMMA * gain * np.array(self.lens.balance)
        shown = np.clip(_shoulder(linear), 0, 1) ** (1 / GAMMA)
        curved = shown + self.lens.contrast * (shown * shown * (3 - 2 * shown) - shown)
        low, high = self._ends(curved, picture)
        spread = np.clip((curved - low) / (high - low), 0, 1)
        lifted = self.lens.lift + (1 - self.lens.lift) * spread
        table: Bytes = np.round(255 * lifted).astype(np.uint8)[None]
        return table

    def _ends(self, curved: npt.NDArray[np.float64], picture: Bytes) -> tuple[float, float]:
        """Which display values (0..1) become black and white; ``curved`` (256, 3) is the table so far."""
        shown = curved.mean(axis=1)[picture[::4, ::4, 1]]
        dark, bright = np.percentile(shown, [2, 98])
        return self.lens.stretch * float(dark), 1 - self.lens.stretch * (0.97 - min(float(bright), 0.97))

    def _soft(self, picture: Bytes) -> Bytes:
        sigma = self.lens.blur_px * self.size[1] / 540
        soft = cv2.GaussianBlur(picture, (0, 0), sigma) if sigma > 0.3 else picture
        if self.lens.sharpen > 0.05:
            wide = cv2.GaussianBlur(soft, (0, 0), 1.2 * self.size[1] / 540)
            soft = cv2.addWeighted(soft, 1 + self.lens.sharpen, wide, -self.lens.sharpen, 0)
        return cv2.multiply(soft, self._vignette, scale=1 / 255).astype(np.uint8, copy=False)

    def _noise_field(self) -> npt.NDArray[np.int8]:
        """Noise in display levels: (H + `FIELD_PX`, W + `FIELD_PX`, 3)."""
        width, height = self.size
        shape = height + FIELD_PX, width + FIELD_PX
        luma = self._rng.standard_normal(shape, np.float32)[..., None]
        coarse = self._rng.standard_normal((shape[0] // 2 + 1, shape[1] // 2 + 1, 3), np.float32)
        chroma = cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_LINEAR)
        field = self.lens.noise * (luma + self.lens.chroma * chroma)
        return np.round(np.clip(field, -100, 100)).astype(np.int8)

    def _noisy(self, picture: Bytes) -> Bytes:
        """Adds another cut of the noise."""
        down, across = self._rng.integers(0, FIELD_PX, 2)
        cut = self._noise[down : down + self.size[1], across : across + self.size[0]]
        noisy: Bytes = cv2.add(picture, cut, dtype=cv2.CV_8U).astype(np.uint8, copy=False)
        return noisy


def _table_and_colour(picture: Bytes, table: Bytes, saturation: float) -> Bytes:
    toned = cv2.LUT(picture, table)
    if abs(saturation - 1) < 0.03:
        return toned.astype(np.uint8, copy=False)
    grey = np.array([0.299, 0.587, 0.114], np.float32)  # luma of Rec. 601
    mixed = cv2.transform(toned, saturation * np.eye(3, dtype=np.float32) + (1 - saturation) * grey)
    return mixed.astype(np.uint8, copy=False)


def _shoulder(linear: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Highlights roll off above 0.7 instead of clipping."""
    over = np.maximum(linear - 0.7, 0)
    rolled: npt.NDArray[np.float64] = np.minimum(linear, 0.7) + 0.3 * (1 - np.exp(-over / 0.3))
    return rolled


def _vignette(width: int, height: int, loss: float) -> Bytes:
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    fall = 1 - loss * ((x**2 + y**2) / 2) ** 1.5
    plane: Floats = np.repeat(fall[..., None], 3, axis=2)
    return np.round(255 * plane).astype(np.uint8)
