"""Variation of bodies: what it changes, what it leaves alone."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from deukgeun.recognition.representation import AT, PARTS, Body, K, features, mirrored
from deukgeun.training.exercise.augment import NOTHING, Amounts, vary

N, T = 64, 30


@pytest.fixture(scope="module")
def body() -> Body:
    rng = np.random.default_rng(4)
    rest = rng.normal(0, 0.4, (N, 1, K, 3))
    rest[:, :, [AT["left_shoulder"], AT["right_shoulder"]], 1] += 0.6
    xyz = rest + 0.02 * np.cumsum(rng.normal(0, 1, (N, T, K, 3)), axis=1)
    return Body(xyz.astype(np.float32), (xyz[..., :2] * 250 + 300).astype(np.float32),
                rng.uniform(0.2, 1, (N, T, K)).astype(np.float32))  # fmt: skip


def test_the_same_seed_gives_the_same(body: Body) -> None:
    one, two = (vary(body, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(one.xyz, two.xyz)
    assert np.array_equal(one.xy, two.xy)
    assert np.array_equal(one.score, two.score)


def test_without_amounts_only_the_mirror_is_left(body: Body) -> None:
    found, other = vary(body, np.random.default_rng(5), NOTHING), mirrored(body)
    same = (found.xyz == body.xyz).all(axis=(1, 2, 3))
    swapped = (found.xyz == other.xyz).all(axis=(1, 2, 3))
    assert (same ^ swapped).all()
    assert 0.25 < same.mean() < 0.75


UNTOUCHED = {
    "depth": ("xy", "score"),
    "camera_moves": ("xyz", "score"),
    "glitch": ("xy", "score"),
    "score": ("xyz", "xy"),
    "roll_deg": ("score",),
    "pitch_deg": ("xy", "score"),
    "error": ("score",),
}


@pytest.mark.parametrize("name", [f.name for f in fields(Amounts)])
def test_each_change_changes_its_own_and_stays_in_reason(body: Body, name: str) -> None:
    amounts = replace(NOTHING, **{name: 0.9 if getattr(Amounts(), name) <= 1 else getattr(Amounts(), name)})
    found, plain = (vary(body, np.random.default_rng(6), a) for a in (amounts, NOTHING))
    for part in UNTOUCHED.get(name, ()):
        np.testing.assert_allclose(getattr(found, part), getattr(plain, part), rtol=1e-5, atol=1e-4)
    numbers = features(found)
    assert np.isfinite(numbers).all()
    assert not np.allclose(numbers, features(plain), atol=1e-3)
    assert found.score.min() >= 0
    assert found.score.max() <= 1


def test_errors_are_as_large_as_said(body: Body) -> None:
    found, plain = (vary(body, np.random.default_rng(7), a) for a in (replace(NOTHING, error=1.0), NOTHING))
    apart = found.xyz - plain.xyz
    across, deep = apart[..., :2].std(), apart[..., 2].std()
    assert 1.8 < deep / across < 2.6
    assert apart[:, :, AT["left_wrist"]].std() > 1.4 * apart[:, :, AT["left_hip"]].std()


def test_a_moving_camera_moves_everything_alike(body: Body) -> None:
    found, plain = (vary(body, np.random.default_rng(8), a) for a in (replace(NOTHING, camera_moves=1.0), NOTHING))
    numbers, before = features(found), features(plain)
    assert np.abs(numbers[..., PARTS["picture"]] - before[..., PARTS["picture"]]).max() < 1e-2
    assert np.abs(numbers[..., PARTS["paths"]] - before[..., PARTS["paths"]]).max() > 0.1
