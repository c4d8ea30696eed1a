"""Key poses that must just meet something: one angle, or the depth of the pose, is turned until they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import Figure
from deukgeun.synth.motions import degrees
from deukgeun.synth.motions.definition import RESTS
from deukgeun.synth.motions.ground import LEG_BONES, lowest_m
from deukgeun.synth.motions.hold import grips
from deukgeun.synth.motions.kinematics import Bones, forward
from deukgeun.synth.motions.plan import Node
from deukgeun.synth.motions.style import Style
from deukgeun.synth.motions.support import Measured

Array = npt.NDArray[np.float64]

_ROUNDS = 24


def fit_nodes(nodes: Sequence[Node], style: Style, figure: Figure, half_m: float) -> tuple[Node, ...]:
    """The nodes with the motion's `fit` applied: `change` varies within `range` until `until` is at height `at`.

    ``change`` is an angle, a list of angles to which the same is added (["pitch", "hip"]: the trunk leans over thighs
    that stay), or "depth": how far each pose goes from the start pose. ``until`` is what must meet the height: "hands"
    (palms or fists), "bar" (the fists' mean), "chest", "head", "shins" and "soles" (their lowest skin), "knees". By
    bisection, so `until` must rise or fall with `change`; where it never meets, the nearer end of the range is taken.
    """
    fits: Any = style.table.get("fit", [])
    out = tuple(nodes)
    for fit in fits if isinstance(fits, list) else [fits]:
        out = _fitted(out, style, figure, fit)
    return out


def _fitted(nodes: tuple[Node, ...], style: Style, figure: Figure, fit: Mapping[str, Any]) -> tuple[Node, ...]:
    keys = fit.get("keys")
    chosen = [k for k, node in enumerate(nodes) if keys is None or node.name in keys]
    if not chosen:
        return nodes
    angles = np.array([nodes[k].angles for k in chosen])
    low, high = (np.full(len(chosen), style.number(v)) for v in fit["range"])
    height = style.number(fit.get("at", 0.0))

    def error(value: Array) -> Array:
        return (
            _height(_changed(angles, nodes[0].angles, fit["change"], value), chosen, nodes, style, figure, fit) - height
        )

    rising = error(high) > error(low)
    for _ in range(_ROUNDS):
        middle = (low + high) / 2
        above = (error(middle) > 0) == rising
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    fitted = _changed(angles, nodes[0].angles, fit["change"], (low + high) / 2)
    out = list(nodes)
    for row, k in enumerate(chosen):
        out[k] = replace(nodes[k], angles=fitted[row])
    return tuple(out)


def _changed(angles: Array, start: Array, change: str | list[str], value: Array) -> Array:
    if change == "depth":
        return degrees.clip(start + value[:, None] * (angles - start))
    out = angles.copy()
    if isinstance(change, str):
        # In the mirror image of a key a lean goes the other way.
        way = np.where(angles[:, [degrees.INDEX[change]]] < 0, -1.0, 1.0) if change in degrees.MIRRORED else 1.0
        out[:, list(degrees.resolve(change))] = way * value[:, None]
        return out
    for name in change:
        out[:, list(degrees.resolve(name))] += value[:, None]
    return degrees.clip(out)


def _height(
    angles: Array, chosen: Sequence[int], nodes: Sequence[Node], style: Style, figure: Figure, fit: Mapping[str, Any]
) -> Array:
    """Height (K,) of what must meet, with the pelvis where the anchor holds it."""
    bones = forward(angles, figure)
    used = [c for k in chosen for c in nodes[k].contacts]
    measured = Measured.of(bones, angles, figure, used)
    root_z = np.zeros(len(chosen))
    for row, k in enumerate(chosen):
        bears = [c for c in nodes[k].contacts if c.effector in RESTS or c.effector in style.anchor] or nodes[k].contacts
        root_z[row] = np.mean([c.height_m - measured.points[c.effector, c.mode][row, 2] for c in bears])
    bearing = [{(c.effector, c.mode) for c in nodes[k].contacts} for k in chosen]
    return root_z + _point_height(fit["until"], bones, measured, figure, bearing)


def _point_height(
    until: str, bones: Bones, measured: Measured, figure: Figure, bearing: Sequence[set[tuple[str, str]]]
) -> Array:
    """Height (K,) above the pelvis; of hands or feet, only of those that bear in each pose, if any does."""
    if until == "bar":
        height: Array = grips(bones, figure)[..., 2].mean(axis=1)
        return height
    if until == "soles":
        return lowest_m(bones, figure, (*LEG_BONES["l"], *LEG_BONES["r"]))
    if until == "shins":
        return lowest_m(bones, figure, ("shank_l", "shank_r"))
    if until == "head":
        return lowest_m(bones, figure, ("head",))
    if until == "chest":
        return lowest_m(bones, figure, ("chest", "spine4", "spine3"))
    prefix = {"hands": "hand_", "knees": "knee_", "elbows": "elbow_", "feet": "foot_"}[until]
    rows = []
    for row, contacts in enumerate(bearing):
        all_of_it = [key for key in measured.points if key[0].startswith(prefix)]
        own = [key for key in all_of_it if key in contacts]
        rows.append(np.mean([measured.points[key][row, 2] for key in own or all_of_it]))
    mean: Array = np.array(rows)
    return mean
