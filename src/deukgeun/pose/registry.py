"""The estimators that can be chosen by name, or by a kind and the file of a network: ``hrnet:FILE``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from deukgeun.errors import PoseError
from deukgeun.pose.blazepose import BlazePose
from deukgeun.pose.estimator import PoseEstimator
from deukgeun.pose.hrnet import Hrnet

Factory = Callable[[int], PoseEstimator]
FileFactory = Callable[[Path, int], PoseEstimator]

_REGISTRY: dict[str, Factory] = {name: partial(BlazePose, name) for name in ("lite", "full", "heavy")}
_FROM_FILES: dict[str, FileFactory] = {"hrnet": Hrnet}


def register(name: str, factory: Factory) -> None:
    """Make an estimator known: ``factory(threads)`` returns it."""
    _REGISTRY[name] = factory


def estimator(name: str, threads: int = 1) -> PoseEstimator:
    """Return the estimator registered as ``name``, or the one of a file for ``kind:FILE``.

    Raises ``pose-unknown-estimator``, and ``model-file`` for a file that cannot be used.
    """
    if name in _REGISTRY:
        return _REGISTRY[name](threads)
    kind, _, path = name.partition(":")
    if path and kind in _FROM_FILES:
        return _FROM_FILES[kind](Path(path).expanduser(), threads)
    known = ", ".join([*_REGISTRY, *(f"{each}:FILE" for each in _FROM_FILES)])
    raise PoseError("pose-unknown-estimator", name=name, known=known)
