"""The body as a camera sees it, in its own measure."""

import numpy as np
from tests.synth.tracks.worlds import scene

from deukgeun.synth.tracks.features import basis, descriptor, pose
from deukgeun.synth.tracks.make import sight_of
from deukgeun.synth.tracks.sides import mirrored_sight


def test_a_sight_is_measured_in_trunks_from_between_the_hips() -> None:
    scenario = scene(1)
    seen = sight_of(scenario.acts[0], scenario.camera, scenario.rate_hz)
    np.testing.assert_allclose(seen.body[:, [23, 24]].mean(axis=1), 0, atol=1e-9)
    trunk = np.linalg.norm(seen.body[:, [11, 12]].mean(axis=1), axis=-1)
    assert abs(np.median(trunk) - 1) < 1e-9
    assert 0.3 < seen.trunk_m < 0.7


def test_features_are_finite_and_one_row_a_picture() -> None:
    scenario = scene(2, "crunch")
    seen = sight_of(scenario.acts[0], scenario.camera, scenario.rate_hz)
    rows = basis(seen, np.zeros((len(scenario.time_s), 33, 3)))
    assert rows.shape == (len(scenario.time_s), 1 + 63 + 39 + 26 + 42 + 42 + 33) and pose(seen).shape[1] == 39
    assert np.isfinite(rows).all() and np.isfinite(descriptor(seen)).all()


def test_a_mirror_twice_is_the_same_sight() -> None:
    scenario = scene(3)
    seen = sight_of(scenario.acts[0], scenario.camera, scenario.rate_hz)
    again = mirrored_sight(mirrored_sight(seen))
    np.testing.assert_allclose(again.body, seen.body)
    np.testing.assert_allclose(again.border, seen.border)
    np.testing.assert_allclose(again.xy, seen.xy)
