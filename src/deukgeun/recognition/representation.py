"""What a network sees of a body: windows of joints in, numbers that depend little on who is seen from where out.

All functions work on many windows at once, N windows of T steps and the K joints of `JOINTS`. Every number is of the
order of 1. Gravity is kept: the camera is taken to be level.

=========  ====================================================================================================
angles     21 measures of each side's limbs and 8 of the whole body (as `deukgeun.motion.channels`), angles from -1
           (0 degrees) to 1 (180 degrees), lengths in trunks
space      the joints in space, from between the hips, in trunks, turned about the vertical until the body faces the
           viewer in the mean of the window
picture    the joints in the picture, from between the hips, in trunks
paths      where hips, shoulders, wrists, ankles, knees and the nose are in the picture, from their own median: which
           end of the body stays where it is
scores     how well each joint is seen
=========  ====================================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.motion.timeline import Movement
from deukgeun.skeleton import skeleton

Floats = npt.NDArray[np.floating[Any]]

_PARTS = ("ear", "shoulder", "elbow", "wrist", "index", "hip", "knee", "ankle", "heel", "foot_index")
JOINTS = ("nose", *(f"{side}_{part}" for part in _PARTS for side in ("left", "right")))
"""The joints that are looked at, each left one before its right one."""
K = len(JOINTS)
AT = MappingProxyType({name: k for k, name in enumerate(JOINTS)})
MIRRORED = (0, *(k + 1 if k % 2 else k - 1 for k in range(1, K)))
"""The place of each joint's other side."""
_TRACED = ("hip", "shoulder", "wrist", "ankle", "knee")
_SPREAD = tuple(AT[f"{s}_{p}"] for s in ("left", "right") for p in ("shoulder", "hip", "knee", "ankle", "elbow"))
_FARTHEST = 4.0  # trunks: what is farther off is a fault of the estimator
_LEAST_SCORE = 0.05


def _parts() -> dict[str, slice]:
    sizes = {"angles": 50, "space": 3 * K, "picture": 2 * K, "paths": 2 * (len(_TRACED) + 1), "scores": K}
    ends = np.cumsum(list(sizes.values()))
    return {name: slice(int(end) - size, int(end)) for (name, size), end in zip(sizes.items(), ends, strict=True)}


PARTS: Mapping[str, slice] = MappingProxyType(_parts())
"""Where each part lies among the numbers."""
FEATURES = PARTS["scores"].stop


@dataclass(frozen=True, slots=True)
class Body:
    """N windows of T steps: ``xyz`` (N, T, K, 3) metres, x right, y up, z towards the camera; ``xy`` (N, T, K, 2)
    pixels, y up; ``score`` (N, T, K)."""

    xyz: Floats
    xy: Floats
    score: Floats

    def __post_init__(self) -> None:
        lead = (*self.score.shape[:2], K)
        if (self.xyz.shape, self.xy.shape, self.score.shape) != ((*lead, 3), (*lead, 2), lead):
            raise ValueError(
                f"expected {(*lead, 3)}, {(*lead, 2)} and {lead}, "
                f"got {self.xyz.shape}, {self.xy.shape} and {self.score.shape}"
            )

    def __len__(self) -> int:
        return len(self.score)

    def __getitem__(self, which: slice | npt.NDArray[np.intp]) -> Body:
        """Return some of the windows."""
        return Body(self.xyz[which], self.xy[which], self.score[which])


def body_of(movement: Movement) -> Body:
    """Return a whole movement (BlazePose joints) as one window."""
    columns = list(movement.skeleton.indices(*JOINTS))
    xyz, xy, score = (a[None, :, columns].astype(np.float32) for a in (movement.xyz, movement.xy, movement.score))
    return Body(xyz, xy * np.array([1, -1], np.float32), score)


def blazepose_columns() -> tuple[int, ...]:
    """Return where `JOINTS` are among BlazePose's 33."""
    return skeleton("blazepose_33").indices(*JOINTS)


