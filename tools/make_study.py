"""The original study again, from pictures to a report, on a generated data set in AI Hub's layout.

    python tools/make_study.py [full|small] [--folder build/study] [--report docs/reports/study.md]

Every step is a command of ``deukgeun``; a step that is finished is not done again, so a stopped run goes on.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from deukgeun.aihub.rows import read_rows

ROOT = Path(__file__).resolve().parents[1]
CLI = Path(sys.executable).with_name("deukgeun")
PLANS = ROOT / "tools" / "study.toml"
SPLITS = ("train", "val", "test")
DONE = "done.json"


class Study:
    """The steps, and what they took."""

    def __init__(self, plan: dict[str, Any], folder: Path) -> None:
        self.plan, self.folder = plan, folder
        folder.mkdir(parents=True, exist_ok=True)
        self.note = folder / DONE
        self.done: dict[str, float] = json.loads(self.note.read_text("utf-8")) if self.note.exists() else {}

    def step(self, name: str, *arguments: object) -> None:
        """Run one command, unless it was finished before."""
        if name in self.done:
            return
        print(f"{time.strftime('%H:%M:%S')}  {name}", flush=True)
        begun = time.perf_counter()
        subprocess.run([str(CLI), *map(str, arguments)], check=True)
        self.done[name] = round(time.perf_counter() - begun, 1)
        self.note.write_text(json.dumps(self.done, indent=1), "utf-8")

    def run(self) -> None:
        """All steps in order."""
        self._data()
        self._pose()
        self._names()

    def _data(self) -> None:
        plan, data, tables = self.plan, self.folder / "data", self.folder / "tables"
        exercises = ",".join(plan["exercises"])
        count = len(plan["exercises"]) * plan["performers"]
        self.step("data", "synth", "dataset", data, "--layout", "aihub", "--count", count, "--exercises", exercises,
                  "--correct", "--seed", plan["seed"], "--quiet")  # fmt: skip
        sizes = [word for name in (*SPLITS, "fewest") for word in (f"--{name}", plan[name])]
        self.step("tables", "aihub", "prepare", data, tables, *sizes, "--quiet")
        for name in SPLITS:
            self.step(f"crops {name}", "aihub", "crop", self.table(name), data, self.crops(name).parent,
                      "--side", plan["pose"]["size"], "--workers", 2, "--quiet")  # fmt: skip

    def table(self, name: str) -> Path:
        """A table of the split in which no performer is in two."""
        return self.folder / "tables" / "strict" / f"{name}.csv"

    def crops(self, name: str) -> Path:
        """The table of a split's crops."""
        return self.folder / "crops" / name / "crops.csv"

    def _pose(self) -> None:
        values = {"train": str(self.crops("train")), "val": str(self.crops("val")), **self.plan["pose"]}
        sets = [word for name, value in values.items() for word in ("--set", f"{name}={json.dumps(value)}")]
        run, network = self.folder / "pose", self.network
        self.step("pose", "train", "pose", run, *sets, "--quiet")
        self.step("export", "train", "export", run, network, "--quiet")
        for name in (f"hrnet:{network}", "full"):
            report = self.folder / f"pose_{name.partition(':')[0]}.html"
            self.step(f"errors {name.partition(':')[0]}", "evaluate", "pose", self.crops("test"), "--model", name,
                      "--run", run, "--report", report)  # fmt: skip

    @property
    def network(self) -> Path:
        """The exported network."""
        return self.folder / "network.onnx"

    def _names(self) -> None:
        sequences = self.folder / "sequences.npz"
        self.step("joints", "train", "joints", self.folder / "data", sequences, "--model", f"hrnet:{self.network}")
        held, unseen = (",".join(sorted(self.performers(name))) for name in ("val", "test"))
        runs = []
        for name, values in self.plan["classifiers"].items():
            sets = [word for key, value in flat(values) for word in ("--set", f"{key}={json.dumps(value)}")]
            run = self.folder / name
            self.step(name, "train", "exercise", sequences, run, "--held", held, "--leave-out", unseen, *sets)
            runs += ["--run", run]
        self.step("names", "evaluate", "exercise", sequences, *runs, "--performers", unseen,
                  "--report", self.folder / "exercises.html")  # fmt: skip

    def performers(self, name: str) -> set[str]:
        """Who is in a split."""
        return {f"Z{row.performer}" for row in read_rows(self.table(name))}


def flat(values: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """``{"loop": {"rate": 1}}`` as ``loop.rate``, 1."""
    for name, value in values.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the study."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("size", nargs="?", default="full", choices=("full", "small"))
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args(arguments)
    plan = tomllib.loads(PLANS.read_text("utf-8"))[given.size]
    study = Study(plan, given.folder or ROOT / "build" / f"study_{given.size}")
    study.run()
    for name, took_s in study.done.items():
        print(f"{took_s:8.1f} s  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
