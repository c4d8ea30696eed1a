"""BlazePose's own detector behind the interface."""

from __future__ import annotations

import numpy as np
import pytest

from deukgeun.aihub.detectors import detector
from deukgeun.aihub.detectors.blazepose import BlazePosePeople, square_around
from deukgeun.pose.detector import Detection
from deukgeun.pose.geometry import Image, roi_from_alignment


def seen(x: float, y: float, radius: float, angle: float = 0.0, score: float = 0.9) -> Detection:
    """Somebody whose circle has its centre at x, y; ``angle`` turns the head's direction from up."""
    center = np.array([x, y])
    tip = center + radius * np.array([np.sin(angle), -np.cos(angle)])
    return Detection(score, np.array([center, tip, center, tip]), roi_from_alignment(center, tip))


class Scripted:
    """In place of the network: who is seen at each turn."""

    def __init__(self, by_turn: dict[int, list[Detection]]) -> None:
        self.by_turn, self.asked = by_turn, list[int]()

    def detect(self, image: Image, quarter_turns: int = 0) -> list[Detection]:
        self.asked.append(quarter_turns)
        return self.by_turn.get(quarter_turns, [])


def people_of(by_turn: dict[int, list[Detection]]) -> tuple[list[list[float]], list[int]]:
    found, scripted = BlazePosePeople(), Scripted(by_turn)
    found._detector = scripted  # type: ignore[assignment]
    return found.people(np.zeros((1080, 1920, 3), np.uint8)).boxes.round(6).tolist(), scripted.asked


@pytest.mark.parametrize("angle", [0.0, 0.7, np.pi / 2, 3.0])
def test_the_box_is_the_upright_square_around_the_circle_however_they_lie(angle: float) -> None:
    assert square_around(seen(500, 400, 300, angle)) == pytest.approx([200, 100, 800, 700])


def test_it_is_cut_off_at_the_edge() -> None:
    assert people_of({0: [seen(100, 500, 300)]})[0] == [[0, 200, 400, 800]]


def test_a_part_of_somebody_lying_does_not_hide_the_whole() -> None:
    boxes, asked = people_of({0: [seen(900, 700, 40, score=0.6)], 1: [seen(900, 600, 300, score=0.9)]})
    assert boxes == [[600, 300, 1200, 900], [860, 660, 940, 740]]
    assert asked == [0, 1]


def test_the_same_person_seen_twice_is_one() -> None:
    boxes, _ = people_of({0: [seen(900, 600, 300, score=0.7)], 1: [seen(910, 605, 310, score=0.9)]})
    assert boxes == [[600, 295, 1220, 915]]


def test_the_other_ways_round_are_for_when_nobody_was_seen() -> None:
    assert people_of({2: [seen(900, 600, 300)]}) == ([[600, 300, 1200, 900]], [0, 1, 3, 2])
    assert people_of({}) == ([], [0, 1, 3, 2])


def test_an_empty_room_is_empty() -> None:
    assert len(detector("blazepose").people(np.full((480, 640, 3), 128, np.uint8))) == 0