def features(body: Body) -> Floats:
    """Return the numbers (N, T, `FEATURES`) of windows."""
    trunk_m = _trunk_m(body)
    points = (body.xyz - _middle(body.xyz, "hip")[:, :, None]) / trunk_m[:, None, None, None]
    axes = _Axes(points)
    unit_px = _pixels_per_metre(body) * trunk_m + 1e-3
    shown = body.xy / unit_px[:, None, None, None]
    parts = (
        _angles(points, axes),
        _flat(_facing_viewer(points, axes)),
        _flat(shown - _middle(shown, "hip")[:, :, None]),
        _flat(_paths(shown, body.score)),
        body.score,
    )
    return np.concatenate(parts, axis=-1).astype(np.float32)


def mirrored(body: Body) -> Body:
    """Return the windows as a mirror shows them, left and right joints changed over."""
    swap = list(MIRRORED)
    xyz, xy = body.xyz[:, :, swap], body.xy[:, :, swap]
    return Body(xyz * np.array([-1, 1, 1], np.float32), xy * np.array([-1, 1], np.float32), body.score[:, :, swap])


def _middle(points: Floats, part: str) -> Floats:
    out: Floats = (points[:, :, AT[f"left_{part}"]] + points[:, :, AT[f"right_{part}"]]) / 2
    return out


def _trunk_m(body: Body) -> Floats:
    """The median length (N,) from between the hips to between the shoulders."""
    long = np.linalg.norm(_middle(body.xyz, "shoulder") - _middle(body.xyz, "hip"), axis=-1)
    return np.asarray(np.median(long, axis=1) + 1e-3, np.float32)


def _pixels_per_metre(body: Body) -> Floats:
    """(N,) from the spread of ten joints: the trunk alone shrinks when it points at the camera."""
    pixels = np.median(body.xy[:, :, _SPREAD].var(axis=2).sum(axis=-1), axis=1)
    metres = np.median(body.xyz[:, :, _SPREAD, :2].var(axis=2).sum(axis=-1), axis=1)
    return np.asarray(np.sqrt(pixels / (metres + 1e-6)), np.float32)


class _Axes:
    """The axes of the trunk, each (N, T, 3): ``up``, ``left`` and ``front`` of the chest, ``hips_left``."""

    def __init__(self, points: Floats) -> None:
        self.shoulders = _middle(points, "shoulder")
        self.up = _unit(self.shoulders)
        across = points[:, :, AT["left_shoulder"]] - points[:, :, AT["right_shoulder"]]
        hips = points[:, :, AT["left_hip"]] - points[:, :, AT["right_hip"]]
        self.left, self.hips_left = _unit(_reject(across, self.up)), _unit(_reject(hips, self.up))
        self.front = np.cross(self.left, self.up)
        self.both_left = _unit(across + hips)


def _angles(points: Floats, axes: _Axes) -> Floats:
    sides = [np.stack(_of_side(points, axes, side), axis=-1) for side in ("left", "right")]
    return np.concatenate([*sides, np.stack(_of_trunk(points, axes), axis=-1)], axis=-1)


def _of_side(points: Floats, axes: _Axes, side: str) -> list[Floats]:
    names = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot_index", "ear")
    shoulder, elbow, wrist, hip, knee, ankle, foot, ear = (points[:, :, AT[f"{side}_{name}"]] for name in names)
    sign, other = (1, "right") if side == "left" else (-1, "left")
    outward, sideward = sign * axes.left, sign * axes.hips_left
    upper_arm, hand = _unit(elbow - shoulder), wrist - shoulder
    return [
        _angle(shoulder - elbow, wrist - elbow),
        _angle(hip - knee, ankle - knee),
        _angle(shoulder - hip, knee - hip),
        _angle(-axes.up, elbow - shoulder),
        _angle(knee - ankle, foot - ankle),
        _from_down(elbow - shoulder),
        _from_down(wrist - elbow),
        _from_down(knee - hip),
        _from_down(ankle - knee),
        _dot(upper_arm, outward),
        _dot(upper_arm, axes.front),
        wrist[..., 1] - axes.shoulders[..., 1],
        _dot(hand, axes.front),
        _dot(hand, outward),
        _long(wrist - ear),
        _long(wrist - knee),
        ankle[..., 1],
        _dot(ankle - hip, axes.front),
        _dot(ankle - hip, sideward),
        _dot(_unit(knee - hip), sideward),
        _long(elbow - points[:, :, AT[f"{other}_knee"]]),
    ]


