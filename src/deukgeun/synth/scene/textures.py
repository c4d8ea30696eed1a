"""Walls and floors painted by procedure: each a linear albedo picture that repeats without a seam."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from deukgeun.synth.scene.finish import colour
from deukgeun.synth.scene.mesh import Floats

SIDE = 384
SKY = (0.45, 0.95)
"""How bright the sky may be, in linear light. Telephones hold it back, or people before it would be black."""


@dataclass(frozen=True, slots=True)
class Texture:
    """``albedo`` (h, w, 3) linear, top row first, covering ``width_m`` x ``height_m`` of the surface."""

    albedo: Floats
    width_m: float
    height_m: float


Painter = Callable[[np.random.Generator], Texture]


def noise(rng: np.random.Generator, size: int, cells: int) -> Floats:
    """Smooth noise (size, size) about 0 with deviation near 1, ``cells`` bumps a side, that repeats."""
    coarse = np.pad(rng.normal(0, 1, (cells, cells)).astype(np.float32), 2, mode="wrap")
    scale = size / cells
    large = cv2.resize(coarse, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    start = round(2 * scale)
    out: Floats = large[start : start + size, start : start + size].astype(np.float32)
    return out


def _plain(rng: np.random.Generator, material: str, grain: float, cloud: float) -> Floats:
    field = grain * rng.normal(0, 1, (SIDE, SIDE)).astype(np.float32)
    for cells in (3, 7, 17):
        field = field + cloud * noise(rng, SIDE, cells) / 2
    tone = colour(material, rng).astype(np.float32)
    out: Floats = tone * (1 + field)[..., None]
    return out


def _clip(image: npt.ArrayLike, width_m: float, height_m: float) -> Texture:
    return Texture(np.clip(image, 0.004, 0.9).astype(np.float32), width_m, height_m)


def painted(rng: np.random.Generator) -> Texture:
    """A painted wall, nearly even."""
    return _clip(_plain(rng, "paint", 0.008, 0.012), 2.5, 2.5)


def plaster(rng: np.random.Generator) -> Texture:
    """Rough plaster or concrete."""
    image = _plain(rng, "paint", 0.03, 0.022)
    stains = np.clip(noise(rng, SIDE, 5), 0, 3)[..., None] * np.float32(0.015)
    return _clip(image * (1 - stains), 2.2, 2.2)


def concrete(rng: np.random.Generator) -> Texture:
    """Grey concrete with stains, for floors."""
    grey = np.float32(rng.uniform(0.12, 0.42))
    field = 0.035 * rng.normal(0, 1, (SIDE, SIDE)).astype(np.float32) + 1
    for cells, share in ((2, 0.02), (5, 0.025), (11, 0.025), (29, 0.025)):
        field = field + share * noise(rng, SIDE, cells)
    tint = np.array([1.02, 1.0, 0.96], np.float32)
    return _clip(grey * field[..., None] * tint, 2.4, 2.4)


def bricks(rng: np.random.Generator) -> Texture:
    """A brick wall in running bond, bare or painted over."""
    rows, columns = 12, 4
    height, width = SIDE // rows, SIDE // columns
    bare = rng.random() < 0.6
    base = np.array([0.30, 0.11, 0.06]) * rng.uniform(0.7, 1.3) if bare else colour("paint", rng)
    mortar = np.array([0.42, 0.40, 0.37]) * rng.uniform(0.5, 1.1) if bare else base * 0.72
    image = np.full((SIDE, SIDE, 3), mortar, np.float32)
    spread = 0.22 if bare else 0.03
    for row in range(rows):
        for column in range(columns):
            tone = base * np.exp(rng.normal(0, spread)) * np.exp(rng.normal(0, spread / 4, 3))
            y, x = row * height, column * width + (width // 2 if row % 2 else 0)
            columns_here = np.arange(x + 2, x + width - 2) % SIDE
            image[y + 2 : y + height - 2, columns_here] = tone
    rough = 1 + 0.06 * rng.normal(0, 1, (SIDE, SIDE, 1)) + 0.05 * noise(rng, SIDE, 40)[..., None]
    return _clip(cv2.GaussianBlur(image, (0, 0), 0.8) * rough, 1.0, 0.9)


def planks(rng: np.random.Generator) -> Texture:
    """A wooden floor (or wall): boards along the vertical of the picture."""
    count = int(rng.integers(6, 14))
    tone = colour("wood", rng)
    edges = np.round(np.linspace(0, SIDE, count + 1)).astype(int)
    image = np.empty((SIDE, SIDE, 3), np.float32)
    grain = cv2.resize(rng.normal(0, 1, (6, SIDE)).astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    contrast, spread = rng.uniform(0.03, 0.10), rng.uniform(0.05, 0.25)
    for left, right in pairwise(edges):
        cut = int(rng.integers(SIDE))
        board = np.roll(grain[:, left:right], cut, axis=0)[..., None] * np.float32(contrast)
        halves = np.exp(rng.normal(0, spread, 2))
        level = np.where((np.arange(SIDE) + cut) % SIDE < SIDE // 2, halves[0], halves[1])[:, None, None]
        image[:, left:right] = tone * (1 + board) * level
        image[:, left : left + 1] *= 0.45
        image[[cut, (cut + SIDE // 2) % SIDE], left:right] *= 0.5
    return _clip(image, float(rng.uniform(0.9, 1.4)), float(rng.uniform(1.8, 2.6)))


def tiles(rng: np.random.Generator) -> Texture:
    """Square tiles with joints, in one colour or two."""
    count = int(rng.choice([4, 6, 8]))
    first, second = colour("paint", rng), colour("paint", rng)
    chequered = rng.random() < 0.2
    side = SIDE // count
    image = np.empty((count * side, count * side, 3), np.float32)
    joint = max(1, side // 40)
    for row in range(count):
        for column in range(count):
            tone = second if chequered and (row + column) % 2 else first
            block = image[row * side : (row + 1) * side, column * side : (column + 1) * side]
            block[:] = first * 0.45
            block[joint:-joint, joint:-joint] = tone * np.exp(rng.normal(0, 0.03))
    size = count * float(rng.uniform(0.3, 0.6)) * (0.5 if count == 8 else 1)
    return _clip(image * (1 + 0.012 * rng.normal(0, 1, image.shape[:2]))[..., None], size, size)


def rubber(rng: np.random.Generator) -> Texture:
    """Black rubber tiles, often with coloured flecks."""
    dark = np.float32(rng.uniform(0.02, 0.10))
    image = np.full((SIDE, SIDE, 3), dark, np.float32) * (1 + 0.12 * rng.normal(0, 1, (SIDE, SIDE, 1)))
    if rng.random() < 0.7:
        flecks = rng.random((SIDE, SIDE)) < rng.uniform(0.005, 0.05)
        image[flecks] = colour("plastic", rng) * 0.6
    image[:2], image[:, :2] = dark * 0.4, dark * 0.4
    return _clip(cv2.GaussianBlur(image, (0, 0), 0.6), 1.0, 1.0)


def carpet(rng: np.random.Generator) -> Texture:
    """A carpet: strong fine grain, faint clouds."""
    image = _plain(rng, "cloth", 0.14, 0.04)
    return _clip(cv2.GaussianBlur(image, (0, 0), 0.7), 1.4, 1.4)


def patterned(rng: np.random.Generator) -> Texture:
    """A carpet with a woven pattern of short strokes, as gyms lay."""
    ground = colour("cloth", rng) * 0.7
    stroke = ground * float(rng.choice([0.4, 0.6, 1.6, 2.2])) * np.exp(rng.normal(0, 0.08, 3))
    cells, kind = int(rng.choice([24, 32, 48])), rng.random((48, 48))
    kind = kind[:cells, :cells].repeat(SIDE // cells, axis=0).repeat(SIDE // cells, axis=1)
    y, x = np.mgrid[: len(kind), : len(kind)]
    lines = np.where(kind < 0.4, x, y) % 4 < 2
    image = np.where((lines & (kind < 0.8))[..., None], stroke, ground)
    return _clip(image * (1 + 0.1 * rng.normal(0, 1, (*kind.shape, 1))), 1.2, 1.2)


def seamless(rng: np.random.Generator) -> Texture:
    """A photographer's backdrop: one even tone, mostly white or grey."""
    level = float(rng.choice([0.82, 0.75, 0.5, 0.2, 0.05]))
    tone = level * (1 + 0.02 * rng.normal(0, 1, 3)) if rng.random() < 0.8 else colour("paint", rng)
    return _clip(np.full((8, 8, 3), tone), 3.0, 3.0)


