"""Every file that cannot be analysed ends in its own code, in this process and in one of its own."""

from __future__ import annotations

import gzip
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from tests.media.videos import damage, steady, write_sound, write_video

from deukgeun.errors import MediaError
from deukgeun.media import probe, read_frames
from deukgeun.settings import Settings

HERE = Settings({"media_isolate": False, "decode_threads": 1})


def _plain(path: Path) -> Path:
    return write_video(path / "plain.mp4", steady(6))


def _bytes(name: str, data: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return make


def _zip(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "a.mp4", "w") as archive:
        archive.writestr("x", "y" * 100)
    return folder / "a.mp4"


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.mp4")
    return folder / "pipe.mp4"


def _cut_before_index(folder: Path) -> Path:
    data = _plain(folder).read_bytes()
    return _bytes("cut.mp4", data[: data.index(b"moov") - 4])(folder)


def _only_index(folder: Path) -> Path:
    path = write_video(folder / "fast.mp4", steady(6), muxer={"movflags": "faststart"})
    data = path.read_bytes()
    return _bytes("index.mp4", data[: data.index(b"mdat") + 4])(folder)


def _cover_art(folder: Path) -> Path:
    path = folder / "song.mp4"
    with av.open(str(path), "w") as out:
        sound = out.add_stream("aac", rate=48_000)
        cover = out.add_stream("mjpeg", rate=1)
        assert isinstance(cover, av.VideoStream)
        assert isinstance(sound, av.AudioStream)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        for index in range(20):
            silence = av.AudioFrame.from_ndarray(np.zeros((2, 1024), np.float32), format="fltp", layout="stereo")
            silence.sample_rate, silence.pts = 48_000, index * 1024
            out.mux(sound.encode(silence))
        out.mux(sound.encode(None))
        out.mux(cover.encode(av.VideoFrame(64, 64, "yuvj420p")))
        out.mux(cover.encode(None))
    return path


def _unknown_codec(folder: Path) -> Path:
    path = _plain(folder)
    path.write_bytes(path.read_bytes().replace(b"avc1", b"zzzz"))
    return path


WRITE_ERRORS: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "no such file": ("media-not-found", lambda folder: folder / "nothing.mp4"),
    "a folder": ("media-directory", lambda folder: folder),
    "a named pipe": ("media-not-readable", _pipe),
    "a name with a zero byte": ("media-not-readable", lambda folder: folder / "a\0b.mp4"),
    "empty": ("media-empty", _bytes("a.mp4", b"")),
    "text": ("media-not-video", _bytes("a.mp4", b"three sets of squats\n" * 40)),
    "zeros": ("media-not-video", _bytes("a.mp4", bytes(5000))),
    "noise": ("media-not-video", _bytes("a.mp4", np.random.default_rng(1).bytes(5000))),
    "zip": ("media-not-video", _zip),
    "gzip": ("media-not-video", _bytes("a.mp4", gzip.compress(b"x" * 500))),
    "png": ("media-not-video", _bytes("a.mp4", b"\x89PNG\r\n\x1a\n" + bytes(200))),
    "heic": ("media-not-video", _bytes("a.mov", b"\0\0\0\x18ftypheic" + bytes(200))),
    "mp3": ("media-audio-only", _bytes("a.mp4", b"ID3\x04" + bytes(300))),
    "wav": ("media-audio-only", _bytes("a.avi", b"RIFF\x24\x08\0\0WAVEfmt " + bytes(300))),
    "m4a": ("media-audio-only", lambda folder: write_sound(folder / "a.m4a")),
    "sound in mp4": ("media-audio-only", lambda folder: write_sound(folder / "a.mp4")),
    "sound with a cover": ("media-audio-only", _cover_art),
    "hls": ("media-forbidden-format", _bytes("a.mp4", b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nb.ts\n")),
    "concat": ("media-forbidden-format", _bytes("a.mp4", b"ffconcat version 1.0\nfile /etc/passwd\n")),
    "dash": ("media-forbidden-format", _bytes("a.mp4", b"<?xml version='1.0'?><MPD><Period/></MPD>")),
    "sdp": ("media-forbidden-format", _bytes("a.mp4", b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n")),
    "ogg": ("media-forbidden-format", _bytes("a.mp4", b"OggS" + bytes(300))),
    "mpeg-ts": ("media-forbidden-format", _bytes("a.mp4", (b"G" + bytes(187)) * 4)),
    "cut before its index": ("media-no-frames", _cut_before_index),
    "an index and no pictures": ("media-no-frames", _only_index),
    "swapped magic": ("media-no-frames", _bytes("a.avi", b"RIFF\xff\0\0\0AVI LIST" + bytes(300))),
    "unknown codec": ("media-codec", _unknown_codec),
}


@pytest.mark.parametrize("isolate", [False, True])
@pytest.mark.parametrize("name", WRITE_ERRORS)
def test_error_codes(tmp_path: Path, name: str, isolate: bool) -> None:
    code, make = WRITE_ERRORS[name]
    path = make(tmp_path)
    with pytest.raises(MediaError) as raised:
        probe(path, HERE.with_values(media_isolate=isolate))
    assert raised.value.code == code
    assert str(path) in raised.value.message
    assert raised.value.hint


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_permissions(tmp_path: Path) -> None:
    path = _plain(tmp_path)
    path.chmod(0)
    with pytest.raises(MediaError) as raised:
        probe(path, HERE)
    assert raised.value.code == "media-not-readable"


def test_a_file_that_the_system_does_not_give(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(MediaError, match="Permission denied") as raised:
        probe(tmp_path / "a.mp4", HERE)
    assert raised.value.code == "media-not-readable"


LIMITS = {
    "media_max_bytes": (100, "the file size"),
    "media_max_pixels": (95 * 64, "the picture size"),
    "media_max_fps": (29.0, "the frame rate"),
    "media_max_duration_s": (1.5, "the duration"),
}


@pytest.mark.parametrize("isolate", [False, True])
@pytest.mark.parametrize("name", LIMITS)
def test_limits_are_checked_before_decoding(tmp_path: Path, name: str, isolate: bool) -> None:
    limit, what = LIMITS[name]
    path = write_video(tmp_path / "big.mp4", steady(60))
    with pytest.raises(MediaError) as raised:
        probe(path, HERE.with_values(media_isolate=isolate, **{name: limit}))
    assert raised.value.code == "media-too-large"
    assert raised.value.values["setting"] == name
    assert raised.value.values["limit"] == limit
    assert what in raised.value.message
    assert raised.value.exit_code == 4


def test_a_declared_flood_of_pixels(tmp_path: Path) -> None:
    data = _plain(tmp_path).read_bytes()
    at = data.index(b"avc1") + 4 + 24  # ISO/IEC 14496-12 §12.1.3: width and height of the sample entry
    path = tmp_path / "flood.mp4"
    path.write_bytes(data[:at] + struct.pack(">HH", 16384, 16384) + data[at + 4 :])
    try:
        info = probe(path, HERE)
    except MediaError as error:
        assert error.code in ("media-too-large", "media-no-frames")
    else:
        assert (info.width, info.height) == (96, 64)  # the pictures themselves are what counts


def test_a_real_flood_of_pixels_is_not_decoded(tmp_path: Path) -> None:
    path = write_video(tmp_path / "flood.mkv", [0.0], (2048, 2048), codec="ffv1", pix_fmt="gray")
    with pytest.raises(MediaError) as raised:
        probe(path, HERE.with_values(media_max_pixels=2048 * 2047))
    assert raised.value.code == "media-too-large"


@pytest.mark.parametrize("isolate", [False, True])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".avi"])
def test_a_cut_off_video_is_read_as_far_as_it_goes(tmp_path: Path, suffix: str, isolate: bool) -> None:
    muxer = {"movflags": "faststart"} if suffix == ".mp4" else {}
    path = write_video(tmp_path / f"whole{suffix}", steady(90), options={"g": "10", "b": "400000"}, muxer=muxer)
    cut = tmp_path / f"cut{suffix}"
    data = path.read_bytes()
    cut.write_bytes(data[: len(data) * 6 // 10])
    with read_frames(cut, settings=HERE.with_values(media_isolate=isolate)) as reader:
        got = list(reader)
        assert 10 < len(got) < 90
        warning = next(warning for warning in reader.warnings if warning.code == "media-truncated")
        assert "cut off" in warning.message


@pytest.mark.parametrize("isolate", [False, True])
def test_damaged_pictures_are_skipped_with_a_warning(tmp_path: Path, isolate: bool) -> None:
    path = damage(write_video(tmp_path / "whole.mp4", steady(60), options={"g": "10"}))
    with read_frames(path, settings=HERE.with_values(media_isolate=isolate)) as reader:
        got = list(reader)
        assert len(got) > 20
        assert {warning.code for warning in reader.warnings} == {"media-damaged"}


def test_a_lie_about_the_duration_is_told(tmp_path: Path) -> None:
    path = write_video(tmp_path / "whole.mkv", steady(30), audio=False)
    data = bytearray(path.read_bytes())
    at = data.index(b"\x44\x89\x88") + 3  # Matroska's Duration, in milliseconds
    data[at : at + 8] = struct.pack(">d", 60_000.0)
    path.write_bytes(data)
    with read_frames(path, settings=HERE) as reader:
        assert reader.info.duration_s == pytest.approx(60.0)
        assert len(list(reader)) == 30
        assert "60.0 s" in next(w.message for w in reader.warnings if w.code == "media-truncated")


def test_a_video_longer_than_it_declares_is_stopped_at_the_limit(tmp_path: Path) -> None:
    path = write_video(tmp_path / "live.webm", steady(90), muxer={"live": "1"})
    with read_frames(path, settings=HERE.with_values(media_max_duration_s=2.0)) as reader:
        got = list(reader)
        assert got[-1].time_s <= 2.0
        assert [warning.code for warning in reader.warnings] == ["media-too-long"]
