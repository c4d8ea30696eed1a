"""Film the samples again: ``python tools/make_samples.py [NAME ...]`` from ``samples/samples.toml``.

Each is what ``deukgeun synth session`` makes of the values in its table. The truth beside it is the command's own, but
for the joints and boxes: they are told for one picture a second and one joint set, so that the file stays small.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from deukgeun.synth.truth import ClipTruth, read_truth, write_truth

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
JOINTS = "blazepose_33"
EVERY_S = 1.0


def thinned(truth: ClipTruth) -> ClipTruth:
    """The truth of one picture a second, with one joint set; sets, repetitions, people and camera stay whole."""
    step = max(round(EVERY_S * truth.fps), 1)
    rows = slice(None, None, step)
    moving = len(truth.camera.position_m) > 1
    camera = truth.camera
    if moving:
        camera = replace(camera, position_m=camera.position_m[rows], rotation=camera.rotation[rows])
    boxes = [
        item if len(item.box) == 1 else replace(item, box=np.round(item.box[rows], 1), seen=item.seen[rows])
        for item in truth.equipment
    ]
    joints = [
        replace(
            points,
            xy=points.xy[rows],
            room_m=points.room_m[rows],
            camera_m=points.camera_m[rows],
            visible=points.visible[rows],
            in_picture=points.in_picture[rows],
        )
        for points in truth.keypoints
        if points.joints == JOINTS
    ]
    return replace(
        truth, time_s=truth.time_s[rows], camera=camera, equipment=tuple(boxes), keypoints=tuple(joints)
    )  # fmt: skip


def arguments(table: dict[str, Any]) -> list[str]:
    """The options of ``deukgeun synth session`` for a table."""
    out: list[str] = []
    for name, value in table.items():
        out += [f"--{name}"] if value is True else [f"--{name}", str(value)]
    return out


def make(name: str, table: dict[str, Any], out: Path) -> None:
    """Film one sample and write its truth."""
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / f"{name}.mp4"
        call = [str(Path(sys.executable).with_name("deukgeun")), "synth", "session", str(video), *arguments(table)]
        subprocess.run(call, check=True)
        truth = thinned(read_truth(video.with_suffix(".json")))
        out.mkdir(parents=True, exist_ok=True)
        (out / video.name).write_bytes(video.read_bytes())
    write_truth(truth, out / f"{name}.json", archive=False)


def main() -> None:
    """Film the samples that are named, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    parser.add_argument("--out", type=Path, default=SAMPLES)
    given = parser.parse_args()
    tables = tomllib.loads((SAMPLES / "samples.toml").read_text(encoding="utf-8"))
    for name in given.names or tables:
        make(name, tables[name], given.out)


if __name__ == "__main__":
    main()
