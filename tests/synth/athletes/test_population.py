"""Who comes to the gym."""

from __future__ import annotations

import numpy as np
import pytest

from deukgeun.synth.athletes.population import Person, anny_age, sample_person


def _people(sex: str, count: int = 400) -> list[Person]:
    rng = np.random.default_rng(8)
    return [sample_person(rng, sex) for _ in range(count)]


@pytest.mark.parametrize(("years", "expected"), [(16, 0.60), (25, 2 / 3), (57.5, 5 / 6), (90, 1.0)])
def test_years_are_mapped_to_the_models_own_ages(years: float, expected: float) -> None:
    assert anny_age(years) == pytest.approx(expected)


@pytest.mark.parametrize(("sex", "stature_m"), [("male", 1.75), ("female", 1.62)])
def test_people_have_statures_masses_and_ages_of_people(sex: str, stature_m: float) -> None:
    people = _people(sex)
    height = np.array([person.height_m for person in people])
    bmi = np.array([person.mass_kg for person in people]) / height**2
    years = np.array([person.years for person in people])
    assert height.mean() == pytest.approx(stature_m, abs=0.02)
    assert height.min() >= 1.48 and height.max() <= 1.98
    assert bmi.min() >= 17 and bmi.max() <= 37 and 22 < np.median(bmi) < 26
    assert 16 <= years.min() < 20 and 60 < years.max() <= 75


def test_the_old_are_heavier_and_less_muscular() -> None:
    people = _people("male", 3000) + _people("female", 3000)
    old, young = ([p for p in people if (p.years > 50) == is_old] for is_old in (True, False))
    mean = [np.mean([p.mass_kg / p.height_m**2 for p in group]) for group in (young, old)]
    muscle = [np.mean([p.muscle for p in group]) for group in (young, old)]
    assert mean[1] > mean[0] + 0.3
    assert muscle[1] < muscle[0]


def test_the_same_generator_gives_the_same_person() -> None:
    first, again = (sample_person(np.random.default_rng(2), "female") for _ in range(2))
    assert first == again
