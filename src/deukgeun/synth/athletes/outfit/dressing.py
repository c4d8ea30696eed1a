"""Dressing an athlete: body, clothes, hair and shoes as one coloured surface."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from deukgeun.synth.athletes.mesh import BodyMesh
from deukgeun.synth.athletes.outfit import tailoring
from deukgeun.synth.athletes.outfit.dyeing import dyed
from deukgeun.synth.athletes.outfit.face import painted
from deukgeun.synth.athletes.outfit.hair import hair
from deukgeun.synth.athletes.outfit.measures import Measures, measure
from deukgeun.synth.athletes.outfit.occlusion import openness
from deukgeun.synth.athletes.outfit.shoes import shoe
from deukgeun.synth.athletes.outfit.surface import Piece, cut, joined, smoothed, tidy, without
from deukgeun.synth.athletes.outfit.wardrobe import Garment, Look, choose
from deukgeun.synth.figure import Figure

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
_UNDER_TIGHT_M, _UNDER_LOOSE_M, _UNDER_SHORTS_M = 0.008, 0.03, 0.10
_SHOE_TOP_M = 0.02


@dataclass(frozen=True, slots=True)
class Dressed:
    """A dressed athlete at rest: vertices (V, 3) metres, faces (F, 3), weights (V, B) over the bones of the mesh,
    albedo (V, 3) linear, occlusion (V,): 1 in the open, 0 where no light gets.
    """

    vertices: Array
    faces: npt.NDArray[np.int64]
    weights: Array
    albedo: Array
    occlusion: Array
    look: Look


def _margin(garment: Garment) -> float:
    """How far under the edge of a garment what it covers goes on; one can see far into loose shorts."""
    if garment.loose_m < tailoring.TIGHT_M:
        return _UNDER_TIGHT_M
    return _UNDER_SHORTS_M if garment.cut == "shorts" else _UNDER_LOOSE_M


def _bare(body: Piece, m: Measures, look: Look, top: Array, bottom: Array) -> list[Piece]:
    """Skin, and socks with a clean edge, without what clothes and shoes hide."""
    v = body.vertices
    hidden = np.maximum(top - _margin(look.top), bottom - _margin(look.bottom))
    above = np.minimum(bottom - _UNDER_TIGHT_M, v[:, 2] - (m.hip_m - 0.1))  # in shorts, only the legs go on under cloth
    bare = cut(replace(body, fields=m.foot[:, None]), -np.maximum(hidden, above))
    if look.shoe is not None:
        bare = without(bare, (bare.fields[:, 0] > 0.5) & (bare.vertices[:, 2] < m.ankle_m - _SHOE_TOP_M))
    if look.sock_m < 0:
        return [bare]
    line = bare.vertices[:, 2] - (m.ankle_m + look.sock_m)
    skin, sock = cut(bare, line), cut(bare, -line)
    return [skin, replace(sock, albedo=np.tile(look.sock, (len(sock.vertices), 1)))]


def _pelvis(mesh: BodyMesh) -> Array:
    """For `tailoring.top`: 1 for the pelvis (B,), -1 for the legs."""
    out = np.array([-1.0 if name.startswith(("upperleg", "lowerleg")) else 0.0 for name in mesh.names])
    out[mesh.names.index("root")] = 1.0
    return out


def _clothes(body: Piece, m: Measures, look: Look, top: Array, bottom: Array, pelvis: Array) -> list[Piece]:
    """Bottom and top, without what one hides of the other: a tight top is tucked in, a loose one hangs over."""
    carried = replace(body, fields=np.stack([m.arm, m.along, top, bottom], axis=1))
    lower = tailoring.bottom(carried, look, m, bottom)
    lower = replace(lower, albedo=dyed(lower, look.bottom, m, lower.fields[:, 3], look.seed))
    if look.top.cut == "bare":
        return [lower]
    upper = tailoring.top(carried, look, m, top, pelvis)
    upper = replace(upper, albedo=dyed(upper, look.top, m, upper.fields[:, 2], look.seed + 1))
    if look.top.loose_m < tailoring.TUCKED_M:
        return [lower, without(upper, upper.fields[:, 3] > 0.015)]
    return [without(lower, lower.fields[:, 2] > _UNDER_LOOSE_M), upper]


def _without_hollows(piece: Piece, occlusion: Array, inner: Mask) -> tuple[Piece, Array]:
    """Without the hollow of the mouth and the backs of the eyes, which no light reaches."""
    hidden = inner & (occlusion < 0.01)
    kept = piece.faces[~hidden[piece.faces].all(axis=1)]
    made = tidy(replace(piece, faces=kept, fields=occlusion[:, None]))
    return made, made.fields[:, 0]


def dress(figure: Figure, mesh: BodyMesh, rng: np.random.Generator) -> Dressed:
    """The athlete in clothes chosen at random; the same generator gives the same clothes."""
    look = choose(figure, rng)
    weights = mesh.weights()
    m = measure(mesh, weights)
    v = mesh.vertices
    body = Piece(v, mesh.faces, weights, painted(figure, mesh, look, m, weights), np.zeros((len(v), 0)))
    # A body's weights are uneven from vertex to vertex, and so would be the edges cut along them.
    top = smoothed(body, tailoring.top_field(look.top, v, m), 1 if look.top.cut in ("tank", "bra") else 3)
    bottom = tailoring.bottom_field(look.bottom, v, m)
    pieces = [*_bare(body, m, look, top, bottom), *_clothes(body, m, look, top, bottom, _pelvis(mesh))]
    pieces += hair(body, mesh, figure, m, look)
    if look.shoe is not None:
        pieces += [shoe(mesh, weights, m, look, side) for side in "LR"]
    whole = joined(pieces)
    inner = np.zeros(len(whole.vertices), dtype=bool)
    head = [i for i, name in enumerate(mesh.names) if name.startswith(("head", "eye"))]
    first = len(pieces[0].vertices)
    inner[:first] = whole.weights[:first, head].sum(axis=1) > 0.5
    whole, occlusion = _without_hollows(whole, openness(whole.vertices, whole.faces), inner)
    return Dressed(whole.vertices, whole.faces, whole.weights, whole.albedo, occlusion, look)
