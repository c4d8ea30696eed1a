"""Pictures in a network's square and boxes back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deukgeun.aihub.detectors.letterbox import Letterbox

quick = settings(deadline=None, max_examples=60)
sides = st.integers(16, 2200)


@quick
@given(sides, sides, st.sampled_from([320, 416, 608]), st.integers(0, 2**32 - 1))
def test_boxes_go_there_and_come_back(width: int, height: int, size: int, seed: int) -> None:
    box = Letterbox(width, height, size)
    boxes = np.random.default_rng(seed).uniform(-50, 2000, (5, 4))
    assert box.to_image(box.to_square(boxes)) == pytest.approx(boxes, abs=1e-6)


@quick
@given(sides, sides)
def test_the_whole_picture_is_within_the_square(width: int, height: int) -> None:
    box = Letterbox(width, height, 416)
    x0, y0, x1, y1 = box.to_square(np.array([[0.0, 0, width, height]]))[0]
    assert min(x0, y0) > -1e-9
    assert max(x1, y1) < 416 + 1e-9
    assert max(x1 - x0, y1 - y0) == pytest.approx(416)


@pytest.mark.parametrize(
    ("width", "height", "inner", "corner"),
    [(1920, 1080, (608, 342), (0, 133)), (1080, 1920, (342, 608), (133, 0)), (500, 500, (608, 608), (0, 0))],
)
def test_the_shorter_side_is_in_the_middle(
    width: int, height: int, inner: tuple[int, int], corner: tuple[int, int]
) -> None:
    box = Letterbox(width, height, 608)
    assert (box.inner, box.corner) == (inner, corner)
    tensor = box.tensor(np.zeros((height, width, 3), np.uint8))
    assert tensor.shape == (1, 3, 608, 608)
    assert np.count_nonzero(tensor == 0) == 3 * inner[0] * inner[1]
    assert np.count_nonzero(tensor == 0.5) == tensor.size - 3 * inner[0] * inner[1]


def test_a_spot_is_where_its_box_is() -> None:
    image = np.zeros((1080, 1920, 3), np.uint8)
    image[300:340, 1200:1240, 0] = 255
    box = Letterbox(1920, 1080, 608)
    red = box.tensor(image)[0, 0, box.corner[1] : box.corner[1] + box.inner[1]]
    rows, columns = np.nonzero(red > 0.5)
    x0, y0, x1, y1 = box.to_square(np.array([[1200.0, 300, 1240, 340]]))[0]
    assert columns.mean() == pytest.approx((x0 + x1) / 2 - 0.5, abs=0.5)
    assert rows.mean() + box.corner[1] == pytest.approx((y0 + y1) / 2 - 0.5, abs=0.5)


def test_pixels_are_darknets() -> None:
    """Two passes of interpolation between the pixels to the left and right, above and below, ends on ends."""
    y, x = np.mgrid[0:90, 0:160]
    image = np.stack([x + y, 200 - x, 2 * y], axis=-1).astype(np.uint8)
    box = Letterbox(160, 90, 64)
    (width, height), corner = box.inner, box.corner[1]
    at_x, at_y = np.arange(width) * 159 / (width - 1), np.arange(height) * 89 / (height - 1)
    expected = np.stack([at_x + at_y[:, None], 200 - at_x + 0 * at_y[:, None], 0 * at_x + 2 * at_y[:, None]])
    got = box.tensor(image)[0, :, corner : corner + height]
    assert np.abs(got * 255 - expected).max() < 1.01
