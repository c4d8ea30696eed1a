"""How far away a camera must be, and where it must look, for a movement to fill the picture as wanted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deukgeun.synth.camera import NEAR_M, Camera, look_at
from deukgeun.synth.cameras.shot import PhoneSettings, Shot

Array = npt.NDArray[np.float64]

_AIMS = 5  # turns of the camera: each leaves a few hundredths of the error
_HALVINGS = 18
_MOST_FRAMES = 48  # of the movement that are looked at


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a still camera is (3,) and how it is turned (3, 3)."""

    position_m: Array
    rotation: Array


@dataclass(frozen=True, slots=True)
class Box:
    """The part of the picture, in pixels, that a movement fills."""

    centre: Array
    size: Array


def stand(shot: Shot, points: Array, toward: Array, settings: PhoneSettings) -> Stand:
    """Return where the camera stands, so that the movement ``points`` (T, N, 3) fills ``shot.fill`` of the picture.

    ``toward`` (2,) is the unit way, along the floor, from the athlete to the camera. The nearest place that leaves
    the movement small enough is taken, between the lens's clearance and the room's end.
    """
    few = points[np.unique(np.linspace(0, len(points) - 1, _MOST_FRAMES).astype(int))]
    middle = (few.min(axis=(0, 1)) + few.max(axis=(0, 1))) / 2
    nearest = float(((few - middle)[..., :2] @ toward).max()) + settings.lens_clearance_m
    far = max(settings.room_distance_m, nearest)
    near = nearest
    for _ in range(_HALVINGS):
        distance = (near + far) / 2
        here = _place_and_aim(shot, few, middle, toward * distance, settings.padding_m)
        near, far = (near, distance) if _fill(shot, here, few, settings.padding_m) <= shot.fill else (distance, far)
    return _place_and_aim(shot, few, middle, toward * far, settings.padding_m)


def box_of(shot: Shot, stand: Stand, points: Array, padding_m: float) -> Box:
    """Return the box around all ``points`` (T, N, 3) with ``padding_m`` of the body's own size around it."""
    camera = Camera(shot.width, shot.height, shot.focal_px, stand.position_m[None], stand.rotation[None], "")
    xy, depth = camera.project(points.reshape(1, -1, 3))
    pad = shot.focal_px * padding_m / float(np.maximum(np.median(depth), NEAR_M))
    low, high = xy[0].min(axis=0) - pad, xy[0].max(axis=0) + pad
    return Box((low + high) / 2, high - low)


def _fill(shot: Shot, stand: Stand, points: Array, padding_m: float) -> float:
    box = box_of(shot, stand, points, padding_m)
    return float((box.size / [shot.width, shot.height]).max())


def _place_and_aim(shot: Shot, points: Array, middle: Array, away: Array, padding_m: float) -> Stand:
    position = np.array([middle[0] + away[0], middle[1] + away[1], shot.height_m])
    here = _aimed(position, middle, shot)
    for _ in range(_AIMS):
        box = box_of(shot, here, points, padding_m)
        # The ray that is to become the optical axis: looking at it moves the box from where it is to where it belongs.
        off = (box.centre - _wanted(shot, box.size)) / shot.focal_px
        ray = here.rotation.T @ np.array([off[0], off[1], 1.0])
        here = _aimed(position, position + ray, shot)
    return here


def _aimed(position: Array, target: Array, shot: Shot) -> Stand:
    return Stand(position, look_at(position[None], target[None], shot.roll_deg)[0])


def _wanted(shot: Shot, size: Array) -> Array:
    """Where the middle of a box of ``size`` (2,) is to be, in pixels."""
    picture = np.array([shot.width, shot.height], dtype=np.float64)
    spare = np.maximum(picture - size, 0.0) / 2
    wanted: Array = picture / 2 + spare * shot.place
    if shot.framing == "bottom_cut":
        wanted[1] = picture[1] + size[1] * (shot.cut - 0.5)
    elif shot.framing == "top_cut":
        wanted[1] = size[1] * (0.5 - shot.cut)
    elif shot.framing == "side_cut":
        left = shot.place[0] < 0
        wanted[0] = size[0] * (0.5 - shot.cut) if left else picture[0] + size[0] * (shot.cut - 0.5)
    return wanted
