"""Counting repetitions: excursions of the principal signal to the far end and back.

A repetition is an excursion that crosses from one band of the signal into the other (a hysteresis, so that trembling
at a threshold is not counted). What is counted are visits to the far end, so that a set that begins or ends half-way is
counted like one that is filmed whole. Which end is far is known from the catalogue (`rep_start`) or, for a movement
without a name, is the end where less time is spent.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from deukgeun.motion.channels import Channels
from deukgeun.motion.principal import Principal, principal
from deukgeun.motion.repetition import Repetition
from deukgeun.motion.timeline import Floats, Movement

_ENDS_PERCENT = (8, 92)
_BAND = 0.35  # share of half the amplitude that the signal must be beyond the middle to be at an end
_LEAST_AMPLITUDE = 0.06  # units of movement: less is breathing and the estimator's noise


def repetitions(
    movement: Movement, found: Channels, joints: Sequence[str] = (), rest: str | None = None
) -> tuple[Repetition, ...]:
    """Return the repetitions in a stretch of movement, in order.

    ``joints`` and ``rest`` ("open" or "closed": whether the first joint's angle is large or small where a
    repetition starts) come from the catalogue; without them any movement to and fro is counted.
    """
    if len(movement) < 4:
        return ()
    main = principal(movement, found, joints)
    low, high = np.percentile(main.signal, _ENDS_PERCENT)
    if high - low < _LEAST_AMPLITUDE:
        return ()
    states = _states((main.signal - (low + high) / 2) / ((high - low) / 2))
    if main.opposed:
        return _excursions(movement.time_s, np.abs(main.signal), _runs(states))
    away = -_rest_sign(main, states, rest)
    return _excursions(movement.time_s, main.signal * away, [r for r in _runs(states) if r[0] == away])


def _states(level: Floats) -> list[int]:
    """Return +1 or -1 for each step: the end where the signal was last (0 before it reaches any)."""
    states, state = [], 0
    for value in level:
        state = 1 if value > _BAND else -1 if value < -_BAND else state
        states.append(state)
    return states


def _rest_sign(main: Principal, states: Sequence[int], rest: str | None) -> int:
    """Return the sign of the signal where a repetition starts."""
    if main.lead is not None and rest in ("open", "closed"):
        slope = float(np.cov(main.signal, main.lead)[0, 1])
        return int(np.sign(slope) or 1) * (1 if rest == "open" else -1)
    return 1 if sum(states) >= 0 else -1


def _runs(states: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return (state, first, last inclusive) of each stretch of one state other than 0."""
    runs: list[tuple[int, int, int]] = []
    for step, state in enumerate(states):
        if state and runs and runs[-1][0] == state and runs[-1][2] == step - 1:
            runs[-1] = (state, runs[-1][1], step)
        elif state:
            runs.append((state, step, step))
    return runs


def _excursions(time_s: Floats, away: Floats, visits: Sequence[tuple[int, int, int]]) -> tuple[Repetition, ...]:
    """Return a repetition for each visit; ``away`` (T,) is large at the far end."""
    peaks = [first + int(np.argmax(away[first : last + 1])) for _, first, last in visits]
    bounds = _turning_points(away, peaks)
    depth = [away[p] - min(away[bounds[i]], away[bounds[i + 1]]) for i, p in enumerate(peaks)]
    deepest = max(depth, default=1.0)
    return tuple(
        Repetition(
            float(time_s[bounds[i]]),
            float(time_s[p]),
            float(time_s[bounds[i + 1]]),
            float(np.clip(depth[i] / max(deepest, 1e-9), 0.0, 1.0)),
        )
        for i, p in enumerate(peaks)
    )


def _turning_points(away: Floats, peaks: Sequence[int]) -> list[int]:
    """Return the steps nearest to rest before the first peak, between each two, and after the last."""
    if not peaks:
        return []
    longest = max([b - a for a, b in pairwise(peaks)], default=len(away))
    first = max(0, peaks[0] - longest)
    last = min(len(away), peaks[-1] + longest + 1)
    inner = [a + int(np.argmin(away[a : b + 1])) for a, b in pairwise(peaks)]
    before = first + int(np.argmin(away[first : peaks[0] + 1]))
    after = peaks[-1] + int(np.argmin(away[peaks[-1] : last]))
    return [before, *inner, after]
