"""The catalogue that is shipped: complete, consistent, and found by any of its names."""

from __future__ import annotations

import csv
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deukgeun.errors import CatalogueError
from deukgeun.exercises import UNKNOWN, Exercise, catalogue, exercise_name, vocabulary
from deukgeun.exercises.loader import fold

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "exercises.csv"
EXERCISES = list(catalogue().values())
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.slug)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data are not here")
def test_every_row_of_the_shared_list_agrees() -> None:
    with SHARED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["slug"] for row in rows] == list(catalogue())
    for row in rows:
        exercise = catalogue()[row["slug"]]
        number = int(row["aihub_no"]) if row["aihub_no"] else None
        found = (exercise.ko, exercise.en, exercise.movement, exercise.measure, exercise.aihub_no)
        assert found == (row["ko"], row["en"], row["movement"], row["measure"], number), row["slug"]
        assert exercise.equipment == tuple(row["equipment"].split("|")), row["slug"]


def test_it_has_sixty_exercises_and_every_number_of_ai_hub_once() -> None:
    assert len(catalogue()) == 60
    assert [exercise.aihub_no for exercise in EXERCISES if exercise.aihub_no] == list(range(1, 42))


@every_exercise
def test_every_name_finds_its_exercise_and_no_alias_is_superfluous(exercise: Exercise) -> None:
    for name in (exercise.slug, exercise.ko, exercise.en, *exercise.aliases):
        assert catalogue().find(name) is exercise
    own = {fold(name) for name in (exercise.slug, exercise.ko, exercise.en)}
    assert len(own | {fold(alias) for alias in exercise.aliases}) == len(own) + len(exercise.aliases)


@every_exercise
def test_every_exercise_is_named_in_both_languages(exercise: Exercise) -> None:
    hangul = [any("가" <= letter <= "힣" for letter in alias) for alias in exercise.aliases]
    assert any(hangul), "no Korean alias"
    assert not all(hangul), "no English alias"
    assert exercise.name("ko") == exercise.name("ko_KR.UTF-8") == exercise.ko
    assert exercise.name() == exercise.name("en") == exercise.name("fr") == exercise.en


@every_exercise
def test_words_are_of_the_vocabulary(exercise: Exercise) -> None:
    words = vocabulary()
    assert exercise.primary_muscles
    assert set(exercise.primary_muscles + exercise.secondary_muscles) <= set(words["muscle"])
    assert set(exercise.equipment) <= set(words["equipment"])
    assert set(exercise.rep_joints) <= set(words["angle"])
    assert exercise.met.value == words["met"][exercise.met.code]["value"]


@every_exercise
def test_a_repetition_is_defined_unless_it_is_held(exercise: Exercise) -> None:
    if exercise.measure == "hold":
        assert (exercise.rep_joints, exercise.rep_start) == ((), None)
    else:
        assert exercise.rep_joints
        assert exercise.rep_start in ("open", "closed")


@every_exercise
def test_ids_exist_for_every_implement(exercise: Exercise) -> None:
    assert tuple(ids.equipment for ids in exercise.foreign) == exercise.equipment
    for ids in exercise.foreign:
        assert ids.fit is not None and ids.health_connect is not None
        assert exercise.ids(ids.equipment) is ids
    assert exercise.ids() is exercise.ids("no such implement") is exercise.foreign[0]


@pytest.mark.parametrize("product", ["hevy", "strong", "wger"])
def test_a_name_of_another_product_means_one_exercise(product: str) -> None:
    names = Counter(getattr(ids, product) for exercise in EXERCISES for ids in exercise.foreign)
    del names[None]
    assert names
    assert max(names.values()) == 1


@pytest.mark.parametrize(
    ("slug", "equipment", "fit", "segment"),
    [
        ("bodyweight_squat", "none", (28, 61), 51),
        ("push_up", "none", (22, 77), 38),
        ("bench_press", "dumbbell", (0, 6), 5),
        ("bench_press", "barbell", (0, 1), 5),
        ("plank", "none", (19, 43), 41),
        ("kettlebell_swing", "kettlebell", (10, 23), 29),
        ("step_backward_lunge", "none", (17, None), 36),
        ("leg_extension", "machine", (65534, None), 33),
    ],
)
def test_numbers_of_fit_and_health_connect(
    slug: str, equipment: str, fit: tuple[int, int | None], segment: int
) -> None:
    ids = catalogue()[slug].ids(equipment)
    assert ids.fit is not None and ids.health_connect is not None
    assert (ids.fit.category, ids.fit.subtype) == fit
    assert ids.health_connect.type == segment


def test_movements_group_the_exercises() -> None:
    groups = [catalogue().by_movement(movement) for movement in catalogue().movements]
    assert all(groups)
    assert Counter(e.slug for group in groups for e in group) == Counter(list(catalogue()))
    assert [e.slug for e in catalogue().by_movement("row_bent_over")] == ["barbell_row", "dumbbell_bent_over_row"]
    assert catalogue().by_movement("flying") == ()


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("스쿼트", "bodyweight_squat"),
        ("SQUAT", "bodyweight_squat"),
        ("push up", "push_up"),
        ("팔굽혀 펴기", "push_up"),
        ("푸쉬업", "push_up"),
        ("press-up", "push_up"),
        ("Y-exercise", "y_exercise"),
        ("데드리프트", "barbell_deadlift"),
        ("턱걸이", "pull_up"),
        ("Lateral  Raise", "side_lateral_raise"),
        (unicodedata.normalize("NFD", "바벨 로우"), "barbell_row"),
    ],
)
def test_common_names_are_found(text: str, slug: str) -> None:
    assert catalogue().find(text).slug == slug


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(EXERCISES), st.data())
def test_spelling_does_not_matter(exercise: Exercise, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([exercise.ko, exercise.en, *exercise.aliases]))
    spelled = unicodedata.normalize(data.draw(st.sampled_from(["NFC", "NFD"])), name)
    spelled = data.draw(st.sampled_from([str.upper, str.lower, str.title]))(spelled)
    spelled = spelled.replace(" ", data.draw(st.sampled_from(["", "  ", "-", "_"])))
    assert catalogue().find(spelled) is exercise


@pytest.mark.parametrize(("text", "near"), [("sqat", "bodyweight_squat"), ("푸쉬웁", "push_up")])
def test_an_unknown_name_is_refused_with_the_nearest(text: str, near: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        catalogue().find(text)
    assert caught.value.code == "catalogue-unknown-exercise"
    assert text in caught.value.message
    assert near in caught.value.hint


@pytest.mark.parametrize("text", ["", "???", "zzzzzzzz"])
def test_a_name_like_no_other_has_nothing_near(text: str) -> None:
    with pytest.raises(CatalogueError, match="catalogue-unknown-exercise") as caught:
        catalogue().find(text)
    assert caught.value.values["nearest"] == "none"


def test_names_by_slug_include_unknown() -> None:
    assert exercise_name(UNKNOWN, "ko") == "알 수 없는 동작"
    assert exercise_name(UNKNOWN) == "Unknown movement"
    assert exercise_name("plank", "ko") == "플랭크"
    assert UNKNOWN not in catalogue()
    with pytest.raises(CatalogueError, match="catalogue-unknown-exercise"):
        exercise_name("squat")  # an alias is not a slug
