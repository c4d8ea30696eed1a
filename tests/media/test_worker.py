"""The worker's own side, run here: what it says, what it allows itself, and when it goes."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from tests.media.videos import number_of, steady, write_video

from deukgeun.media import worker
from deukgeun.media.limits import Job, Limits
from deukgeun.media.ring import Ring, anonymous_file, set_size, slots_for
from deukgeun.settings import Settings

LIMITS = Limits.of(Settings({"decode_threads": 1}))


class Parent(worker.Link):
    """A parent in the same process: it keeps what is said, and sizes the ring after the header."""

    def __init__(self, ring_fd: int, patience: int = 1000) -> None:
        self.said: list[tuple[str, object]] = []
        self._ring_fd = ring_fd
        self._patience = patience
        self._spoke_at = 0.0

    def say(self, kind: str, what: object) -> None:
        self.said.append((kind, json.loads(json.dumps(what))))
        if kind == "header":
            set_size(self._ring_fd, 2 * 96 * 64 * 3)

    def slot(self) -> int:
        self._patience -= 1
        if self._patience < 0:
            raise worker.ParentGoneError
        return self._patience % 2


@pytest.fixture
def calm(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Note the limits instead of setting them."""
    noted: list[tuple[int, int]] = []
    monkeypatch.setattr(worker, "limit", lambda what, soft: noted.append((what, soft)))
    return noted


def _run(parent: Parent, path: Path, ring_fd: int, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(worker, "Link", lambda: parent)
    job = Job(str(path), path.suffix[1:], LIMITS)
    fd = os.open(path, os.O_RDONLY)
    return worker.main(json.dumps({"job": job.to_json(), "video_fd": fd, "ring_fd": ring_fd}))


def test_what_it_says(tmp_path: Path, calm: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch) -> None:
    ring_fd = anonymous_file()
    parent = Parent(ring_fd)
    assert _run(parent, write_video(tmp_path / "a.mp4", steady(5)), ring_fd, monkeypatch) == 0
    kinds = [kind for kind, _ in parent.said if kind != "alive"]
    assert kinds == ["header", *["frame"] * 5, "end"]
    times = [what[1] for kind, what in parent.said if kind == "frame"]  # type: ignore[index]
    assert times == pytest.approx(steady(5))
    ring = Ring(ring_fd, 96, 64, 2)
    assert sorted(number_of(ring[slot]) for slot in (0, 1)) == [3, 4]
    assert (resource.RLIMIT_AS, LIMITS.memory_mb << 20) in calm
    assert (resource.RLIMIT_FSIZE, 0) in calm
    ring.close()
    os.close(ring_fd)


def test_it_goes_when_nobody_listens(
    tmp_path: Path, calm: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ring_fd = anonymous_file()
    parent = Parent(ring_fd, patience=2)
    assert _run(parent, write_video(tmp_path / "a.mp4", steady(50)), ring_fd, monkeypatch) == 0
    assert [kind for kind, _ in parent.said if kind != "alive"] == ["header", "frame", "frame"]
    os.close(ring_fd)


@pytest.mark.parametrize(
    ("error", "reason"), [(MemoryError(), "out of memory"), (ZeroDivisionError(), "ZeroDivisionError")]
)
def test_any_failure_is_told(
    tmp_path: Path,
    calm: list[tuple[int, int]],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    reason: str,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(worker, "Decoder", fail)
    parent = Parent(-1)
    _run(parent, write_video(tmp_path / "a.mp4", steady(2)), -1, monkeypatch)
    assert parent.said == [("error", ["media-decoder-died", {"reason": reason}])]


def test_a_refusal_keeps_its_values(
    tmp_path: Path, calm: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.mkv"
    path.write_bytes(b"\x1a\x45\xdf\xa3" + bytes(100))
    parent = Parent(-1)
    _run(parent, path, -1, monkeypatch)
    assert parent.said == [("error", ["media-no-frames", {}])]


def test_the_processor_budget_grows_with_the_video(calm: list[tuple[int, int]]) -> None:
    budget = worker.CpuBudget()
    for covered_s in (0.0, 5.0, 9.9, 100.0, 50.0):
        budget.cover(covered_s)
    assert [soft for _, soft in calm] == [60 + 20 * 10, 60 + 20 * 110]


def test_limits_that_the_system_lacks_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def refuse(kind: int, _: object) -> None:
        asked.append(kind)
        raise ValueError("no such limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    worker.limit(resource.RLIMIT_CORE, 0)
    assert asked == [resource.RLIMIT_CORE]


def test_a_real_worker_is_under_its_limits_and_ends_with_its_input(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", steady(5))
    ring_fd = anonymous_file()
    with path.open("rb") as video:
        job = Job(str(path), "mp4", LIMITS)
        spec = json.dumps({"job": job.to_json(), "video_fd": video.fileno(), "ring_fd": ring_fd})
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "deukgeun.media.worker", spec],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=(video.fileno(), ring_fd),
            env={**os.environ, "PYTHONPATH": str(Path(worker.__file__).parents[2])},
        )
    assert child.stdout is not None
    assert json.loads(child.stdout.readline())[0] == "header"
    soft = {what: resource.prlimit(child.pid, what)[0] for what in (resource.RLIMIT_AS, resource.RLIMIT_CPU)}
    assert soft[resource.RLIMIT_AS] == LIMITS.memory_mb << 20
    assert 60 <= soft[resource.RLIMIT_CPU] <= 300
    assert resource.prlimit(child.pid, resource.RLIMIT_FSIZE)[0] == 0
    child.communicate(timeout=10)
    assert child.returncode == 0
    os.close(ring_fd)


def test_link_speaks_lines_and_notices_a_closed_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    monkeypatch.setattr(worker.Link, "_silence", staticmethod(lambda: None))
    link = worker.Link()
    os.close(link._out)
    link._out = writing
    link.say_alive()
    link._spoke_at = time.monotonic() - 1.0
    link.say_alive()
    assert os.read(reading, 100) == b'["alive", []]\n'
    os.close(reading)
    with pytest.raises(worker.ParentGoneError):
        link.say("end", [])
    os.close(writing)


def test_ring_slots_are_few_for_large_pictures() -> None:
    assert slots_for(1920 * 1080 * 3) == 4
    assert slots_for(8192 * 8192 * 3) == 2


def test_ring_of_a_system_without_memfd(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "memfd_create")
    fd = anonymous_file()
    set_size(fd, 2 * 12)
    ring = Ring(fd, 2, 2, 2)
    ring[1][:] = 7
    assert np.array_equal(Ring(fd, 2, 2, 2)[1], np.full((2, 2, 3), 7))
    ring.close()
    with pytest.raises(ValueError, match="closed"):
        ring[0]
    os.close(fd)
