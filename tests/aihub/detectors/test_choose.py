"""Which of the people is the athlete."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deukgeun.aihub.detectors import People, choose_person, prominence
from deukgeun.aihub.detectors.people import people_within

quick = settings(deadline=None, max_examples=60)
W, H = 1920, 1080


def people(*boxes: tuple[float, float, float, float], scores: list[float] | None = None) -> People:
    return People(np.array(boxes, float).reshape(-1, 4), np.array(scores or [0.9] * len(boxes)))


def around(x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
    return (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


@pytest.mark.parametrize(
    ("found", "athlete"),
    [
        (people(), None),
        (people((0, 0, 10, 10)), 0),
        (people(around(960, 540, 200, 400), around(960, 540, 300, 700)), 1),  # the larger
        (people(around(200, 540, 300, 700), around(960, 540, 300, 700)), 1),  # the more central
        (people(around(150, 540, 300, 1080), around(960, 600, 250, 650)), 1),  # a trainer at the edge
        (people(around(960, 400, 60, 150), around(800, 600, 250, 650)), 1),  # somebody in the mirror
        (people(around(960, 540, 300, 700), around(970, 545, 300, 700), scores=[0.95, 0.5]), 0),  # the surer
    ],
)
def test_the_athlete(found: People, athlete: int | None) -> None:
    assert choose_person(found, W, H) == athlete


@quick
@given(st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_a_mirrored_picture_has_the_same_athlete_and_sizes_do_not_matter(count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    boxes = np.sort(rng.uniform(0, 1000, (count, 2, 2)), axis=1).reshape(-1, 4)
    scores = np.sort(rng.uniform(0.5, 1, count))[::-1]
    here = People(boxes, scores)
    mirrored = People(np.stack([W - boxes[:, 2], boxes[:, 1], W - boxes[:, 0], boxes[:, 3]], axis=1), scores)
    weights = prominence(here, W, H)
    assert np.all((weights >= 0) & (weights <= 1))
    assert prominence(mirrored, W, H) == pytest.approx(weights)
    assert prominence(People(boxes / 2, scores), W // 2, H // 2) == pytest.approx(weights)


def test_boxes_are_cut_off_at_the_edges_and_sorted() -> None:
    boxes = np.array([[-50.0, -20, 100, 300], [10, 10, 40, 40], [200, 10, 300, 20], [np.nan, 0, 1, 1]])
    found = people_within(boxes, np.array([0.6, 0.9, 0.8, 0.99]), np.zeros((200, 150, 3), np.uint8))
    assert found.boxes.tolist() == [[10, 10, 40, 40], [0, 0, 100, 200]]
    assert found.scores.tolist() == [0.9, 0.6]


def test_people_have_a_box_each_and_the_best_comes_first() -> None:
    with pytest.raises(ValueError, match="got \\(1, 4\\) and \\(2,\\)"):
        People(np.zeros((1, 4)), np.zeros(2))
    with pytest.raises(ValueError, match="best person first"):
        People(np.zeros((2, 4)), np.array([0.1, 0.2]))
