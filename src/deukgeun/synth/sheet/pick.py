"""Which moments of a motion a contact sheet shows, acted out by an athlete."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deukgeun.synth.acts import Act, act_of, picked
from deukgeun.synth.athletes.bank import sample_figure
from deukgeun.synth.motions.enact import enact
from deukgeun.synth.motions.plan import Effort, Plan, draw_effort
from deukgeun.synth.motions.style import Style
from deukgeun.synth.repertoire import Piece

Array = npt.NDArray[np.float64]

_RATE_HZ = 30.0
_HOLD_S = 4.0


@dataclass(frozen=True, slots=True)
class Moments:
    """``act`` has one picture a column; ``title`` names piece, implement, variant and mistakes."""

    title: str
    act: Act


def moments(piece: Piece, seed: int, columns: int, variant: str | None = None, mistake: str | None = None) -> Moments:
    """One repetition of ``piece`` (two where sides alternate) at ``columns`` moments, evenly but for the far end."""
    rng = np.random.default_rng(seed)
    hold_s = _HOLD_S if piece.motion.measure == "hold" else 0.0
    figure = sample_figure(rng)

    def effort(style: Style) -> Effort:
        sides = style.table.get("sides")
        return draw_effort(rng, 2 if sides == "alternating" else 1, partial=0.0, hold_s=hold_s)

    wrong = (mistake,) if mistake else ()
    done = enact(
        piece.motion, figure, rng, effort, _times, equipment=piece.equipment, mistakes=wrong, variant=variant
    )  # fmt: skip
    time_s, style = done.performance.time_s, done.performance.style
    act = act_of(done.performance, piece, time_s, 0.0)
    parts = [piece.label, style.equipment if style.equipment != "none" else "", style.variant, mistake or ""]
    return Moments("  /  ".join(part for part in parts if part), picked(act, shown_frames(done.plan, time_s, columns)))


def _times(plan: Plan) -> Array:
    return np.arange(int(plan.duration_s * _RATE_HZ) + 1) / _RATE_HZ


def shown_frames(plan: Plan, time_s: Array, columns: int) -> npt.NDArray[np.int64]:
    """The pictures (columns,) nearest to even times over the repetitions, the one nearest to a peak moved onto it."""
    first_s = plan.repetitions[0].start_s if plan.repetitions else 0.0
    last_s = plan.repetitions[-1].end_s if plan.repetitions else plan.duration_s
    wanted = np.linspace(first_s, last_s, columns)
    if columns > 2:
        for each in plan.repetitions:
            inner = 1 + int(np.argmin(np.abs(wanted[1:-1] - each.peak_s)))
            wanted[inner] = each.peak_s
    return np.clip(np.searchsorted(time_s, wanted), 0, len(time_s) - 1).astype(np.int64)
