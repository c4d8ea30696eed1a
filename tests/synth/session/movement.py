"""What planted feet and carried things do in a session, measured picture by picture."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from deukgeun.synth.acts import Act
from deukgeun.synth.figure import BONE
from deukgeun.synth.items import Item
from deukgeun.synth.session.carry import fists

Array = npt.NDArray[np.float64]

ON_M = 0.01


def skid_m(act: Act, side: str, frames: slice) -> float:
    """How far a foot slips, at most, from where it came down until it is lifted.

    It is the way of the skin that touches: a foot that rolls over its ball does not slip.
    """
    figure = act.figure
    own = np.flatnonzero(np.isin(figure.skin_bone, [BONE[f"foot_{side}"], BONE[f"toes_{side}"]]))
    skin = act.posed.carry(figure.skin[own], figure.skin_bone[own], figure)[frames]
    low = skin[..., 2].argmin(axis=1)
    at = np.arange(len(skin))
    on = skin[at, low, 2] < ON_M
    step = skin[at[1:], low[1:], :2] - skin[at[:-1], low[1:], :2]
    worst, way = 0.0, np.zeros(2)
    for both, moved in zip(on[1:] & on[:-1], step, strict=True):
        way = way + moved if both else np.zeros(2)
        worst = max(worst, float(np.linalg.norm(way)))
    return worst


def alone_m(act: Act, item: Item, still_m: float = 0.004, near_m: float = 0.2) -> float:
    """How far a thing goes in all while it is in nobody's hands."""
    at, hands = item.pose[:, :3, 3], fists(act.posed, act.figure)
    places = np.stack([hands[:, 0], hands[:, 1], hands.mean(axis=1)], axis=1)
    away = np.linalg.norm(places - at[:, None], axis=-1).min(axis=1)
    way = np.linalg.norm(np.diff(at, axis=0), axis=-1)
    return float(way[(way > still_m) & (away[1:] > near_m)].sum())
