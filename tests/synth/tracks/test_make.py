"""Labelled tracks: as the seed says, in files, resumable, fast."""

import json
import time
from pathlib import Path

import numpy as np
import pytest

from deukgeun.errors import OutputError
from deukgeun.synth.tracks.make import draw_track
from deukgeun.synth.tracks.model import error_model
from deukgeun.synth.tracks.shards import TrackOrder, make_tracks

NAMES = ("push_up", "bodyweight_squat", "barbell_curl", "plank", "walk", "jump_squat")


@pytest.mark.parametrize("name", NAMES)
def test_a_track_repeats_with_its_seed_and_says_what_it_is(name: str) -> None:
    one, two, other = draw_track(3, name), draw_track(3, name), draw_track(4, name)
    np.testing.assert_array_equal(one.track.xy, two.track.xy)
    assert one.label == name and one.sets == two.sets
    assert one.track.xy.shape != other.track.xy.shape or not np.array_equal(one.track.xy, other.track.xy)
    assert one.track.time_s[0] >= 0 and one.track.time_s[-1] < 8.0
    assert np.isfinite(one.track.xy).all() and np.isfinite(one.track.xyz).all()
    assert ((one.track.score >= 0) & (one.track.score <= 1)).all()


def test_repetitions_lie_inside_the_track() -> None:
    for seed in range(6):
        made = draw_track(seed, "push_up")
        for each in made.sets:
            for rep in each.repetitions:
                assert 0 <= rep.start_s < rep.peak_s < rep.end_s <= 8.0


def test_two_hundred_tracks_a_minute_on_one_core() -> None:
    draw_track(0, "push_up")  # what is loaded once
    begun = time.process_time()
    for seed in range(20):
        draw_track(seed, NAMES[seed % len(NAMES)])
    assert (time.process_time() - begun) / 20 < 60 / 200


def test_shards_are_made_once_and_the_folder_keeps_its_order(tmp_path: Path) -> None:
    order = TrackOrder(("push_up", "plank"), 2, seed=5, duration_s=3.0, shard=3)
    files = list(make_tracks(order, tmp_path))
    assert [f.name for f in files] == ["tracks-00000.npz", "tracks-00001.npz"]
    before = files[0].read_bytes()
    files[1].unlink()
    assert [f.exists() for f in make_tracks(order, tmp_path)] == [True, True]
    assert files[0].read_bytes() == before
    with np.load(files[0]) as raw:
        facts = [json.loads(text) for text in raw["facts"]]
        assert len(raw["starts"]) == 4 and raw["starts"][-1] == len(raw["time_s"]) == len(raw["xyz"])
    assert [f["label"] for f in facts] == ["push_up", "plank", "push_up"]
    with pytest.raises(OutputError):
        list(make_tracks(TrackOrder(("plank",), 1, seed=5), tmp_path))


def test_the_model_that_ships_is_of_the_estimator_s_rate() -> None:
    model = error_model()
    assert model.rate_hz == 10.0 and len(model.donors) >= 200
