"""Solids are closed, face outwards and are as large as asked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from deukgeun.synth.scene.mesh import Mesh, joined, rotation, vertex_areas
from deukgeun.synth.scene.solids import ball, bent, box, disc, lathe, pad, rod, tube

SOLIDS: dict[str, tuple[Callable[[], Mesh], float]] = {
    "box": (lambda: box((0, 0, 0), (1, 2, 0.5)), 1.0),
    "pad": (lambda: pad((0.6, 0.4, 0.2), 0.02), 0.048),
    "rod": (lambda: rod((0, 0, 0), (0.3, 0.4, 1.2), 0.1, 48), np.pi * 0.01 * 1.3),
    "ball": (lambda: ball(0.5, 48), np.pi / 6),
    "disc": (lambda: disc(0.2, 0.1, 0.001, 64), np.pi * 0.04 * 0.1),
    "bent": (lambda: bent([(0, 0, 0), (1, 0, 0), (1, 1, 0)], 0.02, 0.05, 32), np.pi * 0.0004 * 1.96),
    "lathe": (lambda: lathe([(0, 0), (0.1, 0), (0.1, 1), (0, 1)], 64), np.pi * 0.01),
}


def _volume(mesh: Mesh) -> float:
    a, b, c = (mesh.points[mesh.faces[:, k]].astype(float) for k in range(3))
    return float(np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6)


@pytest.mark.parametrize("name", SOLIDS)
def test_a_solid_encloses_its_volume(name: str) -> None:
    make, expected = SOLIDS[name]
    assert _volume(make()) == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize("name", SOLIDS)
def test_triangles_wind_with_their_normals(name: str) -> None:
    mesh = SOLIDS[name][0]()
    a, b, c = (mesh.points[mesh.faces[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    large = np.linalg.norm(face, axis=1) > 1e-7
    assert (np.einsum("ij,ij->i", face, mesh.normals[mesh.faces].mean(axis=1))[large] > 0).all()
    assert np.allclose(np.linalg.norm(mesh.normals, axis=1), 1, atol=1e-5)


def test_a_tube_is_as_thick_as_asked() -> None:
    mesh = tube([(0, 0, 0), (0, 0, 1), (0, 0, 2)], 0.25, caps=False)
    assert np.allclose(np.linalg.norm(mesh.points[:, :2], axis=1), 0.25, atol=1e-6)


def test_moving_turns_normals_but_does_not_shift_them() -> None:
    pose = np.eye(4)
    pose[:3, :3], pose[:3, 3] = rotation("z", 90), (5, 6, 7)
    moved = box((0, 0, 0), (1, 1, 1)).moved(pose)
    assert np.allclose(np.abs(moved.normals).max(axis=1), 1, atol=1e-6)
    assert np.allclose(moved.points.min(axis=0), (4, 6, 7), atol=1e-5)


def test_joined_surfaces_keep_their_area() -> None:
    one, other = box((0, 0, 0), (1, 1, 1)), ball(0.5)
    both = joined([one, other])
    total = vertex_areas(one.points, one.faces).sum() + vertex_areas(other.points, other.faces).sum()
    assert vertex_areas(both.points, both.faces).sum() == pytest.approx(total, rel=1e-5)


def test_a_mesh_tells_what_shape_it_wanted() -> None:
    with pytest.raises(ValueError, match=r"expected \(3,\)"):
        Mesh(
            *(np.zeros((3, 3), np.float32),) * 2,
            np.zeros((1, 3), np.int64),
            np.zeros((3, 3), np.float32),
            np.zeros(2, np.float32),
        )
