"""Cuts: seen between shots, and not in motion, zoom, light or a fade."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from tests.pose.scripted import RED, Body, World

from deukgeun.pose.cuts import CutDetector

PLAIN = np.full((360, 640, 3), 235, np.uint8)


def scene(seed: int) -> np.ndarray:
    world = World(scene=seed)
    return world.frame(0.0, []).image


def cuts(images: Iterator[np.ndarray]) -> list[int]:
    detector = CutDetector()
    return [i for i, image in enumerate(images) if detector(image)]


def test_the_first_picture_of_another_shot_is_the_cut() -> None:
    shots = [scene(1)] * 4 + [scene(2)] * 4 + [scene(3)] * 2
    assert cuts(iter(shots)) == [4, 8]


def test_a_picture_of_another_size_may_be_another_shot_but_no_error() -> None:
    assert cuts(iter([scene(1), scene(2)[:200, :300]])) == [1]


@pytest.mark.parametrize("background", [scene(1), PLAIN], ids=["room", "plain wall"])
def test_motion_is_no_cut(background: np.ndarray) -> None:
    """A jump from one side to the other between two pictures, before a room and before a plain wall."""

    def moving() -> Iterator[np.ndarray]:
        for i in range(12):
            image = background.copy()
            x = 150 if i % 2 else 450
            cv2.rectangle(image, (x, 40), (x + 80, 330), (40, 40, 40), -1)
            yield image

    assert cuts(moving()) == []


@pytest.mark.parametrize("change", ["pan", "light", "fade to black", "noise"])
def test_the_same_room_is_no_other_shot(change: str) -> None:
    room, random = scene(1).astype(float), np.random.default_rng(0)

    def changed(i: int) -> np.ndarray:
        made = {
            "pan": np.roll(room, 4 * i, axis=1),
            "light": room * (1 - 0.5 * (i % 2)),
            "fade to black": room * max(0.0, 1 - i / 20),
            "noise": room + random.normal(0, 20, room.shape),
        }[change]
        return np.clip(made, 0, 255).astype(np.uint8)

    assert cuts(changed(i) for i in range(25)) == []


def test_between_two_flat_pictures_there_is_no_cut() -> None:
    assert cuts(iter([PLAIN, np.zeros_like(PLAIN), PLAIN])) == []


def test_a_title_in_between_is_a_cut_on_either_side() -> None:
    title = World(scene=9).frame(0.0, [Body(320, 240, shirt=RED)]).image
    assert cuts(iter([scene(1), title, scene(1)])) == [1, 2]


def test_a_picture_of_a_few_pixels_is_no_error() -> None:
    assert cuts(iter([np.zeros((3, 5, 3), np.uint8)] * 3)) == []
