"""What a believable body must keep: measured on a performance, after everything has been solved."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import BONE, BONES, PARENTS
from deukgeun.synth.motions.definition import RESTS
from deukgeun.synth.motions.fit import fit_nodes
from deukgeun.synth.motions.hold import grips
from deukgeun.synth.motions.kinematics import Bones
from deukgeun.synth.motions.pads import into_pad_m
from deukgeun.synth.motions.perform import Performance
from deukgeun.synth.motions.plan import Plan
from deukgeun.synth.rotation import unit

Array = npt.NDArray[np.float64]

LIMITS_DEG = {  # measured on the solved bones; anatomy.toml's ranges with 5 degrees for what contacts add
    "elbow": (0, 159), "knee": (0, 165), "hip": (-40, 150), "ankle": (-65, 50), "trunk": (0, 85), "neck": (0, 75),
}  # fmt: skip
BARS = {
    "length": 0.001,
    "slide_m": 0.02,
    "floor_m": 0.01,
    "grip_m": 0.02,
    "speed_deg_s": 1800.0,
    "into_bar_m": 0.03,
    "into_pad_m": 0.03,
}


@dataclass(frozen=True, slots=True)
class Physics:
    """The worst of a performance: each must stay under its bar."""

    length: float
    slide_m: float
    floor_m: float
    grip_m: float
    speed_deg_s: float
    into_bar_m: float
    into_pad_m: float
    angles: dict[str, tuple[float, float]]
    slid: str

    def faults(self) -> list[str]:
        """What is over its bar, in words; empty when all holds."""
        out = [
            f"{f.name} {getattr(self, f.name):.3f} > {BARS[f.name]} {self.slid if f.name == 'slide_m' else ''}"
            for f in fields(self)
            if f.name in BARS and getattr(self, f.name) > BARS[f.name]
        ]
        for name, (low, high) in self.angles.items():
            bottom, top = LIMITS_DEG[name]
            if low < bottom - 1e-6 or high > top:
                out.append(f"{name} {low:.0f}..{high:.0f} outside {bottom}..{top}")
        return out


def measure(performance: Performance, plan: Plan) -> Physics:
    """Measure everything."""
    slide, where = slide_m(performance, plan)
    return Physics(
        length=bone_length_change(performance),
        slide_m=slide,
        floor_m=floor_m(performance),
        grip_m=grip_gap_m(performance),
        speed_deg_s=bone_speed_deg_s(performance),
        into_bar_m=into_bar_m(performance),
        into_pad_m=into_pad_m(performance),
        angles=joint_angles(performance),
        slid=where,
    )


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


def slide_m(p: Performance, plan: Plan) -> tuple[float, str]:
    """How far a planted point moves while it stays planted, and which."""
    marks = {
        "foot": "body/ball", "knee": "body/knee_front", "elbow": "body/elbow_tip", "palm": "body/palm",
        "grip": "body/grip",
    }  # fmt: skip
    points = p.posed.landmarks(p.figure)
    names = p.figure.landmark_points.names
    nodes = fit_nodes(plan.nodes, p.style, p.figure, 0.3)
    worst, where = 0.0, ""
    runs: dict[str, tuple[float, str]] = {}
    for k in range(len(nodes)):
        now = {c.effector: c.mode for c in nodes[k].contacts if c.effector not in RESTS}
        then = nodes[k + 1] if k + 1 < len(nodes) else None
        for effector, mode in now.items():
            runs.setdefault(effector, (nodes[k].time_s, mode))
        for effector in list(runs):
            stays = (
                then is not None and any(c.effector == effector for c in then.contacts) and effector not in then.step
            )
            if stays and effector in now:
                continue
            begin, mode = runs.pop(effector)
            kind, side = effector.split("_")
            kind = {"hand": "palm" if mode == "flat" else "grip"}.get(kind, kind)
            chosen = (p.time_s >= begin) & (p.time_s <= nodes[k].time_s)
            at = points[chosen, names.index(f"{marks[kind]}_{side}")]
            if len(at):
                if kind in ("foot", "knee", "elbow"):
                    # a rising heel or a rolling knee lifts its mark; sliding is along the floor
                    at = at[:, :2]
                moved = float(np.max(np.linalg.norm(at - np.median(at, axis=0), axis=-1)))
                if moved > worst:
                    worst, where = moved, f"{effector} {begin:.1f}-{nodes[k].time_s:.1f}s"
    return worst, where


def grip_gap_m(p: Performance) -> float:
    """How far a fist is from the bar it should be on."""
    if p.bar is None:
        return 0.0
    fists = grips(Bones(p.posed.rotations, p.posed.joints), p.figure)
    ends = np.stack([p.bar.middle + s * p.bar.half_m * p.bar.axis for s in (1, -1)], axis=1)
    return float(np.max(np.linalg.norm(fists - ends, axis=-1)))


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


def into_bar_m(p: Performance) -> float:
    """How deep a bar that both hands carry goes into the legs or the trunk, taken as round limbs.

    A grip narrower than the hips is a handle, which ends just outside the hands.
    """
    if p.bar is None or p.style.table.get("hold", {}).get("at") != "hands":
        return 0.0
    worst = 0.0
    reach_m = p.bar.half_m + 0.03 if p.bar.half_m < 0.12 else np.inf
    for bone, tip in (("thigh_l", "shank_l"), ("shank_l", "foot_l"), ("pelvis", "spine4"), ("spine4", "neck")):
        a, b = p.posed.joints[:, BONE[bone]], p.posed.joints[:, BONE[tip]]
        rest_a, rest_b = p.figure.joint(bone), p.figure.joint(tip)
        skin = p.figure.skin[p.figure.skin_bone == BONE[bone]]
        if not len(skin):
            continue
        offset = skin - rest_a
        along = unit(rest_b - rest_a)
        radius = float(np.percentile(np.linalg.norm(offset - (offset @ along)[:, None] * along, axis=-1), 30))
        for share in np.linspace(0.1, 0.9, 9):
            gap = a + share * (b - a) - p.bar.middle
            across = np.sum(gap * p.bar.axis, axis=-1, keepdims=True)
            gap = gap - np.clip(across, -reach_m, reach_m) * p.bar.axis
            worst = max(worst, float(np.max(radius - np.linalg.norm(gap, axis=-1))))
    return worst


def joint_angles(p: Performance) -> dict[str, tuple[float, float]]:
    """Smallest and largest of the measured angles, in degrees, both sides."""
    j = p.posed.joints
    out: dict[str, list[Array]] = {name: [] for name in LIMITS_DEG}
    at = {name: j[:, BONE[name]] for name in BONES}
    for s in "lr":
        out["elbow"].append(_bend(at[f"upper_arm_{s}"], at[f"forearm_{s}"], at[f"hand_{s}"]))
        out["knee"].append(_bend(at[f"thigh_{s}"], at[f"shank_{s}"], at[f"foot_{s}"]))
        pelvis = p.posed.rotations[:, BONE["pelvis"]]
        thigh = np.einsum("tji,tj->ti", pelvis, unit(at[f"shank_{s}"] - at[f"thigh_{s}"]))
        level = np.hypot(thigh[:, 1], thigh[:, 2]) > 0.35  # near the side split "forward" has no meaning
        hip = np.degrees(np.arctan2(-thigh[:, 1], -thigh[:, 2]))
        hip = np.where(hip < -90, hip + 360, hip)
        out["hip"].append(np.where(level, hip, 0.0))
        shank, foot = p.posed.rotations[:, BONE[f"shank_{s}"]], p.posed.rotations[:, BONE[f"foot_{s}"]]
        toes = np.einsum("tji,tj->ti", shank, -foot[:, :, 1])
        out["ankle"].append(np.degrees(np.arctan2(toes[:, 2], -toes[:, 1])))
    for name, upper, lower in (("trunk", "chest", "pelvis"), ("neck", "head", "chest")):
        between = np.swapaxes(p.posed.rotations[:, BONE[lower]], -1, -2) @ p.posed.rotations[:, BONE[upper]]
        out[name].append(np.degrees(np.arccos(np.clip((np.trace(between, axis1=1, axis2=2) - 1) / 2, -1, 1))))
    return {k: (float(np.min(v)), float(np.max(v))) for k, v in out.items()}


def _bend(a: Array, b: Array, c: Array) -> Array:
    bend: Array = np.degrees(np.arccos(np.clip(np.sum(unit(b - a) * unit(c - b), axis=-1), -1, 1)))
    return bend
