"""The named points of a body, on the real body model."""

from __future__ import annotations

import numpy as np
import pytest

from deukgeun.synth.athletes import marks, mesh, population, touch
from deukgeun.synth.athletes.bank import athletes
from deukgeun.synth.figure import BONE, SIDES, Figure

pytest.importorskip("anny", reason="the body model comes with the extra synth")
pytestmark = pytest.mark.filterwarnings("default")  # torch warns of things that are not ours

FIGURES = athletes()[:: len(athletes()) // 3]


@pytest.fixture(scope="module", params=FIGURES, ids=lambda figure: figure.name)
def body(request: pytest.FixtureRequest) -> tuple[Figure, touch.Surface]:
    return request.param, touch.surface(mesh.build(request.param.phenotype))


def test_the_bank_holds_what_the_mesh_gives(body: tuple[Figure, touch.Surface]) -> None:
    figure, surface = body
    found = marks.all_marks(surface, mesh.keypoints(surface.mesh))
    assert tuple(found) == figure.landmark_points.names
    np.testing.assert_allclose([place for _, place in found.values()], figure.landmarks, atol=1e-3)
    assert [BONE[bone] for bone, _ in found.values()] == list(figure.landmark_points.bone)
    np.testing.assert_allclose(surface.joints, figure.joints, atol=2e-4)


def test_stature_and_mass_are_those_of_the_mesh(body: tuple[Figure, touch.Surface]) -> None:
    figure, surface = body
    assert population.measure(surface.mesh) == pytest.approx((figure.height_m, figure.mass_kg), rel=1e-3)


def test_points_of_contact_lie_on_the_skin(body: tuple[Figure, touch.Surface]) -> None:
    figure, surface = body
    on_skin = (
        "heel",
        "ball",
        "toe_tip",
        "palm",
        "fingertip",
        "shoulder_top",
        "shoulder_side",
        "hip_side",
        "thigh_front",
    )
    for name in on_skin:
        for side in SIDES:
            off = np.linalg.norm(surface.mesh.vertices - figure.landmark(f"body/{name}_{side}"), axis=1).min()
            assert off < 0.03, name


def test_a_kneeling_athlete_touches_the_floor_with_the_knee(body: tuple[Figure, touch.Surface]) -> None:
    _, surface = body
    knee = surface.joint("shank_l")
    bent, rotation = surface.bent("shank_l", np.array([1.0, 0, 0]), 90.0)
    point = rotation @ (touch.kneecap(surface, "l") - knee) + knee
    thigh = np.linalg.norm(bent - knee, axis=1) < 0.16
    assert point[2] == pytest.approx(bent[thigh][:, 2].min(), abs=0.004)
    assert 0.02 < knee[2] - point[2] < 0.12


def test_a_seat_is_below_the_hips_and_wide_enough(body: tuple[Figure, touch.Surface]) -> None:
    figure, _ = body
    left, right = figure.landmark("body/sit_l"), figure.landmark("body/sit_r")
    assert 0.03 < figure.joint("thigh_l")[2] - left[2] < 0.2
    assert 0.08 < left[0] - right[0] < 0.4


def test_heavy_men_are_found_where_muscle_alone_would_not_take_them() -> None:
    person = population.Person("male", 50.0, 1.70, 100.0, 0.9)
    found = population.phenotype(person, np.random.default_rng(1))
    height_m, mass_kg = population.measure(mesh.build(found))
    assert found["muscle"] <= 0.9
    assert height_m == pytest.approx(1.70, abs=0.01)
    assert mass_kg == pytest.approx(100.0, rel=0.03)
