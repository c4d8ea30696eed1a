"""The estimators that can be chosen by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from deukgeun.errors import PoseError
from deukgeun.pose.blazepose import BlazePose
from deukgeun.pose.estimator import PoseEstimator

Factory = Callable[[int], PoseEstimator]


_REGISTRY: dict[str, Factory] = {name: partial(BlazePose, name) for name in ("lite", "full", "heavy")}


def register(name: str, factory: Factory) -> None:
    """Make an estimator known: ``factory(threads)`` returns it."""
    _REGISTRY[name] = factory


def estimator(name: str, threads: int = 1) -> PoseEstimator:
    """Return the estimator registered as ``name``, or raise ``pose-unknown-estimator``."""
    if name not in _REGISTRY:
        raise PoseError("pose-unknown-estimator", name=name, known=", ".join(_REGISTRY))
    return _REGISTRY[name](threads)
