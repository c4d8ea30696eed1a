"""How deep a body goes into the cushions it lies, sits and leans on."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import BONE
from deukgeun.synth.items import Item
from deukgeun.synth.motions.perform import Performance
from deukgeun.synth.motions.props import items, kind_sizes
from deukgeun.synth.rotation import X, about

Array = npt.NDArray[np.float64]
Pad = tuple[Array, tuple[float, float, float]]


def into_pad_m(p: Performance) -> float:
    """How deep the skin, but for the hands, goes into a bench's or a seat's pads, from above or from the side."""
    hands = np.isin(p.figure.skin_bone, [BONE["hand_l"], BONE["hand_r"]])
    skin = p.posed.skin(p.figure)[:, ~hands]
    worst = 0.0
    for item in items(p):
        for pose, (width, length, thickness) in pads(item):
            whole = item.pose @ pose
            at = np.einsum("tji,tpj->tpi", whole[:, :3, :3], skin - whole[:, None, :3, 3])
            sides = np.minimum(width / 2 - np.abs(at[..., 0]), length / 2 - np.abs(at[..., 1]))
            inside = np.minimum(sides, -at[..., 2]) * (at[..., 2] + thickness > 0)
            worst = max(worst, float(inside.max()))
    return worst


def pads(item: Item) -> list[Pad]:
    """The cushions of a thing: the middle of each upper face (4, 4) in its axes, and its width, length, thickness."""
    if item.kind not in ("flat_bench", "incline_bench", "seat"):
        return []
    size = {**kind_sizes(item.kind), **item.size}
    width, thickness = size["width_m"], size["thickness_m"]
    if item.kind != "incline_bench":
        return [(np.eye(4), (width, size["length_m"], thickness))]
    return [
        (_tilted(size["back_deg"], size["back_length_m"] / 2 + 0.01), (width, size["back_length_m"], thickness)),
        (_tilted(-size["seat_deg"], -size["seat_length_m"] / 2 - 0.01), (width, size["seat_length_m"], thickness)),
    ]


def _tilted(angle_deg: float, along_m: float) -> Array:
    pose = np.eye(4)
    pose[:3, :3] = about(X, angle_deg)
    pose[:3, 3] = pose[:3, :3] @ np.array([0.0, along_m, 0.0])
    return pose
