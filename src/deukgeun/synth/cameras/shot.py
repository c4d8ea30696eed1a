"""A random phone shot before it is aimed: everything that is drawn, by the shares in ``phone.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

Range = tuple[float, float]
Weighted = tuple[tuple[float, Range], ...]


@dataclass(frozen=True, slots=True)
class Framing:
    """``fill``: the share of the picture that the movement fills; ``cut``: the share of the movement left out."""

    name: str
    fill: Range
    cut: Range | None


@dataclass(frozen=True, slots=True)
class PhoneSettings:
    """What a shot is drawn from; the fields are those of ``phone.toml``, weights first."""

    room_distance_m: float
    lens_clearance_m: float
    padding_m: float
    hidden_share: float
    end_on: float
    end_on_share: float
    places: int
    azimuth: Weighted
    height: Weighted
    lens: Weighted
    picture: tuple[tuple[float, tuple[int, int]], ...]
    framing: tuple[tuple[float, Framing], ...]
    upright_share: float
    turned_share: float
    hand_roll_deg: float
    leaning_share: float
    leaning_roll_deg: Range
    shaking_share: float
    panning_share: float
    shake_deg: Range
    shake_mm: Range
    shake_hz: Range
    pan_deg: Range
    pan_deg_s: float


@dataclass(frozen=True, slots=True)
class Shot:
    """What one phone does, before the athlete is known.

    ``azimuth_deg`` around the athlete (0 in front, positive on the left), ``height_m`` of the lens, ``view_deg`` along
    the long side of the picture of ``width`` x ``height`` pixels, ``roll_deg`` of the phone. ``fill`` is the share of
    the picture that the movement is to fill, ``cut`` the share of it to be left out on the side that ``framing``
    names, ``place`` (x, y in -1..1) where it lies in the room left over. ``shake_deg`` and ``shake_mm`` are root mean
    squares, ``shake_seed`` makes their noise, ``pan_deg`` is the turn over the clip; all 0 for a phone that stands.
    """

    azimuth_deg: float
    height_m: float
    view_deg: float
    width: int
    height: int
    roll_deg: float
    framing: str
    fill: float
    cut: float
    place: tuple[float, float]
    shake_deg: float
    shake_mm: float
    shake_seed: int
    pan_deg: float

    @property
    def focal_px(self) -> float:
        """The focal length that gives the field of view."""
        return max(self.width, self.height) / 2 / float(np.tan(np.radians(self.view_deg) / 2))


@cache
def phone_settings() -> PhoneSettings:
    """Return the settings of ``phone.toml``."""
    rows = tomllib.loads((files("deukgeun.synth.cameras") / "phone.toml").read_text("utf-8"))
    flat = {**rows.pop("lean"), **rows.pop("hold"), **rows}
    flat["azimuth"] = _ranges(flat["azimuth"], "range_deg")
    flat["height"] = _ranges(flat["height"], "range_m")
    flat["lens"] = _ranges(flat["lens"], "view_deg")
    flat["picture"] = tuple((row["weight"], tuple(row["size"])) for row in flat["picture"])
    flat["framing"] = tuple((row["weight"], _framing(row)) for row in flat["framing"])
    values: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in flat.items()}
    return PhoneSettings(**values)


def _ranges(rows: Sequence[Mapping[str, Any]], key: str) -> Weighted:
    return tuple((row["weight"], (row[key][0], row[key][1])) for row in rows)


def _framing(row: Mapping[str, Any]) -> Framing:
    return Framing(row["name"], tuple(row["fill"]), tuple(row["cut"]) if "cut" in row else None)


def draw_shot(rng: np.random.Generator, settings: PhoneSettings | None = None) -> Shot:
    """Return a random shot."""
    drawn_from = settings or phone_settings()
    framing = drawn_from.framing[_choose(rng, [w for w, _ in drawn_from.framing])][1]
    width, height = _picture(rng, drawn_from)
    return Shot(
        azimuth_deg=_within(rng, drawn_from.azimuth) * float(rng.choice([-1.0, 1.0])),
        height_m=_within(rng, drawn_from.height),
        view_deg=_within(rng, drawn_from.lens),
        width=width,
        height=height,
        roll_deg=_roll_deg(rng, drawn_from),
        framing=framing.name,
        fill=float(rng.uniform(*framing.fill)),
        cut=float(rng.uniform(*framing.cut)) if framing.cut else 0.0,
        place=_place(rng, framing.name),
        **_hold(rng, drawn_from),
    )


def _choose(rng: np.random.Generator, weights: Sequence[float]) -> int:
    shares = np.asarray(weights) / np.sum(weights)
    return int(rng.choice(len(shares), p=shares))


def _within(rng: np.random.Generator, table: Weighted) -> float:
    return float(rng.uniform(*table[_choose(rng, [weight for weight, _ in table])][1]))


def _picture(rng: np.random.Generator, settings: PhoneSettings) -> tuple[int, int]:
    long, short = settings.picture[_choose(rng, [weight for weight, _ in settings.picture])][1]
    return (short, long) if rng.random() < settings.upright_share else (long, short)


def _roll_deg(rng: np.random.Generator, settings: PhoneSettings) -> float:
    if rng.random() < settings.leaning_share:
        return float(rng.uniform(*settings.leaning_roll_deg) * rng.choice([-1.0, 1.0]))
    return float(rng.normal(0.0, settings.hand_roll_deg))


def _place(rng: np.random.Generator, framing: str) -> tuple[float, float]:
    x, y = rng.uniform(-0.6, 0.6, 2)
    if framing == "off_centre":
        x = rng.choice([-1.0, 1.0])
    return float(x), float(y)


def _hold(rng: np.random.Generator, settings: PhoneSettings) -> dict[str, Any]:
    """The shake and the pan: neither, one, or (by hand) a pan that shakes."""
    seed, kind = int(rng.integers(2**32)), rng.random()
    panning = kind < settings.panning_share
    shaking = kind < settings.panning_share + settings.shaking_share
    shake_deg, shake_mm = rng.uniform(*settings.shake_deg), rng.uniform(*settings.shake_mm)
    pan_deg = rng.uniform(*settings.pan_deg) * rng.choice([-1.0, 1.0])
    return {
        "shake_deg": float(shake_deg) if shaking else 0.0,
        "shake_mm": float(shake_mm) if shaking else 0.0,
        "shake_seed": seed,
        "pan_deg": float(pan_deg) if panning else 0.0,
    }
