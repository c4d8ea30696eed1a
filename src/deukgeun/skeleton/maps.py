"""Maps between joint sets: every target joint is a weighted sum of source joints, with weights that sum to 1.

The same scalar weights are applied to every coordinate, so a map commutes with any translation, rotation, scaling and
(its left and right weights being equal) with mirroring, in the picture as in space. The rules are data: ``maps.toml``
by hand, ``aihub_fit.json`` fitted on labels; how and how well is told in ``docs/explanation/skeletons.md``.
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


class _Rules(TypedDict):
    shared: list[str]
    to: dict[str, dict[str, Weights]]
    between: dict[str, dict[str, dict[str, Weights]]]


@dataclass(frozen=True, slots=True, eq=False)
class SkeletonMap:
    """The map from ``source`` (K_s joints) to ``target`` (K_t joints).

    ``rows`` (K_t, M) and ``weights`` (K_t, M) list, for each target joint, the source joints it is made of and their
    weights; short lists are filled with weight 0 on a joint that is in the list anyway, so that an unknown (NaN)
    joint spoils only what is made of it.
    """

    source: Skeleton
    target: Skeleton
    rows: NDArray[np.intp]
    weights: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.rows.shape != self.weights.shape or len(self.rows) != len(self.target):
            raise ValueError(
                f"rows {self.rows.shape} and weights {self.weights.shape} must be ({len(self.target)}, M)"
            )
        if not np.allclose(self.weights.sum(axis=1), 1.0, atol=1e-9):
            raise ValueError("the weights of every joint must sum to 1")

    def __reduce__(self) -> tuple[object, ...]:
        return joint_map, (self.source, self.target)

    @property
    def matrix(self) -> NDArray[np.float64]:
        """The map as a dense matrix (K_t, K_s); each row sums to 1."""
        dense = np.zeros((len(self.target), len(self.source)))
        np.add.at(dense, (np.arange(len(self.target))[:, None], self.rows), self.weights)
        return dense

    def points(self, points: ArrayLike) -> NDArray[np.float64]:
        """Return points (..., K_s, D) as points (..., K_t, D), float64. Raises ``ValueError`` for another K."""
        values = np.asarray(points, dtype=np.float64)
        self._check(values.ndim >= 2 and values.shape[-2] == len(self.source), "(..., {}, D)", values)
        out: NDArray[np.float64] = np.einsum("...kmd,km->...kd", values[..., self.rows, :], self.weights)
        return out

    def score(self, score: ArrayLike, how: Literal["min", "weighted"] = "min") -> NDArray[np.float64]:
        """Return scores (..., K_s) as scores (..., K_t).

        ``min``: a joint is no surer than the least sure joint it is made of. ``weighted``: their mean by absolute
        weight. Both stay within the range of the scores given.
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
            raise ValueError(
                f"{self.source.name} points must be {shape.format(len(self.source))}, are {values.shape}"
            )


def map_joints(points: ArrayLike, source: Skeleton | str, target: Skeleton | str) -> NDArray[np.float64]:
    """Return points (..., K_source, D) of one joint set as points (..., K_target, D) of another.

    Raises ``pose-no-joint-map`` if the source cannot give every joint of the target.
    """
    return joint_map(source, target).points(points)


def joint_map(source: Skeleton | str, target: Skeleton | str) -> SkeletonMap:
    """Return the map between two joint sets; the same object every time.

    Raises ``pose-no-joint-map`` (naming the joints) if the source cannot give every joint of the target, and
    ``pose-unknown-skeleton``.
    """
    return _build(_name(source), _name(target))


def common_joints(
    source: Skeleton | str, target: Skeleton | str
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
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
    rules = cast(_Rules, tomllib.loads((folder / "maps.toml").read_text("utf-8")))
    fitted = json.loads((folder / "aihub_fit.json").read_text("utf-8"))
    rules["to"]["aihub_24"] = {joint: row["weights"] for joint, row in fitted["joints"].items()}
    return rules


@cache
def _build(source: str, target: str) -> SkeletonMap:
    start, end = skeleton(source), skeleton(target)
    found = {joint: _weights(start, end, joint) for joint in end.joints}
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
    return SkeletonMap(start, end, filled, values)


def _weights(source: Skeleton, target: Skeleton, joint: str) -> Weights | None:
    """Return what ``joint`` of the target is made of, or None if the source has not got that."""
    rules = _rules()
    if source is target or (joint in source.joints and joint in rules["shared"]):
        return {joint: 1.0}
    special = rules["between"].get(source.name, {}).get(target.name, {})
    rule = special.get(joint) or rules["to"].get(target.name, {}).get(joint)
    return rule if rule is not None and all(part in source.joints for part in rule) else None
