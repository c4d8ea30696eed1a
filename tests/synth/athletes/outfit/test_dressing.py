"""Dressed athletes, on the real body model."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from deukgeun.errors import SynthError
from deukgeun.synth.athletes.bank import athletes
from deukgeun.synth.athletes.mesh import BodyMesh, rest_mesh
from deukgeun.synth.athletes.outfit.dressing import Dressed, dress
from deukgeun.synth.athletes.outfit.surface import normals
from deukgeun.synth.athletes.performer import performer
from deukgeun.synth.figure import Figure

pytest.importorskip("anny", reason="the body model comes with the extra synth")
pytestmark = pytest.mark.filterwarnings("default")  # torch warns of things that are not ours

BANK = athletes()
HEAVY = max(BANK, key=lambda figure: figure.mass_kg / figure.height_m**2)
THIN = min(BANK, key=lambda figure: figure.mass_kg / figure.height_m**2)
CASES = [BANK[0], BANK[1], BANK[7], HEAVY, THIN]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bodies")


@cache
def _dressed(figure_name: str, folder: Path, seed: int = 1) -> tuple[Figure, BodyMesh, Dressed]:
    figure = next(figure for figure in BANK if figure.name == figure_name)
    mesh = rest_mesh(figure, folder)
    return figure, mesh, dress(figure, mesh, np.random.default_rng(seed))


def test_the_mesh_has_the_figures_own_joints_and_is_made_once(folder: Path) -> None:
    figure = BANK[3]
    first = rest_mesh(figure, folder)
    files = sorted(folder.glob("*.npz"))
    stamps = [file.stat().st_mtime_ns for file in files]
    again = rest_mesh(figure, folder)
    assert [file.stat().st_mtime_ns for file in sorted(folder.glob("*.npz"))] == stamps
    np.testing.assert_array_equal(first.vertices, again.vertices)
    np.testing.assert_allclose(first.head("lowerarm01.L"), figure.joint("forearm_l"), atol=1e-4)
    assert first.vertices[:, 2].max() == pytest.approx(figure.height_m, abs=1e-3)


def test_a_body_that_is_not_the_banks_is_refused(folder: Path) -> None:
    other = replace(BANK[3], joints=BANK[3].joints + 0.01, phenotype=BANK[3].phenotype | {"age": 0.7})
    with pytest.raises(SynthError) as caught:
        rest_mesh(other, folder)
    assert caught.value.code == "synth-body-differs"
    assert not list(folder.glob("tmp*"))


@pytest.mark.parametrize("figure", CASES, ids=lambda figure: figure.name)
class TestADressedAthlete:
    def test_is_a_surface_of_bounded_size(self, figure: Figure, folder: Path) -> None:
        _, mesh, dressed = _dressed(figure.name, folder)
        count = len(dressed.vertices)
        assert 8_000 < count <= 16_000
        assert dressed.faces.min() == 0 and dressed.faces.max() == count - 1
        assert dressed.weights.shape == (count, len(mesh.names))
        np.testing.assert_allclose(dressed.weights.sum(axis=1), 1, atol=1e-5)

    def test_has_colours_and_shade_in_range(self, figure: Figure, folder: Path) -> None:
        dressed = _dressed(figure.name, folder)[2]
        assert dressed.albedo.min() > 0 and dressed.albedo.max() < 0.9
        assert dressed.occlusion.min() >= 0 and dressed.occlusion.max() <= 1
        assert 0.6 < np.median(dressed.occlusion) < 1

    def test_looks_out_of_two_white_eyes_with_dark_pupils(self, figure: Figure, folder: Path) -> None:
        _, _, dressed = _dressed(figure.name, folder)
        for word in ("left", "right"):
            eye = figure.landmark(f"blazepose_33/{word}_eye")
            near = np.linalg.norm(dressed.vertices - eye, axis=1) < 0.014
            assert dressed.albedo[near].max() > 0.5
            assert dressed.albedo[near].min() < 0.05

    def test_wears_clothes_outside_of_the_skin(self, figure: Figure, folder: Path) -> None:
        from scipy.spatial import cKDTree

        _, mesh, dressed = _dressed(figure.name, folder)
        near = cKDTree(mesh.vertices).query(dressed.vertices)[1]
        out = normals(mesh.vertices, mesh.faces)
        depth = np.einsum("ni,ni->n", dressed.vertices - mesh.vertices[near], out[near])
        assert np.mean(depth < -0.006) < 0.03
        assert depth.max() < 0.16


def test_the_same_seed_dresses_alike_and_another_does_not(folder: Path) -> None:
    figure, mesh, first = _dressed(BANK[0].name, folder)
    again, other = (dress(figure, mesh, np.random.default_rng(seed)) for seed in (1, 2))
    np.testing.assert_array_equal(first.albedo, again.albedo)
    assert len(other.albedo) != len(first.albedo) or not np.allclose(other.albedo, first.albedo)


def test_a_performer_stands_where_its_pose_is(folder: Path) -> None:
    figure = BANK[1]
    actor = performer(figure, folder, np.random.default_rng(4))
    rest = np.tile(np.eye(3), (24, 1, 1))
    surface = actor.surface(rest, figure.joints + np.array([2.0, 1.0, 0.0]), np.zeros(2))
    assert surface.dtype == np.float32 and surface.shape == actor.albedo.shape
    assert surface[:, 2].min() == pytest.approx(0.0, abs=0.01)
    assert abs(float(surface[:, 0].mean()) - 2.0) < 0.03
