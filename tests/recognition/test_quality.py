"""Whether a pose can be trusted: good ones from everywhere, and each way of being bad for its own reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from tests.support_athlete import View
from tests.support_exercises import EXERCISES, course, performed, squat, stand

from deukgeun.motion import Movement, on_grid
from deukgeun.recognition.quality import Quality, quality, verdict

GOOD = Quality(seen_share=1.0, trunk_score=1.0, limb_spread=0.05, jump_share=0.0)
Spoil = Callable[[Movement], Movement]


def _squats(view: View = View()) -> Movement:  # noqa: B008
    return on_grid(performed(squat, course(5, 2.0), view))


def _hidden(movement: Movement) -> Movement:
    score = movement.score.copy()
    trunk = movement.skeleton.indices("left_shoulder", "right_shoulder", "left_hip", "right_hip")
    score[:, list(trunk)] = 0.1
    return replace(movement, score=score)


def _dropped(movement: Movement) -> Movement:
    """One picture in eight tenths of a second."""
    track = performed(squat, course(5, 2.0))
    keep = np.arange(0, len(track), 8)
    assert track.xyz is not None
    return on_grid(
        replace(track, time_s=track.time_s[keep], xy=track.xy[keep], score=track.score[keep], xyz=track.xyz[keep])
    )


def _nobody(movement: Movement) -> Movement:
    return replace(movement, seen=np.zeros_like(movement.seen))


def _random(movement: Movement) -> Movement:
    noise = np.random.default_rng(0).normal(0.0, 0.3, movement.xyz.shape)
    return replace(movement, xyz=noise, xy=320 + 185 * noise[..., :2] * [1, -1])


def _other_body(movement: Movement, every: int, right_px: float = 0.0, size: float = 1.0) -> Movement:
    """Somebody else is taken for the athlete in every other run of ``every`` steps."""
    other = np.arange(len(movement)) // every % 2 == 1
    shown = (movement.xy - 240) * size + 240 + [right_px, 0]
    return replace(movement, xy=np.where(other[:, None, None], shown, movement.xy))


def _far_away(movement: Movement) -> Movement:
    return _other_body(movement, every=3, right_px=250)


def _much_larger(movement: Movement) -> Movement:
    return _other_body(movement, every=3, size=3.0)


@pytest.mark.parametrize("heading", range(0, 360, 45))
@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)
def test_a_good_pose_is_trusted_from_everywhere(exercise, heading):
    view = View(heading=heading, noise_m=0.015, seed=heading)
    found = quality(on_grid(performed(exercise, course(3, 2.0), view)))
    assert verdict(found) is None
    assert (found.seen_share, found.trunk_score, found.jump_share) == pytest.approx((1.0, 0.95, 0.0))
    assert found.limb_spread < 0.15


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_nobody, "hardly-seen"),
        (_dropped, "hardly-seen"),
        (_hidden, "trunk-hidden"),
        (_random, "limbs-change"),
        (_far_away, "jumps"),
        (_much_larger, "jumps"),
    ],
)
def test_a_bad_pose_is_rejected_for_its_reason(spoil: Spoil, reason: str):
    assert verdict(quality(spoil(_squats()))) == reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"seen_share": 0.49}, "hardly-seen"),
        ({"trunk_score": 0.49}, "trunk-hidden"),
        ({"limb_spread": 0.46}, "limbs-change"),
        ({"jump_share": 0.06}, "jumps"),
        ({"seen_share": 0.5, "trunk_score": 0.5, "limb_spread": 0.45, "jump_share": 0.05}, None),
        ({"seen_share": 0.1, "trunk_score": 0.0, "jump_share": 1.0}, "hardly-seen"),
        ({"limb_spread": 2.0, "jump_share": 1.0}, "jumps"),
    ],
)
def test_limits(change, reason):
    assert verdict(replace(GOOD, **change)) == reason


def test_one_cut_is_no_reason_to_look_away():
    found = quality(_other_body(_squats(), every=61, right_px=250))
    assert found.jump_share == pytest.approx(1 / 120, abs=1e-3)
    assert verdict(found) is None


def test_who_goes_out_of_sight_for_a_while_has_not_jumped():
    found = quality(_squats(View(blind=((4.0, 6.0),))))
    assert 0.8 < found.seen_share < 0.9
    assert found.jump_share == 0.0
    assert verdict(found) is None


@pytest.mark.parametrize("rate_hz", [5.0, 15.0, 30.0])
def test_the_rate_does_not_matter(rate_hz):
    track = performed(squat, course(5, 2.0, rate_hz=30.0))
    assert quality(on_grid(track, rate_hz)).limb_spread == pytest.approx(quality(on_grid(track)).limb_spread, abs=0.01)
    assert verdict(quality(on_grid(track, rate_hz))) is None


@pytest.mark.parametrize("steps", [1, 2])
def test_a_moment_is_judged_too(steps):
    assert verdict(quality(on_grid(performed(stand, course(0))).part(0, steps))) is None


def test_size_and_distance_do_not_matter():
    near, far = (_squats(View(size=size, distance_m=m)) for size, m in ((1.0, 3.0), (0.6, 8.0)))
    assert verdict(quality(near)) is verdict(quality(far)) is None


@pytest.mark.parametrize("change", [{"seen_share": 1.1}, {"limb_spread": -0.1}, {"trunk_score": float("nan")}])
def test_values_are_checked(change):
    with pytest.raises(ValueError, match="must be between"):
        replace(GOOD, **change)
