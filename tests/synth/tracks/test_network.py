"""The network learns what bends, holds to what is common, and survives strange clips."""

import numpy as np

from deukgeun.synth.tracks.network import Network, taught


def _bent(rows: np.ndarray) -> np.ndarray:
    return np.stack([0.3 * rows[:, 0] - 0.2 * rows[:, 1], 0.3 * np.abs(rows[:, 2]), np.full(len(rows), 0.1)], axis=1)


def _share_told(net: Network, rows: np.ndarray) -> np.ndarray:
    wanted = _bent(rows)
    return 1 - ((net.foretold(rows) - wanted) ** 2).sum(axis=0) / ((wanted - wanted.mean()) ** 2).sum(axis=0)


def test_it_foretells_straight_and_bent_errors_of_rows_it_never_met() -> None:
    rng = np.random.default_rng(0)
    rows, fresh = rng.normal(size=(20000, 12)), rng.normal(size=(2000, 12))
    net = taught(rows, _bent(rows) + rng.normal(0, 0.1, (20000, 3)), rng)
    assert (_share_told(net, fresh)[:2] > 0.9).all()
    assert np.abs(net.foretold(fresh)[:, 2] - 0.1).mean() < 0.03


def test_gross_errors_hardly_bend_it() -> None:
    rng = np.random.default_rng(1)
    rows, fresh = rng.normal(size=(20000, 12)), rng.normal(size=(2000, 12))
    wanted = _bent(rows)
    wanted[::20] = 3.0
    assert (_share_told(taught(rows, wanted, rng), fresh)[:2] > 0.8).all()


def test_the_same_chance_teaches_the_same() -> None:
    rows = np.random.default_rng(2).normal(size=(1000, 4))
    one, two = (taught(rows, _bent(rows), np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(one.foretold(rows), two.foretold(rows))
