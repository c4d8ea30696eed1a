"""The room: rubber floor with a mat, two walls, and things that stand about in a gym."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pyvista as pv  # type: ignore[import-not-found]

Array = npt.NDArray[np.float64]

FLOOR_LOW = np.array([-2.6, -2.2])
FLOOR_SIZE_M = 5.2
TEXEL_M = 0.004
WALL_X_M = -2.35
WALL_Y_M = 2.75
WALL_HEIGHT_M = 3.5


def _speckle(rng: np.random.Generator, shape: tuple[int, int], amount: float) -> Array:
    """Fine and coarse grain around 1: (H, W, 1)."""
    fine = rng.normal(0, amount, shape)
    coarse = cv2.resize(rng.normal(0, amount, (shape[0] // 24 + 1, shape[1] // 24 + 1)), shape[::-1])
    return (1 + fine + coarse)[..., None]


def floor_albedo(rng: np.random.Generator) -> Array:
    """Rubber tiles with coloured flecks and a mat: (H, W, 3) linear; row 0 is the lowest y, column 0 the lowest x."""
    n = round(FLOOR_SIZE_M / TEXEL_M)
    image = np.full((n, n, 3), (0.085, 0.087, 0.092)) * _speckle(rng, (n, n), 0.10)
    flecks = rng.random((n, n)) < 0.012
    image[flecks] = np.array([0.20, 0.23, 0.27])
    for line in range(0, n, round(1.0 / TEXEL_M)):
        image[line : line + 2], image[:, line : line + 2] = 0.035, 0.035
    _mat(image, rng)
    return np.clip(image, 0, 1)


def _mat(image: Array, rng: np.random.Generator) -> None:
    def cell(x: float, y: float) -> tuple[int, int]:
        return round((x - FLOOR_LOW[0]) / TEXEL_M), round((y - FLOOR_LOW[1]) / TEXEL_M)

    (x0, y0), (x1, y1) = cell(-0.50, -1.05), cell(0.50, 0.98)
    image[y0 - 3 : y1 + 3, x0 - 3 : x1 + 3] *= 0.45
    shape = (y1 - y0, x1 - x0)
    image[y0:y1, x0:x1] = np.array([0.055, 0.16, 0.15]) * _speckle(rng, shape, 0.03)
    edge = round(0.035 / TEXEL_M)
    cv2.rectangle(image, (x0 + edge, y0 + edge), (x1 - edge, y1 - edge), (0.09, 0.25, 0.23), 2)


def wall_image(rng: np.random.Generator, width_m: float, name: str | None = None) -> Array:
    """A painted wall, lit from above: (H, W, 3) linear light, top row first."""
    scale = 160
    h, w = round(WALL_HEIGHT_M * scale), round(width_m * scale)
    image = np.full((h, w, 3), (0.60, 0.585, 0.55)) * _speckle(rng, (h, w), 0.008)
    line = round((WALL_HEIGHT_M - 1.28) * scale)
    image[line:] = np.array([0.235, 0.27, 0.30]) * _speckle(rng, (h - line, w), 0.012)
    image[line - 3 : line + 2] = (0.62, 0.30, 0.06)
    image[-round(0.10 * scale) :] = (0.05, 0.05, 0.055)
    if name is None:
        _windows(image, scale)
    else:
        mask = np.zeros((h, w), np.uint8)
        at = (round(0.8 * scale), round((WALL_HEIGHT_M - 1.78) * scale))
        cv2.putText(mask, name, at, cv2.FONT_HERSHEY_DUPLEX, 1.9, 255, 7, cv2.LINE_AA)
        image += (mask / 255.0)[..., None] * (np.array([0.10, 0.13, 0.16]) - image)
    height = np.linspace(1.0, 0.0, h)[:, None, None]
    across = np.linspace(0.0, 1.0, w)[None, :, None]
    corner = 1 - 0.32 * np.exp(-across * width_m / 0.35)
    floor = 1 - 0.35 * np.exp(-height * WALL_HEIGHT_M / 0.25)
    return image * (0.62 + 0.5 * height) * corner * floor


def _windows(image: Array, scale: int) -> None:
    """Two frosted windows with dark frames."""
    bottom, top = (round((WALL_HEIGHT_M - z) * scale) for z in (1.62, 2.75))
    for start_m in (1.75, 3.05):
        left, right = round(start_m * scale), round((start_m + 1.15) * scale)
        image[top - 8 : bottom + 8, left - 8 : right + 8] = (0.07, 0.07, 0.075)
        image[top:bottom, left:right] = np.linspace((0.98, 1.02, 1.08), (0.80, 0.84, 0.86), bottom - top)[:, None]
        middle = (left + right) // 2
        image[top:bottom, middle - 4 : middle + 4] = (0.07, 0.07, 0.075)


def _coloured(mesh: pv.PolyData, colour: tuple[float, float, float]) -> pv.PolyData:
    mesh = mesh.triangulate().clean()
    mesh = mesh.subdivide_adaptive(max_edge_len=0.07)
    mesh = mesh.compute_normals(split_vertices=True, feature_angle=35, auto_orient_normals=True)
    mesh.point_data["albedo"] = np.tile(np.array(colour), (mesh.n_points, 1))
    return mesh


def _box(
    low: tuple[float, float, float], high: tuple[float, float, float], colour: tuple[float, float, float]
) -> pv.PolyData:
    return _coloured(pv.Box((low[0], high[0], low[1], high[1], low[2], high[2])), colour)


def _disc(
    centre: tuple[float, float, float],
    axis: tuple[float, float, float],
    radius: float,
    thick: float,
    colour: tuple[float, float, float],
) -> pv.PolyData:
    return _coloured(pv.Cylinder(center=centre, direction=axis, radius=radius, height=thick, resolution=36), colour)


def _kettlebell(x: float, y: float, size: float, colour: tuple[float, float, float]) -> list[pv.PolyData]:
    bell = pv.Sphere(radius=size, center=(x, y, size * 0.94), theta_resolution=28, phi_resolution=20)
    handle = (
        pv.ParametricTorus(ringradius=size * 0.55, crosssectionradius=size * 0.14)
        .rotate_x(90)
        .translate((x, y, size * 2.05))
    )
    return [_coloured(bell, colour), _coloured(handle, (0.03, 0.03, 0.032))]


def _plates() -> list[pv.PolyData]:
    """Bumper plates leaning on the left wall."""
    out = []
    for k, (colour, radius) in enumerate(
        (((0.30, 0.03, 0.025), 0.225), ((0.03, 0.08, 0.25), 0.225), ((0.35, 0.25, 0.02), 0.19))
    ):
        x, y, axis = WALL_X_M + 0.10 + 0.075 * k, 0.75 + 0.05 * k, (1.0, 0.0, 0.22)
        out += [
            _disc((x, y, radius), axis, radius, 0.06, colour),
            _disc((x + 0.03, y, radius + 0.006), axis, 0.06, 0.02, (0.35, 0.35, 0.36)),
        ]
    return out


def _rack() -> list[pv.PolyData]:
    """A dumbbell rack along the back wall."""
    steel, rubber = (0.06, 0.06, 0.065), (0.025, 0.025, 0.027)
    x0, x1, y = -1.75, -0.15, WALL_Y_M - 0.35
    out = [_box((x, y - 0.2, 0), (x + 0.06, y + 0.2, 0.95), steel) for x in (x0, x1)]
    for z in (0.38, 0.80):
        out.append(_box((x0, y - 0.18, z), (x1 + 0.06, y + 0.16, z + 0.04), steel))
        for k in range(7):
            x = x0 + 0.17 + 0.215 * k
            radius = 0.055 + 0.004 * k
            for dy in (-0.13, 0.11):
                out.append(_disc((x, y + dy, z + 0.04 + radius), (0, 1, 0), radius, 0.085, rubber))
            out.append(_disc((x, y, z + 0.04 + radius), (0, 1, 0), 0.016, 0.2, (0.4, 0.4, 0.41)))
    return out


def props() -> list[pv.PolyData]:
    """Meshes with point normals and an `albedo` (N, 3) array."""
    wood = (0.36, 0.23, 0.12)
    out = [_box((WALL_X_M + 0.05, 1.55, 0), (WALL_X_M + 0.60, 2.2, 0.55), wood)]
    out += _plates() + _rack()
    out += _kettlebell(0.42, WALL_Y_M - 0.42, 0.105, (0.10, 0.10, 0.11)) + _kettlebell(
        0.76, WALL_Y_M - 0.36, 0.12, (0.28, 0.12, 0.02)
    )
    out.append(_ball())
    return out


def _ball() -> pv.PolyData:
    """A training ball in the corner."""
    return _coloured(
        pv.Sphere(radius=0.31, center=(WALL_X_M + 0.42, -0.25, 0.31), theta_resolution=48, phi_resolution=32),
        (0.16, 0.22, 0.30),
    )
