"""Tracks out of whole workouts: every set with a little of what is around it, and what is between the sets.

A track of one exercise begins and ends in the middle of it. Here people put things down, walk, turn, lie down and get
up between sets, and begin and end them: what a recogniser must not take for an exercise.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, pairwise

import numpy as np

from deukgeun.pose import PoseTrack
from deukgeun.synth.scenario import Scenario
from deukgeun.synth.session import draw_session
from deukgeun.synth.tracks.make import LabelledTrack, seen_by_estimator
from deukgeun.synth.truth.values import SetTruth

BETWEEN = "between_sets"
"""The label of what is no set."""

_REACH_S = 1.5
"""So much of what is around belongs to a part: less than half a window, so that a window's middle lies within."""
_SHORTEST_S = 3.0
_RESTS_S, _EDGES_S = (6.0, 25.0), (1.0, 8.0)
_ERRORS = 9


def draw_workout(seed: int, rate_hz: float = 10.0) -> tuple[Scenario, PoseTrack]:
    """A workout as drawn from the seed, and its athlete as the estimator would see them."""
    scenario = draw_session(seed, rest_s=_RESTS_S, edge_s=_EDGES_S, rate_hz=rate_hz)
    return scenario, seen_by_estimator(scenario, np.random.default_rng([seed, _ERRORS]))


def workout_parts(seed: int, rate_hz: float = 10.0) -> list[LabelledTrack]:
    """The sets of one workout and what is between them, in order of time."""
    scenario, track = draw_workout(seed, rate_hz)
    act = scenario.acts[0]
    found = []
    for start_s, end_s, done in _spans(act.sets, float(act.time_s[-1])):
        part = track.between(start_s - _REACH_S, end_s + _REACH_S)
        if end_s - start_s >= _SHORTEST_S and len(part) >= _SHORTEST_S * rate_hz:
            found.append(
                LabelledTrack(
                    track=part,
                    label=BETWEEN if done is None else done.motion if done.exercise == "unknown" else done.exercise,
                    movement="background" if done is None else done.movement,
                    equipment=None if done is None else done.equipment,
                    sets=() if done is None else (done,),
                    width=scenario.camera.width,
                    height=scenario.camera.height,
                    view=scenario.camera.view,
                    figure=act.figure.name,
                    seed=seed,
                )
            )
    return found


def _spans(sets: tuple[SetTruth, ...], last_s: float) -> Iterator[tuple[float, float, SetTruth | None]]:
    """Every set, and the time before, between and after them."""
    ordered = sorted(sets, key=lambda each: each.start_s)
    edges = [0.0, *chain.from_iterable((each.start_s, each.end_s) for each in ordered), last_s]
    for number, (start_s, end_s) in enumerate(pairwise(edges)):
        yield start_s, end_s, ordered[number // 2] if number % 2 else None
