"""Whatever a file holds, it ends in pictures, perhaps with warnings, or in a coded error."""

from __future__ import annotations

import ctypes
import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.media.hostile import HostileFile, corpus, playlists
from tests.media.support_processes import children
from tests.media.videos import steady, write_video

from deukgeun.errors import DeukgeunError, MediaError
from deukgeun.media import read_frames
from deukgeun.media.decode import Decoder
from deukgeun.media.limits import Job, Limits
from deukgeun.media.types import CONTAINERS
from deukgeun.settings import Settings

APART = Settings({"decode_threads": 1, "media_memory_mb": 1024, "media_stall_s": 10.0})
COMMON_ENDS = ("media-no-frames", "media-not-video", "media-forbidden-format", "media-empty", "media-too-large")
IN_OPEN = 0x20  # <sys/inotify.h>


@pytest.mark.slow
def test_the_whole_corpus(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "seeds").mkdir()
    target = write_video(tmp_path / "target.mp4", steady(3))
    files = corpus(tmp_path / "seeds", target)
    assert len(files) >= 300
    with opened(target) as opens, ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(lambda pair: _end(tmp_path, *pair), enumerate(files)))
        assert opens() == 0
    wrong = [(file.name, end) for file, end in zip(files, ends, strict=True) if file.readable and end != "read"]
    assert wrong == []
    tally = Counter(ends)
    assert set(tally) <= {"read", "no such picture"} | {end for end in tally if end.startswith("media-")}
    assert tally["read"] > 60
    assert {"media-no-frames", "media-not-video", "media-forbidden-format", "media-empty", "media-too-large"} <= set(
        tally
    )
    assert children() == []
    assert capfd.readouterr() == ("", "")


def _end(folder: Path, index: int, file: HostileFile) -> str:
    path = folder / f"{index}-{file.name}"
    path.write_bytes(file.data)
    try:
        with read_frames(path, rate_hz=10.0, settings=APART) as reader:
            times = [frame.time_s for frame in reader]
    except DeukgeunError as error:
        assert error.message
        return error.code
    finally:
        path.unlink()
    assert times == sorted(set(times))
    return "read" if times else "nothing"


def test_playlists_are_refused_before_a_decoder_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deukgeun.media.reader.DecoderProcess", None)
    target = write_video(tmp_path / "target.mp4", steady(3))
    for file in playlists(target):
        path = tmp_path / file.name
        path.write_bytes(file.data)
        with opened(target) as opens:
            with pytest.raises(MediaError) as raised:
                read_frames(path, settings=APART).__enter__()
            assert raised.value.code == "media-forbidden-format", file.name
            assert opens() == 0


@pytest.mark.parametrize("container", CONTAINERS)
def test_no_demuxer_follows_a_playlist_either(tmp_path: Path, container: str) -> None:
    target = write_video(tmp_path / "target.mp4", steady(3))
    for file in playlists(target):
        path = tmp_path / file.name
        path.write_bytes(file.data)
        with opened(target) as opens, path.open("rb", buffering=0) as video:
            with pytest.raises(MediaError) as raised:
                Decoder(video, Job(str(path), container, Limits.of(APART)))
            assert raised.value.code == "media-no-frames"
            assert opens() == 0


def test_the_watch_itself_sees_an_opening(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with opened(tmp_path / "a") as opens:
        (tmp_path / "a").read_text()
        assert opens() == 1


@contextmanager
def opened(path: Path) -> Iterator[Callable[[], int]]:
    """Give a function that counts how often any process opened the file."""
    libc = ctypes.CDLL(None, use_errno=True)
    watch = libc.inotify_init1(os.O_NONBLOCK)
    if watch < 0:
        pytest.skip("no inotify here")
    try:
        assert libc.inotify_add_watch(watch, os.fsencode(path), IN_OPEN) >= 0

        def count() -> int:
            try:
                return len(os.read(watch, 4096)) // 16  # sizeof(struct inotify_event), without a name
            except BlockingIOError:
                return 0

        yield count
    finally:
        os.close(watch)
