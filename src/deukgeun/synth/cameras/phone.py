"""A phone that films one athlete: from any side, near the floor or held by a friend, well framed or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from deukgeun.synth.camera import Camera
from deukgeun.synth.cameras.blocks import corners, hidden
from deukgeun.synth.cameras.framing import Stand, stand
from deukgeun.synth.cameras.shake import band_noise, turns
from deukgeun.synth.cameras.shot import PhoneSettings, Shot, draw_shot, phone_settings
from deukgeun.synth.cameras.view import view_of
from deukgeun.synth.items import Item

Array = npt.NDArray[np.float64]

AHEAD = (0.0, -1.0, 0.0)
"""Where an athlete at rest looks."""


_MOST_FRAMES = 8  # of the movement that are looked at for what hides it


def phone_camera(
    rng: np.random.Generator,
    points: Array,
    time_s: Array,
    settings: PhoneSettings | None = None,
    facing: tuple[float, float, float] = AHEAD,
    items: Sequence[Item] = (),
) -> Camera:
    """Return a random phone camera for an athlete whose landmarks (T, N, 3) at ``time_s`` (T,) are ``points``.

    ``facing`` is the athlete's direction in the room; it needs a horizontal part (see `view_of`). The camera's view is
    the `view_name`; T of the camera is 1 where the phone stands still. ``settings``: by default `phone_settings`.
    Whoever films looks at the screen: where ``items`` hide too much of the athlete, and mostly also where the body is
    seen end on (lying, with the phone at the feet or the head), another place is taken; where they hide too much from
    everywhere, the best of those that were tried.
    """
    drawn_from = settings or phone_settings()
    found: list[tuple[float, Camera]] = []
    for _ in range(drawn_from.places):
        shot = draw_shot(rng, drawn_from)
        camera = shoot(shot, points, time_s, drawn_from, facing, items)
        turned = rng.random() < drawn_from.turned_share and drawn_from.upright_share < 1.0
        if turned and _is_too_wide(camera, points):
            shot = replace(shot, width=shot.height, height=shot.width)
            camera = shoot(shot, points, time_s, drawn_from, facing, items)
        found.append((hidden_share(camera, points, items), camera))
        turned_down = breadth(camera, points) < drawn_from.end_on and rng.random() >= drawn_from.end_on_share
        if found[-1][0] <= drawn_from.hidden_share and not turned_down:
            return camera
    return min(found, key=lambda each: each[0])[1]


def _is_too_wide(camera: Camera, points: Array) -> bool:
    """Whether an upright picture shows a movement (T, N, 3) that is wider than high."""
    xy, _ = camera.project(points)
    wide, tall = np.ptp(xy.reshape(-1, 2), axis=0)
    return bool(camera.height > camera.width and wide > tall)


def breadth(camera: Camera, points: Array) -> float:
    """How broadly the camera sees the body: the share of the landmarks' (T, N, 3) variance across its line of sight.

    About 0.9 for somebody who stands, and less than 0.35 for somebody who lies along the line of sight.
    """
    from_middle = points - points.mean(axis=1, keepdims=True)
    ray = points.mean(axis=1) - camera.position_m
    ray /= np.linalg.norm(ray, axis=-1, keepdims=True)
    along = np.einsum("tni,ti->tn", from_middle, np.broadcast_to(ray, (len(points), 3)))
    return 1.0 - float(np.sum(along**2) / np.sum(from_middle**2))


def hidden_share(camera: Camera, points: Array, items: Sequence[Item]) -> float:
    """How many of the landmarks (T, N, 3) ``items`` hide from where the camera is, over a few pictures: 0 to 1."""
    frames = np.unique(np.linspace(0, len(points) - 1, _MOST_FRAMES).astype(int)).tolist()
    eye = camera.position_m[len(camera.position_m) // 2]
    return float(hidden(items, eye, points[frames], frames).mean())


def shoot(
    shot: Shot,
    points: Array,
    time_s: Array,
    settings: PhoneSettings | None = None,
    facing: tuple[float, float, float] = AHEAD,
    items: Sequence[Item] = (),
) -> Camera:
    """Return the camera that makes ``shot`` of the movement ``points`` (T, N, 3) at ``time_s`` (T,).

    It keeps clear of ``items`` as of the athlete; walls apart, which are wider than any room to step back in.
    """
    if points.ndim != 3 or points.shape[2] != 3 or time_s.shape != (len(points),) or not points.size:
        raise ValueError(f"expected points (T, N, 3) and time_s (T,), got {points.shape} and {time_s.shape}")
    drawn_from = settings or phone_settings()
    things = np.concatenate([np.zeros((0, 3)), *(corners(item) for item in items if item.kind != "wall")])
    still = stand(shot, points, _toward(shot.azimuth_deg, facing), drawn_from, things)
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
