"""The original study again, from pictures to a report, on a generated data set in AI Hub's layout.

    python tools/make_study.py [full|small] [--folder build/study] [--report docs/reports/study.md]

Every step is a command of ``deukgeun``; a step that is finished is not done again, so a stopped run goes on. Where real
clips lie beside the repository, the classifiers name them too.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from deukgeun.aihub.rows import read_rows
from deukgeun.files import write_text
from deukgeun.training.student.records import read_record
from deukgeun.training.student.summary import Table, as_markdown, summary

ROOT = Path(__file__).resolve().parents[1]
CLI = Path(sys.executable).with_name("deukgeun")
PLANS = ROOT / "tools" / "study.toml"
CLIPS = ROOT.parent / "shared" / "data" / "clips.csv"
PAGES = {"full": ROOT / "docs" / "reports" / "study.md"}
SPLITS = ("train", "val", "test")
DONE = "done.json"
WORDS = """Written by `make study SIZE={size}` (`tools/make_study.py`; the plan is `tools/study.toml`): the whole of the
original study on a data set that the virtual gym made in AI Hub's layout, {exercises} exercises, {performers}
performers, five cameras, {pictures} pictures. Every step is a command that also works on a copy of AI Hub's data.

Nobody is in two splits: networks learn from {train} pictures of {who_train} performers, the best state is chosen on
{val} of {who_val}, and the figures are of {test} pictures, and of all sequences, of {who_test} whom no network has
seen. {labels}

The data are renders, so no figure here is one on AI Hub's photographs, which the original's are; it shows that the
chain learns. {clips}

`hrnet` is `{network}` of {side} pixels, from scratch, {epochs} epochs. `full` is BlazePose full as it is, seen through
the map of joints of [joint sets](../explanation/skeletons.md), which differ in what they call an ear, a hip or a foot.
"""
LABELS = """Classifiers also learn from labels of {} more performers without pictures, who are nobody of the test."""
ON_CLIPS = """Other people's videos are the real clips whose exercise is among the study's; nothing was learnt from
them."""


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
        self._clips()

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

    def _labels(self) -> list[object]:
        """Labels of many more performers without pictures, as AI Hub gives them out apart: what to learn names from."""
        plan, folder = self.plan, self.folder / "labels"
        if not plan["label_performers"]:
            return []
        count = len(plan["exercises"]) * plan["label_performers"]
        self.step("labels", "synth", "dataset", folder, "--layout", "aihub", "--count", count,
                  "--exercises", ",".join(plan["exercises"]), "--correct", "--labels-only",
                  "--seed", plan["seed"] + 1, "--quiet")  # fmt: skip
        sequences = self.folder / "labels.npz"
        self.step("labelled joints", "train", "joints", folder, sequences, "--model", "labels", "--quiet")
        return ["--also", sequences]

    def table(self, name: str) -> Path:
        """A table of the split in which no performer is in two."""
        return self.folder / "tables" / "strict" / f"{name}.csv"

    def crops(self, name: str) -> Path:
        """The table of a split's crops."""
        return self.folder / "crops" / name / "crops.csv"

    def _pose(self) -> None:
        values = {"train": str(self.crops("train")), "val": str(self.crops("val")), **self.plan["pose"]}
        sets = [word for name, value in flat(values) for word in ("--set", f"{name}={json.dumps(value)}")]
        run, network = self.folder / "pose", self.network
        self.step("pose", "train", "pose", run, *sets, "--threads", 1, "--quiet")
        self.step("export", "train", "export", run, network, "--quiet")
        for name in (f"hrnet:{network}", "full"):
            report = self.folder / f"pose_{name.partition(':')[0]}.html"
            self.step(f"errors {name.partition(':')[0]}", "evaluate", "pose", self.crops("test"), "--model", name,
                      "--run", run, "--report", report, "--json", report.with_suffix(".json"))  # fmt: skip

    @property
    def network(self) -> Path:
        """The exported network."""
        return self.folder / "network.onnx"

    def _names(self) -> None:
        sequences = self.folder / "sequences.npz"
        self.step("joints", "train", "joints", self.folder / "data", sequences, "--model", f"hrnet:{self.network}",
                  "--workers", 2, "--quiet")  # fmt: skip
        also = self._labels()
        held, unseen = (",".join(sorted(self.performers(name))) for name in ("val", "test"))
        runs = []
        for name, values in self.plan["classifiers"].items():
            sets = [word for key, value in flat(values) for word in ("--set", f"{key}={json.dumps(value)}")]
            run = self.folder / name
            self.step(name, "train", "exercise", sequences, run, "--held", held, "--leave-out", unseen,
                      *also, *sets)  # fmt: skip
            runs += ["--run", run]
        self.step("names", "evaluate", "exercise", sequences, *runs, "--performers", unseen,
                  "--report", self.folder / "exercises.html", "--json", self.folder / "exercises.json")  # fmt: skip

    def _clips(self) -> None:
        """Other people's videos, named by each classifier."""
        if not (CLIPS.exists() and self.plan["clips"]):
            return
        for name in self.plan["classifiers"]:
            report = self.folder / f"clips_{name}.html"
            self.step(f"clips {name}", "evaluate", "external", CLIPS, "--run", self.folder / name,
                      "--model", f"hrnet:{self.network}", "--report", report, "--json", report.with_suffix(".json"),
                      "--quiet")  # fmt: skip

    def performers(self, name: str) -> set[str]:
        """Who is in a split."""
        return {f"Z{row.performer}" for row in read_rows(self.table(name))}

    def page(self, size: str) -> str:
        """The page of all figures, as Markdown."""
        clips = sorted(self.folder.glob("clips_*.json"))
        kept = [*sorted(self.folder.glob("pose_*.json"), reverse=True), self.folder / "exercises.json", *clips]
        tables = summary(map(read_record, kept))
        took = Table("What it took", ("step", "seconds"), tuple((k, f"{v:.0f}") for k, v in self.done.items()))
        whole_min = sum(self.done.values()) / 60
        machine = f"{os.cpu_count()} cores; the steps' times add up to {whole_min:.0f} minutes."
        return as_markdown("The original study, again", [*tables, took], [self._words(size, bool(clips)), machine])

    def _words(self, size: str, clips: bool) -> str:
        plan = self.plan
        counts = {name: len(list(read_rows(self.table(name)))) for name in SPLITS}
        people = {f"who_{name}": len(self.performers(name)) for name in SPLITS}
        many = plan["label_performers"]
        pictures = sum(1 for _ in (self.folder / "data").rglob("*.jpg"))
        return WORDS.format(
            size=size, exercises=len(plan["exercises"]), performers=plan["performers"], pictures=f"{pictures:,}",
            network=plan["pose"]["network"], side=plan["pose"]["size"], epochs=plan["pose"]["epochs"],
            clips=ON_CLIPS if clips else "", labels=LABELS.format(many) if many else "", **counts, **people,
        ).strip()  # fmt: skip


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
    parser.add_argument("--report", type=Path, help="the page; for full, that of the documentation")
    given = parser.parse_args(arguments)
    plan = tomllib.loads(PLANS.read_text("utf-8"))[given.size]
    study = Study(plan, given.folder or ROOT / "build" / f"study_{given.size}")
    study.run()
    report = given.report or PAGES.get(given.size, study.folder / "study.md")
    write_text(report, study.page(given.size))
    for name, took_s in study.done.items():
        print(f"{took_s:8.1f} s  {name}")
    print(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
