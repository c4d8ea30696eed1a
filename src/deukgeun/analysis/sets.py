"""From one person's track to the sets that they did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from deukgeun.analysis.workout import Alternative, ExerciseSet, Rest
from deukgeun.exercises import PERSONAL, UNKNOWN, catalogue
from deukgeun.motion import Channels, Movement, Repetition, channels, held, on_grid, repetitions
from deukgeun.pose import PoseTrack
from deukgeun.recognition import Active, recognise
from deukgeun.recognition.personal import Personal
from deukgeun.recognition.quality import Reason, quality, verdict
from deukgeun.recognition.recogniser import NONE

_LONGEST_BLIND_S = 2.0  # out of sight for longer, and what comes after is looked at by itself
_SHORTEST_S = 1.0
_REACH_S = 2.0  # half a window: how far a set may go on where its windows are already something else
_SAME_SET_S = 2.5  # a pause within a set, between two stretches of one exercise
_LEAST_UNKNOWN_REPETITIONS = 2  # movement to and fro that has no name is a set only if it repeats
_SHORTEST_HOLD_S = 2.0
_ALTERNATIVES = 5


def exercise_sets(track: PoseTrack, rate_hz: float, personal: Personal = NONE) -> tuple[ExerciseSet, ...]:
    """Return the sets of one person, in order of time; ``personal`` are exercises that somebody has taught."""
    if track.xyz is None or not len(track):
        return ()
    parts = _visible_parts(on_grid(track, rate_hz))
    found = [s for part in parts if verdict(quality(part)) is None for s in _sets_of(part, track.person, personal)]
    return tuple(_joined(_without_remnants(found)))


@dataclass(frozen=True, slots=True)
class Doubt:
    """A time from which nothing is named, because the pose cannot be trusted, and why."""

    start_s: float
    end_s: float
    reason: Reason


def doubts(track: PoseTrack, rate_hz: float) -> tuple[Doubt, ...]:
    """Return the times of one person at which the pose cannot be trusted, in order."""
    if track.xyz is None or not len(track):
        return ()
    judged = [(part, verdict(quality(part))) for part in _visible_parts(on_grid(track, rate_hz))]
    return tuple(Doubt(float(p.time_s[0]), float(p.time_s[-1]), reason) for p, reason in judged if reason is not None)


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


def _sets_of(part: Movement, person: int, personal: Personal) -> Iterator[ExerciseSet]:
    """Name and count each active stretch, looking a little beyond it for repetitions that belong to it."""
    seen = channels(part)
    found = recognise(part, seen, personal=personal)
    for active in found:
        first, last = _around(active, found, part)
        core = (active.first - first, active.last - first)
        made = _set(active, part.part(first, last), seen.part(first, last), core, person, personal)
        if made is not None:
            yield made


def _around(active: Active, found: Sequence[Active], part: Movement) -> tuple[int, int]:
    """Return the steps to look at for a stretch: a little more than itself, up to the next one that has a name.

    The window that a set begins in also holds what came before and often has no name: the set may reach into it.
    """
    if active.guesses[0].exercise == UNKNOWN:
        return active.first, active.last
    reach = round(_REACH_S * part.rate_hz)
    named = [a for a in found if a.guesses[0].exercise != UNKNOWN]
    earliest = max((a.last for a in named if a.last <= active.first), default=0)
    latest = min((a.first for a in named if a.first >= active.last), default=len(part))
    return max(earliest, active.first - reach), min(latest, active.last + reach)


def _set(
    active: Active, around: Movement, seen: Channels, core: tuple[int, int], person: int, personal: Personal
) -> ExerciseSet | None:
    best = active.guesses[0]
    base = ExerciseSet(
        exercise=best.exercise,
        start_s=float(around.time_s[core[0]]),
        end_s=float(around.time_s[core[1] - 1]),
        repetitions=(),
        hold_s=None,
        confidence=best.confidence,
        alternatives=tuple(Alternative(g.exercise, g.confidence) for g in active.guesses[1 : _ALTERNATIVES + 1]),
        equipment=best.equipment,
        person=person,
    )
    if best.exercise == UNKNOWN:
        return _counted(base, repetitions(around, seen, core=core), _LEAST_UNKNOWN_REPETITIONS)
    taught = personal.get(best.exercise) if best.exercise.startswith(PERSONAL) else None
    if (taught or catalogue()[best.exercise]).measure == "hold":
        return _held(base, around, held(seen, core))
    if taught is not None:
        return _counted(base, repetitions(around, seen, core=core), 1)
    exercise = catalogue()[best.exercise]
    return _counted(base, repetitions(around, seen, exercise.rep_joints, exercise.rep_start, core), 1)


def _without_remnants(sets: Sequence[ExerciseSet]) -> list[ExerciseSet]:
    """Leave out what is unknown and in truth the beginning or the end of a set that has a name."""
    named = [s for s in sets if s.exercise != UNKNOWN]
    return [s for s in sets if s.exercise != UNKNOWN or not any(_overlap_s(s, n) > 0 for n in named)]


def _overlap_s(a: ExerciseSet, b: ExerciseSet) -> float:
    return min(a.end_s, b.end_s) - max(a.start_s, b.start_s)


def _counted(base: ExerciseSet, counted: tuple[Repetition, ...], least: int) -> ExerciseSet | None:
    """Return the set from its first repetition to its last, or None for fewer than ``least``."""
    if len(counted) < least:
        return None
    return replace(base, repetitions=counted, start_s=counted[0].start_s, end_s=counted[-1].end_s)


def _held(base: ExerciseSet, around: Movement, span: tuple[int, int]) -> ExerciseSet | None:
    start_s, end_s = float(around.time_s[span[0]]), float(around.time_s[span[1] - 1])
    found = replace(base, start_s=start_s, end_s=end_s, hold_s=end_s - start_s)
    return found if end_s - start_s >= _SHORTEST_HOLD_S else None


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
