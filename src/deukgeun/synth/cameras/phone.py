"""A phone that films one athlete: from any side, near the floor or held by a friend, well framed or not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from deukgeun.synth.camera import Camera
from deukgeun.synth.cameras.framing import Stand, stand
from deukgeun.synth.cameras.shake import band_noise, turns
from deukgeun.synth.cameras.shot import PhoneSettings, Shot, draw_shot, phone_settings
from deukgeun.synth.cameras.view import view_of

Array = npt.NDArray[np.float64]

AHEAD = (0.0, -1.0, 0.0)
"""Where an athlete at rest looks."""


def phone_camera(
    rng: np.random.Generator,
    points: Array,
    time_s: Array,
    settings: PhoneSettings | None = None,
    facing: tuple[float, float, float] = AHEAD,
) -> Camera:
    """Return a random phone camera for an athlete whose landmarks (T, N, 3) at ``time_s`` (T,) are ``points``.

    ``facing`` is the athlete's direction in the room; it needs a horizontal part (see `view_of`). The camera's view is
    the `view_name`; T of the camera is 1 where the phone stands still. ``settings``: by default `phone_settings`.
    """
    return shoot(draw_shot(rng, settings), points, time_s, settings, facing)


def shoot(
    shot: Shot,
    points: Array,
    time_s: Array,
    settings: PhoneSettings | None = None,
    facing: tuple[float, float, float] = AHEAD,
) -> Camera:
    """Return the camera that makes ``shot`` of the movement ``points`` (T, N, 3) at ``time_s`` (T,)."""
    if points.ndim != 3 or points.shape[2] != 3 or time_s.shape != (len(points),) or not points.size:
        raise ValueError(f"expected points (T, N, 3) and time_s (T,), got {points.shape} and {time_s.shape}")
    drawn_from = settings or phone_settings()
    still = stand(shot, points, _toward(shot.azimuth_deg, facing), drawn_from)
    position_m, rotation = _held(shot, still, time_s, drawn_from)
    camera = Camera(shot.width, shot.height, shot.focal_px, position_m, rotation, "")
    _, _, view = view_of(camera, np.array(facing), np.asarray(points.mean(axis=(0, 1))))
    return Camera(shot.width, shot.height, shot.focal_px, position_m, rotation, view)


def _toward(azimuth_deg: float, facing: tuple[float, float, float]) -> Array:
    ahead = np.arctan2(facing[1], facing[0]) + np.radians(azimuth_deg)
    return np.array([np.cos(ahead), np.sin(ahead)])


def _held(shot: Shot, still: Stand, time_s: Array, settings: PhoneSettings) -> tuple[Array, Array]:
    """Return positions and rotations of a phone that stands (one each), or shakes and pans (one a frame)."""
    if not shot.shake_deg and not shot.pan_deg:
        return still.position_m[None], still.rotation[None]
    noise = band_noise(shot.shake_seed, time_s, 6, settings.shake_hz)
    angles = shot.shake_deg * noise[:, :3]
    angles[:, 1] += _pan_deg(shot, time_s, settings)
    position_m = still.position_m + shot.shake_mm / 1000 * noise[:, 3:]
    return position_m, turns(angles) @ still.rotation


def _pan_deg(shot: Shot, time_s: Array, settings: PhoneSettings) -> Array:
    """The pan's angle (T,): even, as far to one side at the beginning as to the other at the end."""
    lasts_s = float(time_s[-1] - time_s[0])
    widest = settings.pan_deg_s * lasts_s
    angle = float(np.clip(shot.pan_deg, -widest, widest))
    share = (time_s - time_s[0]) / lasts_s if lasts_s else np.full_like(time_s, 0.5)
    return np.asarray(angle * (share - 0.5))
