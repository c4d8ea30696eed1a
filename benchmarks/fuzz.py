"""Damaged and hostile files through the whole command: none may crash it, hold it, or show a traceback.

    python benchmarks/fuzz.py [--report FILE] [--seed N]

Files: the seeded corpus of the tests (``tests/media/hostile.py``: small videos without a person in six containers, cut
off, overwritten, with lying headers; playlists and other files under the name of a video), and damaged copies of three
seconds of the sample, in which there is a person to be found. Each is given to the installed ``deukgeun analyze`` under
its default settings, two at a time, with a deadline; writes docs/reports/hostile.md.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from support import CLI, REPORTS, ROOT, SAMPLE, commit, machine, table, versions, write_report

sys.path.insert(0, str(ROOT))
from tests.media.hostile import HostileFile, corpus
from tests.media.videos import steady, write_video

SEED = 20260504
DEADLINE_S = 120.0
AT_ONCE = 2
_CODED_EXITS = range(2, 8)
_PERSON_S = 3.0
_CONTAINERS = ("mp4", "mkv", "mov")
_CUTS, _FLIPS = 8, 10
_KINDS = (
    (r"person-(\w+)-", "a person's video, {0}"),
    (r"cut-", "cut off"),
    (r"flipped-", "bytes overwritten"),
    (r"blanked-", "a stretch blanked"),
    (r"head-of-", "another container's head"),
    (r"noise-", "noise within or after"),
    (r"wrong-name-", "a sound video under a wrong name"),
    (r"\w{4}-\d+-is-", "lying header fields"),
    (r"flood|fast\.|never\.", "pixel floods and impossible rates"),
    (r"(hls|concat|dash|smil|sdp|pls|asx|xspf|smooth|rtsp|links|metadata|protocol|subfile)", "playlists and scripts"),
    (r"", "other files, noise, nothing"),
)


@dataclass(frozen=True, slots=True)
class End:
    """How the command ended on one file. ``kind`` is the mutation, ``fault`` what is wrong with it, or empty."""

    name: str
    kind: str
    exit_code: int
    codes: tuple[str, ...]
    fault: str
    wall_s: float

    @property
    def outcome(self) -> str:
        """The outcome in a word of the table."""
        if self.fault:
            return "fault"
        if self.exit_code:
            return "coded error"
        return "analysed, with a warning" if self.codes else "analysed"


OUTCOMES = ("coded error", "analysed, with a warning", "analysed", "fault")


def kind_of(name: str) -> str:
    """Return the mutation that a file of the corpus stands for."""
    for pattern, words in _KINDS:
        found = re.match(pattern, name)
        if found is not None:
            return words.format(*found.groups()) if "{0}" in words else words
    raise AssertionError("the last pattern matches everything")


def person_files(folder: Path, rng: np.random.Generator) -> Iterator[HostileFile]:
    """Yield damaged copies of a short video with a person in it; the undamaged ones are among them."""
    for suffix in _CONTAINERS:
        data = _excerpt(SAMPLE, folder / f"person.{suffix}").read_bytes()
        yield HostileFile(f"person-whole-.{suffix}", data, readable=True)
        for at in rng.integers(len(data) // 50, len(data), _CUTS):
            yield HostileFile(f"person-cut-{at}.{suffix}", data[:at])
        for index in range(_FLIPS):
            changed = bytearray(data)
            for at in rng.integers(len(data) // 100, len(data), 1 + 4 * index):
                changed[at] = rng.integers(0, 256)
            yield HostileFile(f"person-overwritten-{index}.{suffix}", bytes(changed))
        middle = len(data) // 2
        yield HostileFile(f"person-blanked-.{suffix}", data[:middle] + bytes(len(data) // 8) + data[middle * 5 // 4 :])


def _excerpt(source: Path, out: Path) -> Path:
    """Write the first seconds of a video into another container, its packets as they are."""
    with av.open(str(source)) as container, av.open(str(out), "w") as target:
        template = container.streams.video[0]
        stream = target.add_stream_from_template(template)
        for packet in container.demux(template):
            if packet.size and packet.pts is not None and packet.pts * packet.time_base < _PERSON_S:
                packet.stream = stream
                target.mux(packet)
    return out


def run(folder: Path, index: int, file: HostileFile) -> End:
    """Give one file to the command."""
    path = folder / f"{index}-{file.name}"
    path.write_bytes(file.data)
    started = time.perf_counter()
    try:
        command = [str(CLI), "analyze", str(path), "--json", "-"]
        done = subprocess.run(command, capture_output=True, timeout=DEADLINE_S, check=False)
        code, said = done.returncode, (done.stderr + done.stdout).decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        code, said = -1, "deadline"
    finally:
        path.unlink()
    codes = tuple(re.findall(r"^(?:error|warning)\[([\w-]+)\]", said, re.MULTILINE))
    fault = _fault(code, codes, said) or _refused(file, codes)
    return End(file.name, kind_of(file.name), code, codes, fault, time.perf_counter() - started)


def _refused(file: HostileFile, codes: Sequence[str]) -> str:
    """Return what is wrong where a sound video was not read, or nothing: a reader that refuses all is no shield."""
    read = ("pose-no-person",) if not file.name.startswith("person-") else ()
    return "a sound video was not read" if file.readable and tuple(codes) != read else ""


def _fault(code: int, codes: Sequence[str], said: str) -> str:
    """Return what is wrong with an end, or nothing."""
    if said == "deadline":
        return f"not done after {DEADLINE_S:g} s"
    if code < 0:
        return f"ended by signal {-code}"
    if "Traceback (most recent call last)" in said:
        return "showed a traceback"
    if code and (code not in _CODED_EXITS or not codes or "internal" in codes):
        return f"exit code {code} without a coded error"
    return ""


def describe(ends: Sequence[End], seed: int, took_s: float) -> list[str]:
    """Return the report."""
    counted = Counter((end.kind, end.outcome) for end in ends)
    sizes = Counter(end.kind for end in ends)
    rows = [[kind, str(sizes[kind]), *(str(counted[kind, o]) for o in OUTCOMES)] for kind in sizes]
    total = ["**all**", str(len(ends)), *(str(sum(end.outcome == o for end in ends)) for o in OUTCOMES)]
    codes = Counter(code for end in ends for code in end.codes)
    slowest = max(ends, key=lambda end: end.wall_s)
    faults = [end for end in ends if end.fault]
    return [
        "# Damaged and hostile files",
        "",
        f"Written by `make fuzz` (`benchmarks/fuzz.py --seed {seed}`, whose head says what the files are): "
        f"`deukgeun analyze FILE` with default settings on {len(ends)} files. A fault is a crash, a traceback, an exit "
        f"without a coded error, or no end within {DEADLINE_S:g} s.",
        "",
        f"- measured: commit {commit()}; {versions()}",
        f"- machine: {machine()}, shared with other work; {took_s / 60:.1f} minutes, {AT_ONCE} at a time; the slowest "
        f"file took {slowest.wall_s:.1f} s ({slowest.name})",
        f"- faults: **{len(faults)}**",
        "",
        *table(("files", "n", *OUTCOMES), [*rows, total]),
        "",
        "The whole videos with a person in them are the control: they must be analysed without a warning. A changed "
        "byte within a picture may be concealed by the decoder without a word. The small videos of the corpus show "
        "nobody: where they can be read, they end in `pose-no-person`, and a warning of damage is not shown then.",
        "",
        "## The codes",
        "",
        *table(("code", "files"), [(f"`{code}`", str(count)) for code, count in codes.most_common()]),
        *(["", "## Faults", "", *(f"- {end.name}: {end.fault}" for end in faults)] if faults else []),
    ]


def collect(folder: Path, seed: int) -> list[HostileFile]:
    """Return all files of this seed."""
    target = write_video(folder / "target.mp4", steady(3))
    small = folder / "small"
    small.mkdir()
    return [*corpus(small, target, seed), *person_files(folder, np.random.default_rng(seed))]


def main() -> int:
    """Run, print, report; return 1 where there is a fault."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--report", type=Path, default=REPORTS / "hostile.md", help="Markdown file to write")
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    os.environ.update({"OMP_NUM_THREADS": "1"})
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        files = collect(folder, given.seed)
        started = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            ends = list(pool.map(lambda pair: run(folder, *pair), enumerate(files)))
    lines = describe(ends, given.seed, time.perf_counter() - started)
    write_report(given.report, lines)
    print("\n".join(lines))
    return 1 if any(end.fault for end in ends) else 0


if __name__ == "__main__":
    sys.exit(main())
