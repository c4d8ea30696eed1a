"""Which joints a picture shows, judged by its depths."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from deukgeun.synth.scene.mesh import Array, Floats

SLACK_M = 0.12
"""For joints of which nothing is known; see `slacks`."""


@cache
def _slack_by_word() -> dict[str, float]:
    table: dict[str, float] = tomllib.loads((files("deukgeun.synth.scene") / "slack.toml").read_text("utf-8"))
    return table


def slacks(joints: Sequence[str]) -> Array:
    """The slack (K,) in metres of each of the named joints, `SLACK_M` for a name that says nothing."""

    def one(name: str) -> float:
        parts = name.lower().replace(" ", "_").split("_")
        # "left_foot_index" is the foot's: the first word that means something counts.
        return next((_slack_by_word()[part] for part in parts if part in _slack_by_word()), SLACK_M)

    return np.array([one(name) for name in joints])


def visible(depth: Floats, xy: Array, joint_depth: Array, slack_m: npt.ArrayLike = SLACK_M) -> npt.NDArray[np.bool_]:
    """Whether joints are seen: (T, K), for depths (T, H, W) in metres, pixels (T, K, 2) and joint depths (T, K).

    A joint is seen when it lies in the picture, before the lens, and the surface at its pixel is no more than
    ``slack_m`` (a number, or (K,) for each joint) nearer than the joint. The nearest of two pixels around would
    hide joints behind their own limb's edge, so the pixel itself counts.
    """
    frames, height, width = depth.shape
    if xy.shape != (frames, joint_depth.shape[1], 2) or len(joint_depth) != frames:
        raise ValueError(f"expected ({frames}, K, 2) and ({frames}, K), got {xy.shape}, {joint_depth.shape}")
    column, row = np.floor(xy[..., 0]), np.floor(xy[..., 1])
    inside = (column >= 0) & (row >= 0) & (column < width) & (row < height) & (joint_depth > 0)
    at = np.where(inside, row, 0).astype(int), np.where(inside, column, 0).astype(int)
    surface = depth[np.arange(frames)[:, None], at[0], at[1]]
    seen: npt.NDArray[np.bool_] = inside & (surface >= joint_depth - np.asarray(slack_m))
    return seen
