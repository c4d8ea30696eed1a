"""Cutting, joining and lighting surfaces: on spheres, where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import ConvexHull

from deukgeun.synth.athletes.outfit.drape import draped
from deukgeun.synth.athletes.outfit.occlusion import openness
from deukgeun.synth.athletes.outfit.surface import (
    Piece,
    cut,
    edge_vertices,
    joined,
    normals,
    pushed,
    ramp,
    smoothed,
    without,
)


def _ball(radius: float = 1.0, count: int = 600) -> Piece:
    k = np.arange(count) + 0.5
    z, turn = 1 - 2 * k / count, np.pi * (1 + 5**0.5) * k
    ring = np.sqrt(1 - z * z)
    points = radius * np.stack([ring * np.cos(turn), ring * np.sin(turn), z], axis=1)
    faces = ConvexHull(points).simplices.astype(np.int64)
    out = np.cross(points[faces[:, 1]] - points[faces[:, 0]], points[faces[:, 2]] - points[faces[:, 0]])
    inward = np.einsum("fi,fi->f", out, points[faces[:, 0]]) < 0
    faces[inward] = faces[inward][:, [0, 2, 1]]
    weights = np.stack([ramp(points[:, 2], -1, 1), 1 - ramp(points[:, 2], -1, 1)], axis=1)
    return Piece(points, faces, weights, np.full((count, 3), 0.5), points[:, 2:])


def _area(piece: Piece) -> float:
    a, b, c = (piece.vertices[piece.faces[:, k]] for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


BALL = _ball()


@settings(deadline=None, max_examples=20)
@given(st.floats(-0.9, 0.9))
def test_a_cut_parts_the_surface_in_two_without_loss(height: float) -> None:
    field = BALL.vertices[:, 2] - height
    upper, lower = cut(BALL, field), cut(BALL, -field)
    assert _area(upper) + _area(lower) == pytest.approx(_area(BALL), rel=1e-9)
    assert upper.vertices[:, 2].min() == pytest.approx(height, abs=1e-9)
    np.testing.assert_allclose(upper.weights.sum(axis=1), 1)


def test_a_cut_has_a_clean_edge_and_carries_the_fields_along() -> None:
    upper = cut(BALL, BALL.vertices[:, 2] - 0.2)
    edge = edge_vertices(upper.faces, len(upper.vertices))
    np.testing.assert_allclose(upper.vertices[edge, 2], 0.2, atol=1e-9)
    np.testing.assert_allclose(upper.fields[:, 0], upper.vertices[:, 2], atol=1e-9)
    assert np.einsum("ni,ni->n", normals(upper.vertices, upper.faces), upper.vertices).min() > 0.9


def test_a_cut_that_takes_all_or_nothing() -> None:
    assert len(cut(BALL, np.ones(len(BALL.vertices))).faces) == len(BALL.faces)
    assert len(cut(BALL, -np.ones(len(BALL.vertices))).faces) == 0


def test_pushing_out_grows_and_smoothing_shrinks() -> None:
    grown = pushed(BALL, np.full(len(BALL.vertices), 0.1))
    np.testing.assert_allclose(np.linalg.norm(grown.vertices, axis=1), 1.1, atol=2e-3)
    assert np.linalg.norm(smoothed(BALL, BALL.vertices, 5), axis=1).max() < 1


def test_hidden_faces_go_only_when_all_their_corners_are_hidden() -> None:
    left = without(BALL, BALL.vertices[:, 2] < 0)
    assert 0 < len(left.faces) < len(BALL.faces)
    assert left.vertices[:, 2].min() < 0


def test_pieces_are_joined_with_their_own_faces() -> None:
    both = joined([BALL, _ball(0.5, 200)])
    assert len(both.vertices) == 800
    assert _area(both) == pytest.approx(_area(BALL) + _area(_ball(0.5, 200)))


def test_a_piece_says_which_array_does_not_fit() -> None:
    with pytest.raises(ValueError, match="albedo: expected 600 rows, got 2"):
        Piece(BALL.vertices, BALL.faces, BALL.weights, np.zeros((2, 3)), BALL.fields)


def test_a_ball_is_open_all_round_and_its_inside_is_dark() -> None:
    inner = _ball(0.4, 300)
    both = joined([BALL, inner])
    light = openness(both.vertices * 0.15, both.faces)
    assert light[:600].min() > 0.9
    assert light[600:].max() < 0.05


def test_between_two_balls_that_touch_it_is_darker_than_outside() -> None:
    other = _ball()
    aside = other.vertices + np.array([2.05, 0, 0])
    moved = Piece(aside, other.faces, other.weights, other.albedo, other.fields)
    both = joined([BALL, moved])
    light = openness(both.vertices * 0.15, both.faces)[:600]
    facing, away = BALL.vertices[:, 0] > 0.95, BALL.vertices[:, 0] < -0.9
    assert light[facing].max() < 0.35
    assert light[away].min() > 0.9


def test_hanging_cloth_spans_a_hollow_and_draws_in_slowly() -> None:
    height = np.linspace(0, 1, 60)
    turn = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    waist = 0.15 - 0.05 * np.exp(-(((height - 0.6) / 0.1) ** 2))  # an hourglass
    h, t = np.meshgrid(height, turn, indexing="ij")
    radius = np.repeat(waist[:, None], 40, axis=1)
    trunk = np.stack([radius * np.cos(t), radius * np.sin(t), h], axis=-1).reshape(-1, 3)
    cloth = draped(trunk, trunk, 1.0, np.ones(len(trunk)), 1.0)
    out = np.hypot(cloth[:, 0], cloth[:, 1])
    hollow = np.abs(trunk[:, 2] - 0.6) < 0.03
    assert out[hollow].min() > 0.11 > np.hypot(trunk[:, 0], trunk[:, 1])[hollow].max()
    assert np.all(out > np.hypot(trunk[:, 0], trunk[:, 1]) - 1e-9)
