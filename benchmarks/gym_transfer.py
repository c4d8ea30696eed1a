"""Do tracks teach what renders ask? A recogniser trained on tracks alone, tested on both.

The error model of each half of the recordings was fitted on the other half. With it a recogniser (multinomial logistic
regression on descriptions of 4 s windows) is trained on tracks of other scenarios, and then names every clip of the
first half twice: as BlazePose saw its rendered video, and as the model says that BlazePose would see the very same
athlete, motion and camera. Both halves together give every clip one pair of answers.

Beside that, what tracks teach is held against what renders teach: one recogniser learns from the renders of one half,
one from tracks of the very same athletes, motions and cameras, and one from such tracks without errors; all of them
name the renders of the other half.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
import numpy.typing as npt
from gym_agreement import halvings
from scipy.optimize import minimize

from deukgeun.exercises import catalogue
from deukgeun.motion import channels, on_grid, summarise
from deukgeun.pose import PoseTrack
from deukgeun.skeleton import skeleton
from deukgeun.synth.scenario import draw_scenario
from deukgeun.synth.tracks.features import Sight
from deukgeun.synth.tracks.fit import fit, sight_of
from deukgeun.synth.tracks.foresight import Foresight
from deukgeun.synth.tracks.make import sight_of as sight_of_act
from deukgeun.synth.tracks.model import ErrorModel
from deukgeun.synth.tracks.recording import Recording

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

RATE_HZ, WINDOW_S, SECONDS = 10.0, 4.0, 6.0
EACH = 60
"""Training tracks of every exercise."""
_FEWEST = 15
"""Poses of a track that is worth describing."""
_DRAWS = 4
# A few hundred clips want more of a penalty than thousands of tracks.
HALVINGS, _PENALTY_OF_FEW = 2, 1e-2


@dataclass(frozen=True, slots=True)
class Windows:
    """Descriptions (N, F) of windows, and their labels (N,)."""

    x: Array
    y: npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Answers:
    """Of N clips, whether each is named right by a recogniser trained on tracks with modelled errors: as such tracks
    (mean of some draws) and as BlazePose saw the renders; and by one trained on tracks without any error: as such
    tracks and as BlazePose saw the renders.
    """

    modelled: Array
    rendered: Array
    clean: Array
    clean_on_rendered: Array
    movement: npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Lessons:
    """Of N renders, whether each is named right by what learnt from the other half's renders, from tracks of the same
    clips, and from tracks of them without errors."""

    renders: Array
    tracks: Array
    clean: Array


def describe(track: PoseTrack) -> Array:
    """Descriptions (W, F) of the windows of one track: none where it has too few poses."""
    if len(track) < _FEWEST:
        return np.zeros((0, 0))
    movement = on_grid(track, RATE_HZ)
    found = channels(movement)
    size = min(round(WINDOW_S * RATE_HZ), len(movement))
    rows = [
        list(summarise(movement.part(first, first + size), found.part(first, first + size)).values())
        for first in range(0, len(movement) - size + 1, 10)
    ]
    return np.nan_to_num(np.array(rows))


def track_of(recording: Recording) -> PoseTrack:
    """What the estimator saw, as a track."""
    time_s = np.arange(len(recording.seen)) / recording.rate_hz
    keep = recording.seen
    return PoseTrack(
        time_s[keep], recording.xy[keep], recording.score[keep], recording.xyz[keep], skeleton("blazepose_33"), 0
    )


def without_errors(seen: Sight) -> PoseTrack:
    """The truth as a track."""
    time_s = np.arange(len(seen.xy)) / seen.rate_hz
    score = np.ones(seen.xy.shape[:2])
    return PoseTrack(time_s, seen.xy, score, seen.body * seen.trunk_m, skeleton("blazepose_33"), 0)


def modelled(seen: Sight, model: ErrorModel, rng: np.random.Generator) -> PoseTrack:
    """What the estimator would have seen."""
    return model.apply(seen, np.arange(len(seen.xy)) / seen.rate_hz, rng)


def _sights(job: tuple[str, int, int]) -> list[tuple[Sight, str]]:
    """Some sights of one exercise, with its movement."""
    slug, count, seed = job
    movement = catalogue()[slug].movement
    out = []
    for own in np.random.SeedSequence([seed, sum(map(ord, slug))]).generate_state(count):
        scenario = draw_scenario(int(own), slug, duration_s=SECONDS, rate_hz=RATE_HZ)
        out.append((sight_of_act(scenario.acts[0], scenario.camera, RATE_HZ), movement))
    return out


def training_sights(each: int = EACH, seed: int = 77) -> list[tuple[Sight, str]]:
    """``each`` sights of every exercise of the catalogue: scenarios that were never recorded."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    jobs = [(slug, each, seed) for slug in catalogue()]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        return [row for part in pool.map(_sights, jobs) for row in part]


def windows(labelled: Iterator[tuple[PoseTrack, str]]) -> Windows:
    """Descriptions of all the tracks' windows."""
    rows = [(describe(track), label) for track, label in labelled]
    kept = [(x, label) for x, label in rows if len(x)]
    return Windows(np.concatenate([x for x, _ in kept]), np.repeat([y for _, y in kept], [len(x) for x, _ in kept]))


