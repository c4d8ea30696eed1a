"""The analysis on real clips of other people, scored.

    python benchmarks/clips.py [--manifest ../shared/data/clips.csv] [--results FOLDER] [--report FILE]

Runs the installed ``deukgeun analyze CLIP --json`` for every clip of the manifest, two at a time, scores the results
with ``../shared/tools/score_clips.py``, and writes docs/reports/clips.md. The clips are not part of this repository.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from support import CLI, MANIFEST, REPORTS, SHARED, at_hand, commit, machine, table, versions, write_report

SCORER = SHARED / "tools" / "score_clips.py"
AT_ONCE = 2
DEADLINE_S = 600.0
STRETCHED = "Wurminator69420"
BARS = {"movement accuracy": 0.60, "count OBO, >= 4": 0.60}
FIGURES = ("movement accuracy", "exercise accuracy", "count OBO, >= 4")

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the analysis of one clip ended: exit code, the codes of errors and warnings it told, and its time."""

    clip: str
    exit_code: int
    said: tuple[str, ...]
    traceback: bool
    wall_s: float

    @property
    def fault(self) -> bool:
        """Whether it ended otherwise than in a result or a coded error."""
        return self.traceback or self.exit_code not in (0, 3, 4, 5)


def result_name(path: str) -> str:
    """Return the name of a clip's result, as the scorer looks for it."""
    return str(PurePosixPath(path).with_suffix("")).replace("/", "__") + ".json"


def analyse(clip: Path, out: Path) -> Outcome:
    """Analyse one clip with the installed command."""
    started = time.perf_counter()
    try:
        done = subprocess.run(
            [str(CLI), "analyze", str(clip), "--json", str(out)],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=DEADLINE_S,
            check=False,
        )
        code, said = done.returncode, done.stderr
    except subprocess.TimeoutExpired:
        code, said = -1, "error[deadline]"
    codes = tuple(line.split("]")[0].replace("[", " ") for line in said.splitlines() if line.startswith(_HEADS))
    return Outcome(clip.name, code, codes, "Traceback" in said, time.perf_counter() - started)


_HEADS = ("error[", "warning[")


def analyse_all(rows: Sequence[Row], root: Path, results: Path) -> list[Outcome]:
    """Analyse every clip, two at a time; a result of an earlier run is taken away first."""
    results.mkdir(parents=True, exist_ok=True)
    pairs = [(root / row["path"], results / result_name(row["path"])) for row in rows]
    for _, out in pairs:
        out.unlink(missing_ok=True)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda pair: analyse(*pair), pairs))


def score(rows: Iterable[Row], results: Path, failures: bool = False) -> str:
    """Return what the scorer says of these clips."""
    rows = list(rows)
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        file.flush()
        command = [sys.executable, str(SCORER), file.name, str(results), *(["--failures"] if failures else [])]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def figure(said: str, name: str) -> str:
    """Return one figure of the scorer's output, ``k/n = share [interval]``, or "-"."""
    return next((line[len(name) :].strip() for line in said.splitlines() if line.startswith(name)), "-")


def share(said: str, name: str) -> float:
    """Return the share of one figure of the scorer's output."""
    return float(figure(said, name).split("=")[1].split()[0])


