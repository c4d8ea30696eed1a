"""Scenarios: the same seed shows the same, in a smaller picture too."""

from __future__ import annotations

import numpy as np
import pytest

from deukgeun.synth.scenario import draw_scenario, film_points


@pytest.mark.parametrize("seed", range(4))
def test_a_smaller_picture_shows_the_same(seed: int) -> None:
    full = draw_scenario(seed, "bodyweight_squat", duration_s=1.0, rate_hz=5.0)
    small = draw_scenario(seed, "bodyweight_squat", duration_s=1.0, rate_hz=5.0, lines=180)
    assert min(small.camera.width, small.camera.height) == 180 and small.camera.width % 2 == 0
    points = film_points(full.acts[0])
    np.testing.assert_array_equal(points, film_points(small.acts[0]))
    sizes = [np.array([s.camera.width, s.camera.height]) for s in (full, small)]
    places = [s.camera.project(points)[0] / size for s, size in zip((full, small), sizes, strict=True)]
    np.testing.assert_allclose(*places, atol=0.01)


def test_other_seeds_show_something_else() -> None:
    views = {draw_scenario(seed, "plank", duration_s=0.5, rate_hz=4.0).camera.position_m.tobytes() for seed in range(4)}
    assert len(views) == 4
