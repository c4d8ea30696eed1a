"""The detector's anchors, box decoding and weighted non-maximum suppression."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deukgeun.pose.detector import PersonDetector, box_iou, ssd_anchors, weighted_nms
from deukgeun.pose.geometry import Roi
from deukgeun.pose.network import Tensor

quick = settings(deadline=None, max_examples=60)
boxes_ = st.tuples(st.floats(0, 0.8), st.floats(0, 0.8), st.floats(0.01, 0.5), st.floats(0.01, 0.5)).map(
    lambda b: np.array([b[0], b[1], b[0] + b[2], b[1] + b[3]])
)


def test_there_are_as_many_anchors_as_the_network_has_rows() -> None:
    anchors = ssd_anchors(224)
    assert anchors.shape == (2254, 2)  # 28 x 28 x 2 + 14 x 14 x 2 + 7 x 7 x 6
    assert np.all((anchors > 0) & (anchors < 1))


def test_anchors_go_row_by_row_from_fine_to_coarse() -> None:
    anchors = ssd_anchors(224)
    assert np.allclose(anchors[:4], [[1 / 56, 1 / 56]] * 2 + [[3 / 56, 1 / 56]] * 2)
    assert np.allclose(anchors[28 * 28 * 2], [1 / 28, 1 / 28])
    assert np.allclose(anchors[-6:], [[13 / 14, 13 / 14]] * 6)


@quick
@given(boxes_, boxes_)
def test_intersection_over_union_is_a_share_and_symmetric(a: np.ndarray, b: np.ndarray) -> None:
    there, back = box_iou(a, b[None])[0], box_iou(b, a[None])[0]
    assert 0 <= there <= 1 + 1e-9
    assert there == pytest.approx(back)
    assert box_iou(a, a[None])[0] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ((0, 0, 2, 2), 1.0),
        ((1, 0, 3, 2), 2 / 6),
        ((1, 1, 2, 2), 1 / 4),
        ((2, 0, 4, 2), 0.0),
        ((5, 5, 6, 6), 0.0),
        ((2, 2, 1, 1), 0.0),
    ],
)
def test_intersection_over_union(other: tuple[float, ...], expected: float) -> None:
    assert box_iou(np.array([0.0, 0, 2, 2]), np.array([other], float))[0] == pytest.approx(expected)


def box(x: float, size: float = 0.2) -> list[float]:
    return [x, 0.4, x + size, 0.4 + size]


@pytest.mark.parametrize(
    ("scores", "lefts", "expected"),
    [
        ([], [], []),
        ([0.9], [0.1], [(0.9, 0.1)]),
        ([0.6, 0.9], [0.1, 0.6], [(0.9, 0.6), (0.6, 0.1)]),  # apart: both, the best first
        ([0.5, 1.0], [0.10, 0.13], [(1.0, 0.12)]),  # together: one, averaged by the scores
        ([0.9, 0.9, 0.6], [0.10, 0.11, 0.7], [(0.9, 0.105), (0.6, 0.7)]),
    ],
)
def test_weighted_suppression(scores: list[float], lefts: list[float], expected: list[tuple[float, float]]) -> None:
    boxes = np.array([box(x) for x in lefts]).reshape(-1, 4)
    points = np.array([[[x, 0.5]] * 4 for x in lefts]).reshape(-1, 4, 2)
    found = weighted_nms(np.array(scores, float), boxes, points)
    assert [(score, mean[0, 0]) for score, mean in found] == [pytest.approx(pair) for pair in expected]


@quick
@given(st.lists(st.tuples(st.floats(0.5, 1.0), boxes_), min_size=1, max_size=12))
def test_suppression_keeps_the_best_and_nothing_that_overlaps_it(rows: list[tuple[float, np.ndarray]]) -> None:
    scores, boxes = np.array([s for s, _ in rows]), np.array([b for _, b in rows])
    found = weighted_nms(scores, boxes, np.zeros((len(rows), 4, 2)))
    kept = [score for score, _ in found]
    assert kept[0] == scores.max()
    assert kept == sorted(kept, reverse=True)
    assert len(found) <= len(rows)


class OneAnchorNetwork:
    """Answers with one confident row: a body around the middle anchor, upright in what it is shown."""

    input_size = 224

    def __init__(self) -> None:
        self.row = 2254 - 7 * 7 * 6 + 6 * 24  # the middle cell of the 7 x 7 grid
        self.shown: Tensor | None = None

    def __call__(self, tensor: Tensor) -> list[Tensor]:
        self.shown = tensor
        raw, logits = np.zeros((1, 2254, 12), np.float32), np.full((1, 2254, 1), -50, np.float32)
        raw[0, self.row] = [0, 0, 60, 60, 0, 0, 0, -56, 0, -28, 0, -40]
        logits[0, self.row] = 3.0
        return [logits, raw]


@pytest.fixture
def detector(monkeypatch: pytest.MonkeyPatch) -> PersonDetector:
    network = OneAnchorNetwork()
    monkeypatch.setattr("deukgeun.pose.detector.Network", lambda path, threads: network)
    return PersonDetector()


@pytest.mark.parametrize(
    ("turns", "tip", "rotation"),
    [(0, (160, 10), 0.0), (1, (240, 90), np.pi / 2), (2, (160, 170), np.pi), (3, (80, 90), -np.pi / 2)],
)
def test_a_detection_is_in_pixels_of_the_picture_however_it_was_turned(
    detector: PersonDetector, turns: int, tip: tuple[int, int], rotation: float
) -> None:
    image = np.zeros((180, 320, 3), np.uint8)
    (found,) = detector.detect(image, turns)
    assert found.score == pytest.approx(0.9526, abs=1e-3)
    assert np.allclose(found.points[0], (160, 90))
    assert np.allclose(found.points[1], tip)
    assert (found.roi.center_x, found.roi.center_y) == pytest.approx((160, 90))
    assert np.allclose(found.roi.axes, Roi(0, 0, 1, rotation).axes, atol=1e-9)


def test_the_network_is_shown_the_whole_picture_in_its_range(detector: PersonDetector) -> None:
    image = np.full((112, 224, 3), 255, np.uint8)
    detector.detect(image)
    shown = detector.network.shown  # type: ignore[attr-defined]
    assert shown.shape == (1, 224, 224, 3) and shown.dtype == np.float32
    assert shown[0, 112].min() == shown.max() == pytest.approx(1.0)
    assert shown[0, 10].max() == shown.min() == pytest.approx(-1.0), "the bars of the letterbox are black"


def test_what_scores_too_low_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deukgeun.pose.detector.Network", lambda path, threads: SimpleNamespace(input_size=224))
    outputs = [np.zeros((1, 2254, 12), np.float32), np.full((1, 2254, 1), -0.01, np.float32)]
    scores, boxes, points = PersonDetector().postprocess(outputs)
    assert (scores.shape, boxes.shape, points.shape) == ((0,), (0, 4), (0, 4, 2))
