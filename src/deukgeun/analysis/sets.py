"""From one person's track to the sets that they did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from deukgeun.analysis.workout import Alternative, ExerciseSet, Rest
from deukgeun.exercises import UNKNOWN, Exercise, catalogue
from deukgeun.motion import Channels, Movement, Repetition, channels, on_grid, repetitions
from deukgeun.pose import PoseTrack
from deukgeun.recognition import Active, recognise

_LONGEST_BLIND_S = 2.0  # out of sight for longer, and what comes after is looked at by itself
_SHORTEST_S = 1.0
_SAME_SET_S = 2.5  # a pause within a set, between two stretches of one exercise
_LEAST_UNKNOWN_REPETITIONS = 2  # movement to and fro that has no name is a set only if it repeats
_SHORTEST_HOLD_S = 2.0
_ALTERNATIVES = 5


def exercise_sets(track: PoseTrack, rate_hz: float) -> tuple[ExerciseSet, ...]:
    """Return the sets of one person, in order of time."""
    if track.xyz is None or not len(track):
        return ()
    whole = on_grid(track, rate_hz)
    found = [s for part in _visible_parts(whole) for s in _sets_of(part, track.person)]
    return tuple(_joined(found))


def rests(sets: Sequence[ExerciseSet]) -> tuple[Rest, ...]:
    """Return the time between each two sets of one person."""
    gaps = [Rest(a.end_s, b.start_s, a.person) for a, b in pairwise(sets)]
    return tuple(rest for rest in gaps if rest.end_s > rest.start_s)


def _visible_parts(whole: Movement) -> Iterator[Movement]:
    """Cut the movement where the person was out of sight for long."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], ~whole.seen, [False]]).astype(int)))
    first = 0
    for blind_first, blind_last in zip(edges[::2], edges[1::2], strict=True):
        if (blind_last - blind_first) / whole.rate_hz > _LONGEST_BLIND_S:
            yield from _long_enough(whole, first, int(blind_first))
            first = int(blind_last)
    yield from _long_enough(whole, first, len(whole))


def _long_enough(whole: Movement, first: int, last: int) -> Iterator[Movement]:
    if (last - first) / whole.rate_hz >= _SHORTEST_S:
        yield whole.part(first, last)


def _sets_of(part: Movement, person: int) -> Iterator[ExerciseSet]:
    seen = channels(part)
    for active in recognise(part, seen):
        stretch = part.part(active.first, active.last), seen.part(active.first, active.last)
        made = _set(active, *stretch, person)
        if made is not None:
            yield made


def _set(active: Active, stretch: Movement, seen: Channels, person: int) -> ExerciseSet | None:
    best = active.guesses[0]
    base = ExerciseSet(
        exercise=best.exercise,
        start_s=float(stretch.time_s[0]),
        end_s=float(stretch.time_s[-1]),
        repetitions=(),
        hold_s=None,
        confidence=best.confidence,
        alternatives=tuple(Alternative(g.exercise, g.confidence) for g in active.guesses[1 : _ALTERNATIVES + 1]),
        equipment=best.equipment,
        person=person,
    )
    if best.exercise == UNKNOWN:
        return _counted(base, repetitions(stretch, seen), _LEAST_UNKNOWN_REPETITIONS)
    exercise = catalogue()[best.exercise]
    return _held(base) if exercise.measure == "hold" else _counted(base, _count(exercise, stretch, seen), 1)


def _count(exercise: Exercise, stretch: Movement, seen: Channels) -> tuple[Repetition, ...]:
    return repetitions(stretch, seen, exercise.rep_joints, exercise.rep_start)


def _counted(base: ExerciseSet, counted: tuple[Repetition, ...], least: int) -> ExerciseSet | None:
    """Return the set from its first repetition to its last, or None for fewer than ``least``."""
    if len(counted) < least:
        return None
    return replace(base, repetitions=counted, start_s=counted[0].start_s, end_s=counted[-1].end_s)


def _held(base: ExerciseSet) -> ExerciseSet | None:
    held_s = base.end_s - base.start_s
    return replace(base, hold_s=held_s) if held_s >= _SHORTEST_HOLD_S else None


def _joined(sets: Iterable[ExerciseSet]) -> list[ExerciseSet]:
    """Join neighbours of one exercise that only a short pause parts."""
    joined: list[ExerciseSet] = []
    for this in sets:
        last = joined[-1] if joined else None
        if last is not None and last.exercise == this.exercise and this.start_s - last.end_s <= _SAME_SET_S:
            joined[-1] = _join(last, this)
        else:
            joined.append(this)
    return joined


def _join(a: ExerciseSet, b: ExerciseSet) -> ExerciseSet:
    longer = a if a.end_s - a.start_s >= b.end_s - b.start_s else b
    return replace(
        longer,
        start_s=a.start_s,
        end_s=b.end_s,
        repetitions=a.repetitions + b.repetitions,
        hold_s=None if a.hold_s is None else b.end_s - a.start_s,
    )
