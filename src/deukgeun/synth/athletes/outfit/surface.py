"""Surfaces that follow bones: cutting, smoothing, pushing out, joining."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix, csr_matrix, diags

from deukgeun.synth.rotation import unit

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Piece:
    """A surface at rest: vertices (N, 3), faces (F, 3), weights (N, B), albedo (N, 3) linear.

    ``fields`` (N, K) are any values of the vertices that a cut has to carry along.
    """

    vertices: Array
    faces: Index
    weights: Array
    albedo: Array
    fields: Array

    def __post_init__(self) -> None:
        count = len(self.vertices)
        for name in ("weights", "albedo", "fields"):
            if len(getattr(self, name)) != count:
                raise ValueError(f"{name}: expected {count} rows, got {len(getattr(self, name))}")


def _split(faces: Index, inside: Mask) -> tuple[Index, Index, Index]:
    """Faces wholly inside, and those with one or two corners inside, turned so that the odd corner comes first."""
    count = inside[faces].sum(axis=1)
    out = [faces[count == 3]]
    for corners in (1, 2):
        some = faces[count == corners]
        odd = (inside[some] == (corners == 1)).argmax(axis=1)
        out.append(some[np.arange(len(some))[:, None], (odd[:, None] + np.arange(3)) % 3])
    return out[0], out[1], out[2]


def cut(piece: Piece, field: Array) -> Piece:
    """The part where ``field`` (N,) is positive, with a clean edge; faces keep their winding."""
    inside = field > 0
    whole, one, two = _split(piece.faces, inside)
    ends = np.concatenate([one[:, [0, 1]], one[:, [0, 2]], two[:, [0, 1]], two[:, [0, 2]]])
    edges, where = np.unique(np.sort(ends, axis=1), axis=0, return_inverse=True)
    a, b = edges[:, 0], edges[:, 1]
    share = (field[a] / np.where(field[a] == field[b], 1.0, field[a] - field[b]))[:, None]
    new = len(piece.vertices) + where.reshape(-1)
    ab, ac = new[: len(one)], new[len(one) : 2 * len(one)]
    rest = new[2 * len(one) :]
    pq, pr = rest[: len(two)], rest[len(two) :]
    faces = np.concatenate(
        [
            whole,
            np.stack([one[:, 0], ab, ac], axis=1),
            np.stack([pq, two[:, 1], two[:, 2]], axis=1),
            np.stack([pq, two[:, 2], pr], axis=1),
        ]
    )

    def grown(values: Array) -> Array:
        return np.concatenate([values, values[a] + share * (values[b] - values[a])])

    made = Piece(grown(piece.vertices), faces, grown(piece.weights), grown(piece.albedo), grown(piece.fields))
    return tidy(made)


def tidy(piece: Piece) -> Piece:
    """The same surface without vertices that no face uses."""
    used, faces = np.unique(piece.faces, return_inverse=True)
    return Piece(
        piece.vertices[used],
        faces.reshape(-1, 3).astype(np.int64),
        piece.weights[used],
        piece.albedo[used],
        piece.fields[used],
    )


def edge_vertices(faces: Index, count: int) -> Mask:
    """Which of ``count`` vertices lie on an open edge of the surface."""
    ends = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    edges, times = np.unique(ends, axis=0, return_counts=True)
    out = np.zeros(count, dtype=bool)
    out[edges[times == 1]] = True
    return out


def without(piece: Piece, hidden: Mask) -> Piece:
    """The piece without the faces all of whose corners are ``hidden`` (N,)."""
    return tidy(replace(piece, faces=piece.faces[~hidden[piece.faces].all(axis=1)]))


def _mean_of_neighbours(piece: Piece) -> csr_matrix:
    ends = np.concatenate([piece.faces[:, [0, 1]], piece.faces[:, [1, 2]], piece.faces[:, [2, 0]]])
    both = np.concatenate([ends, ends[:, ::-1]])
    count = len(piece.vertices)
    joined = coo_matrix((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(count, count)).tocsr()
    joined.data[:] = 1.0
    return diags(1 / np.maximum(np.asarray(joined.sum(axis=1)).ravel(), 1)) @ joined


def smoothed(piece: Piece, values: Array, steps: int, share: float = 0.5) -> Array:
    """``values`` (N, ...) moved ``steps`` times by ``share`` of the way to the mean of their neighbours."""
    mean = _mean_of_neighbours(piece)
    out = values
    for _ in range(steps):
        out = (1 - share) * out + share * (mean @ out)
    return out


def normals(vertices: Array, faces: Index) -> Array:
    """Area-weighted vertex normals (N, 3)."""
    corner = vertices[faces]
    face = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    out = np.zeros_like(vertices)
    for k in range(3):
        np.add.at(out, faces[:, k], face)
    return unit(out)


def pushed(piece: Piece, offset_m: Array) -> Piece:
    """The piece pushed out along its normals by ``offset_m`` (N,)."""
    return replace(piece, vertices=piece.vertices + normals(piece.vertices, piece.faces) * offset_m[:, None])


def joined(pieces: list[Piece]) -> Piece:
    """All pieces as one, in their order; the fields are dropped."""
    starts = np.cumsum([0] + [len(piece.vertices) for piece in pieces[:-1]])
    vertices = np.concatenate([piece.vertices for piece in pieces])
    return Piece(
        vertices=vertices,
        faces=np.concatenate([piece.faces + start for piece, start in zip(pieces, starts, strict=True)]),
        weights=np.concatenate([piece.weights for piece in pieces]),
        albedo=np.concatenate([piece.albedo for piece in pieces]),
        fields=np.zeros((len(vertices), 0)),
    )


def ramp(x: Array, low: float, high: float) -> Array:
    """0 below ``low``, 1 above ``high``, smooth between."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    out: Array = t * t * (3 - 2 * t)
    return out


def folds(v: Array, size_m: float, phase: float = 0.0) -> Array:
    """Smooth waves in -1..1 over rest positions (N, 3): folds of cloth, strands of hair."""
    k = 2 * np.pi / size_m
    waves = np.sin(k * (v @ np.array([0.9, 0.3, 0.5])) + 1.3 * np.sin(0.6 * k * v[:, 2] + phase) + phase)
    out: Array = 0.6 * waves + 0.4 * np.sin(1.7 * k * (v @ np.array([-0.4, 0.5, 0.8])) + 2.0 + 3 * phase)
    return out
