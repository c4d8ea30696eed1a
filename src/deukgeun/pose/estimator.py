"""The interface of a pose estimator, and the registry by which one is chosen.

An estimator is one file with one class: ``preprocess`` cuts and scales, ``infer`` runs the network,
``postprocess`` gives joints in pixels. ``register`` makes it known under a name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from deukgeun.errors import PoseError
from deukgeun.pose.geometry import Floats, Image, Roi
from deukgeun.pose.network import Tensor
from deukgeun.skeleton import Skeleton


@dataclass(frozen=True, slots=True)
class PoseEstimate:
    """One person in one picture: ``confidence`` that somebody is there, ``xy`` (K, 2) pixels, ``score`` (K,),
    ``xyz`` (K, 3) metres or None, and ``roi``, where to look for the same person in the next picture.
    """

    confidence: float
    xy: Floats
    score: Floats
    xyz: Floats | None
    roi: Roi


class PoseEstimator(Protocol):
    """What every estimator can do. ``skeleton`` names its joints."""

    skeleton: Skeleton

    def preprocess(self, image: Image, roi: Roi) -> Tensor:
        """Return the network's input for the person in ``roi``."""
        ...

    def infer(self, tensor: Tensor) -> list[Tensor]:
        """Run the network."""
        ...

    def postprocess(self, outputs: list[Tensor], roi: Roi) -> PoseEstimate:
        """Return the person in pixels of the picture."""
        ...


Factory = Callable[[int], PoseEstimator]


def _blazepose(variant: str) -> Factory:
    def make(threads: int) -> PoseEstimator:
        from deukgeun.pose.blazepose import BlazePose

        return BlazePose(variant, threads)

    return make


_REGISTRY: dict[str, Factory] = {name: _blazepose(name) for name in ("lite", "full", "heavy")}


def register(name: str, factory: Factory) -> None:
    """Make an estimator known: ``factory(threads)`` returns it."""
    _REGISTRY[name] = factory


def estimator(name: str, threads: int = 1) -> PoseEstimator:
    """Return the estimator registered as ``name``, or raise ``pose-unknown-estimator``."""
    if name not in _REGISTRY:
        raise PoseError("pose-unknown-estimator", name=name, known=", ".join(_REGISTRY))
    return _REGISTRY[name](threads)


def estimate(model: PoseEstimator, image: Image, roi: Roi) -> PoseEstimate:
    """Return the person that ``model`` sees in ``roi``."""
    return model.postprocess(model.infer(model.preprocess(image, roi)), roi)
