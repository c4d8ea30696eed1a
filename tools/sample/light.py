"""Light without a renderer's help: soft shadows and ambient occlusion by vertex and on the floor.

Everything solid is splatted into a voxel grid; a point's ambient light is what the grid lets through around it,
and its direct light what the grid lets through towards each lamp. This is smooth, quick on a CPU and does not
flicker, which per-pixel noise does after video compression.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.sparse import csr_matrix

from .rig import unit

Array = npt.NDArray[np.float64]

CELL_M = 0.04
GRID_LOW = np.array([-2.8, -2.4, -0.2])
GRID_SHAPE = (144, 144, 60)
FLOOR_CELL_M = 0.02
SKY = np.array([0.66, 0.69, 0.74])
BOUNCE = np.array([0.25, 0.22, 0.19])


@dataclass(frozen=True, slots=True)
class Lamp:
    """A far, broad lamp: `towards` (3,) unit vector to it, `colour` (3,) linear intensity."""

    towards: Array
    colour: Array


LAMPS = (
    Lamp(unit(np.array([0.75, -0.75, 1.5])), np.array([0.86, 0.80, 0.72])),
    Lamp(unit(np.array([-1.1, -0.5, 0.9])), np.array([0.42, 0.47, 0.55])),
    Lamp(unit(np.array([0.1, 0.9, 1.5])), np.array([0.26, 0.26, 0.25])),
)


@dataclass(frozen=True, slots=True)
class Surface:
    """Triangles with the sparse matrix that averages face normals to vertices; faces (F, 3), to_vertex (N, F)."""

    faces: npt.NDArray[np.int64]
    to_vertex: csr_matrix

    @classmethod
    def of(cls, faces: npt.NDArray[np.int64], vertices: int) -> Surface:
        """The surface with these faces over this many vertices."""
        columns = np.repeat(np.arange(len(faces)), 3)
        matrix = csr_matrix((np.ones(columns.size), (faces.ravel(), columns)), shape=(vertices, len(faces)))
        return cls(faces, matrix)

    def normals_and_areas(self, points: Array) -> tuple[Array, Array]:
        """Unit vertex normals (N, 3) and each vertex's share of the area (N,) in square metres."""
        corner = points[self.faces]
        face = 0.5 * np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
        areas = self.to_vertex @ np.linalg.norm(face, axis=1) / 3
        return unit(self.to_vertex @ face + 1e-12), areas


def density(points: Array, areas: Array) -> Array:
    """How solid each voxel is, 0..1: (144, 144, 60), softened by one cell."""
    cells = np.floor((points - GRID_LOW) / CELL_M).astype(int)
    inside = ((cells >= 0) & (cells < GRID_SHAPE)).all(axis=1)
    flat = np.ravel_multi_index(tuple(cells[inside].T), GRID_SHAPE)
    filled = np.bincount(flat, areas[inside], minlength=int(np.prod(GRID_SHAPE))).reshape(GRID_SHAPE)
    grid = np.clip(filled / CELL_M**2, 0, 1)
    soft: Array = gaussian_filter(grid.astype(np.float32), 0.9).astype(np.float64)
    return np.clip(soft * 1.6, 0, 1)


def _seen(grid: Array, points: Array) -> Array:
    at = (points - GRID_LOW) / CELL_M - 0.5
    out: Array = map_coordinates(grid, at.T, order=1, mode="constant")
    return out


def shade(points: Array, normals: Array, albedo: Array, grid: Array) -> Array:
    """Linear colour (N, 3) of points on solid things in the light of the room."""
    open_to = np.ones(len(points))
    for distance in (0.07, 0.13, 0.24, 0.4):
        open_to *= 1 - 0.36 * _seen(grid, points + normals * distance)
    floor = 1 - 0.45 * np.clip(-normals[:, 2], 0, 1) * np.exp(-np.clip(points[:, 2], 0, None) / 0.25)
    up = 0.5 + 0.5 * normals[:, 2:3]
    light = (SKY * up + BOUNCE * (1 - up)) * (open_to * floor)[:, None] * 0.62
    for lamp in LAMPS:
        facing = np.clip((normals @ lamp.towards + 0.15) / 1.15, 0, None)
        clear = np.ones(len(points))
        for step in (0.10, 0.17, 0.26, 0.38, 0.55):
            clear *= 1 - 0.62 * _seen(grid, points + normals * 0.05 + lamp.towards * step)
        light = light + (facing * clear)[:, None] * lamp.colour
    return albedo * light


@cache
def _tone_curve() -> npt.NDArray[np.uint8]:
    """Gamma 2.2, then the mild S-curve of a phone's picture, for 4096 steps of linear light from 0 to 1."""
    display = np.linspace(0, 1, 4096) ** (1 / 2.2)
    display = 0.55 * display + 0.45 * display * display * (3 - 2 * display)
    curve: npt.NDArray[np.uint8] = (255 * display).astype(np.uint8)
    return curve


def tone(linear: npt.NDArray[np.floating]) -> npt.NDArray[np.uint8]:
    """Display values (..., 3) for linear light (..., 3)."""
    steps = np.clip(linear * np.float32(0.92 * 4095), 0, 4095).astype(np.uint16)
    shown: npt.NDArray[np.uint8] = _tone_curve()[steps]
    return shown


def floor_light(points: Array, areas: Array, low: Array, shape: tuple[int, int]) -> Array:
    """Light (H, W, 3) that reaches a floor of `shape` cells whose corner is `low` (2,) under these points.

    Each point's shadow spreads with its height, as a broad lamp's half-shadow does.
    """
    light = np.zeros((*shape, 3))
    for lamp in LAMPS:
        hit = points[:, :2] - lamp.towards[:2] / lamp.towards[2] * points[:, 2:3]
        covered = np.zeros(shape)
        for bottom, top, spread in ((-1, 0.12, 0.022), (0.12, 0.4, 0.05), (0.4, 0.9, 0.09), (0.9, 3, 0.14)):
            chosen = (points[:, 2] >= bottom) & (points[:, 2] < top)
            covered += _splat(hit[chosen], areas[chosen], low, shape, spread)
        light += lamp.towards[2] * lamp.colour * np.exp(-1.25 * np.clip(covered, 0, 3))[..., None]
    near = np.exp(-np.clip(points[:, 2], 0, None) / 0.13)
    contact = _splat(points[:, :2], areas * near, low, shape, 0.045)
    return light + SKY * 0.62 * np.exp(-1.3 * np.clip(contact, 0, 2.5))[..., None]


def _splat(at: Array, weight: Array, low: Array, shape: tuple[int, int], spread_m: float) -> Array:
    cells = np.floor((at - low) / FLOOR_CELL_M).astype(int)
    inside = ((cells >= 0) & (cells < np.array(shape[::-1]))).all(axis=1)
    flat = cells[inside, 1] * shape[1] + cells[inside, 0]
    total = np.bincount(flat, weight[inside], minlength=shape[0] * shape[1]).reshape(shape)
    out: Array = gaussian_filter(total / FLOOR_CELL_M**2, spread_m / FLOOR_CELL_M)
    return out * 0.5  # a closed surface covers the floor twice
