"""The interface of a pose estimator.

An estimator is one file with one class: ``preprocess`` cuts and scales, ``infer`` runs the network,
``postprocess`` gives joints in pixels. ``deukgeun.pose.registry`` makes it known under a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

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


def estimate(model: PoseEstimator, image: Image, roi: Roi) -> PoseEstimate:
    """Return the person that ``model`` sees in ``roi``."""
    return model.postprocess(model.infer(model.preprocess(image, roi)), roi)
