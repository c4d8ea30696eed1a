"""The error model gives back the errors it was fitted on, on bodies it has not met."""

from pathlib import Path

import numpy as np
import pytest
from tests.synth.tracks.worlds import DEPTH, JITTER, LOST, record, scene

from deukgeun.skeleton import skeleton
from deukgeun.synth.tracks import features, fit, model, recording

NAMES = ("push_up", "crunch", "bodyweight_squat")


@pytest.fixture(scope="module")
def fitted() -> model.ErrorModel:
    rng = np.random.default_rng(0)
    return fit.fit([record(scene(k, NAMES[k % 3]), rng) for k in range(36)], rng, cosines=48)


@pytest.fixture(scope="module")
def fresh() -> list[recording.Recording]:
    rng = np.random.default_rng(9)
    return [record(scene(500 + k, NAMES[k % 3]), rng) for k in range(9)]


def said(fitted: model.ErrorModel, each: recording.Recording, seed: int = 0):  # type: ignore[no-untyped-def]
    time_s = np.arange(len(each.seen)) / each.rate_hz
    return fitted.apply(fit.sight_of(each), time_s, np.random.default_rng(seed))


def test_depth_is_shrunk_as_the_estimator_shrank_it(fitted: model.ErrorModel, fresh: list[recording.Recording]) -> None:
    slopes = []
    for each in fresh:
        track, seen = said(fitted, each), fit.sight_of(each)
        there = np.isin(np.arange(len(each.seen)) / each.rate_hz, track.time_s)
        true = seen.body[there][:, features.MAIN_INDEX, 2].ravel()
        told = track.xyz[:, features.MAIN_INDEX, 2].ravel() / seen.trunk_m
        slopes.append(float(true @ told / (true @ true)))
    assert np.median(slopes) == pytest.approx(DEPTH, abs=0.05)


def test_tremble_and_losses_are_as_large_as_the_estimators(
    fitted: model.ErrorModel, fresh: list[recording.Recording]
) -> None:
    spread, found = [], []
    for k, each in enumerate(fresh * 3):
        track, seen = said(fitted, each, k), fit.sight_of(each)
        found.append(len(track) / len(each.seen))
        there = np.isin(np.arange(len(each.seen)) / each.rate_hz, track.time_s)
        off = (track.xy - each.true_xy[there]) / seen.trunk_px[there, None, None]
        spread.append(off[:, features.MAIN_INDEX].std())
    assert np.mean(found) == pytest.approx(1 - LOST, abs=0.05)
    assert np.median(spread) == pytest.approx(JITTER, rel=0.35)


def test_scores_are_the_estimators(fitted: model.ErrorModel, fresh: list[recording.Recording]) -> None:
    assert np.median([np.median(said(fitted, each).score) for each in fresh]) == pytest.approx(0.9, abs=0.03)


def test_the_same_chance_tells_the_same_track(fitted: model.ErrorModel, fresh: list[recording.Recording]) -> None:
    one, two, other = (said(fitted, fresh[0], seed) for seed in (4, 4, 5))
    np.testing.assert_array_equal(one.xy, two.xy)
    assert len(one) != len(other) or not np.array_equal(one.xy, other.xy)


def test_a_model_survives_its_file(fitted: model.ErrorModel, tmp_path: Path, fresh: list[recording.Recording]) -> None:
    path = tmp_path / "errors.npz"
    fit.write(fitted, path)
    again = model.read_model(path)
    one, two = said(fitted, fresh[0]), said(again, fresh[0])
    np.testing.assert_allclose(one.time_s, two.time_s)
    np.testing.assert_allclose(one.xyz, two.xyz, atol=0.02)


def test_mirroring_swaps_sides_and_is_its_own_inverse() -> None:
    names = skeleton("blazepose_33").joints
    left, right = names.index("left_knee"), names.index("right_knee")
    assert model.MIRROR_ORDER[6 * left] == 6 * right
    error = np.random.default_rng(0).normal(size=model.OUTPUTS)
    once = error[model.MIRROR_ORDER] * model.MIRROR_SIGN
    np.testing.assert_allclose(once[model.MIRROR_ORDER] * model.MIRROR_SIGN, error)
    assert once[6 * left] == -error[6 * right] and once[6 * left + 1] == error[6 * right + 1]


def test_a_recording_survives_its_file(tmp_path: Path, fresh: list[recording.Recording]) -> None:
    recording.save(fresh[0], tmp_path / "a.npz")
    again = recording.load(tmp_path / "a.npz")
    assert again.label == fresh[0].label and again.width == fresh[0].width
    np.testing.assert_allclose(again.xy, fresh[0].xy, atol=1e-3)
    np.testing.assert_array_equal(again.seen, fresh[0].seen)


def test_a_recording_of_other_shape_is_refused(fresh: list[recording.Recording]) -> None:
    from dataclasses import replace

    with pytest.raises(ValueError, match="xy"):
        replace(fresh[0], xy=fresh[0].xy[:, :10])
