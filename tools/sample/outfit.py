"""Dresses the body: T-shirt, shorts, shoes, socks, hair and a face, cut from the rest shape and coloured by vertex."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyvista as pv  # type: ignore[import-not-found]
from scipy.spatial import ConvexHull, cKDTree

from .body import Body
from .rig import SIDES, unit

Array = npt.NDArray[np.float64]

SKIN = (0.62, 0.41, 0.30)
SHIRT = (0.055, 0.20, 0.36)
SHORTS = (0.045, 0.046, 0.055)
SOCK = (0.75, 0.75, 0.76)
SHOE = (0.50, 0.09, 0.06)
SOLE = (0.80, 0.80, 0.78)
_ARM_BONES = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
HAIR = (0.020, 0.015, 0.012)


@dataclass(frozen=True, slots=True)
class Part:
    """A surface that follows the bones: vertices (N, 3) at rest, faces (F, 3), weights (N, B), albedo (N, 3) linear."""

    vertices: Array
    faces: npt.NDArray[np.int64]
    weights: Array
    albedo: Array


def _ramp(x: Array, low: float, high: float) -> Array:
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    out: Array = t * t * (3 - 2 * t)
    return out


def _folds(v: Array, size_m: float) -> Array:
    """Smooth pseudo-random waves in -1..1 over rest positions: folds of cloth, strands of hair."""
    k = 2 * np.pi / size_m
    waves = np.sin(k * (v @ [0.9, 0.3, 0.5]) + 1.3 * np.sin(0.6 * k * v[:, 2]))
    out: Array = 0.6 * waves + 0.4 * np.sin(1.7 * k * (v @ [-0.4, 0.5, 0.8]) + 2.0)
    return out


def _cut(body: Body, field: Array) -> Part:
    """The part of the body where `field` (V,) is positive, with a clean edge; faces keep their winding."""
    mesh = pv.PolyData.from_regular_faces(body.vertices, body.faces)
    mesh.point_data["weights"] = body.weights
    mesh.point_data["field"] = field
    kept = mesh.clip_scalar(scalars="field", value=0.0, invert=False).extract_surface(algorithm=None).triangulate()
    faces = np.asarray(kept.regular_faces, dtype=np.int64)
    weights = np.asarray(kept.point_data["weights"], float)
    vertices = np.asarray(kept.points, float)
    return Part(vertices, faces, weights / weights.sum(axis=1, keepdims=True), np.zeros_like(vertices))


def _normals(vertices: Array, faces: npt.NDArray[np.int64]) -> Array:
    """Area-weighted vertex normals (N, 3)."""
    corner = vertices[faces]
    face = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    out = np.zeros_like(vertices)
    for k in range(3):
        np.add.at(out, faces[:, k], face)
    return unit(out + 1e-12)


def _puff(part: Part, offset: Array, colour: tuple[float, float, float], smooth: int = 0) -> Part:
    """`part` pushed out along its normals by `offset` (N,) after losing the body's detail by smoothing."""
    vertices = part.vertices
    if smooth:
        mesh = pv.PolyData.from_regular_faces(vertices, part.faces)
        vertices = np.asarray(mesh.smooth(n_iter=smooth, relaxation_factor=0.1).points, float)
    normals = _normals(vertices, part.faces)
    albedo = np.tile(np.array(colour), (len(vertices), 1))
    return replace(part, vertices=vertices + normals * offset[:, None], albedo=albedo)


def _sleeve(body: Body, v: Array, weights: Array) -> Array:
    """How far down the upper arm a rest position is: 0 shoulder, 1 elbow; -1 for the trunk."""
    out = np.full(len(v), -1.0)
    for side, sign in SIDES:
        top, elbow = body.head(f"upperarm01.{side}"), body.head(f"lowerarm01.{side}")
        along = (v - top) @ (elbow - top) / np.sum((elbow - top) ** 2)
        bones = [i for i, n in enumerate(body.names) if n.endswith(side) and n.startswith(_ARM_BONES)]
        arm = (v[:, 0] * sign > 0.1) & (weights[:, bones].sum(axis=1) > 0.3)
        out[arm] = along[arm]
    return out


def _shirt_field(body: Body) -> Array:
    v, neck, hip = body.vertices, body.head("neck01"), body.head("upperleg01.L")
    collar = (neck[2] + 0.004 + 0.45 * (v[:, 1] - neck[1])) - v[:, 2]
    field: Array = np.min([v[:, 2] - (hip[2] - 0.015), collar, (0.66 - _sleeve(body, v, body.weights)) * 0.27], axis=0)
    return field


def _shorts_field(body: Body) -> Array:
    v, hip, knee = body.vertices, body.head("upperleg01.L"), body.head("lowerleg01.L")
    field: Array = np.min([hip[2] + 0.10 - v[:, 2], v[:, 2] - (knee[2] + 0.10), 0.33 - np.abs(v[:, 0])], axis=0)
    return field


def _shirt(body: Body) -> Part:
    part = _cut(body, _shirt_field(body))
    v, hip = part.vertices, body.head("upperleg01.L")
    sleeve = _sleeve(body, v, part.weights)
    offset = 0.011 + 0.015 * (1 - _ramp(v[:, 2], hip[2] - 0.02, hip[2] + 0.3)) * (sleeve < 0)
    offset = offset + 0.013 * _ramp(sleeve, 0.05, 0.66) + 0.0022 * _folds(v, 0.11)
    return _puff(part, offset, SHIRT, smooth=30)


