"""Maps between joint sets: every target joint is a weighted sum of source joints, with weights that sum to 1.

The same weights are applied to every coordinate, so a map commutes with any translation, rotation, scaling
and (its left and right weights being equal) with mirroring, in the picture as in space. The rules are data:
``maps.toml`` by hand, ``aihub_fit.json`` fitted on labels: see ``docs/explanation/skeletons.md``.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypedDict, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deukgeun.errors import PoseError
from deukgeun.skeleton.sets import Skeleton, skeleton

Weights = Mapping[str, float]
Variant = Literal["fitted", "anatomical"]


class _Rules(TypedDict):
    shared: list[str]
    fitted: dict[str, dict[str, Weights]]
    anatomical: dict[str, dict[str, dict[str, Weights]]]


@dataclass(frozen=True, slots=True, eq=False)
class SkeletonMap:
    """The map from ``source`` (K_s joints) to ``target`` (K_t joints).

    ``rows`` (K_t, M) and ``weights`` (K_t, M) list, by target joint, the source joints it is made of and
    their weights. Short lists are filled up with weight 0 on a joint that is in the list anyway, so that an
    unknown (NaN) joint spoils only what is made of it.
    """

    source: Skeleton
    target: Skeleton
    rows: NDArray[np.intp]
    weights: NDArray[np.float64]
    variant: Variant = "fitted"

    def __post_init__(self) -> None:
        shapes, count = (self.rows.shape, self.weights.shape), len(self.target)
        if shapes[0] != shapes[1] or len(self.rows) != count:
            raise ValueError(f"rows and weights must be ({count}, M), are {shapes[0]} and {shapes[1]}")
        if not np.allclose(self.weights.sum(axis=1), 1.0, atol=1e-9):
            raise ValueError("the weights of every joint must sum to 1")

    def __reduce__(self) -> tuple[object, ...]:
        return joint_map, (self.source.name, self.target.name, self.variant)

    @property
    def matrix(self) -> NDArray[np.float64]:
        """The map as a dense matrix (K_t, K_s); each row sums to 1."""
        dense = np.zeros((len(self.target), len(self.source)))
        np.add.at(dense, (np.arange(len(self.target))[:, None], self.rows), self.weights)
        return dense

    def points(self, points: ArrayLike) -> NDArray[np.float64]:
        """Return points (..., K_s, D) as points (..., K_t, D), float64. ``ValueError`` for another K."""
        values = np.asarray(points, dtype=np.float64)
        self._check(values.ndim >= 2 and values.shape[-2] == len(self.source), "(..., {}, D)", values)
        out: NDArray[np.float64] = np.einsum("...kmd,km->...kd", values[..., self.rows, :], self.weights)
        return out

    def score(self, score: ArrayLike, how: Literal["min", "weighted"] = "min") -> NDArray[np.float64]:
        """Return scores (..., K_s) as scores (..., K_t).

        ``min``: a joint is no surer than the least sure joint it is made of. ``weighted``: their mean by
        absolute weight. Both stay within the range of the scores given.
        """
        values = np.asarray(score, dtype=np.float64)
        self._check(values.ndim >= 1 and values.shape[-1] == len(self.source), "(..., {})", values)
        parts = values[..., self.rows]
        if how == "min":
            return cast("NDArray[np.float64]", parts.min(axis=-1))
        share = np.abs(self.weights) / np.abs(self.weights).sum(axis=1, keepdims=True)
        return cast("NDArray[np.float64]", (parts * share).sum(axis=-1))

    def _check(self, fits: bool, shape: str, values: NDArray[np.float64]) -> None:
        if not fits:
            expected = shape.format(len(self.source))
            raise ValueError(f"{self.source.name} needs {expected}, was given {values.shape}")


def map_joints(
    points: ArrayLike, source: Skeleton | str, target: Skeleton | str, variant: Variant = "fitted"
) -> NDArray[np.float64]:
    """Return points (..., K_source, D) of one joint set as points (..., K_target, D) of another.

    ``variant`` and errors: see ``joint_map``.
    """
    return joint_map(source, target, variant).points(points)


def joint_map(source: Skeleton | str, target: Skeleton | str, variant: Variant = "fitted") -> SkeletonMap:
    """Return the map between two joint sets; the same object every time.

    ``fitted`` makes the palms and feet of AI Hub from the joints of COCO 17 alone, with weights and residuals
    measured on labels. ``anatomical`` makes them by proportions from fingers, heels and toes where the source
    has them: it follows a bent wrist or a pointed foot, but no labels exist to measure it on. Elsewhere both
    are the same. Raises ``pose-no-joint-map`` (naming the joints) if the source cannot give every joint of the
    target, and ``pose-unknown-skeleton``.
    """
    return _build(_name(source), _name(target), variant)


def common_joints(source: Skeleton | str, target: Skeleton | str) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the rows (N,), (N,) in source and target of the joints that are the same point in both."""
    first, second = skeleton(_name(source)), skeleton(_name(target))
    same = first.joints if first is second else _rules()["shared"]
    both = [joint for joint in second.joints if joint in same and joint in first.joints]
    return np.array(first.indices(*both), dtype=np.intp), np.array(second.indices(*both), dtype=np.intp)


def _name(given: Skeleton | str) -> str:
    return given if isinstance(given, str) else given.name


@cache
def _rules() -> _Rules:
    folder = files("deukgeun.skeleton") / "data"
    rules = tomllib.loads((folder / "maps.toml").read_text("utf-8"))
    fit = json.loads((folder / "aihub_fit.json").read_text("utf-8"))
    fitted = {"aihub_24": {joint: row["weights"] for joint, row in fit["joints"].items()}}
    return cast(_Rules, {**rules, "fitted": fitted})


@cache
def _build(source: str, target: str, variant: Variant) -> SkeletonMap:
    start, end = skeleton(source), skeleton(target)
    found = {joint: _weights(start, end, joint, variant) for joint in end.joints}
    missing = [joint for joint, weights in found.items() if weights is None]
    if missing:
        raise PoseError("pose-no-joint-map", source=source, target=target, missing=", ".join(missing))
    given = [weights for weights in found.values() if weights is not None]
    rows = [start.indices(*weights) for weights in given]
    width = max(len(row) for row in rows)
    filled = np.array([[*row, *row[:1] * (width - len(row))] for row in rows], dtype=np.intp)
    values = np.array([[*weights.values(), *[0.0] * (width - len(weights))] for weights in given])
    filled.setflags(write=False)
    values.setflags(write=False)
    return SkeletonMap(start, end, filled, values, variant)


def _weights(source: Skeleton, target: Skeleton, joint: str, variant: Variant) -> Weights | None:
    """Return what ``joint`` of the target is made of, or None if there is no rule for it."""
    rules = _rules()
    if source is target or (joint in source.joints and joint in rules["shared"]):
        return {joint: 1.0}
    # A fitted joint is made of joints of COCO 17, which every set contains.
    fitted = rules["fitted"].get(target.name, {}).get(joint)
    special = rules["anatomical"].get(source.name, {}).get(target.name, {})
    return special.get(joint, fitted) if variant == "anatomical" else fitted
