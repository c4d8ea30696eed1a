"""What the benchmarks share: where things are, what machine this is, and what a command costs."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
MANIFEST = SHARED / "data" / "clips.csv"
REPORTS = ROOT / "docs" / "reports"
SAMPLE = ROOT / "samples" / "home_workout.mp4"
CLI = Path(sys.executable).with_name("deukgeun")
MB = 1e6
_LOOK_EVERY_S, _PSS_EVERY_S = 0.1, 1.0
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_LIBRARIES = ("deukgeun", "av", "numpy", "opencv-python-headless", "ai-edge-litert", "scipy")


def at_hand(manifest: Path) -> bool:
    """Whether the list of real clips is there; says so where it is not."""
    if not manifest.exists():
        print(f"The clips are not at hand: there is no {manifest}. Name their list with --manifest.", file=sys.stderr)
    return manifest.exists()


@dataclass(frozen=True, slots=True)
class Cost:
    """What a command took. Memory is in megabytes (10^6 bytes), of the process and all below it.

    ``rss_mb`` adds up the resident pages of the processes at one moment, pages that they share counted in each of them;
    ``pss_mb`` counts shared pages once; ``largest_mb`` is the most that one process alone had. ``others`` is the share
    of the machine's processor time that went to other work meanwhile.
    """

    wall_s: float
    cpu_s: float
    rss_mb: float
    pss_mb: float
    largest_mb: float
    others: float


class _Memory(threading.Thread):
    """Looks at a process and its children, often but lightly, for it looks on their cores; keeps the peaks."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._done = threading.Event()
        self._pss_at = 0.0
        self.rss = self.pss = self.largest = 0

    def run(self) -> None:
        while not self._done.wait(_LOOK_EVERY_S):
            self._look()

    def finish(self) -> None:
        self._done.set()
        self.join()

    def _look(self) -> None:
        try:
            pids = list(_family(self._pid))
            each = [_rss(pid) for pid in pids]
            self.rss, self.largest = max(self.rss, sum(each)), max(self.largest, *each)
            if time.monotonic() >= self._pss_at:
                self._pss_at = time.monotonic() + _PSS_EVERY_S
                self.pss = max(self.pss, sum(_pss(pid) for pid in pids))
        except (OSError, ValueError, StopIteration):
            return  # one of them ended while we looked


def _family(pid: int) -> Iterator[int]:
    """Yield a process and all below it; proc(5): ``children`` of each of its threads."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text("ascii").split():
            yield from _family(int(child))


def _rss(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * _PAGE_BYTES


def _pss(pid: int) -> int:
    text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    return next(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:"))


def measure(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end and return what it took, its children included. Raises ``RuntimeError`` if it fails."""
    child = subprocess.Popen(
        [str(word) for word in command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
    )
    started, busy_s = time.perf_counter(), _busy_s()
    memory = _Memory(child.pid)
    memory.start()
    assert child.stderr is not None
    with child.stderr as pipe:
        said = pipe.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall_s, busy_s_now = time.perf_counter() - started, _busy_s()
    child.returncode = os.waitstatus_to_exitcode(status)
    memory.finish()
    if child.returncode:
        raise RuntimeError(f"{command[0]} ended with {child.returncode}: {said.decode(errors='replace')[-800:]}")
    cpu_s = usage.ru_utime + usage.ru_stime
    others = max(0.0, busy_s_now - busy_s - cpu_s) / (wall_s * (os.cpu_count() or 1))
    return Cost(wall_s, cpu_s, memory.rss / MB, memory.pss / MB, memory.largest / MB, others)


def _busy_s() -> float:
    """Return the processor time that the whole machine has spent on anything."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - times.iowait - times.guest - times.guest_nice)


def keep_to_cores(count: int) -> int:
    """Keep this process and its children to that many cores, where there are more; return how many they are."""
    cores = sorted(os.sched_getaffinity(0))[:count]
    os.sched_setaffinity(0, cores)
    return len(cores)


def machine() -> str:
    """Return the machine in a few words."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
    memory = psutil.virtual_memory().total / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def versions() -> str:
    """Return the versions of what was measured."""
    return ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)


def commit() -> str:
    """Return the commit that was measured, marked where the tree of ``src`` differs from it."""
    head = _git("rev-parse", "--short", "HEAD") or "unknown"
    return head + (" with changes" if _git("status", "--porcelain", "src") else "")


def _git(*words: str) -> str:
    done = subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def load() -> str:
    """Return the load of the machine, so that a reader can tell a quiet moment from a busy one."""
    return "/".join(f"{value:.1f}" for value in os.getloadavg())


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Return the lines of a Markdown table."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return lines + [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]


def write_report(path: Path, lines: Sequence[str]) -> None:
    """Write a report in Markdown."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines).rstrip() + "\n", "utf-8")
