"""Hair: a shell over the scalp, and what hangs from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from deukgeun.synth.athletes.mesh import BodyMesh
from deukgeun.synth.athletes.outfit.face import scalp_field
from deukgeun.synth.athletes.outfit.measures import Measures
from deukgeun.synth.athletes.outfit.surface import Piece, cut, folds, pushed, ramp, smoothed
from deukgeun.synth.athletes.outfit.wardrobe import Look
from deukgeun.synth.figure import Figure
from deukgeun.synth.rotation import unit

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]
# Thickness of the shell over the scalp, in metres, and whether the ears stay free.
_DEPTH_M = {"short": 0.016, "full": 0.030, "long": 0.015, "ponytail": 0.008, "bun": 0.008}
_OVER_EARS = ("full", "long")


def _strands(look: Look, v: Array) -> Array:
    albedo: Array = look.hair_colour * (1 + 0.35 * folds(v, 0.014, look.seed))[:, None]
    return np.asarray(np.clip(albedo, 0.003, 0.85), dtype=np.float64)


def _free_ears(figure: Figure, v: Array, field: Array) -> Array:
    ear = figure.landmark("blazepose_33/left_ear")
    near = (np.abs(v[:, 1] - ear[1] - 0.012) < 0.035) & (v[:, 2] < ear[2] + 0.036)
    return np.where(near, np.minimum(field, (np.abs(ear[0]) - 0.004 - np.abs(v[:, 0])) * 0.5), field)


def _shell(body: Piece, figure: Figure, m: Measures, look: Look) -> Piece:
    field = scalp_field(figure, body.vertices, m)
    if look.hair not in _OVER_EARS:
        field = _free_ears(figure, body.vertices, field)
    shell = cut(replace(body, fields=np.concatenate([body.fields, field[:, None]], axis=1)), field)
    inside = shell.fields[:, -1]
    shell = replace(shell, vertices=smoothed(shell, shell.vertices, 6 if look.hair in _OVER_EARS else 3))
    depth = _DEPTH_M[look.hair] * (0.2 + 0.8 * ramp(inside, 0.0, 0.035))
    shell = pushed(shell, depth + 0.003 + 0.0025 * folds(shell.vertices, 0.025, look.seed))
    return replace(shell, albedo=_strands(look, shell.vertices))


def _ring(centre: Array, along: Array, radius: float, count: int) -> Array:
    side = unit(np.cross(along, np.array([1.0, 0.02, 0.0])))
    other = np.cross(along, side)
    turn = 2 * np.pi * np.arange(count) / count
    ring: Array = centre + radius * (np.cos(turn)[:, None] * side + np.sin(turn)[:, None] * other)
    return ring


def grid_faces(rows: int, columns: int, closed: bool) -> Index:
    """Triangles between the rows of a grid of vertices; ``closed`` joins the last column to the first."""
    r, c = np.meshgrid(np.arange(rows - 1), np.arange(columns if closed else columns - 1), indexing="ij")
    a, b = r * columns + c, r * columns + (c + 1) % columns
    quads = np.stack([a, b, b + columns, a + columns], axis=-1).reshape(-1, 4)
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]).astype(np.int64)


def _hanging(body: Piece, mesh: BodyMesh, look: Look, vertices: Array, faces: Index, slack: Array) -> Piece:
    """A piece that follows the head, and with ``slack`` (N,) 0..1 the neck and the chest."""
    weights = np.zeros((len(vertices), len(mesh.names)))
    weights[:, mesh.names.index("head")] = 1 - slack
    weights[:, mesh.names.index("neck01")] = 0.4 * slack
    weights[:, mesh.names.index("spine01")] = 0.6 * slack
    fields = np.zeros((len(vertices), body.fields.shape[1]))
    return Piece(vertices, faces, weights, _strands(look, vertices), fields)


def _tube(path: Array, radii: Array, count: int = 10) -> Array:
    along = unit(np.gradient(path, axis=0))
    return np.concatenate([_ring(p, a, float(r), count) for p, a, r in zip(path, along, radii, strict=True)])


def _tail(body: Piece, mesh: BodyMesh, figure: Figure, look: Look) -> Piece:
    """A tail from the back of the head, arching out and down between the shoulder blades."""
    back = figure.landmark("body/head_back")
    length = 0.16 + 0.05 * (1 + np.sin(look.seed))
    t = np.linspace(0, 1, 12)
    high = 0.02 * np.cos(2 * look.seed)
    y = back[1] - 0.012 + 0.075 * np.sqrt(t) * (1.25 - t)
    z = back[2] + high + 0.018 * np.sin(np.pi * np.minimum(3 * t, 1.0)) - length * t**1.4
    radii = 0.011 + 0.012 * np.sin(np.pi * t**0.7) * (1 - 0.4 * t)
    radii[[0, -1]] = 0.008, 0.004
    path = np.stack([np.zeros(12), y, z], axis=1)
    vertices = _tube(path, radii)
    return _hanging(body, mesh, look, vertices, grid_faces(12, 10, True), np.repeat(0.35 * t**2, 10))


def _bun(body: Piece, mesh: BodyMesh, figure: Figure, look: Look, m: Measures) -> Piece:
    """A ball at the back of the head, or on top of it."""
    back = figure.landmark("body/head_back")
    up = 0.5 + 0.5 * np.cos(look.seed)
    centre = np.array([0.0, back[1] + 0.018 - 0.04 * up, back[2] + up * (m.crown_m - back[2] - 0.005)])
    t = np.linspace(0, np.pi, 9)
    size = 0.033 + 0.006 * np.sin(3 * look.seed)
    path = centre + np.stack([np.zeros(9), 0.8 * size * -np.cos(t) * (1 - 0.5 * up), size * -np.cos(t)], axis=1) * 0.9
    vertices = _tube(path, size * np.sin(t) + 0.0003)
    return _hanging(body, mesh, look, vertices, grid_faces(9, 10, True), np.zeros(len(vertices)))


def _curtain(body: Piece, mesh: BodyMesh, figure: Figure, look: Look) -> Piece:
    """Loose hair: a sheet round the back and sides of the head, down to or over the shoulders."""
    v = mesh.vertices
    back, ear = figure.landmark("body/head_back"), figure.landmark("blazepose_33/left_ear")
    rows, columns = 10, 21
    drop = 0.20 + 0.06 * np.sin(look.seed)
    turn = np.radians(np.linspace(-98, 98, columns))
    out = []
    for t in np.linspace(0, 1, rows):
        z = back[2] + 0.015 - (drop + 0.04) * t
        trunk = (np.abs(v[:, 2] - z) < 0.02) & (np.abs(v[:, 0]) < 0.08)
        rear = max(back[1] + 0.014 - 0.035 * t, float(v[trunk][:, 1].max()) + 0.014)
        wide = ear[0] + 0.004 + 0.014 * np.sin(0.8 * np.pi * t)
        centre = ear[1] - 0.005
        round_ = np.stack([wide * np.sin(turn), centre + (rear - centre) * np.cos(turn)], axis=1)
        out.append(np.column_stack([round_, np.full(columns, z)]))
    vertices = np.concatenate(out)
    vertices += 0.003 * folds(vertices * [1, 1, 0.1], 0.03, look.seed)[:, None] * [1, 1, 0]
    slack = np.repeat(0.75 * np.linspace(0, 1, rows) ** 1.5, columns)
    return _hanging(body, mesh, look, vertices, grid_faces(rows, columns, False), slack)


def hair(body: Piece, mesh: BodyMesh, figure: Figure, m: Measures, look: Look) -> list[Piece]:
    """The pieces of the hair, none for a bald or cropped head (which is painted)."""
    if look.hair in ("bald", "buzz"):
        return []
    pieces = [_shell(body, figure, m, look)]
    if look.hair == "ponytail":
        pieces.append(_tail(body, mesh, figure, look))
    if look.hair == "bun":
        pieces.append(_bun(body, mesh, figure, look, m))
    if look.hair == "long":
        pieces.append(_curtain(body, mesh, figure, look))
    return pieces
