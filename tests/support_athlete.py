"""A stick-figure athlete: joints in 3D from where the trunk, hands and feet are, and a camera that makes a PoseTrack.

The athlete's own world: x to their left, y up, z to their front, metres, the floor at y = 0. Everything is vectorised
over time: a posture's fields are (T, ...) or broadcast to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from deukgeun.pose.track import PoseTrack
from deukgeun.skeleton import skeleton

Floats = NDArray[np.float64]
Points = dict[str, Floats]

TORSO, UPPER_ARM, FOREARM, THIGH, SHIN, FOOT = 0.52, 0.29, 0.26, 0.42, 0.42, 0.2
SHOULDER, HIP, SOLE = 0.18, 0.11, 0.07  # half widths, and the ankle's height over the floor
LEFT, UP, FRONT = np.eye(3)
SIDES = (("left", 1.0), ("right", -1.0))


def turn(axis: Floats, angle_deg: float | Floats) -> Floats:
    """Return (T, 3, 3) rotations about a unit axis (right-handed)."""
    angle = np.radians(np.atleast_1d(angle_deg))[:, None, None]
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross))


def apply(rotation: Floats, vector: Floats) -> Floats:
    """Return rotation (T, 3, 3) or (1, 3, 3) of (T, 3) or (3,) vectors."""
    return np.asarray(np.einsum("tij,tj->ti", *_same(rotation, np.atleast_2d(vector))))


def _same(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    steps = max(len(a), len(b))
    return np.broadcast_to(a, (steps, *a.shape[1:])), np.broadcast_to(b, (steps, *b.shape[1:]))


def unit(v: Floats) -> Floats:
    """Return ``v`` at length 1."""
    return np.asarray(v / np.linalg.norm(v, axis=-1, keepdims=True))


@dataclass(frozen=True)
class Arm:
    """An arm by its angles in degrees, against the trunk: raised to the front, to the side, bent at the elbow.

    ``spin`` turns the forearm's plane about the upper arm: 0 bends to the front.
    """

    flex: float | Floats = 0.0
    abduct: float | Floats = 5.0
    bend: float | Floats = 8.0
    spin: float | Floats = 0.0


@dataclass(frozen=True)
class Leg:
    """A leg by its angles in degrees, against the trunk."""

    flex: float | Floats = 0.0
    abduct: float | Floats = 2.0
    bend: float | Floats = 3.0


@dataclass(frozen=True)
class Target:
    """A hand or an ankle by where it is (T, 3); the middle joint points towards ``pole``."""

    place: Floats
    pole: Floats = field(default_factory=lambda: FRONT)


@dataclass(frozen=True)
class Posture:
    """``pelvis`` (T, 3); the trunk leans forward, to the left side, and turns its shoulders to the left by degrees."""

    pelvis: Floats
    lean: float | Floats = 0.0
    side: float | Floats = 0.0
    twist: float | Floats = 0.0
    arms: tuple[Arm | Target, Arm | Target] = (Arm(), Arm())
    legs: tuple[Leg | Target, Leg | Target] = (Leg(), Leg())


def joints(posture: Posture) -> Points:
    """Return the joints (T, 3) by their BlazePose names."""
    pelvis = np.atleast_2d(posture.pelvis)
    trunk = turn(LEFT, posture.lean) @ turn(FRONT, -np.atleast_1d(posture.side))
    chest = trunk @ turn(UP, posture.twist)
    neck = pelvis + apply(trunk, UP * TORSO)
    points = _head(neck, chest)
    for (name, sign), arm, leg in zip(SIDES, posture.arms, posture.legs, strict=True):
        shoulder, hip = neck + apply(chest, LEFT * sign * SHOULDER), pelvis + apply(trunk, LEFT * sign * HIP)
        elbow, wrist, _ = _limb(shoulder, chest, sign, arm, (UPPER_ARM, FOREARM), 1.0)
        knee, ankle, toes = _limb(hip, trunk, sign, leg, (THIGH, SHIN), -1.0)
        points |= {f"{name}_shoulder": shoulder, f"{name}_elbow": elbow, f"{name}_wrist": wrist}
        points |= {f"{name}_hip": hip, f"{name}_knee": knee, f"{name}_ankle": ankle}
        hand = wrist + 0.08 * unit(wrist - elbow)
        points |= {f"{name}_{finger}": hand for finger in ("pinky", "index", "thumb")}
        points |= {f"{name}_foot_index": ankle + FOOT * toes, f"{name}_heel": ankle - 0.05 * toes}
    steps = max(len(p) for p in points.values())
    return {name: np.broadcast_to(p, (steps, 3)) for name, p in points.items()}


def _head(neck: Floats, chest: Floats) -> Points:
    places = {"nose": (0.0, 0.2, 0.11)}
    for name, sign in SIDES:
        places |= {f"{name}_ear": (0.075 * sign, 0.2, 0.0), f"{name}_eye": (0.03 * sign, 0.23, 0.09)}
        places |= {f"{name}_eye_inner": (0.02 * sign, 0.23, 0.09), f"{name}_eye_outer": (0.04 * sign, 0.23, 0.09)}
        places |= {f"mouth_{name}": (0.025 * sign, 0.15, 0.09)}
    return {name: neck + apply(chest, np.array(place)) for name, place in places.items()}


def _limb(
    root: Floats, frame: Floats, sign: float, limb: Arm | Leg | Target, lengths: tuple[float, float], forward: float
) -> tuple[Floats, Floats, Floats]:
    """Return the middle joint, the end, and where toes would point. ``forward``: the way the joint bends."""
    if isinstance(limb, Target):
        return _reached(root, limb, lengths)
    spin = limb.spin if isinstance(limb, Arm) else 0.0
    upper = frame @ turn(LEFT, -np.atleast_1d(limb.flex)) @ turn(FRONT, sign * np.atleast_1d(limb.abduct))
    lower = upper @ turn(UP, sign * np.atleast_1d(spin)) @ turn(LEFT, -forward * np.atleast_1d(limb.bend))
    middle = root + lengths[0] * apply(upper, -UP)
    return middle, middle + lengths[1] * apply(lower, -UP), apply(lower, FRONT)


def _reached(root: Floats, limb: Target, lengths: tuple[float, float]) -> tuple[Floats, Floats, Floats]:
    """Two bones to a target (law of cosines); a target out of reach is pointed at."""
    way = np.atleast_2d(limb.place) - root
    far = np.clip(np.linalg.norm(way, axis=-1, keepdims=True), 0.02, sum(lengths) * 0.9999)
    ahead = unit(way)
    pole = np.broadcast_to(limb.pole, ahead.shape)
    aside = unit(pole - np.sum(pole * ahead, axis=-1, keepdims=True) * ahead)
    along = (lengths[0] ** 2 - lengths[1] ** 2 + far**2) / (2 * far)
    off = np.sqrt(np.maximum(lengths[0] ** 2 - along**2, 0.0))
    toes = pole - np.array([0.0, 1.0, 0.0]) * pole[:, 1:2]
    flat = np.linalg.norm(toes, axis=-1, keepdims=True) > 1e-6
    toes = np.where(flat, toes / np.maximum(np.linalg.norm(toes, axis=-1, keepdims=True), 1e-9), FRONT)
    return root + along * ahead + off * aside, root + far * ahead, toes


@dataclass(frozen=True)
class View:
    """How the athlete is filmed. ``heading`` 0 looks at the camera, 90 to the picture's right; ``mirrored`` swaps the
    athlete's sides; ``noise_m`` is the spread of the estimator's errors; the camera is level, 4 m away.
    """

    heading: float = 0.0
    mirrored: bool = False
    size: float = 1.0
    noise_m: float = 0.0
    seed: int = 0
    distance_m: float = 4.0
    picture: tuple[int, int] = (640, 480)
    person: int = 1
    blind: tuple[tuple[float, float], ...] = ()


def mirrored(points: Points) -> Points:
    """Return the athlete in a mirror: left and right swapped."""
    swap = {"left": "right", "right": "left"}
    flip = np.array([-1.0, 1.0, 1.0])
    return {"_".join(swap.get(word, word) for word in name.split("_")): p * flip for name, p in points.items()}


def filmed(points: Points, time_s: Floats, view: View = View()) -> PoseTrack:
    """Return what a perfect (or, with noise, an imperfect) estimator makes of the athlete."""
    body = skeleton("blazepose_33")
    seen = mirrored(points) if view.mirrored else points
    world = np.stack([seen[name] for name in body.joints], axis=1) * view.size
    world = np.einsum("ij,tkj->tki", turn(UP, view.heading)[0], world)
    random = np.random.default_rng(view.seed)
    world = world + random.normal(0.0, view.noise_m, world.shape) if view.noise_m else world
    hips = [body.index("left_hip"), body.index("right_hip")]
    xyz = (world - world[:, hips].mean(axis=1, keepdims=True)) * np.array([1.0, -1.0, -1.0])
    keep = np.ones(len(time_s), bool)
    for start_s, end_s in view.blind:
        keep &= (time_s < start_s) | (time_s > end_s)
    xy, score = _projected(world, view), np.full(world.shape[:2], 0.95)
    return PoseTrack(time_s[keep], xy[keep], score[keep], xyz[keep], body, view.person)


def _projected(world: Floats, view: View) -> Floats:
    """Return pixels of a level camera at 0.9 m height, ``distance_m`` in front of the world's origin."""
    width, height = view.picture
    away = np.maximum(view.distance_m - world[..., 2], 0.3)
    focal = height * view.distance_m / 2.6  # 2.6 m fill the picture at the origin
    x = width / 2 + focal * world[..., 0] / away
    y = height / 2 - focal * (world[..., 1] - 0.9) / away
    return np.stack([x, y], axis=-1)


__all__ = [
    "FOREARM", "FRONT", "HIP", "LEFT", "SHIN", "SHOULDER", "SOLE", "THIGH", "TORSO", "UP", "UPPER_ARM",
    "Arm", "Leg", "Points", "Posture", "Target", "View", "filmed", "joints", "mirrored", "turn", "unit",
]  # fmt: skip
