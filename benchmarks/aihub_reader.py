"""How fast AI Hub's layout is read from zip archives on one core, and what memory that takes.

    python benchmarks/aihub_reader.py [--clips 500 2000] [--report docs/reports/aihub_reader.md]

The copies are written for this: labels of 16 frames and five views with joints at random, pictures without content.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from support import CLI, REPORTS, Cost, commit, keep_to_cores, machine, measure

from deukgeun.aihub import aihub_exercise
from deukgeun.synth.writers.aihub_labels import as_text, label_2d, label_3d
from deukgeun.synth.writers.aihub_names import Naming

FRAMES, PICTURES, VIEWS, TYPES = 16, 32, 5, 816
GOAL_PER_S = 2000.0
MOST_GROWTH = 1.1
PAGE = """# Reading AI Hub's layout

Written by `python benchmarks/aihub_reader.py`: `deukgeun aihub inspect DIR --json` on copies whose labels and pictures
lie in zip archives, kept to one core; start of the program and its index included. Labels are 2D and 3D files of
{frames} frames as the virtual gym writes them, half of each; pictures have no content.

- measured: commit {commit}; {machine}

| clips | label files | pictures | seconds, processor | label files a second | peak memory, MB |
|---|---|---|---|---|---|
{rows}

From the smallest to the largest copy memory grows {growth:.2f}-fold. A copy of labels alone, without pictures, gives
{alone:,.0f} label files a second (bar: {goal:,.0f}; {met}).
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One copy and what reading it took."""

    clips: int
    pictures: int
    cost: Cost

    @property
    def labels_per_s(self) -> float:
        """Label files, 2D and 3D, in a second of processor time."""
        return 2 * self.clips / self.cost.cpu_s

    def row(self) -> str:
        """A line of the page's table."""
        return (
            f"| {self.clips:,} | {2 * self.clips:,} | {self.pictures:,} | {self.cost.cpu_s:.1f} "
            f"| {self.labels_per_s:,.0f} | {self.cost.rss_mb:.0f} |"
        )


def names(clips: int) -> Iterator[Naming]:
    """Yield the name of each recording: every type once before the next session."""
    for number in range(clips):
        exercise = aihub_exercise(number % TYPES + 1)
        yield Naming(
            split="training", type_no=number % TYPES + 1, day=5, session=number // TYPES + 1, performer=7,
            kind=exercise.kind, pose=exercise.pose, exercise_no=exercise.no, folder_kind=exercise.kind,
        )  # fmt: skip


def write_labels(path: Path, clips: int) -> None:
    """Write an archive of the labels of ``clips`` recordings."""
    rng = np.random.default_rng(clips)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names(clips):
            exercise = aihub_exercise(name.type_no)
            xy = np.rint(rng.uniform([400, 200], [1500, 900], (VIEWS, FRAMES, 24, 2)))
            label = label_2d(name, exercise, exercise.name.strip(), xy, [True] * FRAMES)
            archive.writestr(name.label().as_posix(), as_text(label))
            archive.writestr(name.label("-3d").as_posix(), as_text(label_3d(rng.normal(90, 50, (FRAMES, 24, 3)))))


def write_pictures(path: Path, clips: int) -> None:
    """Write an archive of the pictures of ``clips`` recordings, empty ones."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in names(clips):
            for view in range(VIEWS):
                for frame in range(1, PICTURES + 1):
                    archive.writestr(name.picture(view, frame).as_posix(), b"")


def read(folder: Path, clips: int, pictures: bool) -> Measured:
    """Write a copy and measure how it is read."""
    copy = folder / f"{clips}{'_pictures' if pictures else ''}"
    copy.mkdir()
    write_labels(copy / "labels.zip", clips)
    if pictures:
        write_pictures(copy / "pictures.zip", clips)
    cost = measure([CLI, "aihub", "inspect", copy, "--json", "--quiet"])
    return Measured(clips, clips * VIEWS * PICTURES if pictures else 0, cost)


def page(alone: Measured, found: Sequence[Measured]) -> str:
    """Return the report."""
    growth = found[-1].cost.rss_mb / found[0].cost.rss_mb
    met = alone.labels_per_s >= GOAL_PER_S
    return PAGE.format(
        frames=FRAMES, commit=commit(), machine=machine(), rows="\n".join(each.row() for each in (alone, *found)),
        growth=growth, alone=alone.labels_per_s, goal=GOAL_PER_S, met="met" if met else "MISSED",
    )  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report; 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--clips", type=int, nargs="+", default=[500, 2000])
    parser.add_argument("--report", type=Path, default=REPORTS / "aihub_reader.md")
    given = parser.parse_args(arguments)
    keep_to_cores(1)
    with tempfile.TemporaryDirectory() as folder:
        sizes = sorted(given.clips)
        alone = read(Path(folder), sizes[-1], False)
        found = [read(Path(folder), clips, True) for clips in sizes]
    text = page(alone, found)
    given.report.write_text(text, "utf-8")
    print(text)
    grown = found[-1].cost.rss_mb > MOST_GROWTH * found[0].cost.rss_mb
    return int(grown or alone.labels_per_s < GOAL_PER_S)


if __name__ == "__main__":
    sys.exit(main())
