"""How far away a camera must be, and where it must look, for a movement to fill the picture as wanted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from deukgeun.synth.camera import NEAR_M, Camera, look_at
from deukgeun.synth.cameras.shot import PhoneSettings, Shot

Array = npt.NDArray[np.float64]

_AIMS, _STEP = 12, 0.5  # turns of the camera, and the share of the error that each takes away: more would overshoot
_HALVING_AIMS = 5  # while the distance is still being sought
_HALVINGS = 18
_SLACK_PX = 4.0
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


def stand(shot: Shot, points: Array, toward: Array, settings: PhoneSettings, things: Array | None = None) -> Stand:
    """Return where the camera stands, so that the movement ``points`` (T, N, 3) fills ``shot.fill`` of the picture.

    ``toward`` (2,) is the unit way, along the floor, from the athlete to the camera. The nearest place that leaves
    the movement small enough is taken, between the lens's clearance (from the athlete, and from ``things`` (M, 3)
    that stand or swing around) and the room's end.
    """
    few = points[np.unique(np.linspace(0, len(points) - 1, _MOST_FRAMES).astype(int))]
    middle = (few.min(axis=(0, 1)) + few.max(axis=(0, 1))) / 2
    every = few.reshape(-1, 3) if things is None else np.concatenate([few.reshape(-1, 3), things])
    nearest = float(((every - middle)[..., :2] @ toward).max()) + settings.lens_clearance_m
    far = max(settings.room_distance_m, nearest)
    near = nearest
    for _ in range(_HALVINGS):
        distance = (near + far) / 2
        here = _place_and_aim(shot, few, middle, toward * distance, settings.padding_m)
        near, far = (near, distance) if _fill(shot, here, few, settings.padding_m) <= shot.fill else (distance, far)
    found = _place_and_aim(shot, few, middle, toward * far, settings.padding_m, _AIMS)
    if shot.framing.endswith("_cut") or _is_inside(shot, box_of(shot, found, few, settings.padding_m)):
        return found
    # Near the edge of an ultra-wide picture there may be no place that the movement fits in: in its middle there is.
    return _place_and_aim(replace(shot, place=(0.0, 0.0)), few, middle, toward * far, settings.padding_m, _AIMS)


def box_of(shot: Shot, stand: Stand, points: Array, padding_m: float) -> Box:
    """Return the box around all ``points`` (T, N, 3) with ``padding_m`` of the body's own size around it."""
    camera = Camera(shot.width, shot.height, shot.focal_px, stand.position_m[None], stand.rotation[None], "")
    xy, depth = camera.project(points.reshape(1, -1, 3))
    pad = shot.focal_px * padding_m / float(np.maximum(np.median(depth), NEAR_M))
    low, high = xy[0].min(axis=0) - pad, xy[0].max(axis=0) + pad
    return Box((low + high) / 2, high - low)


def _is_inside(shot: Shot, box: Box) -> bool:
    low, high = box.centre - box.size / 2, box.centre + box.size / 2
    return bool((low >= -_SLACK_PX).all() and (high <= np.array([shot.width, shot.height]) + _SLACK_PX).all())


def _fill(shot: Shot, stand: Stand, points: Array, padding_m: float) -> float:
    box = box_of(shot, stand, points, padding_m)
    return float((box.size / [shot.width, shot.height]).max())


def _place_and_aim(
    shot: Shot, points: Array, middle: Array, away: Array, padding_m: float, aims: int = _HALVING_AIMS
) -> Stand:
    position = np.array([middle[0] + away[0], middle[1] + away[1], shot.height_m])
    here = _aimed(position, middle, shot)
    for _ in range(aims):
        box = box_of(shot, here, points, padding_m)
        # By angles, not pixels, and not at once: a wide lens stretches what comes near the edge.
        middle_px = np.array([shot.width, shot.height]) / 2
        is_at = np.arctan((box.centre - middle_px) / shot.focal_px)
        belongs = np.arctan((_wanted(shot, box.size) - middle_px) / shot.focal_px)
        off = np.tan(_STEP * (is_at - belongs))
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
    side = _cut_side(shot, size / picture)
    if side == "bottom":
        wanted[1] = picture[1] + size[1] * (shot.cut - 0.5)
    elif side == "top":
        wanted[1] = size[1] * (0.5 - shot.cut)
    elif side == "left":
        wanted[0] = size[0] * (0.5 - shot.cut)
    elif side == "right":
        wanted[0] = picture[0] + size[0] * (shot.cut - 0.5)
    return wanted


def _cut_side(shot: Shot, filled: Array) -> str | None:
    """The side on which the movement is cut.

    Bottom and top are for movements that fill the picture's height more than its width (shares ``filled``): nobody
    tilts the phone so far that a lying athlete leaves it through the bottom.
    """
    if not shot.framing.endswith("_cut"):
        return None
    if shot.framing == "side_cut" or filled[0] > filled[1]:
        return "left" if shot.place[0] < 0 else "right"
    return "bottom" if shot.framing == "bottom_cut" else "top"