def treeline(rng: np.random.Generator) -> Texture:
    """The far view of a yard: trees or roofs under the sky."""
    tall, wide = 160, 1024
    sky = np.array([0.65, 0.78, 1.0]) * float(rng.uniform(*SKY))
    ramp = np.linspace(1.0, 1.12, tall)[:, None, None]
    image = np.broadcast_to(sky, (tall, wide, 3)) * ramp
    for distance in (0.55, 0.75, 1.0):  # nearer rows are darker and stand lower
        bumps = sum(noise(rng, 1024, cells)[0] * 3.0 / cells**0.6 for cells in (5, 17, 61))
        line = tall * (0.28 + 0.38 * distance) + 9 * np.asarray(bumps)
        if rng.random() < 0.3:
            line = np.repeat(line[::64], 64)  # roofs
        tone = (colour("leaf", rng) if rng.random() < 0.7 else colour("paint", rng) * 0.6) * (1.9 - distance)
        below = np.arange(tall)[:, None] > line[None]
        leaves = 1 + 0.3 * rng.normal(0, 1, (tall, wide, 1))
        image = np.where(below[..., None], tone * leaves, image)
    return _clip(cv2.GaussianBlur(image, (0, 0), 1.2), 60.0, 9.0)


def wallpaper(rng: np.random.Generator) -> Texture:
    """Striped wallpaper."""
    image = _plain(rng, "paint", 0.006, 0.01)
    count = int(rng.integers(3, 14))
    wave = np.sin(2 * np.pi * count * np.arange(SIDE) / SIDE)
    stripe = 1 + rng.uniform(0.02, 0.12) * np.sign(wave) * (np.abs(wave) > rng.uniform(0, 0.7))
    return _clip(image * stripe[None, :, None], 1.6, 1.6)


