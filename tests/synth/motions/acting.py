"""Short sets for the tests, as clips draw them."""

from __future__ import annotations

import numpy as np

from deukgeun.synth.figure import Figure
from deukgeun.synth.motions.definition import Motion
from deukgeun.synth.motions.enact import Enacted, enact
from deukgeun.synth.motions.plan import draw_effort


def act(
    motion: Motion, seed: int, figure: Figure, *, equipment: str | None = None, variant: str | None = None,
    mistakes: tuple[str, ...] = (), repetitions: int = 2, rate_hz: float = 20.0,
) -> Enacted:  # fmt: skip
    """A short set of ``motion`` by ``figure``, from its first repetition to its last."""
    rng = np.random.default_rng(seed)
    hold_s = 3.0 if motion.measure == "hold" else 0.0
    return enact(
        motion,
        figure,
        rng,
        lambda style: draw_effort(rng, repetitions, hold_s=hold_s),
        lambda plan: np.arange(0.0, plan.duration_s, 1 / rate_hz),
        equipment=equipment,
        mistakes=mistakes,
        variant=variant,
    )
