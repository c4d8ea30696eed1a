"""The table of exercises and types: complete, self-consistent, and equal to what is known of the data set."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deukgeun.aihub import AihubExercise, aihub_exercise, aihub_exercises
from deukgeun.exercises import catalogue
from deukgeun.synth.cameras import LAYOUTS

FACTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "aihub_exercises.csv"
EVERY = aihub_exercises()
every_exercise = pytest.mark.parametrize("exercise", EVERY, ids=lambda exercise: exercise.name_en)


def test_41_exercises_have_816_types_without_a_gap() -> None:
    assert [exercise.no for exercise in EVERY] == list(range(1, 42))
    assert (EVERY[0].types[0], EVERY[-1].types[1]) == (1, 816)
    assert all(a.types[1] + 1 == b.types[0] for a, b in pairwise(EVERY))


def test_conditions_are_167_in_97_texts() -> None:
    texts = [condition for exercise in EVERY for condition in exercise.conditions]
    assert (len(texts), len(set(texts))) == (167, 97)
    assert sorted(len(exercise.conditions) for exercise in EVERY) == [3] * 14 + [4] * 10 + [5] * 17
    assert all(text == " ".join(text.split()) for text in texts)


@every_exercise
def test_every_combination_has_one_type_and_the_first_is_all_right(exercise: AihubExercise) -> None:
    types = range(exercise.types[0], exercise.types[1] + 1)
    vectors = [exercise.values(type_no) for type_no in types]
    assert len(set(vectors)) == len(vectors)
    assert all(vectors[0]) and not any(vectors[-1])
    assert [exercise.type_no(vector) for vector in vectors] == list(types)
    assert exercise.layout in LAYOUTS


def test_types_count_in_binary_from_all_right() -> None:
    three = aihub_exercise(185)
    assert three.values(185) == (True, True, True)
    assert three.values(186) == (True, True, False)
    assert three.values(189) == (False, True, True)
    assert three.values(192) == (False, False, False)


@given(st.integers(1, 816))
def test_a_type_belongs_to_one_exercise(type_no: int) -> None:
    exercise = aihub_exercise(type_no)
    assert exercise.types[0] <= type_no <= exercise.types[1]
    assert exercise.type_no(exercise.values(type_no)) == type_no


def test_what_is_not_there_is_refused() -> None:
    for type_no in (0, 817):
        with pytest.raises(ValueError, match="816"):
            aihub_exercise(type_no)
    with pytest.raises(ValueError, match="types 1 to 32"):
        EVERY[0].values(33)
    with pytest.raises(ValueError, match="5 conditions"):
        EVERY[0].type_no([True])
    with pytest.raises(ValueError, match="conditions do not make"):
        AihubExercise(1, "a", "a", 1, 1, (1, 4), "standing", True, ("a",))


def test_the_catalogue_knows_every_number() -> None:
    known = {exercise.aihub_no for exercise in catalogue().values() if exercise.aihub_no}
    assert known == {exercise.no for exercise in EVERY}


@pytest.mark.skipif(not FACTS.exists(), reason="the facts of the data set are not beside the project")
def test_the_table_is_that_of_the_data_set() -> None:
    with FACTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for exercise, row in zip(EVERY, rows, strict=True):
        assert exercise.name.strip() == row["name"]
        assert exercise.types == (int(row["type_first"]), int(row["type_last"]))
        assert (exercise.kind, exercise.pose) == (int(row["kind_code"]), int(row["pose_code"]))
        assert " | ".join(exercise.conditions) == row["conditions"]
        assert exercise.ordered == (row["condition_order_confirmed"] == "1")
