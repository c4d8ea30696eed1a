"""Light by vertex: a key lamp with soft shadows, a fill, the sky and the floor's bounce. No renderer's help.

Renderers' own shadow maps and screen-space occlusion flicker on moving bodies; a shade computed once a vertex does
not. Shadows come from a coarse block of cells laid along the key lamp's rays: what fills the cells before a point
dims it (the "deep opacity map" of hair rendering: Yuksel and Keyser 2008, with cells for layers).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from scipy.ndimage import map_coordinates

from deukgeun.synth.scene.mesh import Array, Bytes, Floats

CELL_M = 0.05
REACH = 72
"""Cells along a side of the shadow block: 3.6 m."""
DENSITY = 2.2
EXPOSURE = 0.62
GAMMA = 2.2


@dataclass(frozen=True, slots=True)
class Light:
    """``key`` and ``fill`` are unit vectors (3,) towards far lamps; colours (3,) are linear.

    ``sky`` and ``ground`` light from above and below; ``softness_m`` spreads the key's shadows; ``wrap`` lets light
    reach round edges (0 sharp sun, 0.4 a wide window).
    """

    key: Array
    key_colour: Array
    fill: Array
    fill_colour: Array
    sky: Array
    ground: Array
    softness_m: float
    wrap: float


def _warmth(kelvin_offset: float) -> Array:
    """A colour around white: positive is warm. A linear stand-in for a black body near 5500 K."""
    return np.array([1 + 0.16 * kelvin_offset, 1.0, 1 - 0.22 * kelvin_offset])


def _direction(azimuth_deg: float, height_deg: float) -> Array:
    a, h = np.radians(azimuth_deg), np.radians(height_deg)
    return np.array([np.cos(a) * np.cos(h), np.sin(a) * np.cos(h), np.sin(h)])


def random_light(rng: np.random.Generator, outdoors: bool = False) -> Light:
    """A light for a room: lamps overhead, a window at one side, or the sun."""
    azimuth = float(rng.uniform(0, 360))
    height = float(rng.uniform(30, 65) if outdoors else rng.uniform(28, 80))
    strength = float(rng.uniform(0.7, 1.5) if outdoors else rng.uniform(0.4, 1.2))
    ambient = float(rng.uniform(0.45, 0.7) if outdoors else rng.uniform(0.4, 0.85))
    total = 1.25 / (strength * 0.6 + ambient)
    warm = float(np.clip(rng.normal(0, 0.45), -1, 1))
    cast = _warmth(float(rng.normal(-0.25 if outdoors else 0.0, 0.25)))
    ground = cast * rng.uniform(0.3, 0.55) * ambient * np.array([1.05, 1.0, 0.93])
    return Light(
        key=_direction(azimuth, height),
        key_colour=_warmth(warm) * strength * total,
        fill=_direction(azimuth + float(rng.uniform(100, 260)), float(rng.uniform(15, 50))),
        fill_colour=_warmth(-0.6 * warm) * float(rng.uniform(0.05, 0.35)) * total,
        sky=cast * ambient * total,
        ground=ground * total,
        softness_m=float(rng.uniform(0.02, 0.06) if outdoors else rng.uniform(0.04, 0.12)),
        wrap=float(rng.uniform(0.02, 0.12) if outdoors else rng.uniform(0.1, 0.4)),
    )


@dataclass(frozen=True, slots=True)
class Shade:
    """What stands in the key lamp's way: filled area per cell summed along the rays, (w, v, u) cells from ``low``."""

    axes: Array
    low: Array
    summed: Floats

    @classmethod
    def of(cls, light: Light, points: Floats, areas: Floats, middle: Array) -> Shade:
        """The shade that ``points`` (N, 3) with ``areas`` (N,) cast within 1.8 m of ``middle`` (3,)."""
        w = -light.key
        u = np.cross(w, [0.0, 1.0, 0.3])
        u /= np.linalg.norm(u)
        axes = np.stack([u, np.cross(w, u), w])
        low = axes @ middle - REACH * CELL_M / 2
        cells = ((points @ axes.T.astype(np.float32) - low.astype(np.float32)) / np.float32(CELL_M)).astype(np.int32)
        x, y, z = np.ascontiguousarray(cells.T)
        inside = (x >= 0) & (y >= 0) & (z >= 0) & (x < REACH) & (y < REACH) & (z < REACH)
        flat = ((y * REACH + x) * REACH + z)[inside]
        filled = np.bincount(flat, areas[inside], minlength=REACH**3).astype(np.float32)
        layers = filled.reshape(REACH, REACH, REACH) / np.float32(CELL_M**2)
        sigma = max(light.softness_m / CELL_M, 0.7)
        soft = cv2.GaussianBlur(layers, (0, 0), sigma)
        return cls(axes, low, np.cumsum(soft, axis=2, dtype=np.float32))

    def reaching(self, points: Floats, bias_m: float) -> Floats:
        """The share (N,) of the key lamp's light that reaches points (N, 3), their own surface apart (``bias_m``)."""
        at = (points @ self.axes.T.astype(np.float32) - self.low.astype(np.float32)) / np.float32(CELL_M)
        at -= np.array([0.5, 0.5, 0.5 + bias_m / CELL_M], dtype=np.float32)
        at[:, 2] = np.clip(at[:, 2], None, REACH - 1)
        before = map_coordinates(self.summed, at[:, [1, 0, 2]].T, order=1, mode="constant", prefilter=False)
        reaching: Floats = np.exp(-DENSITY * before).astype(np.float32)
        return reaching


