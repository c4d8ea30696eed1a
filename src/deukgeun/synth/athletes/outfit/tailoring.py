"""Where a garment covers the body, and the shape its cloth takes there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from deukgeun.synth.athletes.outfit.drape import draped
from deukgeun.synth.athletes.outfit.measures import Measures
from deukgeun.synth.athletes.outfit.surface import Piece, cut, edge_vertices, folds, normals, pushed, ramp, smoothed
from deukgeun.synth.athletes.outfit.wardrobe import Garment, Look

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
_ARM_M = 0.27  # length of an arm's half, to turn shares of it into metres
TIGHT_M = 0.006  # cloth with less room than this clings
TUCKED_M = 0.010  # a top with less room than this is tucked into the waist


def _collar(garment: Garment, v: Array, m: Measures) -> Array:
    """Height below the neckline: a tilted ring round the neck, lowered before the chest."""
    ring = m.neck[2] + 0.002 + 0.45 * (v[:, 1] - m.neck[1]) - v[:, 2]
    scoop = garment.neckline_m * np.clip(1 - (np.abs(v[:, 0]) / 0.062) ** 2, 0, 1) * ramp(-v[:, 1], -m.neck[1], 0.06)
    wider = 0.12 * garment.neckline_m * ramp(0.12 - np.abs(v[:, 0]), 0.0, 0.06)
    field: Array = ring - scoop - wider
    return field


def _armhole(v: Array, m: Measures, narrow: float) -> Array:
    """Positive on the trunk inside the round of the arms; ``narrow`` takes more of the shoulder away."""
    field: Array = (0.32 - m.arm - narrow * m.shoulder) * 0.2
    return field


def _bra(garment: Garment, v: Array, m: Measures) -> Array:
    under = v[:, 2] - (m.bust_m - 0.075)
    panel = (m.bust_m + 0.055 + 0.03 * ramp(v[:, 1], 0.0, 0.08)) - v[:, 2]
    strap = 0.034 - np.abs(np.abs(v[:, 0]) - 0.47 * m.half_width_m)
    field: Array = np.min([under, np.maximum(panel, strap), _armhole(v, m, 0.6), _collar(garment, v, m)], axis=0)
    return field


def top_field(garment: Garment, v: Array, m: Measures) -> Array:
    """How far inside the edge of a top each rest position (V, 3) lies, in metres; negative outside."""
    if garment.cut == "bare":
        return np.full(len(v), -1.0)
    if garment.cut == "bra":
        return _bra(garment, v, m)
    hem = v[:, 2] - (m.hip_m - garment.hem_m)
    hem = np.where(m.arm > 0.3, 1.0, hem)
    sleeve = (
        _armhole(v, m, 0.2 + 2 * garment.neckline_m) if garment.cut == "tank" else (garment.length - m.along) * _ARM_M
    )
    # Loose cloth stands off at hem and sleeve, where the skin under it shows, but lies on at the neck: what is hidden
    # is told by the distance from the edge, so that one counts three times.
    collar = _collar(garment, v, m) * (1.0 if garment.loose_m < TIGHT_M else 3.0)
    field: Array = np.min([hem, collar, sleeve], axis=0)
    return field


def bottom_field(garment: Garment, v: Array, m: Measures) -> Array:
    """How far inside the edge of a bottom each rest position (V, 3) lies, in metres; negative outside."""
    waist_m = m.hip_m + (0.125 if garment.loose_m < TIGHT_M else 0.095)
    knee, ankle = m.knee_m, m.ankle_m
    end_m = float(np.interp(garment.length, [0, 1, 2], [m.hip_m, knee, ankle]))
    waist = (waist_m - v[:, 2]) * (1.0 if garment.loose_m < TIGHT_M else 8.0)  # see `top_field`
    field: Array = np.min([waist, v[:, 2] - end_m, (0.3 - m.arm) * 0.3], axis=0)
    return field


def _at_least(piece: Piece, body: Piece, room_m: Array) -> Piece:
    """The cloth ``piece`` lifted wherever it lies less than ``room_m`` (N,) outside the ``body`` it was cut from."""
    out = normals(body.vertices, body.faces)
    room = np.einsum("ni,ni->n", piece.vertices - body.vertices, out)
    return replace(piece, vertices=piece.vertices + np.maximum(room_m - room, 0.0)[:, None] * out)


def _true_edges(piece: Piece, bare: Piece, lying: Mask, room_m: Array) -> Piece:
    """Edges where they were cut, which smoothing has moved: those that lie on the body (N,) at ``room_m`` from it, the
    others (hems that hang) at their height.
    """
    v = piece.vertices.copy()
    edge = edge_vertices(piece.faces, len(v))
    v[edge, 2] = bare.vertices[edge, 2]
    out = normals(bare.vertices, bare.faces)
    lying = edge & lying
    v[lying] = bare.vertices[lying] + room_m[lying, None] * out[lying]
    return replace(piece, vertices=v)


def _trunk(piece: Piece, m: Measures) -> Array:
    """What cloth hangs round: the trunk above the crotch, without the arms (M, 3)."""
    v = piece.vertices
    kept: Array = v[(m.arm < 0.12) & (v[:, 2] > m.hip_m - 0.1) & (v[:, 2] < m.shoulder_m)]
    return kept


def _softened(piece: Piece, m: Measures, steps: int, pelvis: Array) -> Piece:
    """The cloth with weights that run over it smoothly; at the hips it goes with the ``pelvis`` (B,) more."""
    weights = smoothed(piece, piece.weights, steps)
    low = 0.5 * ramp(m.hip_m + 0.1 - piece.vertices[:, 2], 0.0, 0.12)[:, None]
    legs = pelvis < 0
    moved = low * weights[:, legs]
    weights[:, legs] -= moved
    weights[:, pelvis > 0] += moved.sum(axis=1, keepdims=True)
    return replace(piece, weights=weights)


def _bottom_room(garment: Garment, v: Array, m: Measures) -> Array:
    """How far a bottom stands off the skin: little at the waist, ``loose_m`` at the thigh."""
    if garment.loose_m < TIGHT_M:
        return np.full(len(v), 0.003)
    leg = 1 - ramp(v[:, 2], m.hip_m - 0.12, m.hip_m + 0.06)
    room: Array = 0.005 + garment.loose_m * leg
    return room


def top(body: Piece, look: Look, m: Measures, field: Array, pelvis: Array) -> Piece:
    """The cloth of a top. The first column of the body's fields is the share of the arms, the second ``along``.

    ``pelvis`` (B,) is 1 for the bone of the pelvis, -1 for those of the legs, 0 for the others.
    """
    garment, seed = look.top, look.seed
    bare = cut(body, field)
    arm, along, v = bare.fields[:, 0], bare.fields[:, 1], bare.vertices
    loose, tight = garment.loose_m, garment.loose_m < TIGHT_M
    down = 1 - ramp(v[:, 2], m.hip_m - 0.02, m.hip_m + 0.3)
    offset = (
        0.003
        + 0.25 * loose
        + 0.55 * loose * down * (arm < 0.3)
        + 0.6 * loose * ramp(along, 0.0, max(garment.length, 0.1))
    )
    offset = offset * (1 - 0.6 * ramp(v[:, 2], m.shoulder_m, m.shoulder_m + 0.04) * (arm < 0.5))
    over = ramp(m.hip_m + 0.15 - v[:, 2], 0, 0.04) * (garment.loose_m > TUCKED_M)
    room = (0.003 if tight else 0.006) + over * (_bottom_room(look.bottom, v, m) + 0.004)
    shell = replace(bare, vertices=smoothed(bare, bare.vertices, 2 if tight else 8))
    trunk = ramp(0.25 - arm, 0.0, 0.15) * (ramp(m.hip_m + 0.08 - v[:, 2], 0, 0.08) if tight else 1.0)
    level = m.bust_m + 0.02
    round_ = draped(shell.vertices, _trunk(body, m), level, trunk, 0.0 if tight else min(1.0, loose / 0.03))
    shell = pushed(replace(shell, vertices=round_), offset + 0.09 * loose * folds(v, 0.16, seed))
    shell = _at_least(shell, bare, room)
    shell = replace(shell, vertices=smoothed(shell, shell.vertices, 3))
    lying = (v[:, 2] > m.bust_m) | (arm > 0.3)
    shell = _true_edges(_at_least(shell, bare, 0.8 * room), bare, lying, np.where(arm > 0.3, offset, 0.004))
    return _softened(shell, m, 4 if tight else 12, pelvis)


def _crotch(piece: Piece, m: Measures) -> Piece:
    """The cloth spans the crotch instead of following it."""
    v = piece.vertices
    level = v[:, 2] - m.hip_m
    here = ramp(0.085 - np.abs(v[:, 0]), 0.0, 0.03) * ramp(level, -0.2, -0.12) * ramp(-level, -0.09, -0.02)
    out = v
    for _ in range(14):
        out = out + 0.9 * here[:, None] * (smoothed(piece, out, 1, 1.0) - out)
    return replace(piece, vertices=out)


def bottom(body: Piece, look: Look, m: Measures, field: Array) -> Piece:
    """The cloth of a bottom."""
    garment, seed = look.bottom, look.seed
    bare = cut(body, field)
    v, loose = bare.vertices, garment.loose_m
    room = _bottom_room(garment, v, m)
    if loose < TIGHT_M:
        return pushed(_crotch(bare, m), room)
    if garment.cut == "trousers" and np.sin(seed) > 0:  # drawn in at the ankle
        room = 0.005 + (room - 0.005) * ramp(v[:, 2], m.ankle_m + 0.02, m.ankle_m + 0.2)
    shell = _crotch(replace(bare, vertices=smoothed(bare, bare.vertices, 10)), m)
    outer = ramp(np.abs(v[:, 0]), 0.02, 0.09)  # legs of cloth do not reach through each other
    shell = pushed(shell, (0.35 + 0.65 * outer) * room + 0.08 * (room - 0.005) * folds(v, 0.13, seed))
    legs = 0.004 * ramp(m.hip_m - 0.09 - v[:, 2], 0.0, 0.03)  # below the crotch, skin goes on under the cloth
    shell = _at_least(shell, bare, np.maximum(0.8 * outer * room, legs))
    shell = _true_edges(shell, bare, v[:, 2] > m.hip_m, room)
    return replace(shell, weights=smoothed(shell, shell.weights, 6))
