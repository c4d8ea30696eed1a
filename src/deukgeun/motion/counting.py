"""Counting repetitions: excursions of the principal signal to the far end and back.

A repetition is an excursion that crosses from one band of the signal into the other (a hysteresis, so that trembling
at a threshold is not counted). What is counted are visits to the far end, so that a set that begins or ends half-way is
counted like one that is filmed whole. Which end is far is known from the catalogue (`rep_start`) or, for a movement
without a name, is the end where clearly less time is spent, or else the one that is visited less often: a set starts
and ends at rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from deukgeun.motion.channels import Channels
from deukgeun.motion.principal import Principal, principal
from deukgeun.motion.repetition import Repetition
from deukgeun.motion.timeline import Floats, Movement

_ENDS_PERCENT = (8, 92)
_BAND = 0.35  # share of half the amplitude that the signal must be beyond the middle to be at an end
_FEWEST_STEPS = 4
_WHOLE = 0.6  # of the usual way, out and back: what a repetition outside the certain part must make
_LONGEST = 2.0  # times the usual duration, that it may take
_AT_REST = 0.1  # of the way back that may be missing where a repetition is called over
_CLEARLY_LONGER = 0.3  # of all the time: more time at one end than at the other, to tell by it which is rest
_LEAST_AMPLITUDE = 0.06  # units of movement: less is breathing and the estimator's noise


def repetitions(
    movement: Movement,
    found: Channels,
    joints: Sequence[str] = (),
    rest: str | None = None,
    core: tuple[int, int] | None = None,
) -> tuple[Repetition, ...]:
    """Return the repetitions in a stretch of movement, in order.

    ``joints`` and ``rest`` ("open" or "closed": whether the first joint's angle is large or small where a
    repetition starts) come from the catalogue; without them any movement to and fro is counted. ``core`` (first step,
    last step exclusive) is the part that certainly belongs to the set: what lies before and after it counts only if
    it goes on with whole repetitions like those inside.
    """
    first, last = core or (0, len(movement))
    if last - first < _FEWEST_STEPS:
        return ()
    main = principal(movement, found, joints, slice(first, last))
    low, high = np.percentile(main.signal[first:last], _ENDS_PERCENT)
    if high - low < _LEAST_AMPLITUDE:
        return ()
    states = _states((main.signal - (low + high) / 2) / ((high - low) / 2))
    away = -_rest_sign(main, states, rest)
    level = np.abs(main.signal) if main.opposed else main.signal * away
    visits = [run for run in _runs(states) if main.opposed or run[0] == away]
    return _repetitions(movement.time_s, _belonging(_excursions(level, visits), first, last))


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
    dwell = sum(states) / len(states)
    visits = sum(state for state, _, _ in _runs(states))
    return 1 if (dwell if abs(dwell) > _CLEARLY_LONGER else visits or dwell) >= 0 else -1


def _runs(states: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return (state, first, last inclusive) of each stretch of one state other than 0."""
    runs: list[tuple[int, int, int]] = []
    for step, state in enumerate(states):
        if state and runs and runs[-1][0] == state and runs[-1][2] == step - 1:
            runs[-1] = (state, runs[-1][1], step)
        elif state:
            runs.append((state, step, step))
    return runs


@dataclass(frozen=True, slots=True)
class _Excursion:
    """The steps at which an excursion starts, is furthest and ends; its way ``out`` and ``back``."""

    start: int
    peak: int
    end: int
    out: float
    back: float


def _excursions(level: Floats, visits: Sequence[tuple[int, int, int]]) -> list[_Excursion]:
    """Return an excursion for each visit; ``level`` (T,) is large at the far end."""
    peaks = [first + int(np.argmax(level[first : last + 1])) for _, first, last in visits]
    return [
        _Excursion(a, peak, b, float(level[peak] - level[a]), float(level[peak] - level[b]))
        for peak, (a, b) in zip(peaks, _ends(level, peaks), strict=True)
    ]


def _belonging(all_of_them: Sequence[_Excursion], first: int, last: int) -> list[_Excursion]:
    """Return those with their peak inside ``first`` to ``last``, and whole ones like them that follow on outside."""
    inside = [i for i, e in enumerate(all_of_them) if first <= e.peak < last]
    if not inside:
        return []
    way = _WHOLE * float(np.median([max(all_of_them[i].out, all_of_them[i].back) for i in inside]))
    longest = _LONGEST * float(np.median([all_of_them[i].end - all_of_them[i].start for i in inside]))

    def like_them(e: _Excursion) -> bool:
        return min(e.out, e.back) >= way and e.end - e.start <= longest

    a, b = inside[0], inside[-1]
    while a > 0 and like_them(all_of_them[a - 1]):
        a -= 1
    while b + 1 < len(all_of_them) and like_them(all_of_them[b + 1]):
        b += 1
    return list(all_of_them[a : b + 1])


def _repetitions(time_s: Floats, excursions: Sequence[_Excursion]) -> tuple[Repetition, ...]:
    furthest = max((max(e.out, e.back) for e in excursions), default=0.0) + 1e-9
    return tuple(
        Repetition(
            float(time_s[e.start]),
            float(time_s[e.peak]),
            float(time_s[e.end]),
            float(np.clip(max(e.out, e.back) / furthest, 0.0, 1.0)),
        )
        for e in excursions
    )


def _ends(level: Floats, peaks: Sequence[int]) -> list[tuple[int, int]]:
    """Return for each peak the last step at rest before it and the first one after it.

    A pause between two repetitions belongs to neither. Before the first and after the last peak, no more is looked
    at than the longest time between two.
    """
    longest = max([b - a for a, b in pairwise(peaks)], default=len(level))
    limits = [max(0, peaks[0] - longest), *peaks, min(len(level) - 1, peaks[-1] + longest)] if peaks else []
    ends = []
    for before, peak, after in zip(limits, peaks, limits[2:], strict=False):
        back = _first_at_rest(level[peak : after + 1])
        out = _first_at_rest(level[before : peak + 1][::-1])
        ends.append((peak - out, peak + back))
    return ends


def _first_at_rest(level: Floats) -> int:
    """Return the first step at which ``level`` has all but reached its lowest value."""
    lowest = float(level.min())
    return int(np.argmax(level <= lowest + _AT_REST * (float(level[0]) - lowest)))