def boards(rng: np.random.Generator) -> Texture:
    """Painted panelling or sheet metal with upright grooves."""
    image = _plain(rng, "paint", 0.01, 0.015)
    count = int(rng.integers(5, 14))
    phase = (np.arange(SIDE) * count / SIDE) % 1
    groove = 1 - 0.45 * np.exp(-(((phase - 0.5) / 0.04) ** 2))
    return _clip(image * groove[None, :, None], 1.5, 1.5)


def grass(rng: np.random.Generator) -> Texture:
    """Lawn or artificial turf."""
    image = _plain(rng, "leaf", 0.25, 0.10) * np.array([1.9, 1.2, 1.6], np.float32)
    return _clip(cv2.GaussianBlur(image, (0, 0), 0.6), 1.6, 1.6)


def asphalt(rng: np.random.Generator) -> Texture:
    """Asphalt or gravel."""
    grey = np.float32(rng.uniform(0.07, 0.22))
    field = 1 + 0.22 * rng.normal(0, 1, (SIDE, SIDE)) + 0.06 * noise(rng, SIDE, 6)
    return _clip(cv2.GaussianBlur(grey * field[..., None] * np.ones(3), (0, 0), 0.6), 1.5, 1.5)


PAINTERS: dict[str, Painter] = {
    "painted": painted,
    "plaster": plaster,
    "concrete": concrete,
    "bricks": bricks,
    "planks": planks,
    "tiles": tiles,
    "rubber": rubber,
    "carpet": carpet,
    "patterned": patterned,
    "seamless": seamless,
    "wallpaper": wallpaper,
    "boards": boards,
    "grass": grass,
    "asphalt": asphalt,
}
