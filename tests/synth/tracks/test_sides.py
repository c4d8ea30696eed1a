"""Left and right, in a mirror and in the estimator's head."""

import numpy as np
from tests.synth.tracks.worlds import record, scene

from deukgeun.skeleton import skeleton
from deukgeun.synth.tracks import fit, sides

NAMES = skeleton("blazepose_33").joints


def test_mirroring_swaps_sides_and_is_its_own_inverse() -> None:
    left, right = NAMES.index("left_knee"), NAMES.index("right_knee")
    chance = np.random.default_rng(0)
    for mirrored, shape in (
        (sides.mirrored_flat, (4, 33, 3)),
        (sides.mirrored_body, (4, 33, 3)),
        (sides.mirrored_bones, (4, 34, 4)),
    ):
        given = chance.normal(size=shape)
        once = mirrored(given)
        np.testing.assert_allclose(mirrored(once), given)
        np.testing.assert_allclose(once[:, left, 0], -given[:, right, 0])
        np.testing.assert_allclose(once[:, left, 1:], given[:, right, 1:])


def test_every_limb_holds_both_of_its_sides() -> None:
    for limb in sides.LIMBS:
        assert set(sides.MIRROR[limb]) == set(limb)
    assert len(np.unique(np.concatenate(sides.LIMBS))) == len(NAMES) - 11


def test_legs_taken_for_each_other_are_noticed_and_put_back() -> None:
    made = record(scene(21, "step_forward_lunge"), np.random.default_rng(3))
    seen = fit.sight_of(made)
    error = fit.errors_of(made, seen)
    legs, wrong = sides.LIMBS[1], np.zeros((len(error), 3), bool)
    wrong[10:20, 1] = True
    confused = sides.exchanged(seen, error, wrong)
    np.testing.assert_allclose(sides.exchanged(seen, confused, wrong), error, atol=1e-12)
    straight, flags = sides.straightened(seen, confused)
    apart = np.linalg.norm((seen.xy[:, legs] - seen.xy[:, sides.MIRROR[legs]]), axis=-1).mean(axis=1) / seen.trunk_px
    clear = (apart > 0.3) & made.seen
    assert (clear & wrong[:, 1]).any()
    np.testing.assert_array_equal(flags[clear, 1], wrong[clear, 1])
    np.testing.assert_allclose(straight[clear], error[clear], atol=1e-9)
    assert not flags[:, [0, 2]][~wrong[:, 1]].any()
