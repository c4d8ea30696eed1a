"""BlazePose around its network: the input, the refinement by heat maps, joints in pixels and in metres."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deukgeun.pose.blazepose import BlazePose, refine
from deukgeun.pose.geometry import MARGIN, Roi
from deukgeun.pose.network import Tensor

SIDE, POINTS = 64, 39


def logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


def heat_map(cells: dict[tuple[int, int], float], points: int = 1) -> Tensor:
    """A map (64, 64, points), cold but for ``(row, column): probability`` in the first point's."""
    heat = np.full((SIDE, SIDE, points), -40.0, np.float32)
    for (row, column), share in cells.items():
        heat[row, column, 0] = logit(share)
    return heat


@pytest.mark.parametrize(
    ("cells", "start", "expected"),
    [
        ({(20, 30): 0.9}, (30.4, 20.7), (30, 20)),
        ({(20, 31): 0.9, (20, 33): 0.9}, (30.4, 20.7), (32, 20)),
        ({(20, 31): 0.9, (20, 33): 0.45}, (30.4, 20.7), (31 + 2 / 3, 20)),
        ({(20, 30): 0.4}, (30.4, 20.7), (30.4, 20.7)),  # no clear peak: as regressed
        ({(20, 34): 0.9}, (30.4, 20.7), (30.4, 20.7)),  # outside the window of 7 x 7
        ({(0, 0): 0.9}, (0.5, 0.5), (0, 0)),  # a window cut by the border
        ({(63, 63): 0.9}, (62.1, 61.2), (63, 63)),
        ({(20, 0): 0.9}, (-0.2, 20.5), (-0.2, 20.5)),  # a point beside the map
        ({(20, 63): 0.9}, (64.3, 20.5), (64.3, 20.5)),
    ],
)
def test_a_point_moves_to_the_centre_of_mass_nearby(
    cells: dict[tuple[int, int], float], start: tuple[float, float], expected: tuple[float, float]
) -> None:
    refined = refine(np.array([start]) / SIDE, heat_map(cells))
    assert np.allclose(refined * SIDE, [expected], atol=1e-3)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1))
def test_refinement_stays_in_the_window_and_keeps_points_apart(seed: int) -> None:
    random = np.random.default_rng(seed)
    unit = random.uniform(-0.1, 1.1, (5, 2))
    heat = random.normal(0, 4, (SIDE, SIDE, 5)).astype(np.float32)
    refined = refine(unit, heat)
    assert np.all(np.abs(refined - unit) <= 4.0 / SIDE)
    alone = np.concatenate([refine(unit[i : i + 1], heat[:, :, i : i + 1]) for i in range(5)])
    assert np.allclose(refined, alone)


class FixedNetwork:
    """Gives the same outputs for every picture, in an order of its own."""

    input_size = 256

    def __init__(self, flag: float = 0.9) -> None:
        landmarks = np.zeros((1, POINTS, 5), np.float32)
        landmarks[0, :, :2] = 128
        landmarks[0, 0, :2] = 128, 64  # the nose, straight up
        landmarks[0, 34, :2] = 128, 28  # the tip of the alignment
        landmarks[0, :, 3], landmarks[0, :, 4] = 2.0, 1.0
        world = np.zeros((1, POINTS, 3), np.float32)
        world[0, 0] = 0.0, -0.6, -0.1
        heat = np.full((1, SIDE, SIDE, POINTS), -40, np.float32)
        mask = np.zeros((1, 256, 256, 1), np.float32)
        self._outputs = [heat, np.array([[flag]], np.float32), mask, world.reshape(1, -1), landmarks.reshape(1, -1)]
        self.output_shapes = [o.shape for o in self._outputs]
        self.shown: Tensor | None = None

    def __call__(self, tensor: Tensor) -> list[Tensor]:
        self.shown = tensor
        return self._outputs


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> BlazePose:
    monkeypatch.setattr("deukgeun.pose.blazepose.Network", lambda path, threads: FixedNetwork())
    return BlazePose("full")


@pytest.mark.parametrize(
    ("rotation", "nose", "up"),
    [(0.0, (100, 25), (0, -0.6)), (np.pi / 2, (175, 100), (0.6, 0)), (np.pi, (100, 175), (0, 0.6))],
)
def test_joints_turn_back_with_the_region_of_interest(
    model: BlazePose, rotation: float, nose: tuple[float, float], up: tuple[float, float]
) -> None:
    roi = Roi(100, 100, 300, rotation)
    seen = model.postprocess(model.infer(np.zeros((1, 256, 256, 3), np.float32)), roi)
    assert seen.xyz is not None
    assert (seen.xy.shape, seen.score.shape, seen.xyz.shape) == ((33, 2), (33,), (33, 3))
    assert np.allclose(seen.xy[0], nose)
    assert np.allclose(seen.xyz[0], (*up, -0.1), atol=1e-6)
    assert seen.confidence == pytest.approx(0.9)
    assert np.allclose(seen.roi.axes, roi.axes, atol=1e-9)
    assert seen.roi.side == pytest.approx(2 * 100 / 256 * 300 * MARGIN)


def test_a_score_is_visibility_times_presence(model: BlazePose) -> None:
    seen = model.postprocess(model.infer(np.zeros((1, 256, 256, 3), np.float32)), Roi(0, 0, 1))
    assert np.allclose(seen.score, 1 / (1 + np.exp(-2)) / (1 + np.exp(-1)), atol=1e-6)


def test_the_network_is_shown_the_person_from_zero_to_one(model: BlazePose) -> None:
    image = np.zeros((100, 100, 3), np.uint8)
    image[:, 50:] = 255
    shown = model.preprocess(image, Roi(50, 50, 100))
    assert shown.shape == (1, 256, 256, 3) and shown.dtype == np.float32
    assert (shown.min(), shown.max()) == (0.0, 1.0)
    beyond = model.preprocess(image, Roi(50, 50, 400))
    assert beyond[0, :, 250].min() == 1.0 and beyond[0, :, 5].max() == 0.0, "the edge of the picture goes on"
