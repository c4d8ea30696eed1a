"""Every way from one posture to another, by several athletes: physics and anatomy hold as they do in sets."""

from __future__ import annotations

import numpy as np
import pytest

from deukgeun.synth.athletes.bank import athletes
from deukgeun.synth.motions.definition import Motion
from deukgeun.synth.motions.plan import draw_effort
from deukgeun.synth.repertoire import Piece, of_kind
from deukgeun.synth.session.segment import act_out, there

ATHLETES = 8
# Of so many athletes the best of all tries still bends a wrist by 114 degrees, or dips a hand 2 cm into the floor.
IMPERFECT = {"to_prone": 1, "to_side_lying": 2}
STEP = 37  # coprime to the bank's size: a different part of it for every transition


@pytest.mark.parametrize("motion", of_kind("transition"), ids=lambda motion: motion.name)
def test_bodies_and_contacts_hold(motion: Motion) -> None:
    bank, faults = athletes(), {}
    for seed in range(ATHLETES):
        figure, rng = bank[(seed * STEP + len(motion.name)) % len(bank)], np.random.default_rng(seed)
        piece = Piece("unknown", motion, motion.equipment[0])
        whole, done = act_out(piece, None, figure, lambda _, rng=rng: draw_effort(rng, 1, partial=0.0), rng, 20.0)  # type: ignore[misc]
        if done.faults:
            faults[seed, figure.name] = done.faults
        assert 2 <= len(there(whole, done, 20.0)) < len(whole)
    assert len(faults) <= IMPERFECT.get(motion.name, 0), faults