def _of_trunk(points: Floats, axes: _Axes) -> list[Floats]:
    head, ankles = _middle(points, "ear") - axes.shoulders, _middle(points, "ankle")
    twist = np.arctan2(_dot(axes.hips_left, axes.front), _dot(axes.hips_left, axes.left)) / (np.pi / 2)
    apart = [_long(points[:, :, AT[f"left_{p}"]] - points[:, :, AT[f"right_{p}"]]) for p in ("wrist", "ankle", "knee")]
    return [
        -_from_down(axes.up),
        axes.front[..., 1],
        np.asarray(twist, np.float32),
        _angle(head, axes.up),
        *apart,
        axes.shoulders[..., 1] - ankles[..., 1],
    ]


def _facing_viewer(points: Floats, axes: _Axes) -> Floats:
    """Turn each window about the vertical until its mean left side points to the viewer's right.

    Of somebody who lies on one side the left points up or down: then the front is turned to the viewer.
    """
    left, front = axes.both_left[..., [0, 2]], axes.front[..., [0, 2]].mean(axis=1)
    mean = left.mean(axis=1)
    lying_on_side = (_long(left).mean(axis=1) < 0.5) & (_long(front) > _long(mean))
    turn = np.where(lying_on_side, -np.arctan2(front[:, 0], front[:, 1]), np.arctan2(mean[:, 1], mean[:, 0]))
    cos, sin = np.cos(turn)[:, None, None], np.sin(turn)[:, None, None]
    x, y, z = points[..., 0], points[..., 1], points[..., 2]
    return np.stack([cos * x + sin * z, y, cos * z - sin * x], axis=-1)


def _paths(shown: Floats, score: Floats) -> Floats:
    """(N, T, 6, 2): each part in the picture, the better seen side counting for more, from its median."""
    weight = np.maximum(score, _LEAST_SCORE)[..., None]
    found = []
    for part in _TRACED:
        pair = [AT[f"left_{part}"], AT[f"right_{part}"]]
        found.append((shown[:, :, pair] * weight[:, :, pair]).sum(axis=2) / weight[:, :, pair].sum(axis=2))
    path = np.stack([*found, shown[:, :, AT["nose"]]], axis=2)
    return np.asarray(path - np.median(path, axis=1, keepdims=True))


def _flat(points: Floats) -> Floats:
    return np.clip(points, -_FARTHEST, _FARTHEST).reshape(*points.shape[:2], -1)


def _unit(v: Floats) -> Floats:
    out: Floats = v / (np.linalg.norm(v, axis=-1, keepdims=True) + 1e-6)
    return out


def _dot(a: Floats, b: Floats) -> Floats:
    out: Floats = (a * b).sum(axis=-1)
    return out


def _long(v: Floats) -> Floats:
    return np.asarray(np.linalg.norm(v, axis=-1), np.float32)


def _reject(v: Floats, axis: Floats) -> Floats:
    """The part of ``v`` at right angles to the unit vectors ``axis``."""
    return v - _dot(v, axis)[..., None] * axis


def _angle(a: Floats, b: Floats) -> Floats:
    """The angle between vectors, -1 for 0 and 1 for 180 degrees; atan2 keeps it exact near both."""
    out: Floats = np.arctan2(_long(np.cross(a, b)), _dot(a, b)) / (np.pi / 2) - 1
    return out


def _from_down(v: Floats) -> Floats:
    """The angle against straight down, -1 for 0 and 1 for 180 degrees."""
    out: Floats = np.arctan2(np.hypot(v[..., 0], v[..., 2]), -v[..., 1]) / (np.pi / 2) - 1
    return out
