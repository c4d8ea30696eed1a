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

from deukgeun.motion.channels import ANGLES, CENTRAL, SIDED, Trunk, measures
from deukgeun.motion.timeline import Movement

Floats = npt.NDArray[np.floating[Any]]

_PARTS = ("ear", "shoulder", "elbow", "wrist", "index", "hip", "knee", "ankle", "heel", "foot_index")
JOINTS = ("nose", *(f"{side}_{part}" for part in _PARTS for side in ("left", "right")))
"""The joints that are looked at, each left one before its right one."""
K = len(JOINTS)
AT = MappingProxyType({name: k for k, name in enumerate(JOINTS)})
MIRRORED = (0, *(k + 1 if k % 2 else k - 1 for k in range(1, K)))
"""The place of each joint's other side."""
_MEASURES = (*(f"{name}_{side}" for side in "lr" for name in SIDED), *CENTRAL)
_SIGNED = "twist"  # an angle that goes both ways from 0
_TRACED = ("hip", "shoulder", "wrist", "ankle", "knee")
_SPREAD = tuple(AT[f"{s}_{p}"] for s in ("left", "right") for p in ("shoulder", "hip", "knee", "ankle", "elbow"))
_FARTHEST = 4.0  # trunks: what is farther off is a fault of the estimator
_LEAST_SCORE = 0.05


def _parts() -> dict[str, slice]:
    sizes = {"angles": len(_MEASURES), "space": 3 * K, "picture": 2 * K, "paths": 2 * (len(_TRACED) + 1), "scores": K}
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


def features(body: Body) -> Floats:
    """Return the numbers (N, T, `FEATURES`) of windows."""
    trunk_m = _trunk_m(body)
    points = (body.xyz - _middle(body.xyz, "hip")[:, :, None]) / trunk_m[:, None, None, None]
    trunk = Trunk(points, AT.__getitem__)
    unit_px = _pixels_per_metre(body) * trunk_m + 1e-3
    shown = body.xy / unit_px[:, None, None, None]
    parts = (
        _angles(trunk),
        _flat(_facing_viewer(points, trunk)),
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


def _angles(trunk: Trunk) -> Floats:
    found = measures(trunk)
    return np.stack([_scaled(name, found[name]) for name in _MEASURES], axis=-1)


def _scaled(name: str, values: Floats) -> Floats:
    """Degrees as -1 to 1; lengths and shares as they are."""
    if name.removesuffix("_l").removesuffix("_r") not in ANGLES:
        return values
    return values / 90 - (name != _SIGNED)


def _facing_viewer(points: Floats, trunk: Trunk) -> Floats:
    """Turn each window about the vertical until its mean left side points to the viewer's right.

    Of somebody who lies on one side the left points up or down: then the front is turned to the viewer.
    """
    across = [trunk.at(f"left_{part}") - trunk.at(f"right_{part}") for part in ("shoulder", "hip")]
    left, front = _unit(across[0] + across[1])[..., [0, 2]], trunk.front[..., [0, 2]].mean(axis=1)
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


def _long(v: Floats) -> Floats:
    return np.asarray(np.linalg.norm(v, axis=-1), np.float32)
