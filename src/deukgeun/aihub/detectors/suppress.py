"""Several boxes around one person become one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deukgeun.pose.detector import box_iou
from deukgeun.pose.geometry import Floats

SUPPRESS_IOU = 0.45  # Darknet's own default


def suppressed(boxes: Floats, scores: Floats, most: float = SUPPRESS_IOU) -> NDArray[np.intp]:
    """Return the indices of the boxes (N, 4) that stay, best first: no two overlap by more than ``most``.

    Greedy non-maximum suppression: the best box removes those that overlap with it, then the next best that is left.
    """
    order = np.argsort(-scores, kind="stable")
    kept: list[int] = []
    while order.size:
        best, rest = order[0], order[1:]
        kept.append(int(best))
        order = rest[box_iou(boxes[best], boxes[rest]) <= most]
    return np.array(kept, np.intp)
