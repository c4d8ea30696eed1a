"""The real networks on real and rendered pictures."""

from __future__ import annotations

from functools import cache
from itertools import takewhile
from pathlib import Path

import numpy as np
import pytest

from deukgeun.media import Frame, frames
from deukgeun.pose import PoseTrack, PoseTracker, main_subject, track
from deukgeun.settings import load_settings

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "samples" / "home_workout.mp4"
CLIPS = ROOT.parent / "shared" / "data" / "clips"
SQUAT = CLIPS / "autsadayut1996__videos_squat.mp4"


def pictures(video: Path, seconds: float, rate_hz: float = 10.0) -> list[Frame]:
    if not video.exists():
        pytest.skip(f"{video.name} is not at hand")
    return list(takewhile(lambda frame: frame.time_s < seconds, frames(video, rate_hz=rate_hz)))


@cache
def followed(video: Path, seconds: float) -> PoseTrack:
    shown = pictures(video, seconds)
    height, width = shown[0].image.shape[:2]
    found = main_subject(track(shown, load_settings(environ={}, model="lite")), width, height)
    assert found is not None
    assert len(found) >= 0.95 * len(shown)
    return found


def upright_share(seen: PoseTrack) -> float:
    """The share of pictures in which the shoulders are above the hips, and the hips above the ankles."""
    rows = [
        seen.xy[:, list(seen.skeleton.indices(f"left_{p}", f"right_{p}")), 1].mean(axis=1)
        for p in ("shoulder", "hip", "ankle")
    ]
    return float(np.mean((rows[0] < rows[1]) & (rows[1] < rows[2])))


@pytest.mark.parametrize("video", [SAMPLE, SQUAT], ids=["rendered", "real"])
def test_somebody_who_squats_is_followed_upright_and_in_the_picture(video: Path) -> None:
    seen = followed(video, 5.0)
    assert upright_share(seen) > 0.95
    inside = (seen.xy >= -20) & (seen.xy <= np.array(pictures(video, 0.1)[0].image.shape[1::-1]) + 20)
    assert inside.mean() > 0.99


@pytest.mark.parametrize("video", [SAMPLE, SQUAT], ids=["rendered", "real"])
def test_metres_are_those_of_a_body(video: Path) -> None:
    seen = followed(video, 5.0)
    assert seen.xyz is not None
    thigh = seen.xyz[:, seen.skeleton.index("left_hip")] - seen.xyz[:, seen.skeleton.index("left_knee")]
    length = np.linalg.norm(thigh, axis=1)
    assert 0.25 < np.median(length) < 0.6
    hips = seen.xyz[:, list(seen.skeleton.indices("left_hip", "right_hip"))].mean(axis=1)
    assert np.abs(hips).max() < 0.05, "the origin lies between the hips"


def test_half_a_picture_s_size_gives_the_same_pose_in_the_same_pixels() -> None:
    full = pictures(SAMPLE, 1.0)
    half = [Frame(f.time_s, np.ascontiguousarray(f.image[::2, ::2]), 0.5) for f in full]
    settings = load_settings(environ={}, model="lite")
    (large,), (small,) = track(full, settings), track(half, settings)
    torso = np.linalg.norm(large.xy[:, 11] - large.xy[:, 23], axis=1).mean()
    away = np.linalg.norm(large.xy - small.xy, axis=2) / torso
    assert np.median(away) < 0.08


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_somebody_who_lies_across_the_picture_is_found(turns: int) -> None:
    """The rendered athlete, the picture turned: the same body, turned with it, found and not somewhere else."""
    shown = pictures(SAMPLE, 1.0)
    settings = load_settings(environ={}, model="lite", max_people=1)
    upright = PoseTracker(settings, smooth=False)
    turned = PoseTracker(settings, smooth=False)
    pairs = []
    for frame in shown:
        there = turned.update(Frame(frame.time_s, np.ascontiguousarray(np.rot90(frame.image, turns))))
        here = upright.update(frame)
        if here and there:
            pairs.append((here[0].xy, _turned_back(there[0].xy, frame.image.shape[:2], turns)))
    assert len(pairs) >= 0.7 * len(shown)
    away = [np.median(np.linalg.norm(a - b, axis=1)) / np.linalg.norm(a[11] - a[23]) for a, b in pairs]
    assert np.median(away) < 0.15


def _turned_back(xy: np.ndarray, shape: tuple[int, ...], turns: int) -> np.ndarray:
    """Return pixels of the turned picture as those of the picture before (``np.rot90``: counter-clockwise)."""
    height, width = shape if turns % 2 == 0 else shape[::-1]
    for _ in range(turns):
        xy, (height, width) = np.stack([height - xy[:, 1], xy[:, 0]], axis=1), (width, height)
    return xy


def test_nobody_is_seen_in_an_empty_room() -> None:
    wall = np.random.default_rng(0).integers(90, 110, (240, 320, 3), dtype=np.uint8)
    assert track([Frame(i / 10, wall) for i in range(6)], load_settings(environ={}, model="lite")) == []
