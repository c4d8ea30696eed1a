"""What an estimator's errors depend on: the body as the camera sees it, in units of its own trunk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deukgeun.skeleton import skeleton

Array = npt.NDArray[np.float64]

MAIN = ("nose", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist",
        "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle")  # fmt: skip
_NAMES = skeleton("blazepose_33").joints
MAIN_INDEX = np.array([_NAMES.index(name) for name in MAIN])
_HELD = ("left_ear", "right_ear", "left_index", "right_index", "left_heel", "right_heel", "left_foot_index",
         "right_foot_index")  # fmt: skip
LOOKED_AT = np.append(MAIN_INDEX, [_NAMES.index(name) for name in _HELD])
"""The joints that errors are foretold from (21,): the main ones and what hangs on them."""
_SHOULDERS = [_NAMES.index("left_shoulder"), _NAMES.index("right_shoulder")]
_HIPS = [_NAMES.index("left_hip"), _NAMES.index("right_hip")]
# Joints further outside the picture than this (in trunk lengths) are all alike: gone.
_OUTSIDE = 1.5
# Velocities are in trunk lengths a second; beyond this they are noise.
_FASTEST = 12.0
_WIDEST, _USUAL_PX = 3.0, 100.0


@dataclass(frozen=True, slots=True)
class Sight:
    """A body before a camera. ``body`` (T, 33, 3): joints from between the hips, in the camera's axes (x right, y
    down, z away) and in trunk lengths; ``trunk_m`` is that length; ``trunk_px`` (T,) what it measures in the picture
    at the hips' distance; ``xy`` (T, 33, 2) pixels; ``border`` (T, 13, 2): how far each main joint is from the middle
    of the picture beyond its edge, in trunk lengths, negative inside; ``rate_hz``.
    """

    body: Array
    trunk_m: float
    trunk_px: Array
    xy: Array
    border: Array
    rate_hz: float


def sight(camera_m: Array, xy: Array, focal_px: float, width: int, height: int, rate_hz: float) -> Sight:
    """The sight of joints (T, 33, 3) in metres in the camera's axes and (T, 33, 2) in pixels."""
    hips = camera_m[:, _HIPS].mean(axis=1)
    shoulders = camera_m[:, _SHOULDERS].mean(axis=1)
    trunk_m = float(np.median(np.linalg.norm(shoulders - hips, axis=-1)))
    trunk_px = focal_px * trunk_m / np.maximum(hips[:, 2], 0.3)
    middle = np.array([width / 2, height / 2])
    beyond = (np.abs(xy[:, MAIN_INDEX] - middle) - middle) / trunk_px[:, None, None]
    return Sight(
        body=(camera_m - hips[:, None]) / trunk_m,
        trunk_m=trunk_m,
        trunk_px=trunk_px,
        xy=xy,
        border=np.clip(beyond, -_OUTSIDE, _OUTSIDE),
        rate_hz=rate_hz,
    )


def pose(seen: Sight) -> Array:
    """The main joints of every picture in one row (T, 39), trunk lengths."""
    return seen.body[:, MAIN_INDEX].reshape(len(seen.body), -1)


def stance(seen: Sight) -> Array:
    """What a body and its place before the camera are (T, 172): what errors in the picture and scores are foretold
    from."""
    flat = np.clip(_flat(seen)[:, LOOKED_AT], -_WIDEST, _WIDEST).reshape(len(seen.xy), -1)
    size = np.full((len(flat), 1), np.log(seen.trunk_px.mean() / _USUAL_PX))
    return np.concatenate([_body(seen), flat, size], axis=1)


def basis(seen: Sight, said: Array) -> Array:
    """What depth errors are foretold from (T, 246): what the body is; and what the estimator says of it in the picture:
    ``said`` (T, 33, 3), errors in trunk lengths and logits of scores.

    An estimator's depths are those of the body that it believes to see, so they follow its own picture of it: with it
    a regression tells twice as much of the depth errors of clips that it was not fitted on as without it.
    """
    off = said[:, LOOKED_AT, :2]
    place = _flat(seen)[:, LOOKED_AT] + off - said[:, _HIPS, :2].mean(axis=1, keepdims=True)
    parts = (np.clip(off, -1, 1), np.clip(place, -_WIDEST, _WIDEST), np.clip(said[..., 2:], -6, 6))
    return np.concatenate([_body(seen), *(part.reshape(len(said), -1) for part in parts)], axis=1)


def _body(seen: Sight) -> Array:
    """Constant, joints looked at, velocities of the main ones, and border: (T, 129)."""
    at = pose(seen)
    if len(at) > 1:
        speed = np.clip(np.asarray(np.gradient(at, axis=0)) * seen.rate_hz, -_FASTEST, _FASTEST)
    else:
        speed = np.zeros_like(at)
    everything = seen.body[:, LOOKED_AT].reshape(len(at), -1)
    border = np.maximum(seen.border, -0.5).reshape(len(at), -1)
    return np.concatenate([np.ones((len(at), 1)), everything, 0.1 * speed, border], axis=1)


def _flat(seen: Sight) -> Array:
    """True joints (T, 33, 2) in the picture from between the hips, trunk lengths."""
    from_hips: Array = seen.xy - seen.xy[:, _HIPS].mean(axis=1, keepdims=True)
    return np.asarray(from_hips / seen.trunk_px[:, None, None])


def descriptor(seen: Sight) -> Array:
    """What a clip is like as a whole (45,): mean pose, how much it moves, how much of it is outside the picture."""
    at = seen.body[:, MAIN_INDEX]
    spread = at.std(axis=0).reshape(-1, 3).mean(axis=0)
    outside = (seen.border > 0).any(axis=-1).mean(axis=0)
    legs, arms, head = outside[[9, 10, 11, 12]].mean(), outside[[3, 4, 5, 6]].mean(), outside[[0]].mean()
    return np.concatenate([at.mean(axis=0).ravel(), 2.0 * spread, 2.0 * np.array([legs, arms, head])])
