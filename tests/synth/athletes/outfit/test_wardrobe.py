"""What athletes wear."""

from __future__ import annotations

from collections import Counter

import numpy as np

from deukgeun.synth.athletes.bank import athletes
from deukgeun.synth.athletes.outfit.wardrobe import Look, choose

MEN = [figure for figure in athletes() if figure.phenotype["gender"] < 0.5]
WOMEN = [figure for figure in athletes() if figure.phenotype["gender"] > 0.5]
LOOKS = {figure.name: choose(figure, np.random.default_rng(i)) for i, figure in enumerate(athletes())}


def _colours(look: Look) -> list[np.ndarray]:
    worn = [look.top.colour, look.bottom.colour, look.sock, look.sole, look.hair_colour, look.skin, look.lips]
    return worn if look.shoe is None else [*worn, look.shoe]


def test_the_same_generator_chooses_the_same_clothes() -> None:
    first, again = (choose(MEN[0], np.random.default_rng(3)) for _ in range(2))
    assert (first.hair, first.top.cut, first.seed) == (again.hair, again.top.cut, again.seed)
    np.testing.assert_array_equal(first.top.colour, again.top.colour)


def test_clothes_and_hair_are_varied() -> None:
    for people in (MEN, WOMEN):
        looks = [LOOKS[figure.name] for figure in people]
        assert len({look.top.cut for look in looks}) >= 4
        assert len({look.bottom.cut for look in looks}) >= 3
        assert len({look.hair for look in looks}) >= 4
        assert len({look.top.pattern.kind for look in looks}) >= 6
        assert 0 < sum(look.shoe is None for look in looks) < 0.25 * len(looks)


def test_only_men_train_bare_chested_or_bearded_and_only_women_in_a_bra() -> None:
    assert not any(LOOKS[figure.name].top.cut == "bare" or LOOKS[figure.name].beard for figure in WOMEN)
    assert not any(LOOKS[figure.name].top.cut == "bra" for figure in MEN)
    assert Counter(LOOKS[figure.name].beard > 0.05 for figure in MEN)[True] > 20


def test_colours_are_reflectances() -> None:
    for look in LOOKS.values():
        assert all(np.all((colour > 0) & (colour < 0.9)) for colour in _colours(look))


def test_skin_is_light_and_dark() -> None:
    red = np.array([look.skin[0] for look in LOOKS.values()])
    assert np.percentile(red, 5) < 0.2 and np.percentile(red, 95) > 0.5
    assert all(np.all(np.diff(look.skin) < 0) for look in LOOKS.values())


def test_the_old_are_greyer_than_the_young() -> None:
    def chroma(old: bool) -> float:
        picked = [LOOKS[f.name].hair_colour for f in athletes() if (f.phenotype["age"] > 0.8) == old]
        return float(np.median([colour.max() for colour in picked]))

    assert chroma(True) > 2 * chroma(False)