def groups(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Return the clips by view, and with and without those that are stretched sideways."""
    views = sorted({row["view"] for row in rows}, key=lambda view: -sum(row["view"] == view for row in rows))
    found = [(view, [row for row in rows if row["view"] == view]) for view in views]
    stretched = [row for row in rows if row["source_repo"].startswith(STRETCHED)]
    rest = [row for row in rows if not row["source_repo"].startswith(STRETCHED)]
    found += [("stretched sideways", stretched), ("not stretched", rest), ("all", list(rows))]
    return [(name, members) for name, members in found if members]


def group_rows(rows: Sequence[Row], results: Path) -> list[list[str]]:
    """Return a table row for each group."""
    return [_group_row(name, members, score(members, results)) for name, members in groups(rows)]


def _group_row(name: str, members: Sequence[Row], said: str) -> list[str]:
    return [name, str(len(members)), *(figure(said, what) for what in FIGURES)]


def describe(rows: Sequence[Row], outcomes: Sequence[Outcome], results: Path, took_s: float) -> list[str]:
    """Return the report."""
    whole = score(rows, results, failures=True)
    faults = [outcome for outcome in outcomes if outcome.fault]
    bars = [(name, figure(whole, name), f"at least {bar:.2f}", "yes" if share(whole, name) >= bar else "**no**")
            for name, bar in BARS.items()]  # fmt: skip
    return [
        "# Real clips",
        "",
        f"Written by `make clips` (`benchmarks/clips.py`): `deukgeun analyze CLIP --json FILE` with default settings "
        f"on {len(rows)} clips that other people recorded, scored by the labels of one annotator.",
        "",
        f"- measured: commit {commit()}; {versions()}",
        f"- machine: {machine()}, shared with other work; {AT_ONCE} clips at a time, {took_s / 60:.1f} minutes in all",
        f"- analyses that ended in an unexpected error: **{len(faults)}** of {len(outcomes)}"
        + "".join(f"; {fault.clip} ({fault.exit_code})" for fault in faults),
        f"- coded errors: {_told(outcomes, 'error') or 'none'}; warnings: {_told(outcomes, 'warning') or 'none'}",
        "",
        *_CAVEATS,
        "",
        "## Bars of this version",
        "",
        *table(("figure", "measured, with 95 % interval", "bar", "met"), bars),
        "",
        "## By view",
        "",
        *table(("view", "clips", *FIGURES), group_rows(rows, results)),
        "",
        "Each figure is right / counted = share [Wilson 95 % interval]; a group's figures count only the clips whose "
        "label allows it. A count is right only where the movement is.",
        "",
        "## What the scorer says",
        "",
        "First every clip that is wrong: `clip: truth -> found, repetitions true -> found`.",
        "",
        "```text",
        whole.rstrip(),
        "```",
    ]


_CAVEATS = (
    "Nothing was trained on these clips. But the table of movements by which exercises are named, and the counter, "
    "were checked against them while they were written: the figures are optimistic for clips never looked at. Several "
    "clips are cuts of one recording or of one person, so they are fewer independent cases than their number. The "
    "clips from one source are stretched sideways; they are part of all figures, "
    "and stand apart in the table by view as well.",
)


def _told(outcomes: Sequence[Outcome], kind: str) -> str:
    said = [word for outcome in outcomes for word in outcome.said if word.startswith(kind)]
    return ", ".join(f"`{word.split()[1]}` {said.count(word)}" for word in sorted(set(said)))


def main() -> int:
    """Analyse, score, report; return 1 where an analysis failed unexpectedly or a bar is missed."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--manifest", type=Path, default=MANIFEST, help="CSV of labelled clips")
    parser.add_argument("--results", type=Path, help="folder to keep the results in")
    parser.add_argument("--report", type=Path, default=REPORTS / "clips.md", help="Markdown file to write")
    given = parser.parse_args()
    if not at_hand(given.manifest):
        return 2
    rows = list(csv.DictReader(given.manifest.read_text("utf-8").splitlines()))
    os.environ.update({"OMP_NUM_THREADS": "1", "DEUKGEUN_DECODE_THREADS": "1"})
    with tempfile.TemporaryDirectory() as temporary:
        results = given.results or Path(temporary)
        started = time.perf_counter()
        outcomes = analyse_all(rows, given.manifest.parent, results)
        lines = describe(rows, outcomes, results, time.perf_counter() - started)
        whole = score(rows, results)
    write_report(given.report, lines)
    print("\n".join(lines))
    return 1 if any(o.fault for o in outcomes) or any(share(whole, n) < bar for n, bar in BARS.items()) else 0


if __name__ == "__main__":
    sys.exit(main())
