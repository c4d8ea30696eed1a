"""The five cameras stand where the layouts say, and see people as large as the real ones do."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from tests.synth.cameras.support import STANDING, lying

from deukgeun.synth.athletes.bank import athletes
from deukgeun.synth.cameras import LAYOUTS, LETTERS, aihub_cameras

Array = npt.NDArray[np.float64]
AHEAD = (0.0, -1.0, 0.0)
NAMED = [f"{side}_{joint}" for joint in ("shoulder", "ankle", "hip") for side in ("left", "right")]
LABELS = Path(__file__).resolve().parents[4] / "shared" / "data" / "aihub_keypoints" / "train_df.csv"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_five_still_cameras_of_full_hd(layout: str) -> None:
    cameras = aihub_cameras(layout)
    assert tuple(cameras) == LETTERS
    assert {(c.width, c.height, len(c.position_m)) for c in cameras.values()} == {(1920, 1080, 1)}
    assert len({c.focal_px for c in cameras.values()}) == 1


@pytest.mark.parametrize(
    ("layout", "views"),
    [
        ("standing", ["rear_oblique_right", "front_oblique_right", "front", "front_oblique_left", "rear_oblique_left"]),
        ("cable", ["front_oblique_left", "rear_oblique_left", "back", "rear_oblique_right", "front_oblique_right"]),
    ],
)
def test_each_letter_has_its_side(layout: str, views: list[str]) -> None:
    assert [camera.view for camera in aihub_cameras(layout).values()] == [f"{view}_mid" for view in views]


@pytest.mark.parametrize("layout", ["floor", "bench"])
@pytest.mark.parametrize("heading", [AHEAD, (0.6, 0.8, 0.0)])
def test_a_lying_body_is_seen_from_its_side_with_the_head_to_the_left(
    layout: str, heading: tuple[float, float, float]
) -> None:
    cameras = aihub_cameras(layout, (1.0, 2.0), heading)
    middle = np.array([1.0, 2.0, 0.3])
    head, feet = middle + 0.8 * np.array(heading), middle - 0.8 * np.array(heading)
    across = {}
    for letter, camera in cameras.items():
        xy, depth = camera.project(np.stack([head, feet])[None])
        assert (xy > 0).all() and (xy < [1920, 1080]).all()
        across[letter] = (xy[0, 0] - xy[0, 1])[0], depth[0, 0] - depth[0, 1]
    assert across["C"][0] < -400 and abs(across["C"][1]) < 0.05
    assert all(across[letter][1] < 0 for letter in "AB")  # the head is nearer
    assert all(across[letter][1] > 0 for letter in "DE")


@pytest.mark.parametrize("layout", ["standing", "cable"])
def test_a_standing_athlete_is_whole_in_every_picture_of_every_day(layout: str) -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        for camera in aihub_cameras(layout, rng=rng).values():
            xy, _ = camera.project(STANDING[None])
            assert (xy > 0).all() and (xy < [1920, 1080]).all()


def test_a_lying_athlete_is_whole_in_every_picture_of_every_day() -> None:
    rng = np.random.default_rng(1)
    points = lying()[:1]
    for _ in range(20):
        for camera in aihub_cameras("floor", rng=rng).values():
            xy, _ = camera.project(points)
            assert (xy > 0).all() and (xy < [1920, 1080]).all()


def test_a_day_is_a_seed() -> None:
    one, same, other = (aihub_cameras("standing", rng=np.random.default_rng(s))["C"] for s in (1, 1, 2))
    np.testing.assert_array_equal(one.position_m, same.position_m)
    assert 0.01 < np.abs(one.position_m - other.position_m).max() < 2.0


def test_the_camera_looks_down_by_its_pitch() -> None:
    camera = aihub_cameras("floor")["E"]
    assert np.degrees(np.arcsin(camera.rotation[0, 2, 2])) == pytest.approx(-22.0)


def test_another_layout_is_refused() -> None:
    with pytest.raises(ValueError, match="sitting"):
        aihub_cameras("sitting")


def _upright_rows() -> dict[str, dict[str, list[Array]]]:
    """By camera and performer, labels (24, 2) of people who stand upright in an exercise done standing."""
    rows: dict[tuple[str, str], dict[str, Array]] = defaultdict(dict)
    with LABELS.open(encoding="utf-8", newline="") as file:
        for row in list(csv.reader(file))[1:]:
            clip, rest = row[0].split("_")
            if clip.split("-")[2] == "1":
                rows[clip, rest[2:]][rest[0]] = np.array(row[1:], dtype=float).reshape(24, 2)
    found: dict[str, dict[str, list[Array]]] = {letter: defaultdict(list) for letter in LETTERS}
    for (clip, _), views in rows.items():
        if _is_upright(views["C"]):
            for letter, xy in views.items():
                found[letter][clip.split("-")[4]].append(xy)
    return found


def _is_upright(xy: Array) -> bool:
    """Legs straight and vertical, and the trunk over them: all within 10 degrees."""
    chain = np.stack([xy[[a, b]].mean(axis=0) for a, b in ((5, 6), (11, 12), (13, 14), (15, 16))])
    step = np.diff(chain, axis=0)
    apart = np.ptp(xy[[15, 16], 0])
    straight = np.abs(step[:, 0]) < 0.18 * step[:, 1]
    return bool(straight.all() and apart < 130 and step[0, 1] > 0.42 * (chain[3, 1] - chain[1, 1]))


@pytest.mark.skipif(not LABELS.exists(), reason="the label rows are not beside the project")
@pytest.mark.parametrize("letter", LETTERS)
def test_people_are_as_large_and_where_they_are_in_the_real_pictures(letter: str) -> None:
    """Height from shoulder to ankle: within 10 %; ankles and middle: not 40 px beyond what differs between days."""
    bodies = np.stack([np.stack([figure.landmark(f"aihub_24/{name}") for name in NAMED]) for figure in athletes()])
    xy, _ = aihub_cameras("standing")[letter].project(bodies.reshape(1, -1, 3))
    shoulder, ankle, hip = np.median(xy[0].reshape(-1, 3, 2, 2).mean(axis=2), axis=0)
    days = [np.stack(labels) for labels in _upright_rows()[letter].values()]
    assert len(days) == 3 and min(len(day) for day in days) > 15
    tall = [np.median(day[:, [15, 16], 1].mean(axis=1) - day[:, [5, 6], 1].mean(axis=1)) for day in days]
    assert ankle[1] - shoulder[1] == pytest.approx(np.mean(tall), rel=0.10)
    low = [np.median(day[:, [15, 16], 1]) for day in days]
    assert min(low) - 40 < ankle[1] < max(low) + 40
    middle = [np.median(day[:, [11, 12], 0]) for day in days]
    assert min(middle) - 40 < hip[0] < max(middle) + 40
