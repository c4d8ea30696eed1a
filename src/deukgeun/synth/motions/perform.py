"""A plan acted out by an athlete: bones in every picture, and what the hands hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import SIDES, Figure, Posed
from deukgeun.synth.motions import clearance, contacts, degrees, hold, timeline
from deukgeun.synth.motions.definition import RESTS
from deukgeun.synth.motions.fit import fit_nodes
from deukgeun.synth.motions.ground import SINK_M, lowest_m
from deukgeun.synth.motions.kinematics import Bones, column, forward
from deukgeun.synth.motions.plan import Node, Plan, PlannedRepetition, on_right
from deukgeun.synth.motions.style import Style
from deukgeun.synth.motions.support import Measured, Stand, stand_nodes

Array = npt.NDArray[np.float64]

_LEGS = ("thigh_l", "thigh_r", "shank_l", "shank_r")
_TRUNK = ("pelvis", "spine2", "spine4", "chest", "head")
_BODY = (*_TRUNK, *_LEGS)


@dataclass(frozen=True, slots=True)
class Performance:
    """An athlete's movement: time_s (T,), bones in the room, angles (T, D) as planned, grip (T, 2) 0 open, 1 fist.

    ``bar`` is the bar both hands are on, where there is one; ``repetitions`` is the truth of the set.
    """

    time_s: Array
    posed: Posed
    angles: Array
    grip: Array
    bar: hold.Bar | None
    repetitions: tuple[PlannedRepetition, ...]
    style: Style
    figure: Figure

    def __post_init__(self) -> None:
        frames = len(self.time_s)
        if self.posed.joints.shape[0] != frames or self.grip.shape != (frames, 2):
            raise ValueError(f"expected {frames} pictures, got {self.posed.joints.shape}, {self.grip.shape}")


def perform(
    plan: Plan, style: Style, figure: Figure, time_s: Array, rng: np.random.Generator, looseness: float = 1.0
) -> Performance:
    """Act ``plan`` out at ``time_s`` (T,) seconds; ``looseness`` scales unintended motion."""
    half_m = _grip_half_m(style, figure)
    nodes = fit_nodes(plan.nodes, style, figure, half_m)
    stands, at_nodes = _stand(nodes, style, figure, half_m)
    angles = timeline.angles_at(nodes, time_s) + timeline.sway(rng, time_s, looseness * style.option("sway", 1.0))
    angles = degrees.clip(angles)
    bones = forward(angles, figure)
    wanted = _bear(bones, angles, figure, nodes, stands, at_nodes, style, time_s)
    _stand_clear(bones, angles, figure, wanted, nodes, time_s)
    contacts.plant_hands(bones, angles, figure, wanted)
    bar = _hold(bones, angles, figure, style, wanted, half_m)
    hold.touch_body(bones, angles, figure, nodes, time_s)
    clearance.keep_off_thighs(
        bones, figure, clearance.held_by(style.table.get("items", []), on_right(style, plan.repetitions))
    )
    if bar is None:
        hold.keep_arms_above_floor(bones, angles, figure, set(wanted))
    grip = np.stack([column(angles, f"grip_{side}") for side in ("l", "r")], axis=1)
    return Performance(time_s, Posed(bones.rotations, bones.joints), angles, grip, bar, plan.repetitions, style, figure)


def _grip_half_m(style: Style, figure: Figure) -> float:
    """Half the width of the grip: `width` of the hold counts half shoulder widths, `half_m` metres."""
    held: Mapping[str, Any] = style.table.get("hold", {})
    if "half_m" in held:
        return style.number(held["half_m"])
    return style.number(held.get("width", 1.2)) * hold.half_shoulders_m(figure)


def _stand(nodes: tuple[Node, ...], style: Style, figure: Figure, half_m: float) -> tuple[list[Stand], Measured]:
    angles = np.array([node.angles for node in nodes])
    used = [c for node in nodes for c in node.contacts]
    measured = Measured.of(forward(angles, figure), angles, figure, used)
    return stand_nodes(nodes, measured, style.anchor, half_m), measured


def _bear(
    bones: Bones, angles: Array, figure: Figure, nodes: tuple[Node, ...], stands: list[Stand], at_nodes: Measured,
    style: Style, time_s: Array,
) -> dict[str, contacts.Goal]:  # fmt: skip
    """Put the bones where the contacts bear them; the goals of the planted limbs."""
    measured = Measured.of(bones, angles, figure, [c for node in nodes for c in node.contacts])
    spans = timeline.segments(nodes, time_s)
    root = contacts.pelvis_path(nodes, stands, at_nodes, measured, time_s, spans, style.anchor)
    wanted = contacts.goals(nodes, stands, measured, root, time_s, spans)
    bones.joints += root[:, None]
    bones.joints += contacts.lower_to_reach(bones, figure, wanted, angles)[:, None]
    return wanted


def _stand_clear(
    bones: Bones, angles: Array, figure: Figure, wanted: dict[str, contacts.Goal], nodes: tuple[Node, ...],
    time_s: Array,
) -> None:  # fmt: skip
    """Plant the feet, and lift a body whose knees or trunk would go into the floor: the floor ends the movement."""
    rests = {c.effector for node in nodes for c in node.contacts}
    free = tuple(n for n in _BODY if not (n in _LEGS and rests & {"knee_l", "knee_r"}))
    lying = timeline.lying(nodes, time_s)
    handed = len({c.effector for node in nodes for c in node.contacts if c.effector in RESTS}) > 1 or not lying.all()
    for _ in range(5):
        contacts.plant_feet(bones, angles, figure, wanted)
        if lying.all() and not handed:
            return
        # On its way to lie down a trunk may not sink deeper than one that lies.
        sunk = np.maximum(-SINK_M - lowest_m(bones, figure, _TRUNK), 0.0) * handed
        below = np.where(lying, sunk, np.maximum(-0.003 - _lowest_bearing(bones, figure, free, wanted), 0.0))
        if not (below > 0.002).any():
            return
        bones.joints[..., 2] += 1.3 * below[:, None]


def _lowest_bearing(bones: Bones, figure: Figure, names: tuple[str, ...], wanted: Mapping[str, contacts.Goal]) -> Array:
    """Height (T,) of the lowest skin of the trunk and of legs that stand; a leg that swings bends out of the way."""
    low = lowest_m(bones, figure, tuple(n for n in names if n not in _LEGS))
    for side in SIDES:
        own = tuple(n for n in names if n in _LEGS and n.endswith(side))
        goal = wanted.get(f"foot_{side}")
        if own and goal is not None:
            low = np.minimum(low, np.where(goal.weight >= 1, lowest_m(bones, figure, own), 1.0))
    return low


def _hold(
    bones: Bones, angles: Array, figure: Figure, style: Style, wanted: dict[str, contacts.Goal], half_m: float
) -> hold.Bar | None:
    held: Mapping[str, Any] = style.table.get("hold", {})
    hold.grip_fixed(bones, angles, figure, wanted, held)
    place = held.get("at")
    if place in (None, "fixed", "none"):
        return None
    if place == "hands":
        bar = hold.bar_in_hands(bones, angles, figure, held, half_m)
    else:
        bar = hold.bar_on_body(bones, figure, place, half_m)
    hold.grip_bar(bones, angles, figure, bar, held, np.ones(len(angles)))
    return bar
