"""Windows: what the network looks at, and which steps each answer is for."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support_exercises import course, performed, squat

from deukgeun.motion import at_rate, on_grid
from deukgeun.recognition.recogniser import shipped
from deukgeun.recognition.representation import Body, K
from deukgeun.recognition.windows import HOP_S, windows, windows_of


@pytest.mark.parametrize("rate_hz", [10.0, 15.0, 30.0])
@pytest.mark.parametrize("seconds", [1, 3, 4, 5, 12])
def test_windows_cover_the_movement_in_order(seconds: int, rate_hz: float) -> None:
    track = performed(squat, course(0, before_s=seconds / 2, after_s=seconds / 2))
    movement = on_grid(track, rate_hz)
    found = windows(movement, shipped())
    assert found.starts[0] == 0
    assert found.starts[-1] == len(movement)
    assert list(found.starts) == sorted(set(found.starts))
    assert found.log_share.shape == (len(found), len(shipped().file.classes))
    np.testing.assert_allclose(np.exp(found.log_share).sum(axis=1), 1.0, rtol=1e-5)
    assert len(found) == max(0, int((seconds - shipped().file.steps / 10) / HOP_S)) + 1


def test_another_rate_shows_the_same() -> None:
    track = performed(squat, course(5, 2.0))
    slow, fast = (windows(on_grid(track, rate_hz), shipped()) for rate_hz in (10.0, 30.0))
    assert len(slow) == len(fast)
    assert np.abs(np.exp(slow.log_share) - np.exp(fast.log_share)).max() < 0.1


def test_a_rate_that_is_there_changes_nothing() -> None:
    movement = on_grid(performed(squat, course(2, 2.0)), 12.0)
    assert at_rate(movement, 12.0) is movement
    half = at_rate(movement, 6.0)
    np.testing.assert_allclose(half.xyz[:5], movement.xyz[:10:2], atol=1e-9)
    assert half.rate_hz == 6.0


@pytest.mark.parametrize(("length", "count"), [(10, 1), (39, 1), (40, 1), (49, 1), (50, 2), (80, 5)])
def test_windows_of_a_whole_movement(length: int, count: int) -> None:
    step = np.arange(length, dtype=np.float32)[None, :, None] * np.ones((1, 1, K), np.float32)
    found = windows_of(Body(np.zeros((1, length, K, 3)), np.zeros((1, length, K, 2)), step), 40, 10)
    assert found.score.shape == (count, 40, K)
    first = found.score[:, :, 0]
    assert (np.abs(np.diff(first, axis=1)) == 1).all(), "a short movement goes there and back"
    assert first[0, 0] == 0 or length < 40
