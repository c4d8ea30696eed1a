"""The motion files: whole, well written, and covering what the gym promises."""

import numpy as np
import pytest

from deukgeun.errors import SynthError
from deukgeun.exercises import catalogue
from deukgeun.synth.motions.definition import find, merged, motions, parse
from deukgeun.synth.motions.style import draw
from deukgeun.synth.writers import aihub_exercises

WRITTEN = motions()


def test_every_exercise_of_the_catalogue_has_a_motion_for_each_of_its_implements() -> None:
    missing = [
        (exercise.slug, equipment)
        for exercise in catalogue().values()
        for equipment in exercise.equipment
        if not any(
            m.kind == "exercise" and m.movement == exercise.movement and equipment in m.equipment
            for m in WRITTEN.values()
        )
    ]
    assert not missing


def test_near_neighbours_are_many_and_not_in_the_catalogue() -> None:
    neighbours = [m for m in WRITTEN.values() if m.kind == "neighbour"]
    assert len(neighbours) >= 30
    assert not [m.name for m in neighbours if m.movement in catalogue().movements]
    assert all(m.raw.get("ko") and m.raw.get("en") for m in neighbours)


def test_background_is_varied() -> None:
    assert len([m for m in WRITTEN.values() if m.kind == "background"]) >= 12


def test_mistakes_are_the_conditions_of_the_data_set() -> None:
    by_number = {each.no: each for each in aihub_exercises()}
    for exercise in catalogue().values():
        if exercise.aihub_no is None:
            continue
        conditions = set(by_number[exercise.aihub_no].conditions)
        written = {
            mistake
            for m in WRITTEN.values()
            if m.kind == "exercise" and m.movement == exercise.movement
            for mistake in m.mistakes
        }
        assert conditions <= written, (exercise.slug, conditions - written)


@pytest.mark.parametrize("name", WRITTEN)
def test_styles_can_be_drawn_and_repeat_with_the_seed(name: str) -> None:
    motion = WRITTEN[name]
    for equipment in motion.equipment:
        one, two = (draw(motion, np.random.default_rng(3), equipment) for _ in range(2))
        assert one.tempo_s == two.tempo_s > 0
        for here, there in zip(one.beats, two.beats, strict=True):
            np.testing.assert_array_equal(here.key.angles, there.key.angles)
    assert motion.measure == "hold" or len(draw(motion, np.random.default_rng(1)).beats) > 1


@pytest.mark.parametrize(
    "change",
    [{"tempo": 3}, {"keys": {"a": {"tail": 4}}}, {"contacts": {"nose": 0}}, {"cycle": [{"key": "missing"}]}],
)
def test_a_motion_that_is_not_well_written_is_refused(change: dict[str, object]) -> None:
    sound = {"keys": {"a": {}}, "cycle": [{"key": "a"}]}
    parse("sound", sound)
    with pytest.raises(SynthError) as caught:
        parse("broken", {**sound, **change})
    assert caught.value.code == "synth-motion-invalid"


def test_merging_goes_deep_and_leaves_the_base_alone() -> None:
    base = {"keys": {"top": {"hip": 1, "knee": 2}}, "sides": "both"}
    assert merged(base, {"keys": {"top": {"hip": 5}}}) == {"keys": {"top": {"hip": 5, "knee": 2}}, "sides": "both"}
    assert base["keys"] == {"top": {"hip": 1, "knee": 2}}


def test_an_unknown_motion_names_the_nearest() -> None:
    with pytest.raises(SynthError) as caught:
        find("push_upp")
    assert caught.value.code == "synth-motion-unknown" and "push_up" in caught.value.hint
