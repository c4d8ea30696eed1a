"""Colours of things, and the sizes of equipment: the tables that the builders draw from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np

from deukgeun.synth.scene.mesh import Array

GLOSS = {"steel": 0.45, "frame": 0.12, "bell": 0.08, "plastic": 0.10, "cushion": 0.06, "wood": 0.04, "pot": 0.05}


@cache
def _finishes() -> dict[str, list[list[float]]]:
    text = (files("deukgeun.synth.scene") / "finishes.toml").read_text("utf-8")
    table: dict[str, list[list[float]]] = tomllib.loads(text)
    return table


@cache
def _kinds() -> dict[str, dict[str, float]]:
    text = (files("deukgeun.synth") / "equipment.toml").read_text("utf-8")
    table: dict[str, dict[str, float]] = tomllib.loads(text)
    return table


def kinds() -> tuple[str, ...]:
    """Every kind of equipment, in the order of `equipment.toml`."""
    return tuple(_kinds())


def sizes(kind: str, given: Mapping[str, float]) -> dict[str, float]:
    """All sizes of a thing of ``kind``, ``given`` ones before the kind's own; KeyError for a kind that is not there."""
    return {**_kinds()[kind], **given}


def colour(material: str, rng: np.random.Generator, spread: float = 0.15) -> Array:
    """A linear colour (3,) of ``material``, a little lighter or darker than its neighbours in the table."""
    table = _finishes()[material]
    base = np.array(table[int(rng.integers(len(table)))])
    tint = np.exp(rng.normal(0, spread) + rng.normal(0, spread / 4, 3))
    varied: Array = np.clip(base * tint, 0.005, 0.85)
    return varied


def gloss(material: str) -> float:
    """How much of the room ``material`` mirrors, 0 to 1."""
    return GLOSS.get(material, 0.0)
