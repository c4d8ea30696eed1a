"""From what a YOLOv3 network gives to boxes: feature maps with anchors, or rows that are boxes already.

Source of the formulas: J. Redmon and A. Farhadi, "YOLOv3: An Incremental Improvement" (arXiv 1804.02767), section 2.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deukgeun.pose.geometry import Floats, sigmoid
from deukgeun.pose.network import Tensor

PERSON = 0  # its class in COCO's list, and in any list of people alone
_BOX = 5  # x, y, width, height, objectness; classes follow
_LARGEST_EXPONENT = 20.0  # a box 5e8 anchors wide: nothing real, and exp cannot overflow

# Width and height in pixels of the network's square, by stride; the published configuration of YOLOv3.
ANCHORS: dict[int, tuple[tuple[float, float], ...]] = {
    32: ((116, 90), (156, 198), (373, 326)),
    16: ((30, 61), (62, 45), (59, 119)),
    8: ((10, 13), (16, 30), (33, 23)),
}


@dataclass(frozen=True, slots=True)
class Candidates:
    """Boxes before suppression: ``boxes`` (N, 4: x0, y0, x1, y1) pixels of the square, ``scores`` (N,)."""

    boxes: Floats
    scores: Floats


def joined(parts: Sequence[Candidates]) -> Candidates:
    """Return several sets of candidates as one."""
    return Candidates(np.concatenate([p.boxes for p in parts]), np.concatenate([p.scores for p in parts]))


def cells_of(output: Tensor, anchors: int = 3) -> Tensor:
    """Return a feature map of any of the usual layouts as (S, S, anchors, 5 + classes).

    (1, A (5 + C), S, S) is Darknet's and PyTorch's, (1, S, S, A (5 + C)) TensorFlow's; both also come with the
    anchors on an axis of their own. Raises ``ValueError`` for anything else.
    """
    shape = output.shape
    if len(shape) == 5 and shape[:2] == (1, anchors) and shape[2] == shape[3]:
        return np.asarray(output[0].transpose(1, 2, 0, 3))
    if len(shape) == 5 and shape[0] == 1 and shape[3] == anchors and shape[1] == shape[2]:
        return np.asarray(output[0])
    if len(shape) == 4 and shape[0] == 1 and shape[2] == shape[3] and _holds(shape[1], anchors):
        return np.asarray(output[0].reshape(anchors, -1, *shape[2:]).transpose(2, 3, 0, 1))
    if len(shape) == 4 and shape[0] == 1 and shape[1] == shape[2] and _holds(shape[3], anchors):
        return np.asarray(output[0].reshape(*shape[1:3], anchors, -1))
    raise ValueError(f"an output has the shape {shape}, which is not one of YOLOv3's")


def _holds(channels: int, anchors: int) -> bool:
    return channels % anchors == 0 and channels // anchors > _BOX


def from_map(cells: Tensor, anchors: Sequence[tuple[float, float]], size: int, min_score: float) -> Candidates:
    """Return the people of a feature map (S, S, A, 5 + C) with ``anchors`` (A of width, height).

    The centre is (sigmoid(x) + column, sigmoid(y) + row) in cells, the size exp(w), exp(h) times the anchor, the
    score sigmoid(objectness) sigmoid(person).
    """
    scores = sigmoid(cells[..., 4]) * sigmoid(cells[..., _BOX + PERSON])
    rows, columns, kinds = np.nonzero(scores >= min_score)
    found = cells[rows, columns, kinds].astype(np.float64)
    center = (sigmoid(found[:, :2].astype(np.float32)) + np.stack([columns, rows], 1)) * (size / cells.shape[0])
    span = np.exp(np.minimum(found[:, 2:4], _LARGEST_EXPONENT)) * np.asarray(anchors, np.float64)[kinds]
    return Candidates(_corners(center, span), scores[rows, columns, kinds].astype(np.float64))


def from_rows(rows: Tensor, size: int, min_score: float) -> Candidates:
    """Return the people among rows (N, 5 + C) of centre x, y, width, height, objectness and classes, all in 0..1 or px.

    Every cell has its row, so that centres reach across the whole square: if none is beyond 1.5, their unit is the
    square and not the pixel.
    """
    scores = (rows[:, 4] * rows[:, _BOX + PERSON]).astype(np.float64)
    unit = size if len(rows) and float(np.max(rows[:, :2])) <= 1.5 else 1
    keep = scores >= min_score
    values = rows[keep, :4].astype(np.float64) * unit
    return Candidates(_corners(values[:, :2], values[:, 2:]), scores[keep])


def candidates(outputs: Sequence[Tensor], size: int, min_score: float) -> Candidates:
    """Return the people in the outputs of a YOLOv3 network in either form, its anchors the published ones.

    Raises ``ValueError`` for outputs that are not those of YOLOv3.
    """
    rows = [output for output in outputs if _is_rows(output)]
    if rows:
        return joined([from_rows(_whole(each, size), size, min_score) for each in rows])
    return joined([_from_published(cells_of(output), size, min_score) for output in outputs])


def _is_rows(output: NDArray[np.float32]) -> bool:
    shape = output.shape
    return shape[-1] > _BOX and (len(shape) == 2 or (len(shape) == 3 and shape[0] == 1))


def _whole(output: Tensor, size: int) -> Tensor:
    """Return rows without their batch axis, if there is one for every cell of some of the three maps."""
    rows = output.reshape(output.shape[-2:])
    if not len(rows) or len(rows) % (3 * (size // max(ANCHORS)) ** 2):
        raise ValueError(f"an output has the shape {output.shape}, which is not one of YOLOv3's")
    return rows


def _from_published(cells: Tensor, size: int, min_score: float) -> Candidates:
    stride, rest = divmod(size, cells.shape[0])
    if rest or stride not in ANCHORS:
        raise ValueError(f"an output has {cells.shape[0]} cells a side, where {size} pixels go in")
    return from_map(cells, ANCHORS[stride], size, min_score)


def _corners(center: Floats, span: Floats) -> Floats:
    return np.concatenate([center - span / 2, center + span / 2], axis=1)
