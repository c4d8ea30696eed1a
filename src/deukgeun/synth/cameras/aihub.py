"""The five cameras of AI Hub data set 231, A to E, which are view1 to view5 of its labels.

Layouts: ``standing`` (C in front of the athlete, B and D front-oblique, A and E rear-oblique), ``cable`` (the same
ring, the athlete's back to C), ``floor`` and ``bench`` (C at the side of the body, whose head is to the left of C's
picture; A and B see it from the head's side, D and E from the feet's). Figures and their source: ``aihub.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.synth.camera import Camera, look_at
from deukgeun.synth.cameras.view import view_of

Array = npt.NDArray[np.float64]

LETTERS = ("A", "B", "C", "D", "E")
LAYOUTS = ("standing", "cable", "floor", "bench")
WIDTH, HEIGHT = 1920, 1080
# From the athlete's heading to the way to camera C, counter-clockwise from above, in degrees.
_C_FROM_HEADING_DEG = {"standing": 0.0, "cable": 180.0, "floor": 90.0, "bench": 90.0}


def aihub_cameras(
    layout: str,
    centre_m: tuple[float, float] = (0.0, 0.0),
    heading: tuple[float, float, float] = (0.0, -1.0, 0.0),
    rng: np.random.Generator | None = None,
) -> dict[str, Camera]:
    """Return the cameras A to E, still, 1920 x 1080, around ``centre_m`` on the floor.

    ``heading`` is where the athlete looks in the layouts ``standing`` and ``cable``, and the way from the feet to the
    head in ``floor`` and ``bench``; the cameras' views are named by it. With ``rng`` the cameras are set up a little
    differently, as on another day.
    Raises ``ValueError`` for another layout.
    """
    if layout not in LAYOUTS:
        raise ValueError(f"expected one of {LAYOUTS}, got {layout!r}")
    rows = _table()[layout]
    view_deg = rows["view_deg"] + _spread(rng, "view_deg")
    focal_px = WIDTH / 2 / float(np.tan(np.radians(view_deg) / 2))
    to_c_deg = float(np.degrees(np.arctan2(heading[1], heading[0]))) + _C_FROM_HEADING_DEG[layout]
    middle = np.array([centre_m[0] + _spread(rng, "aim_m"), centre_m[1] + _spread(rng, "aim_m"), 0.0])
    return {letter: _camera(rows[letter], focal_px, middle, to_c_deg, heading, rng) for letter in LETTERS}


def _camera(
    row: Mapping[str, float],
    focal_px: float,
    middle: Array,
    to_c_deg: float,
    heading: tuple[float, float, float],
    rng: np.random.Generator | None,
) -> Camera:
    azimuth = np.radians(to_c_deg + row["azimuth_deg"] + _spread(rng, "azimuth_deg"))
    distance = row["distance_m"] + _spread(rng, "distance_m")
    away = distance * np.array([np.cos(azimuth), np.sin(azimuth)])
    height = row["height_m"] + _spread(rng, "height_m")
    lens = middle + np.array([*away, height])
    drop = np.tan(np.radians(row["pitch_deg"] + _spread(rng, "pitch_deg"))) * distance
    aside = np.tan(np.radians(_spread(rng, "aim_deg"))) * np.array([-away[1], away[0]])
    target = middle + np.array([*aside, height + drop])
    camera = Camera(WIDTH, HEIGHT, focal_px, lens[None], look_at(lens[None], target[None]), "")
    _, _, view = view_of(camera, np.array(heading), middle)
    return Camera(WIDTH, HEIGHT, focal_px, camera.position_m, camera.rotation, view)


def _spread(rng: np.random.Generator | None, name: str) -> float:
    return 0.0 if rng is None else float(rng.normal(0.0, _table()["spread"][name]))


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("deukgeun.synth.cameras") / "aihub.toml").read_text("utf-8"))
