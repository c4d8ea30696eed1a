"""Skin and face, painted on the vertices of the body."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from deukgeun.synth.athletes.mesh import BodyMesh
from deukgeun.synth.athletes.outfit.measures import SIDES, Measures
from deukgeun.synth.athletes.outfit.surface import folds, ramp
from deukgeun.synth.athletes.outfit.wardrobe import Look
from deukgeun.synth.figure import Figure

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
_WORD = {"L": "left", "R": "right"}


def _mix(albedo: Array, share: Array | Mask, colour: Array) -> None:
    weight = np.asarray(share, dtype=np.float64)[:, None]
    albedo[:] = (1 - weight) * albedo + weight * colour


def _eye(albedo: Array, figure: Figure, mesh: BodyMesh, look: Look, side: str, ball: Mask) -> None:
    """White, iris and pupil on the ball; lashes on the rims of the lids; the brow over it."""
    v, sign = mesh.vertices, 1.0 if side == "L" else -1.0
    pole = v[ball][v[ball][:, 1].argmin()]
    off = np.linalg.norm(v - pole, axis=1)
    _mix(albedo, ball, np.array([0.60, 0.57, 0.55]))
    _mix(albedo, ball * (1 - ramp(off, 0.0055, 0.0075)), look.eyes)
    _mix(albedo, ball * (1 - ramp(off, 0.0027, 0.004)), np.array([0.01, 0.01, 0.01]))
    near = cKDTree(v[ball]).query(v, distance_upper_bound=0.004)[0]
    rim = ~ball & (near < 0.0028) & (v[:, 1] < pole[1] + 0.012)
    _mix(albedo, 0.7 * rim, look.skin * 0.15)
    inner = figure.landmark(f"blazepose_33/{_WORD[side]}_eye_inner")
    x = (v[:, 0] - pole[0] - sign * 0.003) * sign
    lift = pole[2] + 0.021 - 6.0 * np.clip(x, 0, None) ** 2 + 0.1 * np.clip(x, None, 0)
    brow = 1 - ramp(np.hypot(x / 0.024, (v[:, 2] - lift) / 0.0055), 0.7, 1.15)
    _mix(albedo, 0.85 * brow * (v[:, 1] < inner[1] + 0.02), 0.8 * look.hair_colour)


def _mouth(albedo: Array, figure: Figure, v: Array, look: Look) -> Array:
    """Paint the lips; how much each vertex is lips (V,)."""
    left, right = figure.landmark("blazepose_33/mouth_left"), figure.landmark("blazepose_33/mouth_right")
    middle, half = (left + right) / 2, float(left[0] - right[0]) / 2
    round_ = np.hypot((v[:, 0] - middle[0]) / (half * 1.06), (v[:, 2] - middle[2] + 0.001) / 0.0105)
    lips: Array = (1 - ramp(round_, 0.8, 1.1)) * (v[:, 1] < middle[1] + 0.012)
    _mix(albedo, lips, look.lips)
    seam = (np.abs(v[:, 2] - middle[2] + 0.0015) < 0.0018) & (np.abs(v[:, 0]) < half) & (v[:, 1] < middle[1] + 0.012)
    _mix(albedo, 0.75 * seam, look.lips * 0.3)
    return lips


def _beard(albedo: Array, figure: Figure, v: Array, look: Look, m: Measures, lips: Array) -> None:
    nose, ear = figure.landmark("blazepose_33/nose"), figure.landmark("blazepose_33/left_ear")
    chin = figure.landmark("body/chin")
    low = ramp(v[:, 2], chin[2] - 0.035, chin[2] - 0.01)
    line = nose[2] - 0.016 + 0.9 * np.clip(v[:, 1] - nose[1] - 0.05, 0.0, 0.05) - 0.008
    jaw = ramp(line - v[:, 2], 0.0, 0.012) * ramp(ear[1] + 0.012 - v[:, 1], 0.0, 0.015) * low * (m.head > 0.5)
    cover = 0.15 + 0.7 * look.beard
    _mix(albedo, cover * jaw * (1 - lips), 0.4 * look.skin * [0.8, 0.9, 1.0] + 0.5 * look.hair_colour)


def scalp_field(figure: Figure, v: Array, m: Measures) -> Array:
    """How far inside the hairline each rest position lies, in metres (V,)."""
    front = float(figure.landmark("body/forehead")[1])
    size = (m.crown_m - float(figure.landmark("blazepose_33/left_eye")[2])) / 0.113
    fall = ramp(v[:, 1], front + 0.045 * size, front + 0.155 * size)
    line = m.crown_m - 0.050 * size - 0.12 * size * fall
    field: Array = np.where(m.head > 0.5, v[:, 2] - line, -0.05)
    return np.maximum(field, -0.05)


def painted(figure: Figure, mesh: BodyMesh, look: Look, m: Measures, weights: Array) -> Array:
    """Albedo (V, 3) of bare skin with face, stubble and cropped hair."""
    v = mesh.vertices
    albedo = look.skin * (1 + 0.05 * folds(v, 0.05, look.seed))[:, None]
    nose = figure.landmark("blazepose_33/nose")
    for _, sign in SIDES:
        cheek = np.linalg.norm(v - (nose + np.array([sign * 0.042, 0.03, 0.0])), axis=1)
        _mix(albedo, 0.35 * (1 - ramp(cheek, 0.008, 0.035)), look.skin * [1.05, 0.82, 0.80])
    for mark in ("knee_front", "elbow_tip", "palm"):
        for end in "lr":
            off = np.linalg.norm(v - figure.landmark(f"body/{mark}_{end}"), axis=1)
            _mix(albedo, 0.3 * (1 - ramp(off, 0.02, 0.06)), look.skin * [1.08, 0.9, 0.88])
    lips = _mouth(albedo, figure, v, look)
    if look.beard > 0.05:
        _beard(albedo, figure, v, look, m, lips)
    if look.hair != "bald":
        cover = 0.75 if look.hair == "buzz" else 1.0
        _mix(albedo, cover * ramp(scalp_field(figure, v, m), 0.0, 0.008), look.hair_colour)
    for side, _ in SIDES:
        ball = weights[:, mesh.names.index(f"eye.{side}")] > 0.5
        _eye(albedo, figure, mesh, look, side, ball)
    return np.asarray(np.clip(albedo, 0.004, 0.85), dtype=np.float64)
