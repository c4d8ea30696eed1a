"""Parts of whole workouts: labelled by what is in their middle, and nothing left out but what is too short."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from deukgeun.exercises import catalogue
from deukgeun.synth.tracks.make import LabelledTrack
from deukgeun.synth.tracks.workouts import BETWEEN, draw_workout, workout_parts

SEEDS = (0, 3)


@pytest.fixture(scope="module", params=SEEDS)
def parts(request: pytest.FixtureRequest) -> list[LabelledTrack]:
    return workout_parts(request.param)


def test_sets_and_what_is_between_take_turns(parts: list[LabelledTrack]) -> None:
    labels = [part.label for part in parts]
    assert any(label != BETWEEN for label in labels)
    assert all(BETWEEN in (a, b) for a, b in pairwise(labels))
    for part in parts:
        assert (part.movement == "background") == (part.label == BETWEEN) == (not part.sets)


def test_a_set_s_part_is_its_set_with_a_little_around(parts: list[LabelledTrack]) -> None:
    for part in parts:
        for each in part.sets:
            assert part.label == each.exercise
            assert part.movement == catalogue()[part.label].movement
            assert part.track.time_s[0] >= each.start_s - 1.5 - 1e-9
            assert part.track.time_s[-1] <= each.end_s + 1.5 + 1e-9
            assert len(part.track) > 0.5 * (each.end_s - each.start_s) * 10


def test_parts_are_of_one_person_before_one_camera(parts: list[LabelledTrack]) -> None:
    assert len({(part.figure, part.view, part.width, part.height) for part in parts}) == 1


def test_the_same_seed_gives_the_same(parts: list[LabelledTrack]) -> None:
    again = workout_parts(parts[0].seed)
    assert [part.label for part in again] == [part.label for part in parts]
    for one, other in zip(parts, again, strict=True):
        np.testing.assert_array_equal(one.track.xy, other.track.xy)


def test_the_whole_track_holds_the_parts() -> None:
    scenario, track = draw_workout(SEEDS[0])
    assert track.time_s[-1] <= scenario.time_s[-1] + 1e-9
    assert len(scenario.acts[0].sets) == sum(bool(part.sets) for part in workout_parts(SEEDS[0]))
