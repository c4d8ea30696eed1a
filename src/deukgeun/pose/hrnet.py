"""HRNet, or any network exported by ``deukgeun.training.pose``: joints in the picture, no metres, from a file of ONNX.

The file says itself what it takes and gives (``NetworkFile``). The network looks at an upright square, as it was
trained; the square for the next picture is the box of the joints, ``MARGIN`` times as wide.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from deukgeun.errors import DeukgeunError, ModelError
from deukgeun.onnx_session import described, open_session
from deukgeun.pose.codecs import IMAGENET_MEAN, IMAGENET_STD, Codec, codec_of, normalised
from deukgeun.pose.estimator import PoseEstimate
from deukgeun.pose.geometry import MARGIN, Floats, Image, Roi
from deukgeun.pose.network import Tensor
from deukgeun.skeleton import skeleton

KEY = "deukgeun"  # of the description among the file's metadata
FORMAT = 1
_SMALLEST_PX = 16.0
_STRAY = 0.3  # joints with less than this share of the middle score do not say where to look next


@dataclass(frozen=True, slots=True)
class NetworkFile:
    """What a network's file says of itself.

    ``codec`` is the codec's metadata, ``joints`` the name of the joint set, ``mean`` and ``deviation`` those of the
    colours in 0..1, and ``least_score`` the middle score that all but a twentieth of the held-out people reach.
    """

    codec: Mapping[str, Any]
    joints: str
    network: str
    least_score: float
    mean: tuple[float, ...] = IMAGENET_MEAN
    deviation: tuple[float, ...] = IMAGENET_STD
    format: int = FORMAT

    def text(self) -> str:
        """Return the description as ``parsed`` reads it."""
        return json.dumps(asdict(self))

    @classmethod
    def parsed(cls, text: str) -> NetworkFile:
        """Return the description in ``text``. Raises ``ValueError``."""
        values = json.loads(text)
        if not isinstance(values, dict) or values.get("format") != FORMAT:
            raise ValueError("its description is of another format")
        try:
            return cls(**values)
        except TypeError as error:
            raise ValueError("its description has other fields") from error


class Hrnet:
    """The estimator ``hrnet:FILE``. ``xyz`` of what it sees is None: a picture's plane is all it knows."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        """Load the network. Raises ``model-file`` for a file that is not one of ours."""
        self._session = open_session(path, threads)
        try:
            self.file = NetworkFile.parsed(described(self._session, KEY))
            self.codec: Codec = codec_of(self.file.codec)
            self.skeleton = skeleton(self.file.joints)
        except (ValueError, DeukgeunError) as error:
            raise ModelError("model-file", path=path, reason=error) from error
        self._input = self._session.get_inputs()[0].name

    def preprocess(self, image: Image, roi: Roi) -> Tensor:
        """Return the upright square around the person as (1, 3, S, S); beyond the picture it is black.

        So are the crops of AI Hub's pictures that it was trained on.
        """
        crop = _upright(roi).crop(image, self.codec.size)
        return normalised(crop[None], self.file.mean, self.file.deviation)

    def infer(self, tensor: Tensor) -> list[Tensor]:
        """Return what the codec reads: heat maps, or the classes along x and along y."""
        return [np.asarray(each, np.float32) for each in self._session.run(None, {self._input: tensor})]

    def postprocess(self, outputs: list[Tensor], roi: Roi) -> PoseEstimate:
        """Return the joints in pixels; the confidence is the middle score as a share of what people usually reach.

        Half of that, the tracker's bound, is far below anybody who is there and above what an empty room gives.
        """
        joints, scores = self.codec.decode(outputs)
        xy, score = _upright(roi).to_image(joints[0] / self.codec.size), scores[0]
        middle = float(np.median(score))
        confidence = min(1.0, middle / max(self.file.least_score, 1e-6))
        return PoseEstimate(confidence, xy, score, None, _around(xy[score >= _STRAY * middle]))


def _upright(roi: Roi) -> Roi:
    """Return the square without its turn: the network was trained on people as cameras see them."""
    return replace(roi, rotation=0.0)


def _around(xy: Floats) -> Roi:
    """Return the square around points (K, 2), with room for what moves until the next picture."""
    low, high = xy.min(axis=0), xy.max(axis=0)
    center = (low + high) / 2
    side = max(float((high - low).max()), _SMALLEST_PX) * MARGIN
    return Roi(float(center[0]), float(center[1]), side)
