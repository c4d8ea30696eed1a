"""Several boxes around one person become one."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from deukgeun.aihub.detectors.suppress import SUPPRESS_IOU, suppressed
from deukgeun.pose.detector import box_iou

quick = settings(deadline=None, max_examples=60)
box = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(1, 40), st.integers(1, 40), st.floats(0, 1))
many = st.lists(box, max_size=25).map(lambda found: np.array(found, float).reshape(-1, 5))


def split(found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.concatenate([found[:, :2], found[:, :2] + found[:, 2:4]], axis=1), found[:, 4]


@quick
@given(many)
def test_who_stays_is_apart_and_who_goes_is_covered_by_somebody_better(found: np.ndarray) -> None:
    boxes, scores = split(found)
    kept = suppressed(boxes, scores)
    assert np.all(np.diff(scores[kept]) <= 0)
    for n, index in enumerate(kept):
        assert np.all(box_iou(boxes[index], boxes[kept[n + 1 :]]) <= SUPPRESS_IOU)
    for gone in set(range(len(boxes))) - set(kept.tolist()):
        better = kept[scores[kept] >= scores[gone]]
        assert np.any(box_iou(boxes[gone], boxes[better]) > SUPPRESS_IOU)


@quick
@given(many)
def test_again_changes_nothing_and_the_order_does_not_matter(found: np.ndarray) -> None:
    boxes, scores = split(found)
    scores = scores.argsort(kind="stable").argsort() / 25.0  # no two alike
    kept = suppressed(boxes, scores)
    assert suppressed(boxes[kept], scores[kept]).tolist() == list(range(len(kept)))
    back = np.arange(len(boxes))[::-1]
    assert back[suppressed(boxes[back], scores[back])].tolist() == kept.tolist()
