"""What is written can be read back, by us and by a browser."""

from __future__ import annotations

import os
from pathlib import Path

import av
import numpy as np
import pytest
from tests.media.videos import UPRIGHT, corners, number_of, picture

from deukgeun.errors import OutputError
from deukgeun.media import VideoWriter, probe, read_frames
from deukgeun.media import writer as module
from deukgeun.settings import Settings

HERE = Settings({"media_isolate": False, "decode_threads": 1})


def _write(path: Path, times: list[float], size: tuple[int, int] = (96, 64)) -> Path:
    with VideoWriter(path, *size, fps_hint=10.0) as out:
        for number, time_s in enumerate(times):
            out.write(picture(number, *size), time_s)
    return path


def test_written_pictures_come_back_at_their_times(tmp_path: Path) -> None:
    times = [0.0, 0.1, 0.2337, 0.5, 0.501, 2.0]
    path = _write(tmp_path / "out.mp4", times)
    with read_frames(path, settings=HERE) as reader:
        got = list(reader)
        assert reader.warnings == []
    assert [frame.time_s for frame in got] == pytest.approx(times, abs=2e-5)
    assert [number_of(frame.image) for frame in got] == list(range(6))
    assert all(corners(frame.image) == UPRIGHT for frame in got)
    assert os.listdir(tmp_path) == ["out.mp4"]  # noqa: PTH208


def test_a_browser_can_play_it_while_it_loads(tmp_path: Path) -> None:
    path = _write(tmp_path / "out.mp4", [0.0, 0.1])
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(str(path)) as container:
        assert container.streams.video[0].codec_context.name == "h264"
        assert container.streams.video[0].pix_fmt == "yuv420p"


def test_harder_compression_makes_smaller_files(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (6, 64, 96, 3), dtype=np.uint8)
    sizes = []
    for crf in (18, 35):
        with VideoWriter(tmp_path / f"{crf}.mp4", 96, 64, 10.0, crf=crf) as out:
            for number, image in enumerate(noise):
                out.write(image, number / 10)
        sizes.append((tmp_path / f"{crf}.mp4").stat().st_size)
    assert sizes[1] < 0.7 * sizes[0]


@pytest.mark.parametrize(("size", "written"), [((97, 65), (96, 64)), ((96, 65), (96, 64)), ((97, 1), (96, 2))])
def test_odd_sides_are_made_even(tmp_path: Path, size: tuple[int, int], written: tuple[int, int]) -> None:
    with VideoWriter(tmp_path / "odd.mp4", *size, fps_hint=29.97) as out:
        out.write(np.full((size[1], size[0], 3), 200, np.uint8), 0.0)
    info = probe(tmp_path / "odd.mp4", HERE)
    assert (info.width, info.height) == written


@pytest.mark.parametrize("encoder", ["libx264", "mpeg4"])
def test_other_encoders_serve_too(tmp_path: Path, encoder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ENCODERS", tuple(row for row in module.ENCODERS if row[0] == encoder))
    path = _write(tmp_path / "out.mp4", [0.0, 0.1, 0.25])
    with read_frames(path, settings=HERE) as reader:
        assert [frame.time_s for frame in reader] == pytest.approx([0.0, 0.1, 0.25], abs=2e-4)


def test_pictures_must_fit_and_times_increase(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "out.mp4", 96, 64, fps_hint=10.0) as out:
        out.write(picture(0, 96, 64), 0.5)
        for time_s in (0.5, 0.2):
            with pytest.raises(ValueError, match="time_s must increase"):
                out.write(picture(1, 96, 64), time_s)
        with pytest.raises(ValueError, match="image must be"):
            out.write(picture(1, 64, 96), 1.0)


def test_after_an_error_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "out.mp4").write_bytes(b"the old one")
    with pytest.raises(RuntimeError, match="mine"), VideoWriter(tmp_path / "out.mp4", 96, 64, 10.0) as out:
        out.write(picture(0, 96, 64), 0.0)
        raise RuntimeError("mine")
    assert (tmp_path / "out.mp4").read_bytes() == b"the old one"
    assert os.listdir(tmp_path) == ["out.mp4"]  # noqa: PTH208


def test_an_existing_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "out.mp4").write_bytes(b"the old one")
    assert probe(_write(tmp_path / "out.mp4", [0.0]), HERE).codec == "h264"


def test_where_it_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "folder.mp4", tmp_path / "missing" / "a.mp4", tmp_path / "file" / "a.mp4"):
        with pytest.raises(OutputError) as raised:
            VideoWriter(path, 96, 64, 10.0).__enter__()
        assert raised.value.code == "output-not-writable"
        assert str(path) in raised.value.message


def test_a_disk_that_fails_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError, match="No space left"):
        _write(tmp_path / "out.mp4", [0.0])
    assert os.listdir(tmp_path) == []  # noqa: PTH208


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full here")
def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = VideoWriter(tmp_path / "out.mp4", 96, 64, 10.0)
    monkeypatch.setattr(writer, "_part", Path("/dev/full"))
    monkeypatch.setattr(Path, "unlink", lambda self, missing_ok=False: None)
    rng = np.random.default_rng(0)
    with pytest.raises(OutputError), writer:
        for index in range(200):
            writer.write(rng.integers(0, 255, (64, 96, 3), np.uint8), index / 10)


def test_a_video_of_no_pictures_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no picture"), VideoWriter(tmp_path / "out.mp4", 96, 64, 10.0):
        pass
    assert os.listdir(tmp_path) == []  # noqa: PTH208


def test_a_closed_writer_takes_nothing(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "out.mp4", 96, 64, 10.0) as out:
        out.write(picture(0, 96, 64), 0.0)
    with pytest.raises(ValueError, match="not open"):
        out.write(picture(1, 96, 64), 1.0)
