"""Finding people in a whole picture: the BlazePose detector.

Anchors, box decoding and weighted non-maximum suppression follow the published graph of BlazePose
(``pose_detection``: SSD anchors over strides 8, 16, 32, 32, 32; 224 x 224 input in -1..1).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from deukgeun.pose.geometry import Floats, Image, Roi, roi_from_alignment, sigmoid, whole_picture
from deukgeun.pose.network import Network, Tensor
from deukgeun.pose.weights import weights_path

_STRIDES = (8, 16, 32, 32, 32)
_ANCHORS_PER_CELL = 2  # aspect ratio 1 and the interpolated scale
_MIN_SCORE = 0.5
_SUPPRESS_IOU = 0.3


@dataclass(frozen=True, slots=True)
class Detection:
    """A person found: ``score`` in 0..1, ``points`` (4, 2) pixels (mid hip, full-body circle, mid shoulder,
    upper-body circle) and the region of interest they give.
    """

    score: float
    points: Floats
    roi: Roi


class PersonDetector:
    """Finds people in a picture, best first."""

    def __init__(self, threads: int = 1, min_score: float = _MIN_SCORE) -> None:
        self.network = Network(weights_path("detector"), threads)
        self._min_score = min_score

    def detect(self, image: Image, quarter_turns: int = 0) -> list[Detection]:
        """Return the people of ``image`` (H, W, 3), best first.

        ``quarter_turns`` turns the network's view counter-clockwise by 90 degrees each: the network is weak on
        bodies that lie across the picture and finds them when they are shown upright. Results are in pixels of
        the picture as given.
        """
        whole = whole_picture(image)
        roi = Roi(whole.center_x, whole.center_y, whole.side, quarter_turns * np.pi / 2)
        scores, boxes, points = self.postprocess(self.network(self.preprocess(image, roi)))
        found = weighted_nms(scores, boxes, points)
        return [_detection(score, unit_points, roi) for score, unit_points in found]

    def preprocess(self, image: Image, roi: Roi) -> Tensor:
        """Return the letterboxed picture as (1, S, S, 3) in -1..1."""
        crop = roi.crop(image, self.network.input_size)
        tensor: Tensor = crop.astype(np.float32)
        tensor *= 2.0 / 255.0
        tensor -= 1.0
        return tensor[None]

    def postprocess(self, outputs: list[Tensor]) -> tuple[Floats, Floats, Floats]:
        """Return scores (N,), boxes (N, 4: x0, y0, x1, y1) and points (N, 4, 2) in units of the input square."""
        raw, logits = sorted(outputs, key=lambda o: -o.shape[-1])
        scores = sigmoid(np.clip(logits[0, :, 0], -100, 100))
        keep = scores >= self._min_score
        size = self.network.input_size
        cells = raw[0, keep].astype(np.float64).reshape(-1, 6, 2) / size
        anchors = ssd_anchors(size)[keep]
        centers, sizes = cells[:, 0] + anchors, cells[:, 1]
        boxes = np.concatenate([centers - sizes / 2, centers + sizes / 2], axis=1)
        return scores[keep].astype(np.float64), boxes, cells[:, 2:] + anchors[:, None]


def _detection(score: float, unit_points: Floats, roi: Roi) -> Detection:
    points = roi.to_image(unit_points)
    return Detection(score, points, roi_from_alignment(points[0], points[1]))


@cache
def ssd_anchors(size: int) -> Floats:
    """Return the anchor centres (N, 2) in units of the input square, in the network's order."""
    centers: list[NDArray[np.float64]] = []
    layer = 0
    while layer < len(_STRIDES):
        same = sum(1 for stride in _STRIDES[layer:] if stride == _STRIDES[layer])
        cells = -(-size // _STRIDES[layer])
        axis = (np.arange(cells) + 0.5) / cells
        grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
        centers.append(np.repeat(grid, _ANCHORS_PER_CELL * same, axis=0))
        layer += same
    return np.concatenate(centers)


def weighted_nms(scores: Floats, boxes: Floats, points: Floats) -> list[tuple[float, Floats]]:
    """Return (score, points) of each group of overlapping boxes, its members averaged by their scores.

    Averaging rather than dropping the weaker boxes makes the result steady from frame to frame.
    """
    order = np.argsort(-scores)
    found: list[tuple[float, Floats]] = []
    while order.size:
        best = order[0]
        same = box_iou(boxes[best], boxes[order]) > _SUPPRESS_IOU
        same[0] = True
        members = order[same]
        mean = np.average(points[members], axis=0, weights=scores[members])
        found.append((float(scores[best]), mean))
        order = order[~same]
    return found


def box_iou(box: Floats, boxes: Floats) -> Floats:
    """Return the intersection over union of ``box`` (4,) with each of ``boxes`` (N, 4)."""
    low = np.maximum(box[:2], boxes[:, :2])
    high = np.minimum(box[2:], boxes[:, 2:])
    inter = np.prod(np.maximum(high - low, 0.0), axis=1)
    areas = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0.0), axis=1)
    area = float(np.prod(np.maximum(box[2:] - box[:2], 0.0)))
    union = np.maximum(area + areas - inter, 1e-12)
    result: Floats = inter / union
    return result
