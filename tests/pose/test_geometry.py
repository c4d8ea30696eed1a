"""Regions of interest: the maps between picture and network input, and what a crop shows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deukgeun.pose.geometry import MARGIN, Roi, alignment_points, roi_from_alignment, sigmoid, whole_picture

pixels = st.floats(-2000, 4000)
rois = st.builds(Roi, pixels, pixels, st.floats(8, 3000), st.floats(-np.pi, np.pi - 1e-6))
points = st.lists(st.tuples(pixels, pixels), min_size=1, max_size=5).map(np.array)
quick = settings(deadline=None, max_examples=60)


@quick
@given(rois, points)
def test_to_unit_undoes_to_image(roi: Roi, where: np.ndarray) -> None:
    assert np.allclose(roi.to_image(roi.to_unit(where)), where, atol=1e-6)


@quick
@given(rois, points, st.floats(-np.pi, np.pi))
def test_a_square_turned_with_the_picture_sees_the_same(roi: Roi, where: np.ndarray, angle: float) -> None:
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, -sin], [sin, cos]])
    x, y = turn @ (roi.center_x, roi.center_y)
    turned = Roi(float(x), float(y), roi.side, roi.rotation + angle)
    assert np.allclose(turned.to_unit(where @ turn.T), roi.to_unit(where), atol=1e-6)


@pytest.mark.parametrize(
    ("rotation", "unit", "expected"),
    [
        (0.0, (0.5, 0.5), (50, 40)),
        (0.0, (1.0, 0.5), (60, 40)),
        (0.0, (0.5, 0.0), (50, 30)),
        (np.pi / 2, (0.5, 0.0), (60, 40)),  # turned clockwise on the screen, its top looks right
        (np.pi, (0.5, 0.0), (50, 50)),
    ],
)
def test_where_points_of_the_square_lie(rotation: float, unit: tuple[float, float], expected: tuple[int, int]) -> None:
    assert np.allclose(Roi(50, 40, 20, rotation).to_image(np.array(unit)), expected)


@quick
@given(rois)
def test_alignment_points_stand_for_their_square(roi: Roi) -> None:
    center, tip = alignment_points(roi)
    again = roi_from_alignment(center, tip)
    assert (again.center_x, again.center_y) == pytest.approx((roi.center_x, roi.center_y), abs=1e-6)
    assert again.side == pytest.approx(roi.side, rel=1e-6)
    assert np.allclose(again.axes, roi.axes, atol=1e-6)
    assert -np.pi <= again.rotation <= np.pi


@pytest.mark.parametrize(
    ("tip", "rotation"), [((100, 40), 0.0), ((160, 100), np.pi / 2), ((40, 100), -np.pi / 2), ((100, 160), -np.pi)]
)
def test_the_square_stands_upright_for_the_person(tip: tuple[int, int], rotation: float) -> None:
    roi = roi_from_alignment(np.array([100.0, 100.0]), np.array(tip, float))
    assert roi.side == pytest.approx(2 * 60 * MARGIN)
    assert np.allclose(roi.axes, Roi(0, 0, 1, rotation).axes, atol=1e-9)
    assert roi.to_unit(np.array(tip, float)) == pytest.approx([0.5, 0.5 - 0.5 / MARGIN])


def painted(x: int, y: int) -> np.ndarray:
    """A grey picture with a white 5 x 5 patch around (x, y)."""
    image = np.full((120, 200, 3), 90, np.uint8)
    image[y - 2 : y + 3, x - 2 : x + 3] = 255
    return image


@quick
@given(st.integers(80, 120), st.integers(50, 70), st.floats(-np.pi, np.pi), st.floats(60, 100))
def test_a_crop_shows_a_patch_where_to_unit_says(x: int, y: int, rotation: float, side: float) -> None:
    roi = Roi(100, 60, side, rotation)
    crop = roi.crop(painted(x, y), 128)
    assert crop.shape == (128, 128, 3) and crop.dtype == np.uint8
    bright = np.argwhere(crop[:, :, 0] > 170)[:, ::-1]
    expected = roi.to_unit(np.array([x, y], float)) * 128
    if np.all((expected > 10) & (expected < 118)):
        assert np.allclose(bright.mean(axis=0), expected, atol=1.5)


def test_outside_the_picture_is_black_or_its_edge() -> None:
    image = np.full((40, 40, 3), (10, 20, 30), np.uint8)
    roi = Roi(0, 20, 40)
    black, edge = roi.crop(image, 64), roi.crop(image, 64, "edge")
    assert not black[:, :30].any() and (black[2:-2, 34:] == (10, 20, 30)).all()
    assert (edge == (10, 20, 30)).all()


@pytest.mark.parametrize(("height", "width"), [(90, 160), (160, 90), (50, 50)])
def test_the_letterbox_holds_the_picture_and_no_more(height: int, width: int) -> None:
    unit = whole_picture(np.zeros((height, width, 3), np.uint8)).to_unit(np.array([[0.0, 0.0], [width, height]]))
    assert np.all(unit >= -1e-9) and np.all(unit <= 1 + 1e-9)
    assert np.max(unit[1] - unit[0]) == pytest.approx(1.0)
    assert np.allclose(unit.mean(axis=0), 0.5)


def test_the_logistic_function_does_not_overflow() -> None:
    values = sigmoid(np.array([-1e30, -1.0, 0.0, 1.0, 1e30], np.float32))
    assert np.allclose(values, [0, 0.26894142, 0.5, 0.73105858, 1], atol=1e-6)
