"""The network that names movements, from nothing: tracks of the virtual gym, training, calibration, a report.

    python tools/make_movements.py [full|small] [--folder build/movements] [--out movements.onnx] [--report FILE]

Every step is a command of ``deukgeun``; a step that is finished is not done again: a stopped run goes on. No real video
is read anywhere in it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CLI = Path(sys.executable).with_name("deukgeun")
PLANS = ROOT / "tools" / "movements.toml"


class Making:
    """The steps, each with a file that says that it is finished."""

    def __init__(self, plan: dict[str, Any], folder: Path) -> None:
        self.plan, self.folder = plan, folder
        folder.mkdir(parents=True, exist_ok=True)

    def step(self, name: str, *arguments: object) -> None:
        """Run one command, unless it was finished before."""
        done = self.folder / f"{name}.done"
        if done.exists():
            return
        print(f"{time.strftime('%H:%M:%S')}  {name}", flush=True)
        begun = time.perf_counter()
        subprocess.run([str(CLI), *map(str, arguments)], check=True)
        done.write_text(f"{time.perf_counter() - begun:.0f} s\n", "utf-8")

    def run(self, out: Path, report: Path) -> None:
        """All steps in order."""
        plan, tracks, workouts = self.plan, *(self.folder / name for name in ("tracks", "workouts"))
        only = ("--only", ",".join(plan["only"])) if plan["only"] else ()
        self.step("tracks", "synth", "tracks", tracks, "--count", plan["tracks"], "--seconds", plan["seconds"],
                  "--seed", plan["seed"], "--workers", plan["workers"], *only, "--quiet")  # fmt: skip
        self.step("workouts", "synth", "tracks", workouts, "--workouts", plan["workouts"],
                  "--seed", plan["seed"] + 1, "--workers", plan["workers"], "--quiet")  # fmt: skip
        for name, changes in plan["runs"].items():
            sets = [word for change in changes for word in ("--set", change)]
            self.step(f"train {name}", "train", "movements", self.folder / name, tracks, workouts, *sets)
        first, *others = (self.folder / name for name in plan["runs"])
        together = [word for run in others for word in ("--with", run)]
        self.step("export", "train", "export-movements", first, out, *together, "--odds", *plan["odds"],
                  "--calibrate", tracks, "--calibrate", workouts)  # fmt: skip
        self.step("report", "evaluate", "synth", tracks, "--network", out, "--report", report, "--quiet")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the network."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("size", nargs="?", default="full", choices=("full", "small"))
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--out", type=Path, help="the network; by default in the folder")
    parser.add_argument("--report", type=Path, help="what it is worth on the gym; by default in the folder")
    given = parser.parse_args(arguments)
    plan = tomllib.loads(PLANS.read_text("utf-8"))[given.size]
    folder = given.folder or ROOT / "build" / f"movements_{given.size}"
    out, report = given.out or folder / "movements.onnx", given.report or folder / "report.md"
    Making(plan, folder).run(out, report)
    print(out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
