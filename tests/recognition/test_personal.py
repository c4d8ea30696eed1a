"""Personal exercises: names, prototypes, how near a set is, and their place among guesses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.recognition.support_personal import WIDTH, learnt, windows_like
from tests.support_exercises import course, in_sequence, performed, push_up, squat, stand

from deukgeun.errors import PersonalError
from deukgeun.exercises import UNKNOWN, catalogue
from deukgeun.motion import on_grid
from deukgeun.recognition import RECOGNISER, Guess
from deukgeun.recognition.personal import (
    MOST_EXAMPLES,
    Personal,
    PersonalExercise,
    active_part,
    clean_name,
    example_of,
    nearest,
    prototype,
    radius_of,
    standardised,
    with_personal,
)
from deukgeun.recognition.recogniser import shipped

ONE = Personal((learnt("Wall slide", 1),))
TWO = Personal((learnt("Wall slide", 1), learnt("벽 밀기", 2, "hold")))


@pytest.mark.parametrize(
    ("text", "name", "slug"),
    [
        ("Wall slide", "Wall slide", "my:wallslide"),
        ("  Wall   Slide ", "Wall Slide", "my:wallslide"),
        ("벽 밀기", "벽 밀기", "my:벽밀기"),
        ("\u1107\u1167\u11a8", "벽", "my:벽"),  # decomposed, as file names of macOS are
        ("x" * 60, "x" * 60, "my:" + "x" * 60),
        ("스쿼트 #2 (집)", "스쿼트 #2 (집)", "my:스쿼트2집"),
    ],
)
def test_names_are_cleaned_and_make_slugs(text: str, name: str, slug: str) -> None:
    assert clean_name(text) == name
    assert learnt(text, 1).slug == slug
    assert slug not in catalogue()


@pytest.mark.parametrize("text", ["", "   ", "!?", "x" * 61, "a\nb", "a\tb", "a\x1b[31m", "a\u202eb", "\udcff"])
def test_names_that_cannot_be(text: str) -> None:
    with pytest.raises(PersonalError, match="personal-name"):
        clean_name(text)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=70))
def test_a_name_is_refused_or_stays_as_it_was_cleaned(text: str) -> None:
    try:
        name = clean_name(text)
    except PersonalError as error:
        assert error.code == "personal-name"
        return
    assert clean_name(name) == name and 1 <= len(name) <= 60
    name.encode("utf-8")


def test_each_third_is_standardised_by_itself() -> None:
    thirds = standardised(windows_like(1)).reshape(10, 3, -1)
    np.testing.assert_allclose(thirds.mean(axis=2), 0, atol=1e-9)
    np.testing.assert_allclose(thirds.std(axis=2), 1, atol=1e-4)
    np.testing.assert_allclose(standardised(windows_like(1) * 7 + 3), standardised(windows_like(1)), atol=1e-5)
    whole = standardised(windows_like(1)[:, :128])
    np.testing.assert_allclose(whole.mean(axis=1), 0, atol=1e-9)


def test_a_prototype_is_one_direction_whatever_the_order_of_windows() -> None:
    windows = windows_like(1)
    assert np.linalg.norm(prototype(windows)) == pytest.approx(1.0)
    np.testing.assert_allclose(prototype(windows[::-1]), prototype(windows))
    assert prototype(windows) @ prototype(windows_like(1, seed=9)) > 0.95
    assert abs(prototype(windows) @ prototype(windows_like(2))) < 0.3


@pytest.mark.parametrize(
    "broken", [np.zeros((0, WIDTH)), np.zeros((3, WIDTH)), np.full((3, WIDTH), np.nan), np.zeros(WIDTH)]
)
def test_what_has_no_direction_is_refused(broken: np.ndarray) -> None:
    with pytest.raises(ValueError, match="embeddings"):
        prototype(broken)


def test_the_radius_has_a_floor_and_a_ceiling() -> None:
    steady, scattered = radius_of(windows_like(1, count=1)), radius_of(windows_like(1, spread=5.0))
    between = radius_of(windows_like(1, spread=0.5))
    assert 0.4 < steady < between < scattered < 0.6


@pytest.mark.parametrize(
    "change",
    [
        {"prototypes": np.ones((1, WIDTH), np.float32)},
        {"prototypes": np.zeros((0, WIDTH), np.float32)},
        {"prototypes": np.full((1, WIDTH), np.nan, np.float32)},
        {"prototypes": np.ones(WIDTH, np.float32)},
        {"radius": 0.0},
        {"radius": float("nan")},
        {"radius": 1.5},
        {"measure": "miles"},
        {"name": " two  spaces"},
    ],
)
def test_values_that_cannot_be(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        replace(learnt("a", 1), **change)  # type: ignore[arg-type]


def test_learning_keeps_one_prototype_of_each_example() -> None:
    examples = [windows_like(1, seed=k) for k in range(3)]
    made = PersonalExercise.learnt("a", "hold", examples, RECOGNISER)
    assert made.prototypes.shape == (3, WIDTH) and made.prototypes.dtype == np.float32
    assert made.radius == max(map(radius_of, examples))


def test_more_examples_are_joined_each_once_and_the_oldest_go() -> None:
    first, second = learnt("a", 1, seed=1), learnt("A", 1, "hold", seed=2)
    both = first.joined(second).joined(first)
    assert (both.name, both.measure, len(both.prototypes)) == ("a", "reps", 2)
    for seed in range(3, 3 + MOST_EXAMPLES):
        both = both.joined(learnt("a", 1, seed=seed))
    assert len(both.prototypes) == MOST_EXAMPLES
    np.testing.assert_allclose(both.prototypes[-1], learnt("a", 1, seed=2 + MOST_EXAMPLES).prototypes[0])


def test_examples_of_another_network_are_not_joined() -> None:
    with pytest.raises(PersonalError, match="personal-other-network"):
        Personal((learnt("a", 1),)).plus(learnt("a", 1, model="other"))
    narrow = PersonalExercise.learnt("a", "reps", [windows_like(1)[:, :99]], "m")
    with pytest.raises(PersonalError, match="personal-other-network"):
        learnt("a", 1).joined(narrow)
    several = Personal((learnt("a", 1), learnt("b", 2, model="other"), replace(narrow, name="c")))
    assert [e.name for e in several.made_with("m")] == ["a", "c"]
    assert [e.name for e in several.made_with("m", WIDTH)] == ["a"]


def test_a_collection_is_found_in_added_to_and_taken_from() -> None:
    more = TWO.plus(learnt("third", 3)).plus(learnt("WALL SLIDE", 1, seed=8))
    assert [(e.slug, len(e.prototypes)) for e in more] == [("my:wallslide", 2), ("my:벽밀기", 1), ("my:third", 1)]
    assert TWO.find("wall  slide") is TWO.find("my:wallslide") is TWO.exercises[0]
    assert [e.name for e in more.without("wallslide")] == ["벽 밀기", "third"]
    assert len(TWO) == 2, "a collection is a value"
    assert TWO.get("nothing") is None
    with pytest.raises(PersonalError, match="personal-unknown") as caught:
        TWO.without("wall slides")
    assert "Wall slide" in caught.value.hint
    with pytest.raises(ValueError, match="same name"):
        Personal((learnt("a b", 1), learnt("AB", 2)))


def test_windows_match_what_they_are_near_to() -> None:
    names, shares = TWO.match(np.concatenate([windows_like(k, seed=9, count=4) for k in (1, 2, 3)]))
    assert names == ("my:wallslide", "my:벽밀기")
    assert shares.shape == (12, 2)
    assert (shares[:4, 0] > 0.9).all() and (shares[4:8, 1] > 0.9).all() and (shares[8:] < 0.1).all()
    assert (shares.sum(axis=1) < 1).all()
    assert Personal().match(windows_like(1))[1].shape == (10, 0)
    with pytest.raises(ValueError, match="expected embeddings of 384"):
        TWO.match(np.ones((2, 3)))


def test_at_the_radius_it_is_as_likely_as_not() -> None:
    (exercise,) = ONE
    away = prototype(windows_like(2))
    away -= (away @ exercise.prototypes[0]) * exercise.prototypes[0]
    cos = 1 - exercise.radius
    point = cos * exercise.prototypes[0] + np.sqrt(1 - cos**2) * away / np.linalg.norm(away)
    assert ONE.match(point[None])[1][0, 0] == pytest.approx(0.5, abs=0.02)


def test_the_nearest_of_several_examples_counts() -> None:
    both = learnt("a", 1).joined(learnt("a", 2))
    assert (Personal((both,)).match(np.concatenate([windows_like(1), windows_like(2)]))[1] > 0.9).all()


def test_a_set_is_named_by_the_nearest_prototype() -> None:
    prototypes = np.stack([prototype(windows_like(kind)) for kind in range(10)])
    assert [nearest(prototypes, windows_like(kind, seed=7, spread=1.0)) for kind in range(10)] == list(range(10))


def guess(exercise: str, confidence: float) -> Guess:
    return Guess(exercise, confidence, None if exercise == UNKNOWN else "barbell")


UNSURE = (guess("barbell_squat", 0.3), guess("goblet_squat", 0.25), guess(UNKNOWN, 0.2), guess("push_up", 0.1))


@pytest.mark.parametrize(
    "before",
    [UNSURE, (guess(UNKNOWN, 0.98),), (guess("barbell_squat", 0.9), guess(UNKNOWN, 0.1))],
    ids=["unsure", "unknown", "sure"],
)
def test_what_is_very_near_leads(before: tuple[Guess, ...]) -> None:
    found = with_personal(before, windows_like(1, seed=3), TWO)
    assert (found[0].exercise, found[0].equipment) == ("my:wallslide", None)
    assert found[0].confidence > 0.5
    assert sum(g.confidence for g in found) <= 1 + 1e-9
    assert [g.exercise for g in found if not g.exercise.startswith("my:")] == [g.exercise for g in before]
    assert [g.confidence for g in found[1:]] == sorted((g.confidence for g in found[1:]), reverse=True)


@pytest.mark.parametrize("embedding", [windows_like(3), windows_like(1)[:0]], ids=["another exercise", "no windows"])
def test_what_is_not_near_changes_nothing(embedding: np.ndarray) -> None:
    assert with_personal(UNSURE, embedding, TWO) == UNSURE


def test_nothing_taught_changes_nothing() -> None:
    assert with_personal(UNSURE, windows_like(1), Personal()) == UNSURE
    assert with_personal((), windows_like(1), ONE) == ()


def between(share: float) -> np.ndarray:
    """A window between the taught exercise and another."""
    return share * windows_like(1, count=1, spread=0) + (1 - share) * windows_like(2, count=1, spread=0)


def test_what_is_just_near_enough_does_not_beat_a_movement_that_the_network_is_sure_of() -> None:
    sure = (guess("barbell_squat", 0.55), guess("goblet_squat", 0.4), guess(UNKNOWN, 0.05))
    share = next(s for s in np.linspace(0.3, 1, 200) if ONE.match(between(s))[1][0, 0] >= 0.6)
    found = with_personal(sure, between(share), ONE)
    assert found[0].exercise == "barbell_squat", "its implements count together"
    assert 0 < sum(g.confidence for g in found if g.exercise == "my:wallslide") < found[0].confidence
    assert with_personal((guess(UNKNOWN, 1.0),), between(share), ONE)[0].exercise == "my:wallslide"


def test_the_ends_of_a_stretch_which_see_what_is_beside_it_count_less() -> None:
    middle, ends = windows_like(1, count=12), windows_like(2, count=4)
    whole = with_personal(UNSURE, np.concatenate([ends, middle, ends]), ONE)
    assert whole[0].confidence == pytest.approx(with_personal(UNSURE, middle, ONE)[0].confidence, abs=0.01)
    assert with_personal(UNSURE, np.concatenate([ends, ends, ends, ends, middle]), ONE) == UNSURE


def test_an_example_of_a_movement() -> None:
    movement = on_grid(performed(squat, course(4, 2.0)))
    found = example_of(movement, shipped())
    assert len(found) > 5 and found.ndim == 2
    assert example_of(movement.part(0, 20), shipped()).shape == (1, found.shape[1])
    with pytest.raises(PersonalError, match=r"shows 1\.9 s .*personal-too-short"):
        example_of(movement.part(0, 19), shipped())


def test_the_set_in_a_movement_is_found_without_what_is_before_and_after() -> None:
    movement = on_grid(performed(squat, course(6, 2.2, before_s=8.0, after_s=8.0)))
    part = active_part(movement, shipped())
    assert 5.0 < part.time_s[0] < 10.0
    assert 18.0 < part.time_s[-1] < 25.0


def test_of_two_exercises_in_one_video_the_longer_is_the_example() -> None:
    parts = [(squat, course(2, 2.0, before_s=0.0, after_s=0.0)), (push_up, course(8, 2.0))]
    part = active_part(on_grid(in_sequence(parts)), shipped())
    assert part.time_s[0] > 3.0


def test_where_all_is_background_the_whole_is_taken_as_far_as_it_is_in_sight() -> None:
    movement = on_grid(performed(stand, course(0, before_s=5, after_s=5)))
    assert len(active_part(movement, shipped())) == len(movement)
    seen = movement.seen.copy()
    seen[30:36] = False
    cut = active_part(replace(movement, seen=seen), shipped())
    assert (cut.time_s[0], len(cut)) == (movement.time_s[36], len(movement) - 36)
    assert len(active_part(replace(movement, seen=np.zeros_like(seen)), shipped())) == 0


def test_what_one_example_teaches_is_known_again_and_other_exercises_are_not_taken_for_it() -> None:
    def seen(exercise: object, per_s: float) -> np.ndarray:
        return example_of(on_grid(performed(exercise, course(5, per_s))), shipped())  # type: ignore[arg-type]

    mine = Personal((PersonalExercise.learnt("my squat", "reps", [seen(squat, 2.0)], RECOGNISER),))
    assert with_personal((guess(UNKNOWN, 1.0),), seen(squat, 2.6), mine)[0].exercise == "my:mysquat"
    assert with_personal((guess(UNKNOWN, 1.0),), seen(push_up, 2.0), mine)[0].exercise == UNKNOWN
