"""Holding: from when the body has come into its posture until it leaves it."""

from __future__ import annotations

import pytest
from tests.support_athlete import View
from tests.support_exercises import course, in_sequence, performed, plank, stand

from deukgeun.motion import channels, held, on_grid

WAIT = course(0, before_s=2.0, after_s=2.0)
HOLD = course(0, before_s=5.0, after_s=5.0)
FIRST, LAST = 55, 156  # the steps of the hold: 4 s of standing, 1.5 s to get down, 10 s


@pytest.mark.parametrize("noise_m", [0.0, 0.005, 0.01])
@pytest.mark.parametrize("heading", [0, 90])
def test_the_ends_that_windows_leave_out_are_found(noise_m: float, heading: float) -> None:
    track = in_sequence([(stand, WAIT), (plank, HOLD), (stand, WAIT)], View(heading=heading, noise_m=noise_m))
    found = held(channels(on_grid(track)), (FIRST + 15, LAST - 15))
    assert found == pytest.approx((FIRST, LAST), abs=8)


def test_who_holds_all_the_time_holds_from_end_to_end() -> None:
    found = channels(on_grid(performed(plank, HOLD, View(noise_m=0.004))))
    assert held(found, (20, 80)) == (0, 101)


def test_the_core_itself_is_never_cut() -> None:
    track = in_sequence([(stand, WAIT), (plank, HOLD), (stand, WAIT)])
    first, last = held(channels(on_grid(track)), (FIRST - 10, LAST + 10))
    assert first <= FIRST - 10
    assert last >= LAST + 10
