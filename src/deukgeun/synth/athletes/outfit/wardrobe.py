"""What an athlete wears: the choices, at random."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import Figure

Array = npt.NDArray[np.float64]
_OLD, _YOUNG = 0.95, 0.72  # anny's age: 80 and 35 years


@dataclass(frozen=True, slots=True)
class Pattern:
    """``kind`` plain, stripes, upright, block, print, sides, sleeves or trim; ``second`` (3,) linear; ``size_m``."""

    kind: str
    second: Array
    size_m: float


@dataclass(frozen=True, slots=True)
class Garment:
    """``cut`` of a top (tshirt, tank, long, bra, bare) or of a bottom (shorts, cycling, leggings, trousers).

    ``length``: of a sleeve, 1 at the elbow; of a leg, 1 at the knee and 2 at the ankle. ``loose_m`` the room between
    cloth and skin at the hem; ``hem_m`` how far a top reaches below the hip joint; ``neckline_m`` its depth.
    """

    cut: str
    length: float
    loose_m: float
    hem_m: float
    neckline_m: float
    colour: Array
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Look:
    """Everything chosen for one athlete; colours are linear (3,). ``sock_m`` is the socks' height over the ankle,
    below zero for none; ``shoe`` None is barefoot; ``beard`` 0 shaven .. 1 full; ``hair`` names its cut.
    """

    skin: Array
    hair: str
    hair_colour: Array
    beard: float
    lips: Array
    eyes: Array
    top: Garment
    bottom: Garment
    shoe: Array | None
    sole: Array
    sock: Array
    sock_m: float
    seed: float


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("deukgeun.synth.athletes.outfit") / "wardrobe.toml").read_text("utf-8"))


def _pick(rng: np.random.Generator, chances: dict[str, float]) -> str:
    weights = np.array(list(chances.values()))
    return str(rng.choice(list(chances), p=weights / weights.sum()))


def _linear(srgb: Array | list[float]) -> Array:
    """Linear from sRGB in 0..1 (a power of 2.2 is near enough for a colour at random)."""
    out: Array = np.clip(np.asarray(srgb, dtype=np.float64), 0.0, 1.0) ** 2.2
    return out


def _cloth_colour(rng: np.random.Generator) -> Array:
    """A colour of sports clothes: half of them black, grey, navy or white, the others any hue."""
    named = _table()["cloth"]
    kind = _pick(rng, {name: row["chance"] for name, row in named.items()})
    if kind == "any":
        hue = float(rng.uniform(0, 6))
        wheel = np.clip(np.abs((hue + np.array([0.0, 4.0, 2.0])) % 6 - 3) - 1, 0.0, 1.0)
        pale, value = float(rng.uniform(0.05, 0.7)), float(rng.uniform(0.25, 0.95))
        return _linear(value * (pale + (1 - pale) * wheel))
    base = np.array(named[kind]["srgb"])
    return np.clip(_linear(base + rng.normal(0, 0.03)), 0.01, 0.82)


def _skin(rng: np.random.Generator, figure: Figure) -> Array:
    """A skin tone between the steps of the table, weakly tied to the features of the face."""
    tones = np.array(_table()["skin"]["linear"])
    dark = figure.phenotype.get("african", 1 / 3)
    place = np.clip(0.75 * dark + rng.uniform(-0.1, 0.6), 0, 1) * (len(tones) - 1)
    at = np.array([np.interp(place, np.arange(len(tones)), tones[:, k]) for k in range(3)])
    tone: Array = at * (1 + rng.normal(0, 0.04, 3) * [0.5, 0.5, 1.0])
    return tone


def _hair_colour(rng: np.random.Generator, figure: Figure, skin: Array) -> Array:
    shades = _table()["hair"]
    fair = {name: row["chance"] * (row["fair"] if skin[0] > 0.45 else 1.0) for name, row in shades.items()}
    colour = _linear(shades[_pick(rng, fair)]["srgb"])
    grey = np.clip((figure.phenotype["age"] - _YOUNG) / (_OLD - _YOUNG) + rng.normal(0, 0.12), 0, 1)
    mixed: Array = colour + float(grey) ** 1.5 * (_linear([0.72, 0.71, 0.70]) - colour)
    return mixed


def _pattern(rng: np.random.Generator, chances: dict[str, float]) -> Pattern:
    return Pattern(_pick(rng, chances), _cloth_colour(rng), float(rng.uniform(0.08, 0.2)))


def _garment(rng: np.random.Generator, kind: str, sex: str) -> Garment:
    row = _table()[kind]
    cut = _pick(rng, {name: values[sex] for name, values in row.items()})
    values = row[cut]

    def between(name: str) -> float:
        low, high = values[name]
        return float(rng.uniform(low, high))

    return Garment(
        cut=cut,
        length=between("length"),
        loose_m=between("loose_m"),
        hem_m=between("hem_m"),
        neckline_m=between("neckline_m"),
        colour=_cloth_colour(rng),
        pattern=_pattern(rng, _table()["patterns"][kind]),
    )


def choose(figure: Figure, rng: np.random.Generator) -> Look:
    """A look for the athlete; the same generator gives the same look."""
    sex = "female" if figure.phenotype["gender"] > 0.5 else "male"
    skin = _skin(rng, figure)
    light_eyes = rng.random() < (0.4 if skin[0] > 0.5 else 0.04)
    old = figure.phenotype["age"] > 0.82
    styles = {name: row[sex] * (row["old"] if old else 1.0) for name, row in _table()["styles"].items()}
    barefoot = rng.random() < _table()["feet"]["barefoot"]
    return Look(
        skin=skin,
        hair=_pick(rng, styles),
        hair_colour=_hair_colour(rng, figure, skin),
        beard=float(np.clip(rng.normal(0.1, 0.45), 0, 1)) if sex == "male" else 0.0,
        lips=skin * ([0.80, 0.56, 0.58] if sex == "male" else [0.86, 0.48, 0.52]) + [0.03, 0.0, 0.0],
        eyes=_linear(rng.uniform([0.3, 0.35, 0.3], 0.6) if light_eyes else np.array([0.28, 0.17, 0.10])),
        top=_garment(rng, "tops", sex),
        bottom=_garment(rng, "bottoms", sex),
        shoe=None if barefoot else _cloth_colour(rng),
        sole=_linear([0.9, 0.9, 0.88]) if rng.random() < 0.7 else _cloth_colour(rng),
        sock=_linear([0.88, 0.88, 0.88]) if rng.random() < 0.6 else _cloth_colour(rng),
        sock_m=-1.0 if barefoot else float(rng.choice([0.01, 0.05, 0.1, 0.18])),
        seed=float(rng.uniform(0, 6)),
    )