def _shorts(body: Body) -> Part:
    part = _cut(body, _shorts_field(body))
    v, hip, knee = part.vertices, body.head("upperleg01.L"), body.head("lowerleg01.L")
    leg = 1 - _ramp(v[:, 2], knee[2] + 0.1, hip[2])
    return _puff(part, 0.008 + 0.018 * leg + 0.002 * leg * _folds(v, 0.09), SHORTS, smooth=20)


def _hair(body: Body) -> Part:
    v, top = body.vertices, float(body.vertices[:, 2].max())
    front = float(v[v[:, 2] > top - 0.1][:, 1].min())
    line = top - 0.052 - 0.125 * _ramp(v[:, 1], front + 0.035, front + 0.15)
    field = np.where(body.share("head", "neck") > 0.5, v[:, 2] - line, -1.0)
    part = _cut(body, np.maximum(field, -0.05))
    v = part.vertices
    depth = _ramp(v[:, 2] - (top - 0.052 - 0.125 * _ramp(v[:, 1], front + 0.035, front + 0.15)), 0.0, 0.035)
    part = _puff(part, 0.004 + 0.016 * depth + 0.002 * _folds(v, 0.02), HAIR, smooth=15)
    return replace(part, albedo=part.albedo * (1 + 0.5 * _folds(v, 0.013))[:, None])


def _shoe(body: Body, side: str) -> Part:
    """A shoe from the convex hull of the foot, so that it has no toes."""
    v = body.vertices
    sole = v[(body.share("foot", "toe") > 0.5) & (v[:, 0] * (1 if side == "L" else -1) > 0)]
    sole = sole[sole[:, 2] < 0.088]
    centre = sole.mean(axis=0)
    grown = sole + unit((sole - centre) * [1, 1, 0] + 1e-9) * 0.008 + [0, 0, 0.006]
    grown = np.concatenate([grown, grown * [1, 1, 0]])
    hull = ConvexHull(grown)
    used = np.unique(hull.simplices)
    mesh = pv.PolyData.from_regular_faces(grown[used], np.searchsorted(used, hull.simplices))
    mesh = mesh.subdivide_adaptive(max_edge_len=0.012).clean().smooth(n_iter=12, relaxation_factor=0.08)
    mesh = mesh.compute_normals(auto_orient_normals=True, split_vertices=False)
    points, faces = np.asarray(mesh.points, float), np.asarray(mesh.regular_faces, np.int64)
    points[:, 2] = np.maximum(points[:, 2], 0.0)
    near = cKDTree(v).query(points, k=6)[1]
    weights = body.weights[near].mean(axis=1)
    albedo = np.tile(np.array(SHOE), (len(points), 1))
    albedo[points[:, 2] < 0.024] = SOLE
    return Part(points, faces, weights, albedo)


def _face(body: Body, albedo: Array) -> None:
    """Eyes, brows, lips and a short beard's shade, painted on `albedo` (V, 3)."""
    v = body.vertices
    nose_y = float(v[body.share("head") > 0.5][:, 1].min())
    for side, sign in SIDES:
        eye = body.head(f"eye.{side}")
        ball = body.share(f"eye.{side}") > 0.5
        albedo[ball] = (0.62, 0.60, 0.58)
        tip = v[ball][v[ball][:, 1].argmin()]
        albedo[ball & (np.linalg.norm(v - tip, axis=1) < 0.0068)] = (0.03, 0.02, 0.015)
        brow = ((v[:, 0] - eye[0] - sign * 0.002) / 0.024) ** 2 + ((v[:, 2] - eye[2] - 0.023) / 0.006) ** 2
        albedo[(brow < 1) & (v[:, 1] < eye[1] + 0.01)] = HAIR
    mouth_z = body.head("eye.L")[2] - 0.0705
    lips = (v[:, 0] / 0.027) ** 2 + ((v[:, 2] - mouth_z) / 0.010) ** 2
    albedo[(lips < 1) & (v[:, 1] < nose_y + 0.05)] = (0.46, 0.22, 0.18)


def _skin(body: Body) -> Part:
    """Bare skin and socks: whatever the clothes do not hide."""
    v = body.vertices
    albedo = np.tile(np.array(SKIN), (len(v), 1)) * (1 + 0.04 * _folds(v, 0.05))[:, None]
    albedo[(v[:, 2] < 0.16) & (body.share("foot", "toe", "lowerleg") > 0.5)] = SOCK
    _face(body, albedo)
    hidden = np.max([_shirt_field(body), _shorts_field(body)], axis=0) > 0.03
    hidden |= (v[:, 2] < 0.06) & (body.share("foot", "toe") > 0.5)
    return Part(v, body.faces[~hidden[body.faces].all(axis=1)], body.weights, albedo)


def dress(body: Body) -> Part:
    """The whole person as one surface."""
    parts = [_skin(body), _shorts(body), _shirt(body), _hair(body), _shoe(body, "L"), _shoe(body, "R")]
    starts = np.cumsum([0] + [len(p.vertices) for p in parts[:-1]])
    return Part(
        vertices=np.concatenate([p.vertices for p in parts]),
        faces=np.concatenate([p.faces + s for p, s in zip(parts, starts, strict=True)]),
        weights=np.concatenate([p.weights for p in parts]),
        albedo=np.concatenate([p.albedo for p in parts]),
    )
