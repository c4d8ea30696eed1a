"""What follows from the pose is learnt from a few pictures of many clips."""

from dataclasses import replace

import numpy as np
import pytest
from tests.synth.tracks.worlds import DEPTH, record, scene

from deukgeun.synth.tracks import features, fit, foresight
from deukgeun.synth.tracks.recording import Recording
from deukgeun.synth.tracks.sides import mirrored_flat, mirrored_sight

NAMES = ("push_up", "crunch", "bodyweight_squat")
HIDDEN = 15  # the left wrist
SHIFT = 0.2


def odd(seed: int, rng: np.random.Generator) -> Recording:
    """Wrists are put a fifth of a trunk too low where they are above the hips, and scores are low there."""
    made = record(scene(seed, NAMES[seed % 3]), rng)
    seen = fit.sight_of(made)
    high = (seen.body[:, HIDDEN, 1] < 0) & made.seen
    xy, score = made.xy.copy(), made.score.copy()
    xy[high, HIDDEN, 1] += SHIFT * seen.trunk_px[high]
    score[high, HIDDEN] = 0.2
    return replace(made, xy=xy, score=score)


@pytest.fixture(scope="module")
def learnt() -> foresight.Foresight:
    rng = np.random.default_rng(0)
    glimpses = []
    for k in range(40):
        made = odd(k, rng)
        looked = made.seen & (np.arange(60) % 7 == k % 7)
        glimpses.append(replace(made, seen=looked))
    return fit.foresee(glimpses, np.random.default_rng(1))


def test_errors_and_scores_that_follow_from_the_pose_are_foretold(learnt: foresight.Foresight) -> None:
    made = odd(100, np.random.default_rng(5))
    seen = fit.sight_of(made)
    said = learnt.said(seen)[:, HIDDEN]
    high = seen.body[:, HIDDEN, 1] < -0.2
    assert high.any()
    assert np.median(said[high, 1]) == pytest.approx(SHIFT, abs=0.07)
    assert np.median(1 / (1 + np.exp(-said[high, 2]))) == pytest.approx(0.2, abs=0.15)


def test_the_believed_body_is_as_flat_as_the_estimator_makes_it(learnt: foresight.Foresight) -> None:
    made = odd(101, np.random.default_rng(6))
    seen = fit.sight_of(made)
    said = foresight.said_flat(fit.errors_of(made, seen))
    true = seen.body[made.seen][:, features.MAIN_INDEX, 2].ravel()
    told = learnt.believed(seen, said)[made.seen][:, features.MAIN_INDEX, 2].ravel()
    assert float(true @ told / (true @ true)) == pytest.approx(DEPTH, abs=0.08)


def test_it_has_no_better_side(learnt: foresight.Foresight) -> None:
    seen = fit.sight_of(odd(102, np.random.default_rng(7)))
    straight, turned = learnt.said(seen), mirrored_flat(learnt.said(mirrored_sight(seen)))
    assert np.median(np.abs(straight - turned)[..., :2]) < 0.05
