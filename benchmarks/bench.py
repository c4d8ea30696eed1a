"""Speed and memory of the analysis of a phone's video, beside what one would write with mediapipe and OpenCV.

    python benchmarks/bench.py [--peer-python PEER/bin/python] [--report]

The video is the repository's sample, enlarged to 1080p with a sensor's noise, at 30 pictures and 10 Mbit a second
(H.264), repeated to 10, 60 and 300 seconds. Measured is the whole command ``deukgeun analyze VIDEO`` with its default
settings (10 Hz, ``full``), start-up and decoding process included, on two cores; so is the peer's. The two take turns
in one run, and each figure is the median of its turns. Where other work took
more than a twentieth of the machine's processor time during a turn, the turn is taken again, ours and the peer's alike,
at most three times; the quietest one counts. The peer needs an environment of its own::

    python3 -m venv PEER && PEER/bin/pip install mediapipe==0.10.21

The peer follows one person and decodes in the same process; it neither smooths over gaps, nor names, nor counts.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from support import (
    CLI,
    REPORTS,
    SAMPLE,
    Cost,
    commit,
    keep_to_cores,
    load,
    machine,
    measure,
    table,
    versions,
    write_report,
)
from support_stages import Stages, measure_stages
from support_video import write_looped, write_seed

PEER = Path(__file__).parent / "peers" / "mediapipe_video.py"
SHORT_S, MIDDLE_S, LONG_S = 10.0, 60.0, 300.0
CORES = 2
HELP_TURNS = 10
ATTEMPTS = 4
QUIET = 0.05


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure with a goal: ``least`` or ``most`` is None where that side is open."""

    name: str
    value: float
    unit: str
    least: float | None = None
    most: float | None = None

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)

    def row(self) -> list[str]:
        """Return the cells of its table row."""
        goal = f"at least {self.least:g}" if self.least is not None else f"at most {self.most:g}"
        return [self.name, f"{self.value:.2f}{self.unit}", goal + self.unit, "yes" if self.met else "**no**"]


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything of one run."""

    ours: dict[float, list[Cost]]
    peer: list[Cost]
    stages: Stages
    help_s: float

    def typical(self, duration_s: float, what: str) -> float:
        """Return the median of one figure of ours."""
        return median(self.ours[duration_s], what)


def median(costs: Sequence[Cost], what: str) -> float:
    """Return the median of one figure."""
    return float(statistics.median(getattr(cost, what) for cost in costs))


def quietest(run: Callable[[], Cost]) -> Cost:
    """Return the cost of a run during which other work took little, or least of all attempts."""
    tried: list[Cost] = []
    while len(tried) < ATTEMPTS and not (tried and tried[-1].others < QUIET):
        tried.append(run())
        _say(f"  {tried[-1].wall_s:.1f} s, others {100 * tried[-1].others:.0f} %")
    return min(tried, key=lambda cost: cost.others)


def ours(video: Path) -> Cost:
    """Analyse a video with the installed command."""
    with tempfile.TemporaryDirectory() as folder:
        return measure([CLI, "analyze", video, "--quiet", "--json", Path(folder) / "out.json"])


def peer(python: Path, video: Path) -> Cost:
    """Let the peer go through a video."""
    return measure([python, PEER, video])


def measure_all(videos: dict[float, Path], python: Path | None, turns: int) -> Measured:
    """Measure everything; ours and the peer take turns."""
    help_s = statistics.median(measure([CLI, "--help"]).wall_s for _ in range(HELP_TURNS))
    short, middle, long = (videos[length] for length in (SHORT_S, MIDDLE_S, LONG_S))
    found: dict[float, list[Cost]] = {length: [] for length in videos}
    beside: list[Cost] = []
    for turn in range(turns):
        _say(f"turn {turn + 1} of {turns}, load {load()}")
        found[MIDDLE_S].append(quietest(lambda: ours(middle)))
        if python is not None:
            beside.append(quietest(lambda: peer(python, middle)))
        found[SHORT_S].append(quietest(lambda: ours(short)))
    _say("stages")
    stages = measure_stages(middle, MIDDLE_S)
    _say("the long video")
    found[LONG_S].append(quietest(lambda: ours(long)))
    return Measured(found, beside, stages, help_s)


def goals(found: Measured) -> list[Goal]:
    """Return what has a goal."""
    growth = found.typical(LONG_S, "rss_mb") / found.typical(SHORT_S, "rss_mb")
    peak = max(cost.rss_mb for costs in found.ours.values() for cost in costs)
    listed = [
        Goal("1080p at 30 Hz, 60 s: times real time", MIDDLE_S / found.typical(MIDDLE_S, "wall_s"), "x", least=4.0),
        Goal("peak memory of all processes, any length", peak, " MB", most=500.0),
        Goal("peak memory, 300 s over 10 s", growth, "x", most=1.1),
        Goal("pose stage over its networks", found.stages.pose_over_networks, "x", most=1.3),
        Goal("`deukgeun --help`", found.help_s, " s", most=0.5),
    ]
    if found.peer:
        faster = median(found.peer, "wall_s") / found.typical(MIDDLE_S, "wall_s")
        listed.insert(1, Goal("as fast as the peer", faster, "x", least=1.4))
    return listed


def cost_rows(found: Measured) -> list[list[str]]:
    """Return a row for each length of ours, and one for the peer."""
    rows = [cost_row(f"ours, {length:g} s", length, costs) for length, costs in sorted(found.ours.items())]
    return rows + ([cost_row(f"peer, {MIDDLE_S:g} s", MIDDLE_S, found.peer)] if found.peer else [])


def cost_row(name: str, duration_s: float, costs: Sequence[Cost]) -> list[str]:
    """Return the medians of one command, with the range of its wall times."""
    wall = [cost.wall_s for cost in costs]
    figures: list[Callable[[], str]] = [
        lambda: f"{median(costs, 'wall_s'):.2f} ({min(wall):.2f} to {max(wall):.2f})",
        lambda: f"{duration_s / median(costs, 'wall_s'):.1f}x",
        lambda: f"{median(costs, 'cpu_s'):.1f}",
        lambda: f"{max(cost.rss_mb for cost in costs):.0f}",
        lambda: f"{max(cost.pss_mb for cost in costs):.0f}",
        lambda: f"{max(cost.largest_mb for cost in costs):.0f}",
        lambda: f"{100 * median(costs, 'others'):.0f} %",
    ]
    return [name, str(len(costs)), *(figure() for figure in figures)]


COST_HEAD = (
    "command",
    "turns",
    "wall, s",
    "real time",
    "processor, s",
    "RSS, MB",
    "PSS, MB",
    "largest process, MB",
    "others",
)


def describe(found: Measured, cores: int, loads: tuple[str, str]) -> list[str]:
    """Return the report."""
    return [
        "# Speed and memory",
        "",
        "Written by `make bench` (`benchmarks/bench.py`, whose head says what is measured and how).",
        "The video has 10 Mbit a second and a sensor's noise. Higher rates cost more to decode, and may miss 4x.",
        "",
        f"- machine: {machine()}; kept to {cores} of its cores",
        f"- measured: commit {commit()}; {versions()}",
        "- the machine was shared with other work: the figures are medians of turns that ours and the peer took one "
        f"after the other in this run; load (1/5/15 minutes) at its start {loads[0]}, at its end {loads[1]}, both with "
        "the benchmark's own",
        "",
        "## Goals",
        "",
        *table(("what", "measured", "goal", "met"), [goal.row() for goal in goals(found)]),
        "",
        "## The whole command",
        "",
        *table(COST_HEAD, cost_rows(found)),
        "",
        "Wall time and processor time are medians, memory is the highest peak of all turns. RSS adds up the resident "
        "memory of the command and its decoding process at one moment, shared pages counted in both; PSS counts them "
        "once. RSS is looked at ten times a second, PSS once. Others: the share of the machine's processor time that "
        "went to other work meanwhile, this looking included.",
        "",
        "## Where the time goes",
        "",
        *table(("stage", "cost"), found.stages.rows()),
    ]


def make_videos(folder: Path, source: Path) -> dict[float, Path]:
    """Write the three videos."""
    seed = write_seed(source, folder / "seed.mp4")
    return {length: write_looped(seed, folder / f"{length:g}.mp4", length) for length in (SHORT_S, MIDDLE_S, LONG_S)}


def _say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def main() -> int:
    """Measure and print; return 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--peer-python", type=Path, help="Python of an environment with mediapipe==0.10.21")
    parser.add_argument("--report", action="store_true", help="write docs/reports/speed.md")
    parser.add_argument("--turns", type=int, default=3, help="repetitions of the 10 s and 60 s videos")
    parser.add_argument("--source", type=Path, default=SAMPLE, help="video to enlarge instead of the sample")
    parser.add_argument("--folder", type=Path, help="where the videos are kept, instead of a temporary folder (600 MB)")
    given = parser.parse_args()
    cores = keep_to_cores(CORES)
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        _say("writing the videos")
        videos = make_videos(folder, given.source)
        before = load()
        found = measure_all(videos, given.peer_python, given.turns)
    lines = describe(found, cores, (before, load()))
    print("\n".join(lines))
    if given.report:
        write_report(REPORTS / "speed.md", lines)
    return 0 if all(goal.met for goal in goals(found)) else 1


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
