"""The angles a pose is written in: their order, limits and mirror image."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import SIDES

Array = npt.NDArray[np.float64]

BODY = ("pitch", "roll", "turn", "flex", "side", "twist", "nod", "look", "tilt")
ARM = ("raise", "plane", "rotate", "elbow", "pronate", "wrist", "shrug", "protract", "hang", "grip")
LEG = ("hip", "abduct", "turnout", "knee", "ankle", "toe", "heel")
LIMB = ARM + LEG
NAMES: tuple[str, ...] = BODY + tuple(f"{name}_{side}" for side in SIDES for name in LIMB)
"""Every angle of a pose, in order: the body's, then the left and the right limbs'."""
INDEX: dict[str, int] = {name: index for index, name in enumerate(NAMES)}
MIRRORED = ("roll", "turn", "side", "twist", "look", "tilt")
"""Angles of the body whose sign changes in a mirror."""


def resolve(name: str) -> tuple[int, ...]:
    """Columns that an angle's name means: one for "pitch" or "knee_l", two for "knee"; KeyError when unknown."""
    if name in INDEX:
        return (INDEX[name],)
    return tuple(INDEX[f"{name}_{side}"] for side in SIDES)


def mirror(angles: Array) -> Array:
    """The same pose (..., D) seen in a mirror: left and right limbs swapped, turns and leans reversed."""
    swapped = angles[..., _swap()].copy()
    swapped[..., [INDEX[name] for name in MIRRORED]] *= -1
    return swapped


@cache
def _swap() -> npt.NDArray[np.int64]:
    other = {"l": "r", "r": "l"}
    names = [n if n in BODY else f"{n[:-1]}{other[n[-1]]}" for n in NAMES]
    return np.array([INDEX[n] for n in names])


@cache
def table(column: str) -> Array:
    """One column of anatomy.toml for every angle: "limits" (D, 2), "sway" or "style" (D,), in degrees."""
    text = resources.files(__package__).joinpath("anatomy.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    rows = [data["body"][name][column] for name in BODY]
    for _ in SIDES:
        rows += [data["arm"][name][column] for name in ARM]
        rows += [data["leg"][name][column] for name in LEG]
    return np.array(rows, dtype=np.float64)


def clip(angles: Array) -> Array:
    """Angles (..., D) held within the limits of anatomy."""
    limits = table("limits")
    return np.clip(angles, limits[:, 0], limits[:, 1])


def columns(names: Iterable[str]) -> npt.NDArray[np.int64]:
    """Indices of the named angles, both sides where none is named."""
    return np.array([index for name in names for index in resolve(name)], dtype=np.int64)
