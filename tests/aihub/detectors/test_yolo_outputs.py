"""From what YOLOv3 gives to boxes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deukgeun.aihub.detectors.yolo_outputs import ANCHORS, candidates, cells_of, from_map, from_rows

quick = settings(deadline=None, max_examples=40)
SIZE = 416
CLASSES = 80


def logit(p: float) -> float:
    return float(np.log(p / (1 - p)))


def map_with(box: np.ndarray, stride: int, kind: int, person: float = 0.9) -> np.ndarray:
    """A feature map (S, S, 3, 85) in which one cell holds ``box``, as the paper's formulas say, turned round."""
    side = SIZE // stride
    cells = np.full((side, side, 3, 5 + CLASSES), -12.0, np.float32)
    center, span = (box[:2] + box[2:]) / 2, box[2:] - box[:2]
    column, row = (int(c // stride) for c in center)
    inner = np.clip(center / stride - [column, row], 1e-4, 1 - 1e-4)
    sizes = np.log(span / np.array(ANCHORS[stride][kind]))
    cells[row, column, kind, :6] = [logit(inner[0]), logit(inner[1]), *sizes, logit(0.99), logit(person)]
    return cells


boxes = st.tuples(st.floats(5, 400), st.floats(5, 400), st.floats(8, 400), st.floats(8, 400)).map(
    lambda b: np.array([b[0] - b[2] / 2, b[1] - b[3] / 2, b[0] + b[2] / 2, b[1] + b[3] / 2])
)
SHAPES_OF_OTHERS = [
    (1, 255, 13, 12),
    (2, 255, 13, 13),
    (1, 100, 13, 13),
    (1, 84, 8400),  # a later YOLO's: rows and columns have changed places
    (1, 100, 85),  # boxes that somebody has chosen from already
    (1, 4),
]
LAYOUTS = {
    "channels first": lambda m: m.transpose(2, 3, 0, 1).reshape(1, -1, *m.shape[:2]),
    "channels last": lambda m: m.reshape(1, *m.shape[:2], -1),
    "anchors apart, first": lambda m: m.transpose(2, 0, 1, 3)[None],
    "anchors apart, last": lambda m: m[None],
}


@quick
@given(boxes, st.sampled_from(sorted(ANCHORS)), st.integers(0, 2))
def test_a_box_put_into_a_map_comes_back(box: np.ndarray, stride: int, kind: int) -> None:
    found = from_map(map_with(box, stride, kind), ANCHORS[stride], SIZE, 0.5)
    assert len(found.scores) == 1
    assert found.scores[0] == pytest.approx(0.99 * 0.9, abs=1e-4)
    assert np.abs(found.boxes[0] - box).max() < 0.5


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_every_layout_of_the_maps_gives_the_same_box(layout) -> None:  # type: ignore[no-untyped-def]
    box = np.array([100.0, 60.0, 190.0, 300.0])
    maps = [
        map_with(box, 32, 1),
        np.full((26, 26, 3, 85), -12.0, np.float32),
        np.full((52, 52, 3, 85), -12.0, np.float32),
    ]
    for order in ([0, 1, 2], [2, 0, 1]):
        found = candidates([layout(maps[i]) for i in order], SIZE, 0.5)
        assert np.abs(found.boxes - box).max() < 0.5


def test_the_channels_of_an_anchor_lie_together() -> None:
    values = np.arange(3 * 7 * 4, dtype=np.float32).reshape(1, 21, 2, 2)
    assert cells_of(values)[0, 1, 2].tolist() == values[0, 14:21, 0, 1].tolist()


@pytest.mark.parametrize("unit", [1.0, 1 / SIZE], ids=["pixels", "shares"])
@pytest.mark.parametrize("batch", [True, False])
def test_rows_are_boxes_already(unit: float, batch: bool) -> None:
    rng = np.random.default_rng(0)
    rows = np.zeros((507, 5 + CLASSES), np.float32)
    rows[:, :2] = rng.uniform(0, SIZE, (507, 2)) * unit
    rows[:, 2:4] = 30 * unit
    rows[200, :4] = np.array([200, 150, 80, 240]) * unit
    rows[200, 4:6] = 0.9, 0.8
    found = candidates([rows[None] if batch else rows], SIZE, 0.5)
    assert found.scores == pytest.approx([0.72])
    assert np.abs(found.boxes - [160, 30, 240, 270]).max() < 0.01


def test_other_things_than_people_are_not_found() -> None:
    rows = np.zeros((10, 5 + CLASSES), np.float32)
    rows[:, 4], rows[:, 5 + 16] = 1.0, 1.0  # dogs
    assert len(from_rows(rows, SIZE, 0.5).scores) == 0
    box = np.array([100.0, 60.0, 190.0, 300.0])
    assert len(from_map(map_with(box, 32, 1, person=0.45), ANCHORS[32], SIZE, 0.5).scores) == 0


@pytest.mark.parametrize("shape", SHAPES_OF_OTHERS)
def test_foreign_outputs_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="shape"):
        candidates([np.zeros(shape, np.float32)], SIZE, 0.5)


def test_maps_of_another_size_of_picture_are_refused() -> None:
    with pytest.raises(ValueError, match="13 cells a side, where 608 pixels go in"):
        candidates([np.zeros((1, 255, 13, 13), np.float32)], 608, 0.5)


def test_a_wild_exponent_is_no_overflow() -> None:
    cells = np.full((13, 13, 3, 85), 500.0, np.float32)
    assert np.isfinite(from_map(cells, ANCHORS[32], SIZE, 0.5).boxes).all()