class Softmax:
    """Multinomial logistic regression with an L2 penalty, on standardised descriptions."""

    def __init__(self, data: Windows, penalty: float = 1e-3) -> None:
        self.mean, self.scale = data.x.mean(axis=0), data.x.std(axis=0) + 1e-6
        self.classes, target = np.unique(data.y, return_inverse=True)
        x = self._inputs(data.x)
        shape = (x.shape[1], len(self.classes))
        truth = np.arange(len(target)), target

        def loss(flat: Array) -> tuple[float, Array]:
            w = flat.reshape(shape)
            p = _softmax(x @ w)
            value = -np.mean(np.log(p[truth] + 1e-12)) + penalty * float(np.sum(w[1:] ** 2))
            p[truth] -= 1
            slope = x.T @ p / len(p)
            slope[1:] += 2 * penalty * w[1:]
            return value, slope.ravel()

        start = np.zeros(shape).ravel()
        self.w = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 300}).x.reshape(shape)

    def _inputs(self, x: Array) -> Array:
        z = np.clip((x - self.mean) / self.scale, -5, 5)
        return np.concatenate([np.ones((len(z), 1)), z], axis=1)

    def names(self, track: PoseTrack) -> str | None:
        """What a track is, by the mean log probability of its windows; None where nothing can be said."""
        x = describe(track)
        if not len(x):
            return None
        mean = np.log(_softmax(self._inputs(x) @ self.w) + 1e-12).mean(axis=0)
        return str(self.classes[mean.argmax()])


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    out: Array = e / e.sum(axis=1, keepdims=True)
    return out


def answers(
    recordings: Sequence[Recording], foresight: Foresight | None = None, each: int = EACH, seed: int = 0
) -> Answers:
    """Answers on the recordings of exercises; each half by what was fitted on the other, and by ``foresight`` that was
    learnt from other clips."""
    sights = training_sights(each)
    clean = Softmax(windows((without_errors(seen), label) for seen, label in sights))
    rows: list[tuple[float, float, float, float, str]] = []
    one, other = next(halvings(recordings, 1, seed))
    for number, (own, rest) in enumerate(((one, other), (other, one))):
        fitted_on, tested_on = ([recordings[k] for k in part] for part in (own, rest))
        rng = np.random.default_rng([seed, number])
        model = fit(fitted_on, rng, foresight=foresight)
        trained = Softmax(windows((modelled(seen, model, rng), label) for seen, label in sights))
        for recording in tested_on:
            if recording.label not in catalogue():
                continue
            movement, seen, track = catalogue()[recording.label].movement, sight_of(recording), track_of(recording)
            said = [trained.names(modelled(seen, model, rng)) == movement for _ in range(_DRAWS)]
            rows.append(
                (
                    float(np.mean(said)),
                    float(trained.names(track) == movement),
                    float(clean.names(without_errors(seen)) == movement),
                    float(clean.names(track) == movement),
                    movement,
                )
            )
    parts = list(zip(*rows, strict=True))
    return Answers(*(np.array(part) for part in parts))


def lessons(recordings: Sequence[Recording], foresight: Foresight | None = None, seed: int = 0) -> Lessons:
    """Named renders of exercises; no clip is named by what learnt from it."""
    rows = []
    for number in range(HALVINGS):
        one, other = next(halvings(recordings, 1, seed + number))
        for number_of_half, (own, rest) in enumerate(((one, other), (other, one))):
            learnt = [recordings[k] for k in own if recordings[k].label in catalogue()]
            rng = np.random.default_rng([seed, number, number_of_half])
            model = fit(learnt, rng, donors=len(learnt), foresight=foresight)
            taught = [
                Softmax(windows((track, catalogue()[r.label].movement) for r, track in made), _PENALTY_OF_FEW)
                for made in (
                    [(r, track_of(r)) for r in learnt],
                    [(r, _by_others(model, k, r, rng)) for _ in range(2) for k, r in enumerate(learnt)],
                    [(r, without_errors(sight_of(r))) for r in learnt],
                )
            ]
            for recording in (recordings[k] for k in rest if recordings[k].label in catalogue()):
                movement, track = catalogue()[recording.label].movement, track_of(recording)
                rows.append([float(each.names(track) == movement) for each in taught])
    return Lessons(*np.array(rows).T)


def _by_others(model: ErrorModel, own: int, recording: Recording, rng: np.random.Generator) -> PoseTrack:
    """A clip as the model says that it would be seen, with what other clips lend."""
    seen, time_s = sight_of(recording), np.arange(len(recording.seen)) / recording.rate_hz
    return model.lay(model.drawn(model.nearest(seen, time_s, without=own), rng), seen, time_s)


def interval(values: Array, seed: int = 0) -> tuple[float, float]:
    """The 95 % interval of the mean of values (N,), by drawing clips again."""
    drawn = np.random.default_rng(seed).integers(len(values), size=(4000, len(values)))
    low, high = np.percentile(values[drawn].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)
