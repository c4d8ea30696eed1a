"""Where the estimator lost the body, what it said is lent, and nothing of the new body shows through."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.synth.tracks.worlds import record, scene

from deukgeun.synth.tracks import astray, fit, model, recording
from deukgeun.synth.tracks.features import Sight
from deukgeun.synth.tracks.sides import mirrored_sight

FIRST, LAST = 20, 45
TIMES = np.arange(60) / 10


def hung_up(each: recording.Recording) -> recording.Recording:
    """From picture 20 to 45 the skeleton hangs at one place, like a pendulum that nobody pushes."""
    place = np.random.default_rng(3).normal(0, 0.6, (33, 2))
    seen = fit.sight_of(each)
    hips = each.true_xy[:, [23, 24]].mean(axis=1, keepdims=True)
    xy, xyz = each.xy.copy(), each.xyz.copy()
    lost = np.arange(60)[:, None, None]
    away = (lost >= FIRST) & (lost < LAST) & each.seen[:, None, None]
    xy = np.where(away, hips + place * seen.trunk_px[:, None, None], xy)
    xyz = np.where(away, np.concatenate([place, np.zeros((33, 1))], axis=1) * seen.trunk_m, xyz)
    return replace(each, xy=xy, xyz=xyz)


@pytest.fixture(scope="module")
def clips() -> list[recording.Recording]:
    rng = np.random.default_rng(1)
    found = [record(scene(200 + k, "push_up"), rng) for k in range(8)]
    return [hung_up(found[0]), *found[1:]]


@pytest.fixture(scope="module")
def fitted(clips: list[recording.Recording]) -> model.ErrorModel:
    return fit.fit(clips, np.random.default_rng(0))


def flat(xy: np.ndarray, seen: Sight, there: np.ndarray) -> np.ndarray:
    """Joints from between the true hips, trunk lengths."""
    hips = seen.xy[:, [23, 24]].mean(axis=1, keepdims=True)
    return (xy - hips[there]) / seen.trunk_px[there, None, None]


def test_only_what_is_lost_is_kept_as_said(fitted: model.ErrorModel, clips: list[recording.Recording]) -> None:
    lost = (np.arange(60) >= FIRST) & (np.arange(60) < LAST) & clips[0].seen
    assert np.array_equal(fitted.lost_at[0] >= 0, lost)
    assert (fitted.lost_at[1:] < 0).all()
    assert len(fitted.lost) == lost.sum()


@pytest.mark.parametrize("turned", [False, True])
def test_another_body_does_not_show_through(
    fitted: model.ErrorModel, clips: list[recording.Recording], turned: bool
) -> None:
    other = fit.sight_of(clips[5])
    track = fitted.lay(model.Course(0, turned, 0), mirrored_sight(other) if turned else other, TIMES)
    seen = mirrored_sight(other) if turned else other
    there = np.isin(TIMES, track.time_s)
    lost = (fitted.lost_at[0] >= 0)[there]
    said = flat(track.xy, seen, there)[lost]
    # It hangs still, whatever the body does; joints that are three trunks off are held there.
    assert said.std(axis=0).max() < 0.03
    own = flat(clips[0].xy[clips[0].seen], fit.sight_of(clips[0]), clips[0].seen)[lost].mean(axis=0)
    mirror = astray.mirrored(np.concatenate([own, np.zeros((33, 4))], axis=1)[None])[0, :, :2]
    np.testing.assert_allclose(said.mean(axis=0), mirror if turned else own, atol=0.03)
    moving = flat(track.xy, seen, there)[~lost]
    assert moving.std(axis=0).max() > 0.05


def test_what_was_said_survives_the_file(
    fitted: model.ErrorModel, clips: list[recording.Recording], tmp_path: Path
) -> None:
    fit.write(fitted, tmp_path / "errors.npz")
    again = model.read_model(tmp_path / "errors.npz")
    np.testing.assert_array_equal(again.lost_at, fitted.lost_at)
    np.testing.assert_allclose(again.lost, fitted.lost, atol=0.08)


def test_between_two_pictures_what_was_said_is_between_too() -> None:
    numbers = np.array([-1, 0, 1, 2, -1])
    found, pair, share = astray.lost_at(numbers, np.array([0.4, 0.6, 1.5, 3.4, 3.6]))
    assert found.tolist() == [False, True, True, True, False]
    assert pair.tolist() == [[0, 0], [0, 1], [2, 2]]
    np.testing.assert_allclose(share, [0.6, 0.5, 0.4])


def test_the_mirror_is_its_own_inverse() -> None:
    said = np.random.default_rng(0).normal(size=(4, 33, 6))
    np.testing.assert_allclose(astray.mirrored(astray.mirrored(said)), said)
