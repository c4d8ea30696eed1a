"""The error model gives back the errors it was fitted on, on bodies it has not met."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.synth.tracks.worlds import DEPTH, JITTER, LOST, record, scene

from deukgeun.synth.scenario import draw_scenario
from deukgeun.synth.tracks import features, fit, make, model, recording, sides

NAMES = ("push_up", "crunch", "bodyweight_squat")


@pytest.fixture(scope="module")
def known() -> list[recording.Recording]:
    rng = np.random.default_rng(0)
    return [record(scene(k, NAMES[k % 3]), rng) for k in range(36)]


@pytest.fixture(scope="module")
def fitted(known: list[recording.Recording]) -> model.ErrorModel:
    return fit.fit(known, np.random.default_rng(0))


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
    one, two = (said(fitted, fresh[0], 4) for _ in range(2))
    np.testing.assert_array_equal(one.xy, two.xy)
    # Another chance may choose the same donor of a few, but not again and again.
    others = [said(fitted, fresh[0], seed) for seed in range(5, 13)]
    assert any(len(one) != len(other) or not np.array_equal(one.xy, other.xy) for other in others)


def test_a_model_survives_its_file(fitted: model.ErrorModel, tmp_path: Path, fresh: list[recording.Recording]) -> None:
    path = tmp_path / "errors.npz"
    fit.write(fitted, path)
    again = model.read_model(path)
    one, two = said(fitted, fresh[0]), said(again, fresh[0])
    np.testing.assert_allclose(one.time_s, two.time_s)
    np.testing.assert_allclose(one.xyz, two.xyz, atol=0.02)


def test_any_rate_is_followed(fitted: model.ErrorModel) -> None:
    for rate_hz in (10.0, 29.97):
        act = draw_scenario(70, "push_up", duration_s=9.0, rate_hz=rate_hz)
        seen = make.sight_of(act.acts[0], act.camera, rate_hz)
        track = fitted.apply(seen, act.time_s, np.random.default_rng(0))
        assert 0.7 < len(track) / len(act.time_s) <= 1 and np.isfinite(track.xyz).all()


def test_a_mirrored_body_finds_the_same_donors_mirrored(
    fitted: model.ErrorModel, fresh: list[recording.Recording]
) -> None:
    seen, time_s = fit.sight_of(fresh[0]), np.arange(60) / 10
    straight = fitted.nearest(seen, time_s)
    turned = fitted.nearest(sides.mirrored_sight(seen), time_s)
    assert [(c.donor, c.mirrored, c.start) for c in straight] == [(c.donor, not c.mirrored, c.start) for c in turned]


def test_a_donor_s_own_errors_come_back_on_its_own_body(fresh: list[recording.Recording]) -> None:
    sway = 20 * np.sin(np.arange(60)[:, None, None] / 9 + np.arange(33)[:, None])
    many = [replace(each, xy=np.where(each.seen[:, None, None], each.true_xy + sway, 0.0)) for each in fresh]
    fitted, time_s = fit.fit(many, np.random.default_rng(0)), np.arange(60) / 10
    for k, donor in enumerate(many):
        track = fitted.apply(fit.sight_of(donor), time_s, np.random.default_rng(0), donor=k)
        np.testing.assert_allclose(track.time_s, time_s[donor.seen])
        assert np.median(np.abs(track.xy - donor.xy[donor.seen])) < 0.15 * np.median(np.abs(sway))


def test_fewer_donors_can_be_kept(fresh: list[recording.Recording], tmp_path: Path) -> None:
    small = fit.fit(fresh, np.random.default_rng(0), donors=4)
    assert len(small.donors) == 4 and len(small.chance) == 4


def test_donors_near_to_everything_are_taken_no_more_than_others(
    fitted: model.ErrorModel, known: list[recording.Recording]
) -> None:
    """Asked by the clips it was fitted on, less themselves, the model spreads its choice."""
    taken = {True: np.zeros(len(fitted.donors)), False: np.zeros(len(fitted.donors))}
    for k, each in enumerate(known):
        near = [c.donor for c in fitted.nearest(fit.sight_of(each), np.arange(60) / 10, without=k)]
        for weighed in taken:
            chance = fitted.chance[near] if weighed else np.ones(len(near))
            np.add.at(taken[weighed], near, chance / chance.sum())
    assert taken[True].std() < 0.6 * taken[False].std()


def test_a_model_of_other_shapes_is_refused(fitted: model.ErrorModel) -> None:
    with pytest.raises(ValueError, match="swapped"):
        replace(fitted, swapped=fitted.swapped[:, :, :2])


def test_a_recording_survives_its_file(tmp_path: Path, fresh: list[recording.Recording]) -> None:
    recording.save(fresh[0], tmp_path / "a.npz")
    again = recording.load(tmp_path / "a.npz")
    assert again.label == fresh[0].label and again.width == fresh[0].width
    np.testing.assert_allclose(again.xy, fresh[0].xy, atol=1e-3)
    np.testing.assert_array_equal(again.seen, fresh[0].seen)


def test_a_recording_of_other_shape_is_refused(fresh: list[recording.Recording]) -> None:
    with pytest.raises(ValueError, match="xy"):
        replace(fresh[0], xy=fresh[0].xy[:, :10])
