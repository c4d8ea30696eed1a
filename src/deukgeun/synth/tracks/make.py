"""Labelled tracks, any number of them: an act, a phone, and the estimator's errors; no pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deukgeun.pose import PoseTrack
from deukgeun.synth.acts import Act
from deukgeun.synth.camera import Camera
from deukgeun.synth.scenario import Scenario, draw_scenario
from deukgeun.synth.tracks.features import Sight, sight
from deukgeun.synth.tracks.model import ErrorModel, error_model
from deukgeun.synth.truth.values import SetTruth

Array = npt.NDArray[np.float64]

# Below this share of pictures with a pose, a clip says nothing: another camera is drawn.
_LEAST_SEEN = 0.3
_TRIES = 6


@dataclass(frozen=True, slots=True)
class LabelledTrack:
    """A track, what it is (``label``: a slug, a neighbour's or a background's name), and the truth it came from.

    ``sets`` are those of the act (times as in the track); ``camera`` and ``scenario_seed`` say how it was seen.
    """

    track: PoseTrack
    label: str
    movement: str
    equipment: str | None
    sets: tuple[SetTruth, ...]
    width: int
    height: int
    view: str
    figure: str
    seed: int


def sight_of(act: Act, camera: Camera, rate_hz: float) -> Sight:
    """What a camera sees of an act, as the error model wants it."""
    room = act.joints("blazepose_33")
    xy, _ = camera.project(room)
    return sight(camera.to_camera(room), xy, camera.focal_px, camera.width, camera.height, rate_hz)


def seen_by_estimator(scenario: Scenario, rng: np.random.Generator, model: ErrorModel | None = None) -> PoseTrack:
    """The track that the estimator would make of a scenario's athlete."""
    act = scenario.acts[0]
    sight = sight_of(act, scenario.camera, scenario.rate_hz)
    return (model or error_model()).apply(sight, scenario.time_s, rng)


def draw_track(
    seed: int, name: str, *, duration_s: float = 8.0, rate_hz: float = 10.0, model: ErrorModel | None = None
) -> LabelledTrack:
    """One track of ``name`` (an exercise, a neighbour, a background activity); the seed decides everything else.

    A track that would be all but empty is drawn again with the next seed of its own stream, as nobody would keep
    such a clip; the track may still have gaps. ``model`` stands in for the one that ships.
    """
    for attempt in range(_TRIES):
        own = int(np.random.SeedSequence([seed, attempt]).generate_state(1)[0])
        scenario = draw_scenario(own, name, duration_s=duration_s, rate_hz=rate_hz)
        track = seen_by_estimator(scenario, np.random.default_rng([own, 7]), model)
        if len(track) >= _LEAST_SEEN * len(scenario.time_s):
            break
    act, first = scenario.acts[0], (*scenario.acts[0].sets, None)[0]
    return LabelledTrack(
        track=track,
        label=scenario.label,
        movement="background" if first is None else first.movement,
        equipment=None if first is None else first.equipment,
        sets=act.sets,
        width=scenario.camera.width,
        height=scenario.camera.height,
        view=scenario.camera.view,
        figure=act.figure.name,
        seed=seed,
    )
