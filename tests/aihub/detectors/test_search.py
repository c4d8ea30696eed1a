"""Going through a collection of pictures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from deukgeun.aihub.detectors import People, Tally, athletes
from deukgeun.pose.geometry import Image


class Bright:
    """A detector for the tests: as many people as the picture's upper left pixel says, side by side."""

    def people(self, image: Image) -> People:
        count = int(image[0, 0, 0])
        left = np.arange(count) * 10.0
        return People(np.stack([left, 0 * left, left + 10, 0 * left + 40], axis=1), np.full(count, 0.75))


def picture(count: int) -> Image:
    image = np.zeros((40, 60, 3), np.uint8)
    image[0, 0] = count
    return image


def test_pictures_without_a_person_are_counted_and_left_out() -> None:
    tally = Tally()
    counts = [1, 0, 3, 0, 1, 1, 2, 1]
    found = list(athletes(Bright(), ((f"{i}.jpg", picture(c)) for i, c in enumerate(counts)), tally))
    assert [each.key for each in found] == ["0.jpg", "2.jpg", "4.jpg", "5.jpg", "6.jpg", "7.jpg"]
    assert [each.others for each in found] == [0, 2, 0, 0, 1, 0]
    assert found[1].box.tolist() == [20, 0, 30, 40]
    assert found[0].score == 0.75
    assert (tally.pictures, tally.without, tally.examples) == (8, 2, ["1.jpg", "3.jpg"])
    assert tally.share_without == pytest.approx(0.25)


def test_one_picture_at_a_time() -> None:
    seen = []

    def pictures() -> Iterator[tuple[int, Image]]:
        for i in range(5):
            seen.append(i)
            yield i, picture(1)

    found = athletes(Bright(), pictures())
    assert next(found).key == 0
    assert seen == [0]


def test_only_the_first_few_are_kept_by_name() -> None:
    tally = Tally()
    assert list(athletes(Bright(), ((i, picture(0)) for i in range(1000)), tally)) == []
    assert (tally.without, tally.share_without) == (1000, 1.0)
    assert len(tally.examples) < 100
    assert Tally().share_without == 0.0
