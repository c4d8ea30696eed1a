"""What a believable body must keep: measured on a performance, after everything has been solved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import BONE, BONES, PARENTS
from deukgeun.synth.items import Item
from deukgeun.synth.motions.anatomy import beyond, joint_angles
from deukgeun.synth.motions.definition import RESTS
from deukgeun.synth.motions.ground import bearing_height
from deukgeun.synth.motions.hold import grips
from deukgeun.synth.motions.kinematics import Bones
from deukgeun.synth.motions.pads import into_pads_m, unborne_m
from deukgeun.synth.motions.perform import Performance
from deukgeun.synth.motions.plan import Node, Plan
from deukgeun.synth.motions.props import items
from deukgeun.synth.motions.thickness import bar_lines, into_bars_m
from deukgeun.synth.rotation import unit

Array = npt.NDArray[np.float64]

BARS = {
    "length": 0.001,
    "slide_m": 0.02,
    "floor_m": 0.01,
    "hover_m": 0.02,
    "grip_m": 0.02,
    "speed_deg_s": 1800.0,
    "jolt_m": 0.08,
    "into_bar_m": 0.03,
    "into_pad_m": 0.022,
    "unborne_m": 0.03,
}
# Below this many pictures a second no jolt can be told from quick movement.
_JUDGED_HZ = 23.0


@dataclass(frozen=True, slots=True)
class Physics:
    """The worst of a performance: each must stay under its bar."""

    length: float
    slide_m: float
    floor_m: float
    hover_m: float
    grip_m: float
    speed_deg_s: float
    jolt_m: float
    into_bar_m: float
    into_pad_m: float
    unborne_m: float
    angles: dict[str, tuple[float, float]]
    slid: str

    def faults(self) -> list[str]:
        """What is over its bar, in words; empty when all holds."""
        out = [
            f"{f.name} {getattr(self, f.name):.3f} > {BARS[f.name]} {self.slid if f.name == 'slide_m' else ''}"
            for f in fields(self)
            if f.name in BARS and getattr(self, f.name) > BARS[f.name]
        ]
        return out + beyond(self.angles)


def measure(performance: Performance, plan: Plan, things: Sequence[Item] | None = None) -> Physics:
    """Measure everything; ``things`` are the equipment, by default what `items` places."""
    p, posed, figure = performance, performance.posed, performance.figure
    around = items(p) if things is None else tuple(things)
    slide, where = slide_m(p, plan)
    return Physics(
        length=bone_length_change(p),
        slide_m=slide,
        floor_m=floor_m(p),
        hover_m=hover_m(p, plan),
        grip_m=max(grip_gap_m(p), grip_on_things_m(p, around)),
        speed_deg_s=bone_speed_deg_s(p),
        jolt_m=jolt_m(posed.joints, p.time_s),
        into_bar_m=into_bars_m(posed, figure, _fists(p), around),
        into_pad_m=into_pads_m(posed, figure, around),
        unborne_m=unborne_m(posed, figure, around, plan.nodes, p.time_s),
        angles=joint_angles(posed, figure),
        slid=where,
    )


def _fists(p: Performance) -> Array:
    return grips(Bones(p.posed.rotations, p.posed.joints), p.figure)


def bone_length_change(p: Performance) -> float:
    """The largest relative change of a bone's length."""
    worst = 0.0
    for bone, parent in enumerate(PARENTS):
        rest = float(np.linalg.norm(p.figure.joints[bone] - p.figure.joints[max(parent, 0)]))
        if parent >= 0 and rest > 0.02:
            now = np.linalg.norm(p.posed.joints[:, bone] - p.posed.joints[:, parent], axis=-1)
            worst = max(worst, float(np.max(np.abs(now / rest - 1))))
    return worst


def floor_m(p: Performance) -> float:
    """How deep the skin goes into the floor; hands by their palms, for the figure's fingers are always half closed."""
    hands = np.isin(p.figure.skin_bone, [BONE["hand_l"], BONE["hand_r"]])
    skin = p.posed.skin(p.figure)[:, ~hands, 2]
    palms = [p.figure.landmark_points.names.index(f"body/palm_{s}") for s in "lr"]
    return float(-min(skin.min(), p.posed.landmarks(p.figure)[:, palms, 2].min()))


_MARKS = {
    "foot": "body/ball", "knee": "body/knee_front", "elbow": "body/elbow_tip", "palm": "body/palm", "grip": "body/grip",
}  # fmt: skip


def planted(nodes: Sequence[Node]) -> Iterator[tuple[str, str, float, float, float]]:
    """Every limb's stay in one place: effector, mode, height in metres, and its first and last second."""
    begun: dict[str, tuple[float, str, float]] = {}
    for k, node in enumerate(nodes):
        for c in node.contacts:
            if c.effector not in RESTS:
                begun.setdefault(c.effector, (node.time_s, c.mode, c.height_m))
        then = nodes[k + 1] if k + 1 < len(nodes) else None
        staying = set() if then is None else {c.effector for c in then.contacts} - set(then.step)
        for effector in sorted(set(begun) - staying):
            begin_s, mode, height_m = begun.pop(effector)
            yield effector, mode, height_m, begin_s, node.time_s


