"""When a body turns round, told by where its joints are and how fast they move, without asking the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import Figure
from deukgeun.synth.motions.definition import Motion
from deukgeun.synth.motions.enact import enact
from deukgeun.synth.motions.perform import Performance
from deukgeun.synth.motions.plan import PlannedRepetition, draw_effort

Array = npt.NDArray[np.float64]

_RATE_HZ = 40.0
_SOON_S = 0.12
# Of the repetition's greatest speed: less is a turning point, for a repetition of one second; much less is rest.
_TURNS, _RESTS = 0.65, 0.004


def steady(motion: Motion, seed: int, figure: Figure, equipment: str, repetitions: int = 2) -> Performance:
    """A set without sway, so that a body that waits does not move at all."""
    rng = np.random.default_rng(seed)
    return enact(
        motion,
        figure,
        rng,
        lambda _: replace(draw_effort(rng, repetitions, partial=0.0), looseness=0.0),
        lambda plan: np.arange(0.0, plan.duration_s, 1 / _RATE_HZ),
        equipment=equipment,
    ).performance


def off_phase(p: Performance, repetitions: Sequence[PlannedRepetition]) -> list[str]:
    """What the body says against repetitions that are said to begin, turn and end at these times.

    At the beginning and the end it is nearer to where it began than to where it is at the peak; at all three it turns
    round, which is slow; just after the beginning, and just before the peak and the end, it moves.
    """
    joints = p.posed.joints - p.posed.joints[:, :1] * np.array([1.0, 1.0, 0.0])
    speed = np.sqrt(np.mean(np.sum(np.gradient(joints, p.time_s, axis=0) ** 2, axis=-1), axis=1))
    away = np.sqrt(np.mean(np.sum((joints - joints[0]) ** 2, axis=-1), axis=1))
    out = []
    for number, each in enumerate(repetitions):
        during = (p.time_s >= each.start_s) & (p.time_s <= each.end_s)
        fast, far = speed[during].max(), away[during].max()
        turns = _TURNS / (each.end_s - each.start_s) ** 0.5
        for name in ("start", "peak", "end"):
            if passed_through(p, number, name):
                continue
            # At the peak a trunk may still rise while the arms turn; start and end are full stops.
            slow = fast * float(np.clip(turns, 0.47 if name == "peak" else 0.3, 0.75))
            at_s = getattr(each, f"{name}_s")
            soon_s = at_s + (_SOON_S if name == "start" else -_SOON_S)
            out += [
                f"{number} {name} {why}" for why in _against(p.time_s, speed, away, at_s, soon_s, slow, fast, far, name)
            ]
    return out


def passed_through(p: Performance, number: int, name: str) -> bool:
    """Whether one repetition runs into the next there: where sides alternate, legs may change without a stop."""
    inner = (name == "end" and number + 1 < len(p.repetitions)) or (name == "start" and number > 0)
    return inner and p.style.motion.sides == "alternating"


def _against(
    time_s: Array,
    speed: Array,
    away: Array,
    at_s: float,
    soon_s: float,
    slow: float,
    fast: float,
    far: float,
    name: str,
) -> list[str]:
    now, soon, off = (float(np.interp(t, time_s, v)) for t, v in ((at_s, speed), (soon_s, speed), (at_s, away)))
    out = []
    if now > slow:
        out.append(f"moves {now / fast:.2f}")
    if soon < _RESTS * fast:
        out.append(f"rests {soon / fast:.3f}")
    if (off > 0.5 * far) != (name == "peak"):
        out.append(f"is {off / far:.2f} away")
    return out
