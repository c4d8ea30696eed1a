"""The cameras of a contact sheet: still, level, and far enough for the whole movement."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from deukgeun.synth.camera import Camera
from deukgeun.synth.cameras import Shot, shoot

Array = npt.NDArray[np.float64]

VIEWS: dict[str, tuple[float, float]] = {
    "front": (0.0, 1.2),
    "oblique": (40.0, 1.2),
    "side": (90.0, 1.2),
    "rear_oblique": (140.0, 1.2),
    "back": (180.0, 1.2),
    "right": (-90.0, 1.2),
    "low": (30.0, 0.25),
    "high": (30.0, 2.2),
}
"""By name: the azimuth around the athlete in degrees (positive on the left) and the lens's height in metres."""

_VIEW_DEG, _FILL = 38.0, 0.84


def view_camera(name: str, points: Array, size: int, facing: tuple[float, float, float]) -> Camera:
    """The camera ``name`` of `VIEWS` with ``size`` x ``size`` pixels that has ``points`` (T, N, 3) in its picture."""
    azimuth_deg, height_m = VIEWS[name]
    shot = Shot(
        azimuth_deg=azimuth_deg,
        height_m=height_m,
        view_deg=_VIEW_DEG,
        width=size,
        height=size,
        roll_deg=0.0,
        framing="whole",
        fill=_FILL,
        cut=0.0,
        place=(0.0, 0.0),
        shake_deg=0.0,
        shake_mm=0.0,
        shake_seed=0,
        pan_deg=0.0,
    )
    return shoot(shot, points, np.arange(len(points), dtype=np.float64), None, facing)