def slide_m(p: Performance, plan: Plan) -> tuple[float, str]:
    """How far apart a planted point is from itself at any two times while it stays planted, and which does most."""
    points, names = p.posed.landmarks(p.figure), p.figure.landmark_points.names
    worst, where = 0.0, ""
    for effector, mode, _, begin_s, end_s in planted(plan.nodes):
        kind, side = effector.split("_")
        kind = {"hand": "palm" if mode == "flat" else "grip"}.get(kind, kind)
        at = points[(p.time_s >= begin_s) & (p.time_s <= end_s), names.index(f"{_MARKS[kind]}_{side}")]
        if kind in ("foot", "knee", "elbow"):  # a rising heel or a rolling knee lifts its mark: see `hover_m`
            at = at[:, :2]
        moved = float(np.max(np.linalg.norm(at[:, None] - at, axis=-1), initial=0.0))
        if moved > worst:
            worst, where = moved, f"{effector} {begin_s:.1f}-{end_s:.1f}s"
    return worst, where


def hover_m(p: Performance, plan: Plan) -> float:
    """How far the lowest skin of a planted foot, knee or elbow is off the height it is planted at."""
    bones, worst = Bones(p.posed.rotations, p.posed.joints), 0.0
    for effector, mode, height_m, begin_s, end_s in planted(plan.nodes):
        chosen = (p.time_s >= begin_s) & (p.time_s <= end_s)
        if mode in ("flat", "rest") and not effector.startswith("hand") and chosen.any() and not np.isnan(height_m):
            low = bearing_height(bones, p.figure, effector)[chosen]
            worst = max(worst, float(np.abs(low - height_m).max()))
    return worst


def grip_gap_m(p: Performance) -> float:
    """How far a fist is from the bar it should be on."""
    if p.bar is None:
        return 0.0
    ends = np.stack([p.bar.middle + s * p.bar.half_m * p.bar.axis for s in (1, -1)], axis=1)
    return float(np.max(np.linalg.norm(_fists(p) - ends, axis=-1)))


def grip_on_things_m(p: Performance, things: Sequence[Item]) -> float:
    """How far a fist is from the nearest line of the bars that are drawn for both hands."""
    held = p.bar is not None or p.style.table.get("hold", {}).get("at") == "fixed"
    lines = [(thing, line) for thing in things for line, _ in bar_lines(thing)]
    if not held or not lines:
        return 0.0
    gaps = []
    for thing, line in lines:
        pose = np.broadcast_to(thing.pose, (len(p.time_s), 4, 4))
        a, b = (np.einsum("tij,j->ti", pose[:, :3, :3], end) + pose[:, :3, 3] for end in (line[0], line[-1]))
        gaps.append(_from_line_m(_fists(p), a, b))
    return float(np.min(gaps, axis=0).max())


def _from_line_m(points: Array, a: Array, b: Array) -> Array:
    """Distances (T, N) of points (T, N, 3) from the lines from ``a`` to ``b`` (T, 3)."""
    way = (b - a)[:, None]
    share = np.clip(np.sum((points - a[:, None]) * way, axis=-1) / np.sum(way**2, axis=-1), 0.0, 1.0)
    out: Array = np.linalg.norm(points - a[:, None] - share[..., None] * way, axis=-1)
    return out


def bone_speed_deg_s(p: Performance) -> float:
    """The fastest turn of a limb's bone: a knee or elbow that flips over is far beyond what people do."""
    limbs = [BONE[f"{n}_{s}"] for n in ("upper_arm", "forearm", "thigh", "shank") for s in "lr"]
    ends = {PARENTS[b]: b for b in range(len(BONES)) if PARENTS[b] >= 0}
    worst = 0.0
    for bone in limbs:
        way = unit(p.posed.joints[:, ends[bone]] - p.posed.joints[:, bone])
        step = np.degrees(np.arccos(np.clip(np.sum(way[1:] * way[:-1], axis=-1), -1, 1)))
        worst = max(worst, float(np.max(step / np.maximum(np.diff(p.time_s), 1e-3), initial=0.0)))
    return worst


def jolt_m(joints: Array, time_s: Array) -> float:
    """How much further a joint (of (T, 24, 3)) goes in one picture than in those before and after it together.

    With fewer than `_JUDGED_HZ` pictures a second quick movements do that too, and 0 is returned.
    """
    if len(time_s) < 4 or np.median(np.diff(time_s)) > 1 / _JUDGED_HZ:
        return 0.0
    step = np.linalg.norm(np.diff(joints, axis=0), axis=-1)
    return float(np.max(step[1:-1] - step[:-2] - step[2:], initial=0.0))
