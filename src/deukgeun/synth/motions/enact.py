"""A set that a body can do: drawn, planned, acted out, measured, and drawn again if it breaks physics or anatomy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import Figure
from deukgeun.synth.motions.definition import Motion
from deukgeun.synth.motions.perform import Performance, perform
from deukgeun.synth.motions.physics import Physics, measure
from deukgeun.synth.motions.plan import Effort, Plan, plan_set
from deukgeun.synth.motions.style import Style, draw

Array = npt.NDArray[np.float64]

# One drawing in a hundred or so asks more of a body than it has; six in a row do not happen.
TRIES = 6


@dataclass(frozen=True, slots=True)
class Enacted:
    """A performance, its plan, and what is still wrong with it (nothing, unless every try failed)."""

    performance: Performance
    plan: Plan
    faults: tuple[str, ...]


def enact(
    motion: Motion,
    figure: Figure,
    rng: np.random.Generator,
    effort: Callable[[Style], Effort],
    times: Callable[[Plan], Array],
    *,
    equipment: str | None = None,
    mistakes: tuple[str, ...] = (),
    variant: str | None = None,
    usual: Style | None = None,
) -> Enacted:
    """Return the first of `TRIES` drawings without a fault, or the one with the fewest.

    ``effort`` says how a style's set goes, ``times`` which seconds (T,) of its plan are wanted. Half of the tries are
    done in the athlete's ``usual`` style, if one is given.
    """
    tried: list[Enacted] = []
    for number in range(TRIES):
        known = usual if number < TRIES // 2 else None
        style = known or draw(motion, rng, equipment, mistakes, variant)
        given = effort(style)
        plan = plan_set(style, given, rng)
        performance = perform(plan, style, figure, times(plan), rng, given.looseness)
        tried.append(Enacted(performance, plan, tuple(_measured(performance, plan).faults())))
        if not tried[-1].faults:
            break
    return min(tried, key=lambda each: len(each.faults))


def _measured(performance: Performance, plan: Plan) -> Physics:
    """What is measured of a performance; the seats and benches of a way belong to the set that it leads to."""
    found = measure(performance, plan)
    return replace(found, unborne_m=0.0) if performance.style.motion.kind == "transition" else found
