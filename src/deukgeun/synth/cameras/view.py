"""What a viewpoint is called: from which side, and from how high, a camera sees an athlete."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from deukgeun.synth.camera import Camera

Array = npt.NDArray[np.float64]

_LOW_M, _HIGH_M = 0.5, 1.4
_BINS = ((22.5, "front"), (67.5, "front_oblique"), (112.5, "side"), (157.5, "rear_oblique"), (180.0, "back"))
_LEAST_HORIZONTAL = 1e-6


def view_of(camera: Camera, facing: Array, athlete_m: Array | None = None) -> tuple[float, float, str]:
    """Return from where a camera sees an athlete: azimuth and elevation in degrees, and the name.

    The azimuth is the angle, seen from above, between ``facing`` (3,) and the way from the athlete to the lens: 0 in
    front, positive (up to 180) on the athlete's left. The elevation is that of the lens over the athlete. Where
    ``athlete_m`` (3,) is None, the athlete is taken to stand where the optical axis points. A moving camera is judged
    by its middle frame. Raises ``ValueError`` if ``facing`` is vertical: it must then be some other horizontal line
    of the body, say from the feet to the head.
    """
    middle = len(camera.position_m) // 2
    lens = camera.position_m[middle]
    toward = -camera.rotation[middle, 2] if athlete_m is None else lens - athlete_m
    azimuth = _signed_angle_deg(facing, toward)
    elevation = float(np.degrees(np.arctan2(toward[2], np.hypot(toward[0], toward[1]))))
    return azimuth, elevation, view_name(azimuth, float(lens[2]))


def view_name(azimuth_deg: float, height_m: float) -> str:
    """Return the name of a viewpoint, such as ``front_oblique_left_low``.

    By azimuth: front, front_oblique, side, rear_oblique, back, in steps of 45 degrees with the middle of front at 0;
    the three between front and back also say on which side of the athlete. By height of the lens: low, mid, high.
    """
    size = abs((azimuth_deg + 180) % 360 - 180)
    name = next(name for limit, name in _BINS if size <= limit)
    side = "" if name in ("front", "back") else "_left" if (azimuth_deg % 360) < 180 else "_right"
    height = "low" if height_m < _LOW_M else "mid" if height_m < _HIGH_M else "high"
    return f"{name}{side}_{height}"


def _signed_angle_deg(facing: Array, toward: Array) -> float:
    """The turn from ``facing`` to ``toward`` seen from above, counter-clockwise positive: to the athlete's left."""
    ahead = np.asarray(facing, dtype=np.float64)[:2]
    if np.linalg.norm(ahead) < _LEAST_HORIZONTAL:
        raise ValueError(f"facing must have a horizontal part, is {facing}")
    cross = ahead[0] * toward[1] - ahead[1] * toward[0]
    return float(np.degrees(np.arctan2(cross, ahead @ toward[:2])))
