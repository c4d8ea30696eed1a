"""The decoding process: it obeys its limits, leaves nothing behind, and cannot harm the parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from tests.media.support_processes import children
from tests.media.videos import damage, number_of, steady, write_video

from deukgeun.errors import MediaError
from deukgeun.media import process, read_frames
from deukgeun.media.process import DecoderProcess
from deukgeun.settings import Settings

APART = Settings({"media_isolate": True, "decode_threads": 1})
FAKE_HEADER = (
    '["header", {"codec": "h264", "width": 4, "height": 2, "rotation_deg": 0, "duration_s": 1.0, "fps_mean": 30.0,'
    ' "recorded_at": null, "has_audio": false, "picture_width": 4, "picture_height": 2}]'
)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return write_video(tmp_path / "a.mp4", steady(120))


def _fake(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let the child be another program, which speaks the protocol as this script does."""
    real = subprocess.Popen

    def start(command: list[str], **options: object) -> subprocess.Popen[bytes]:
        return real([sys.executable, "-c", f"import os, sys, time\nH={FAKE_HEADER!r}\n{script}"], **options)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(subprocess, "Popen", start)


def _say(*lines: str) -> str:
    return f"sys.stdout.write({chr(10).join(lines) + chr(10)!r}); sys.stdout.flush()\n"


def test_nothing_is_left_behind(video: Path) -> None:
    def once(take: int) -> None:
        with read_frames(video, settings=APART) as reader:
            for _, _ in zip(range(take), reader, strict=False):
                pass

    once(1)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for take in (0, 1, 5, 1000):
        once(take)
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
    assert children() == []


def test_an_error_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(100))
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    with pytest.raises(MediaError):
        read_frames(path, settings=APART).__enter__()
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
    assert children() == []


def test_the_child_runs_ahead_and_keeps_order(video: Path) -> None:
    with read_frames(video, settings=APART) as reader:
        numbers = []
        for frame in reader:
            time.sleep(0.001)
            numbers.append(number_of(frame.image))
    assert numbers == list(range(120))


def test_closing_early_and_twice(video: Path) -> None:
    reader = read_frames(video, settings=APART)
    with reader:
        next(reader)
        reader.close()
        with pytest.raises(StopIteration):
            next(reader)
    reader.close()
    assert children() == []


def test_a_killed_child_is_a_warning_after_the_first_picture(tmp_path: Path) -> None:
    path = write_video(tmp_path / "long.mp4", steady(400), (320, 240))
    with read_frames(path, settings=APART) as reader:
        next(reader)
        children()[0].send_signal(signal.SIGSEGV)
        rest = list(reader)
        assert len(rest) < 399
        assert [warning.code for warning in reader.warnings] == ["media-decoder-died"]
        assert "SIGSEGV" in reader.warnings[0].message


def test_a_stopped_child_is_a_warning_after_the_first_picture(tmp_path: Path) -> None:
    path = write_video(tmp_path / "long.mp4", steady(400), (320, 240))
    with read_frames(path, settings=APART.with_values(media_stall_s=1.0)) as reader:
        next(reader)
        children()[0].suspend()
        rest = list(reader)
        assert len(rest) < 399
        assert [warning.code for warning in reader.warnings] == ["media-stalled"]
    assert children() == []


DEATHS = {
    "never speaks": ("time.sleep(60)", "media-stalled"),
    "only sighs": (_say('["alive", []]') + "time.sleep(60)", "media-stalled"),
    "exits": ("sys.exit(3)", "media-decoder-died"),
    "crashes": ("os.kill(os.getpid(), 11)", "media-decoder-died"),
    "exceeds its processor time": ("os.kill(os.getpid(), 24)", "media-decoder-died"),
    "talks nonsense": (_say("squat") + "time.sleep(60)", "media-decoder-died"),
    "talks other JSON": (_say('{"a": 1}') + "time.sleep(60)", "media-decoder-died"),
    "talks without end": ("while True: sys.stdout.write('x' * 10000)", "media-decoder-died"),
    "knows another error": (_say('["error", ["pose-no-person", {}]]'), "media-decoder-died"),
    "lacks a value of the error": (_say('["error", ["media-codec", {}]]'), "media-decoder-died"),
    "has a strange header": (_say('["header", {"width": 4}]'), "media-decoder-died"),
    "has a huge picture": (
        "H = H.replace('\"picture_width\": 4', '\"picture_width\": 99999999')\nprint(H)",
        "media-decoder-died",
    ),
    "names a wrong slot": (
        "print(H)\nprint('[\"frame\", [77, 0.0]]', flush=True)\ntime.sleep(60)",
        "media-decoder-died",
    ),
    "says the end first": (_say('["end", []]'), "media-decoder-died"),
    "gives no picture": ("print(H)\nprint('[\"end\", []]', flush=True)\ntime.sleep(60)", "media-no-frames"),
}


@pytest.mark.parametrize("name", DEATHS)
def test_whatever_a_child_does_ends_in_a_code(video: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    script, code = DEATHS[name]
    _fake(monkeypatch, script)
    with (
        pytest.raises(MediaError) as raised,
        read_frames(video, settings=APART.with_values(media_stall_s=1.0)) as reader,
    ):
        list(reader)
    assert raised.value.code == code
    assert children() == []


def test_memory_is_limited(tmp_path: Path) -> None:
    path = write_video(tmp_path / "big.mkv", [0.0], (3840, 2160), codec="ffv1", pix_fmt="gray")
    small = APART.with_values(media_memory_mb=256)
    with pytest.raises(MediaError) as raised, read_frames(path, settings=small) as reader:
        list(reader)
    assert raised.value.code in ("media-decoder-died", "media-no-frames")


def test_two_readers_in_two_threads(video: Path) -> None:
    counts = []

    def read() -> None:
        with read_frames(video, rate_hz=10.0, settings=APART) as reader:
            counts.append(len(list(reader)))

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [40, 40]


def test_the_child_ends_with_its_parent(video: Path) -> None:
    script = (
        "import os, sys\nfrom deukgeun.media import read_frames\nfrom deukgeun.settings import Settings\n"
        "import psutil\nr = read_frames(sys.argv[1], settings=Settings({})).__enter__(); next(r)\n"
        "print(psutil.Process().children()[0].pid, flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(process.__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", script, str(video)], capture_output=True, env=env, check=False)
    pid = int(done.stdout)
    deadline = time.monotonic() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_nothing_reaches_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    bad = damage(write_video(tmp_path / "bad.mp4", steady(60), options={"g": "10"}))
    for isolate in (True, False):
        with read_frames(bad, settings=APART.with_values(media_isolate=isolate)) as reader:
            list(reader)
            assert reader.warnings
    assert capfd.readouterr() == ("", "")


def test_modules_in_the_working_folder_are_not_imported(
    tmp_path: Path, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "av.py").write_text("raise SystemExit('imported')")
    monkeypatch.chdir(tmp_path)
    with read_frames(video, settings=APART) as reader:
        assert number_of(next(reader).image) == 0


def test_starting_fails_cleanly(video: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> DecoderProcess:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    with pytest.raises(MediaError) as raised:
        read_frames(video, settings=APART).__enter__()
    assert raised.value.code == "media-decoder-died"
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
