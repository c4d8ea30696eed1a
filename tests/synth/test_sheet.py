"""Contact sheets show the key moments, from the sides asked for."""

from __future__ import annotations

import numpy as np

from deukgeun.synth.motions.plan import Plan, draw_effort, plan_set
from deukgeun.synth.motions.style import draw
from deukgeun.synth.repertoire import piece_named
from deukgeun.synth.scenario import facing, film_points
from deukgeun.synth.sheet import VIEWS, moments, page, stick_cells
from deukgeun.synth.sheet.pick import shown_frames
from deukgeun.synth.sheet.views import view_camera


def planned(name: str, seed: int) -> Plan:
    rng = np.random.default_rng(seed)
    style = draw(piece_named(name, rng).motion, rng)
    return plan_set(style, draw_effort(rng, 1, partial=0.0), rng)


def test_the_far_end_of_a_repetition_is_shown() -> None:
    for seed in range(5):
        plan = planned("push_up", seed)
        time_s = np.arange(0, plan.duration_s, 1 / 30)
        frames = shown_frames(plan, time_s, 6)
        assert len(frames) == 6 and (np.diff(frames) > 0).all()
        assert np.abs(time_s[frames] - plan.repetitions[0].peak_s).min() <= 1 / 30


def test_a_page_has_a_row_a_view_and_a_column_a_moment() -> None:
    shown = moments(piece_named("bodyweight_squat", np.random.default_rng(1)), 1, 4)
    image = page(shown, ("front", "side"), 96, stick_cells)
    assert image.shape[1] == 4 * 98 and image.shape[0] > 2 * 98 and image.dtype == np.uint8
    rows = image[-2 * 98 :].reshape(2, 98, 4, 98, 3)[:, 20:70, :, 20:70]
    assert rows.std(axis=(1, 3)).min() > 5  # there is somebody in every cell


def test_every_view_has_the_whole_athlete() -> None:
    act = moments(piece_named("push_up", np.random.default_rng(2)), 2, 3).act
    points = film_points(act)
    for view in VIEWS:
        xy, _ = view_camera(view, points, 200, facing(act)).project(points)
        assert (xy >= 0).all() and (xy <= 200).all(), view
