"""Cells drawn as jointed dolls: convex hulls of each bone's skin. Needs no packages beyond the core's."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from deukgeun.synth.acts import Act
from deukgeun.synth.camera import NEAR_M, Camera
from deukgeun.synth.figure import BONE, BONES, PARENTS
from deukgeun.synth.scene.things import Thing, item_things

Array = npt.NDArray[np.float64]
Image = npt.NDArray[np.uint8]

_PAPER, _FLOOR, _THING = (250, 250, 248), (226, 226, 222), (168, 176, 186)
# The athlete's left is warm, the right cold: who is turned how can be told from any side.
_SKIN = {"l": (240, 196, 176), "r": (178, 200, 236), "": (206, 206, 206)}
_BONE = {"l": (196, 72, 40), "r": (40, 84, 188), "": (70, 70, 70)}
# The trunk bends in a few places only; every other bone is a part of its own.
_TRUNK = (("pelvis", "spine1", "spine2"), ("spine3", "spine4", "chest", "clavicle_l", "clavicle_r"))
_PARTS = (
    *([BONE[name] for name in names] for names in _TRUNK),
    *([bone] for bone, name in enumerate(BONES) if not any(name in names for names in _TRUNK)),
)
_GRID_M, _REACH_M = 0.5, 2.0
_FINE = 4  # bits of a pixel's fraction


def stick_cells(act: Act, camera: Camera) -> list[Image]:
    """One picture (H, W, 3) RGB for each of the act's."""
    things = [thing for item in act.items for thing in item_things(item, np.random.default_rng(0))]
    return [_cell(act, things, camera, frame) for frame in range(len(act.time_s))]


def _cell(act: Act, things: Sequence[Thing], camera: Camera, frame: int) -> Image:
    image = np.full((camera.height, camera.width, 3), _PAPER, np.uint8)
    _floor(image, camera, act.posed.joints[:, 0].mean(axis=0))
    joints = act.posed.joints[frame]
    skin = act.posed.skin(act.figure)[frame]
    shapes = [(thing.at(frame).points.astype(np.float64), _THING) for thing in things]
    for bones in _PARTS:
        ends = [joints[bone] for bone in bones] + [joints[c] for c, p in enumerate(PARENTS) if p in bones]
        points = np.concatenate([skin[np.isin(act.figure.skin_bone, bones)], ends])
        shapes.append((points, _SKIN[_side(BONES[bones[0]])]))
    for points, colour in sorted(shapes, key=lambda shape: -_depth(camera, shape[0])):
        _hull(image, camera, points, colour)
    for bone, parent in enumerate(PARENTS):
        if parent >= 0:
            _line(image, camera, joints[[parent, bone]], _BONE[_side(BONES[bone])], 2)
    return image


def _side(name: str) -> str:
    return name[-1] if name[-2:] in ("_l", "_r") else ""


def _depth(camera: Camera, points: Array) -> float:
    return float(np.median(camera.to_camera(points[None])[..., 2])) if len(points) else 0.0


def _pixels(camera: Camera, points: Array) -> npt.NDArray[np.int32] | None:
    """Pixels (N, 2) with `_FINE` bits of fraction, or None where something lies behind the lens."""
    xy, depth = camera.project(np.asarray(points, dtype=np.float64)[None])
    return np.round(xy[0] * 2**_FINE).astype(np.int32) if (depth > NEAR_M).all() else None


def _hull(image: Image, camera: Camera, points: Array, colour: tuple[int, int, int]) -> None:
    at = _pixels(camera, points) if len(points) > 2 else None
    if at is not None:
        cv2.fillConvexPoly(image, cv2.convexHull(at), colour, cv2.LINE_AA, _FINE)


def _line(image: Image, camera: Camera, ends: Array, colour: tuple[int, int, int], width: int) -> None:
    at = _pixels(camera, ends)
    if at is not None:
        cv2.line(image, at[0].tolist(), at[1].tolist(), colour, width, cv2.LINE_AA, _FINE)


def _floor(image: Image, camera: Camera, middle: Array) -> None:
    """Lines on the floor, half a metre apart."""
    for step in np.arange(-_REACH_M, _REACH_M + 1e-6, _GRID_M):
        for a, b in (((step, -_REACH_M), (step, _REACH_M)), ((-_REACH_M, step), (_REACH_M, step))):
            ends = np.array([[middle[0] + a[0], middle[1] + a[1], 0.0], [middle[0] + b[0], middle[1] + b[1], 0.0]])
            _line(image, camera, ends, _FLOOR, 1)
