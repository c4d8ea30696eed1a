"""What is filmed, without the pictures: who does what, where the camera is, and when each picture is taken."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from deukgeun.synth.acts import Act, solo
from deukgeun.synth.athletes.bank import sample_figure
from deukgeun.synth.camera import Camera
from deukgeun.synth.cameras import phone_camera
from deukgeun.synth.figure import BONE
from deukgeun.synth.repertoire import piece_named

Array = npt.NDArray[np.float64]

# What phones film at, and how often.
_RATES_HZ = ((30.0, 0.62), (24.0, 0.08), (25.0, 0.10), (60.0, 0.20))


@dataclass(frozen=True, slots=True)
class Scenario:
    """The athlete first, then bystanders; all acts share ``time_s``. ``label`` is what the athlete does."""

    seed: int
    label: str
    acts: tuple[Act, ...]
    camera: Camera
    rate_hz: float

    @property
    def time_s(self) -> Array:
        """When each picture is taken: (T,)."""
        return self.acts[0].time_s


def draw_rate_hz(rng: np.random.Generator) -> float:
    """A frame rate as phones have them."""
    rates, shares = zip(*_RATES_HZ, strict=True)
    return float(rng.choice(rates, p=shares))


def film_points(act: Act) -> Array:
    """What a camera must frame: the joints (T, 33, 3) of the athlete."""
    return act.joints("blazepose_33")


def facing(act: Act) -> tuple[float, float, float]:
    """The horizontal way (3,) from which "front" and "side" are counted.

    It is where the chest faces; for a body that lies, the way that a camera before the feet (on the back) or before
    the head (on the front) has the athlete ahead of it.
    """
    chest = act.posed.rotations[:, BONE["chest"]]
    ahead = -chest[:, :, 1].mean(axis=0)
    if np.hypot(ahead[0], ahead[1]) > 0.5:
        return (float(ahead[0]), float(ahead[1]), 0.0)
    up = chest[:, :, 2].mean(axis=0)
    sign = 1.0 if ahead[2] < 0 else -1.0  # prone bodies face the way of their heads, supine ones that of their feet
    way = sign * up[:2] / max(float(np.hypot(up[0], up[1])), 1e-6)
    return (float(way[0]), float(way[1]), 0.0)


def draw_scenario(
    seed: int, name: str, *, duration_s: float = 8.0, rate_hz: float | None = None, whole: bool = False,
    equipment: str | None = None, lines: int | None = None,
) -> Scenario:  # fmt: skip
    """A clip of one athlete doing ``name`` (an exercise or motion), filmed by a phone; the seed decides the rest.

    Pictures whose shorter side has more than ``lines`` pixels are made smaller.
    """
    rng = np.random.default_rng(seed)
    piece = piece_named(name, rng, equipment)
    rate = rate_hz or draw_rate_hz(rng)
    act = solo(piece, sample_figure(rng), rng, duration_s=duration_s, rate_hz=rate, whole=whole)
    camera = phone_camera(rng, film_points(act), act.time_s, facing=facing(act), items=act.items)
    return Scenario(seed, piece.label, (act,), camera if lines is None else smaller(camera, lines), rate)


def smaller(camera: Camera, lines: int) -> Camera:
    """The same view with at most ``lines`` pixels along the picture's shorter side, both sides even."""
    share = min(lines / min(camera.width, camera.height), 1.0)
    width, height = (max(round(side * share / 2) * 2, 2) for side in (camera.width, camera.height))
    return replace(camera, width=width, height=height, focal_px=camera.focal_px * share)
