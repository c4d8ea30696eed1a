"""Decoding: upright pictures at the right times, whatever the container."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.media.videos import UPRIGHT, corners, number_of, steady, write_video

from deukgeun.media import Frame, frames, probe, read_frames, thumbnail
from deukgeun.media.decode import TICK_TOLERANCE_S, on_ticks
from deukgeun.settings import Settings

HERE = Settings({"media_isolate": False, "decode_threads": 1})
APART = Settings({"media_isolate": True, "decode_threads": 1})


def read(path: Path, rate_hz: float | None = None, settings: Settings = HERE) -> list[Frame]:
    with read_frames(path, rate_hz=rate_hz, settings=settings) as reader:
        return list(reader)


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".webm", ".avi", ".gif"])
def test_every_container(tmp_path: Path, suffix: str) -> None:
    rate = 25.0 if suffix != ".gif" else 10.0
    path = write_video(tmp_path / f"a{suffix}", steady(12, rate), rate=rate)
    with read_frames(path, settings=HERE) as reader:
        got = list(reader)
        assert reader.warnings == []
        assert reader.info.container == suffix[1:]
        assert (reader.info.width, reader.info.height) == (96, 64)
    assert [number_of(frame.image) for frame in got] == list(range(12))
    assert [frame.time_s for frame in got] == pytest.approx(steady(12, rate), abs=0.0011)
    assert all(corners(frame.image) == UPRIGHT for frame in got)


@pytest.mark.parametrize("isolate", [False, True])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_rotation(tmp_path: Path, rotation: int, isolate: bool) -> None:
    path = write_video(tmp_path / "r.mp4", steady(4), (97, 64), rotation=rotation, codec="mpeg4")
    with read_frames(path, settings=HERE.with_values(media_isolate=isolate)) as reader:
        info, got = reader.info, list(reader)
    assert (info.rotation_deg, info.width, info.height) == (rotation, 97, 64)
    assert [number_of(frame.image) for frame in got] == [0, 1, 2, 3]
    assert all(corners(frame.image) == UPRIGHT and frame.image.shape == (64, 97, 3) for frame in got)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_mirrored_display_matrix(tmp_path: Path, rotation: int) -> None:
    path = write_video(tmp_path / "m.mp4", steady(2), rotation=rotation, mirrored=True)
    assert [corners(frame.image) for frame in read(path)] == [UPRIGHT, UPRIGHT]


TIMINGS = {
    "variable rate": [0.0, 0.03, 0.2, 0.21, 0.5, 1.4, 1.41],
    "59.94": [index * 1001 / 60000 for index in range(20)],
    "240": steady(40, 240.0),
    "starts late": steady(10, 30.0, 7.25),
    "one picture": [0.0],
}


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("name", TIMINGS)
@pytest.mark.parametrize("reordered", ["0", "3"])
def test_times_come_from_the_container(tmp_path: Path, name: str, suffix: str, reordered: str) -> None:
    times = TIMINGS[name]
    got = read(write_video(tmp_path / f"t{suffix}", times, options={"bf": reordered}))
    assert [frame.time_s for frame in got] == pytest.approx([t - times[0] for t in times], abs=0.0011)
    assert [number_of(frame.image) for frame in got] == list(range(len(times)))


def test_pictures_that_an_edit_list_hides_are_not_shown(tmp_path: Path) -> None:
    path = write_video(tmp_path / "n.mp4", steady(10, 30.0, -0.1), options={"bf": "0"})
    got = read(path)
    assert [number_of(frame.image) for frame in got] == list(range(3, 10))
    assert [frame.time_s for frame in got] == pytest.approx(steady(7), abs=0.0011)


def test_pictures_without_pts_are_counted_on(tmp_path: Path) -> None:
    muxer = {"avoid_negative_ts": "disabled"}  # Matroska loses times before zero
    path = write_video(tmp_path / "n.mkv", steady(10, 30.0, -0.2), options={"bf": "0"}, muxer=muxer)
    got = read(path)
    assert [number_of(frame.image) for frame in got] == list(range(10))
    assert [frame.time_s for frame in got] == pytest.approx(steady(10), abs=0.005)


def test_negative_pts(tmp_path: Path) -> None:
    muxer = {"avoid_negative_ts": "disabled", "movflags": "negative_cts_offsets", "use_editlist": "0"}
    path = write_video(tmp_path / "n.mp4", steady(10, 30.0, -0.2), muxer=muxer)
    got = read(path)
    assert got[0].time_s == 0.0
    assert [number_of(frame.image) for frame in got] == list(range(10))
    assert got[-1].time_s == pytest.approx(0.3, abs=0.0011)


def test_missing_duration_and_no_index(tmp_path: Path) -> None:
    path = write_video(tmp_path / "live.webm", steady(15), muxer={"live": "1"})
    info = probe(path, HERE)
    assert info.duration_s is None
    with read_frames(path, settings=HERE) as reader:
        assert len(list(reader)) == 15
        assert reader.warnings == []


def test_fragmented_mp4(tmp_path: Path) -> None:
    muxer = {"movflags": "frag_keyframe+empty_moov"}
    path = write_video(tmp_path / "frag.mp4", steady(15), options={"g": "5", "bf": "0"}, muxer=muxer)
    assert [number_of(frame.image) for frame in read(path)] == list(range(15))


def test_ten_bits_and_odd_sides(tmp_path: Path) -> None:
    options = {"x265-params": "log-level=none:pools=none:frame-threads=1"}
    ten = write_video(tmp_path / "ten.mp4", steady(3), codec="libx265", options=options)
    assert [number_of(frame.image) for frame in read(ten)] == [0, 1, 2]
    odd = write_video(tmp_path / "odd.mkv", steady(3), (97, 65), codec="ffv1", pix_fmt="bgr0")
    assert read(odd)[0].image.shape == (65, 97, 3)


def test_pixels_that_are_not_square_are_made_so(tmp_path: Path) -> None:
    path = write_video(tmp_path / "sar.mp4", steady(2), (48, 64), aspect=Fraction(2))
    info = probe(path, HERE)
    assert (info.width, info.height) == (96, 64)
    frame = read(path)[0]
    assert frame.image.shape == (64, 96, 3)
    assert frame.scale == 1.0


@pytest.mark.parametrize(("size", "expected"), [((400, 200), (128, 64)), ((200, 400), (64, 128)), ((96, 64), (96, 64))])
def test_long_side_is_scaled_down(tmp_path: Path, size: tuple[int, int], expected: tuple[int, int]) -> None:
    path = write_video(tmp_path / "s.mp4", steady(2), size, rotation=90)
    frame = read(path, settings=HERE.with_values(media_max_side_px=128))[0]
    assert frame.image.shape == (expected[1], expected[0], 3)
    assert frame.scale == pytest.approx(expected[0] / size[0])
    assert corners(frame.image) == UPRIGHT


@pytest.mark.parametrize("rate_hz", [5.0, 10.0, 12.0, 30.0, 60.0])
def test_sampling_is_by_time(tmp_path: Path, rate_hz: float) -> None:
    path = write_video(tmp_path / "v.mkv", steady(45))
    every, sampled = read(path), read(path, rate_hz)
    assert {f.time_s for f in sampled} <= {f.time_s for f in every}
    assert len(sampled) == min(45, round(1.5 * rate_hz))
    assert all(number_of(f.image) == round(f.time_s * 30) for f in sampled)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.floats(0.002, 0.7), min_size=1, max_size=60),
    st.sampled_from([1.0, 7.5, 10.0, 29.97, 60.0]),
)
def test_each_tick_gets_the_first_picture_at_or_after_it(steps: list[float], rate_hz: float) -> None:
    times = [0.0, *np.cumsum(steps).tolist()]
    chosen = [t for t, _ in on_ticks(iter([(t, None) for t in times]), rate_hz)]  # type: ignore[misc]
    ticks = np.arange(0, int(times[-1] * rate_hz) + 1) / rate_hz
    wanted = {next(t for t in times if t + TICK_TOLERANCE_S >= tick) for tick in ticks}
    assert set(chosen) >= wanted
    assert all(b > a for a, b in pairwise(chosen))
    assert all(
        np.floor((b + TICK_TOLERANCE_S) * rate_hz) > np.floor((a + TICK_TOLERANCE_S) * rate_hz)
        for a, b in pairwise(chosen)
    )


def test_probe_tells_what_the_container_says(tmp_path: Path) -> None:
    stamp = {"creation_time": "2026-05-04T06:07:08Z"}
    path = write_video(tmp_path / "p.mp4", steady(30), audio=True, metadata=stamp)
    info = probe(path, APART)
    assert info.path == path
    assert info.size_bytes == path.stat().st_size
    assert len(info.sha256) == 64
    assert info.codec == "h264"
    assert info.has_audio
    assert info.duration_s == pytest.approx(1.0, abs=0.05)
    assert info.fps_mean == pytest.approx(30.0, rel=0.05)
    assert info.recorded_at is not None
    assert info.recorded_at.isoformat() == "2026-05-04T06:07:08+00:00"
    assert info == probe(path, HERE)


def test_a_container_without_a_date_has_none(tmp_path: Path) -> None:
    path = write_video(tmp_path / "p.mp4", steady(3))
    assert probe(path, HERE).recorded_at is None


@pytest.mark.parametrize("isolate", [False, True])
def test_thumbnail_is_the_nearest_picture(tmp_path: Path, isolate: bool) -> None:
    path = write_video(tmp_path / "t.mp4", steady(60, start_s=2.0), (192, 128), rotation=90, options={"g": "12"})
    here = HERE.with_values(media_isolate=isolate)
    image = thumbnail(path, 41.3 / 30, 96, here)
    assert image.shape == (64, 96, 3)
    assert (number_of(image), corners(image)) == (41, UPRIGHT)
    assert number_of(thumbnail(path, 100.0, settings=here)) == 59
    assert number_of(thumbnail(path, -1.0, settings=here)) == 0


def test_frames_yields_the_same(tmp_path: Path) -> None:
    path = write_video(tmp_path / "f.mp4", steady(30))
    here = [(f.time_s, number_of(f.image)) for f in frames(path, rate_hz=10.0)]
    apart = [(f.time_s, number_of(f.image)) for f in read(path, 10.0, APART)]
    assert here == apart
    assert [number for _, number in here] == list(range(0, 30, 3))


def test_pictures_are_the_callers_own(tmp_path: Path) -> None:
    path = write_video(tmp_path / "own.mp4", steady(20))
    got = read(path, settings=APART)
    assert [number_of(frame.image) for frame in got] == list(range(20))


def test_rate_must_be_positive(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="rate_hz"):
        read_frames(tmp_path / "x.mp4", rate_hz=0.0)