def lit(
    light: Light, normals: Floats, albedo: Floats, open_to: Floats | float = 1.0, key_share: Floats | float = 1.0
) -> Floats:
    """Linear light (N, 3) that points send back: ``open_to`` (N,) is their share of sky, ``key_share`` of the key."""
    up = 0.5 + 0.5 * normals[:, 2:3]
    sky, ground = light.sky.astype(np.float32), light.ground.astype(np.float32)
    around = (ground + (sky - ground) * up) * np.broadcast_to(np.asarray(open_to, np.float32), len(normals))[:, None]
    key = _facing(normals, light.key, light.wrap) * np.asarray(key_share, np.float32)
    fill = _facing(normals, light.fill, 0.4) * np.asarray(open_to, np.float32)
    total = around + key[:, None] * light.key_colour.astype(np.float32)
    total += fill[:, None] * light.fill_colour.astype(np.float32)
    out: Floats = albedo * total
    return out


def _facing(normals: Floats, towards: Array, wrap: float) -> Floats:
    """Lambert's cosine, wrapped round the edge so that energy stays about the same."""
    cosine = normals @ towards.astype(np.float32)
    faced: Floats = np.clip((cosine + np.float32(wrap)) / np.float32((1 + wrap) ** 1.5), 0, None)
    return faced


def mirrored(light: Light, points: Floats, normals: Floats, gloss: Floats, eye: Array) -> Floats:
    """The room's reflection (N, 3) in glossy points seen from ``eye`` (3,): bright above, dark below, a spot."""
    away = points - eye.astype(np.float32)
    away /= np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-6)
    bounced = away - 2 * np.sum(away * normals, axis=1, keepdims=True) * normals
    above = np.clip(0.5 + 0.9 * bounced[:, 2:3], 0, 1) ** 2
    spot = np.clip(bounced @ light.key.astype(np.float32), 0, 1)[:, None] ** 24
    out: Floats = gloss[:, None] * (above * light.sky.astype(np.float32) + spot * light.key_colour.astype(np.float32))
    return out


_STEPS = 4096


@cache
def _curve() -> Bytes:
    return np.round(255 * np.linspace(0, 1, _STEPS) ** (1 / GAMMA)).astype(np.uint8)


def display(linear: Floats) -> Bytes:
    """Display values for linear light: a plain gamma of 2.2. A phone's own curve comes later (see `photo`)."""
    steps = np.clip(linear * np.float32(EXPOSURE * (_STEPS - 1)), 0, _STEPS - 1).astype(np.uint16)
    shown: Bytes = _curve()[steps]
    return shown
