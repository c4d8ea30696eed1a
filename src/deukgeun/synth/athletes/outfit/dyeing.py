"""The colours of cloth: plain and patterned."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from deukgeun.synth.athletes.outfit.measures import Measures
from deukgeun.synth.athletes.outfit.surface import Piece, folds, normals, ramp, smoothed
from deukgeun.synth.athletes.outfit.wardrobe import Garment

Array = npt.NDArray[np.float64]


def _stripes(across: Array, size_m: float) -> Array:
    return ramp(np.sin(2 * np.pi * across / size_m), -0.15, 0.15)


def _print(v: Array, m: Measures, size_m: float) -> Array:
    """A mark on the chest: a ring, or a bar of letters' size."""
    place = np.hypot(v[:, 0] / (0.5 + 3 * size_m), v[:, 2] - (m.bust_m + 0.01))
    before: Array = (v[:, 1] < m.neck[1] - 0.02) & (place < 0.07) & (np.abs(place - 0.045) > 0.011 * (size_m > 0.13))
    return before.astype(np.float64)


def _share(piece: Piece, garment: Garment, m: Measures, field: Array) -> Array:
    """How much of the pattern's second colour each vertex has (N,)."""
    v, arm, along = piece.vertices, piece.fields[:, 0], piece.fields[:, 1]
    size, facing = garment.pattern.size_m, normals(piece.vertices, piece.faces)
    level_m = m.bust_m - 0.05 if garment.cut in ("tshirt", "tank", "long", "bra") else m.knee_m + 0.25
    match garment.pattern.kind:
        case "stripes":
            return _stripes(np.where(arm > 0.3, 0.27 * along, v[:, 2]), size)
        case "upright":
            return _stripes(v[:, 0], 0.7 * size)
        case "block":
            return ramp(v[:, 2], level_m - 0.006, level_m + 0.006)
        case "print":
            return _print(v, m, size)
        case "sleeves":
            return ramp(arm, 0.3, 0.4)
        case "trim":
            return 1 - ramp(field, 0.018, 0.03)
        case "sides":
            return ramp(np.abs(facing[:, 0]) - np.abs(facing[:, 1]), 0.4, 0.6) * (facing[:, 0] * v[:, 0] > 0)
        case _:
            return np.zeros(len(v))


def dyed(piece: Piece, garment: Garment, m: Measures, field: Array, seed: float) -> Array:
    """Albedo (N, 3) of a garment's cloth, with a little unevenness of wear and folds; ``field`` is that of its cut."""
    share = smoothed(piece, _share(piece, garment, m, field), 1)[:, None]
    colour = (1 - share) * garment.colour + share * garment.pattern.second
    wear: Array = 1 + 0.05 * folds(piece.vertices, 0.07, seed)[:, None]
    return np.asarray(np.clip(colour * wear, 0.004, 0.85), dtype=np.float64)
