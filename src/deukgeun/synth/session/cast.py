"""A session as a scenario: the athlete, the people behind, and one phone that stands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from deukgeun.synth.acts import Act, picked
from deukgeun.synth.athletes.bank import sample_figure
from deukgeun.synth.camera import Camera
from deukgeun.synth.cameras import PhoneSettings, phone_camera, phone_settings
from deukgeun.synth.repertoire import exercise_pieces, of_kind, slugs_of
from deukgeun.synth.scenario import Scenario, draw_rate_hz, facing, film_points, smaller
from deukgeun.synth.session.line import Line
from deukgeun.synth.session.schedule import Entry, draw_schedule
from deukgeun.synth.session.segment import Place
from deukgeun.synth.session.things import things_of
from deukgeun.synth.session.trainee import Habits, Trainee

Array = npt.NDArray[np.float64]

_APART_M = 1.9  # between a bystander and whatever the athlete does
_TRIES = 40
_WIDE_M = 2.3
_TRAINING_RATE = 0.6  # of the bystanders; the others stand about
_ATHLETE, _CAMERA, _BYSTANDERS = 11, 12, 13


def draw_session(
    seed: int,
    entries: tuple[Entry, ...] | None = None,
    *,
    rest_s: tuple[float, float] = (15.0, 40.0),
    bystanders: int = 0,
    rate_hz: float | None = None,
    edge_s: tuple[float, float] = (1.0, 5.0),
    phone: PhoneSettings | None = None,
    lines: int | None = None,
) -> Scenario:
    """A session of ``entries``, or one drawn from the seed, with ``bystanders`` behind.

    The sets' rests are drawn from ``rest_s``; ``edge_s`` is the time before the first set and after the last.
    ``phone`` is what the camera is drawn from (see `chosen_phone`), by default what people do; pictures whose shorter
    side has more than ``lines`` pixels are made smaller.
    """
    rng = np.random.default_rng([seed, _ATHLETE])
    rate = rate_hz or draw_rate_hz(rng)
    spot = Place(float(rng.uniform(-40, 40)), np.zeros(3))
    athlete = Trainee(0, sample_figure(rng), rng, rate, Habits(spot, rest_s, edge_s))
    athlete.train(entries or draw_schedule(rng, session_slugs()))
    act = act_from(athlete.line, athlete.line.frames)
    camera = standing_phone(act, np.random.default_rng([seed, _CAMERA]), phone)
    camera = camera if lines is None else smaller(camera, lines)
    others = [_bystander(k + 1, seed, act, camera, rate) for k in range(bystanders)]
    return Scenario(seed, "session", (act, *others), camera, rate)


def session_slugs() -> tuple[str, ...]:
    """The exercises of the catalogue that the gym can show."""
    return tuple(dict.fromkeys(slug for motion in of_kind("exercise") for slug in slugs_of(motion)))


def act_from(line: Line, frames: int) -> Act:
    """The first ``frames`` pictures of a line as an act."""
    posed, grip = line.posed(frames)
    end_s = frames / line.rate_hz
    return Act(
        figure=line.figure,
        time_s=np.arange(frames) / line.rate_hz,
        posed=posed,
        grip=grip,
        items=things_of(line, frames),
        sets=line.sets(end_s),
        background=line.activities(end_s),
        posture="standing",
    )


def chosen_phone(framing: str | None = None, upright: bool | None = None) -> PhoneSettings:
    """What a phone is drawn from, with one way of framing only, and upright or on its side, as told.

    Raises ``ValueError`` for a framing that `phone_settings` does not know.
    """
    settings = phone_settings()
    if framing is not None:
        rows = tuple(row for row in settings.framing if row[1].name == framing)
        if not rows:
            known = ", ".join(row[1].name for row in settings.framing)
            raise ValueError(f"{framing!r} is none of {known}")
        settings = replace(settings, framing=rows)
    return settings if upright is None else replace(settings, upright_share=float(upright))


def standing_phone(act: Act, rng: np.random.Generator, phone: PhoneSettings | None = None) -> Camera:
    """A phone that stands still for the whole session, set up for the sets: between them people may leave the picture.

    "Front" is where the athlete faces in the sets. Where these lie far apart, a phone that is not told how (``phone``)
    lies on its side and shows them all.
    """
    inside = np.zeros(len(act.time_s), dtype=np.bool_)
    for each in act.sets:
        inside |= (act.time_s >= each.start_s) & (act.time_s <= each.end_s)
    shown = picked(act, np.flatnonzero(inside if inside.any() else ~inside))
    points = film_points(shown)
    still = replace(phone or phone_settings(), shaking_share=0.0, panning_share=0.0)
    if phone is None and np.ptp(points[..., :2], axis=(0, 1)).max() > _WIDE_M:
        whole = tuple(row for row in still.framing if row[1].name == "whole")
        still = replace(still, upright_share=0.0, framing=whole)
    return phone_camera(rng, points, shown.time_s, still, facing(shown), shown.items)


def _bystander(person: int, seed: int, athlete: Act, camera: Camera, rate_hz: float) -> Act:
    rng = np.random.default_rng([seed, _BYSTANDERS, person])
    frames = len(athlete.time_s)
    habits = Habits(_behind(athlete, camera, rng), (8.0, 30.0))
    other = Trainee(person, sample_figure(rng), rng, rate_hz, habits)
    lasts_s = frames / rate_hz
    if rng.random() < _TRAINING_RATE:
        while other.line.seconds < lasts_s:
            other.train(draw_schedule(rng, _without_things(), 1))
    other.idle(lasts_s + 1.0)
    return act_from(other.line, frames)


def _without_things() -> tuple[str, ...]:
    """Exercises that need no equipment: they fit in anywhere."""
    return tuple(s for s in session_slugs() if any(p.equipment == "none" for p in exercise_pieces(s)))


def _behind(athlete: Act, camera: Camera, rng: np.random.Generator) -> Place:
    """A place behind the athlete as the camera sees it, away from everything the athlete uses."""
    lens = camera.position_m[0] * [1.0, 1.0, 0.0]
    points = np.concatenate([athlete.posed.joints[:, 0, :2], *(item.pose[:, :2, 3] for item in athlete.items)])
    middle = np.array([*np.median(points, axis=0), 0.0])
    away = (middle - lens) / max(float(np.linalg.norm(middle - lens)), 1e-6)
    aside = np.array([-away[1], away[0], 0.0])
    there = middle + 3.0 * away
    for reach in np.linspace(0.0, 2.0, _TRIES):
        there = middle + (rng.uniform(1.2, 3.0) + reach) * away + rng.uniform(-2.2, 2.2) * aside
        if np.linalg.norm(points - there[:2], axis=1).min() > _APART_M:
            break
    return Place(float(rng.uniform(-180, 180)), there)
