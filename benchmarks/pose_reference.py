"""Our pose stage beside its reference, mediapipe's own graph, on the same pictures of real clips.

    python benchmarks/pose_reference.py --peer-python PEER/bin/python [--report docs/reports/pose_reference.md]

The peer is ``mediapipe==0.10.21`` from PyPI in a virtual environment of its own::

    python3 -m venv PEER && PEER/bin/pip install mediapipe==0.10.21

Clips: every fourth of those with one person in ``../shared/data/clips.csv``, in the order of that file, the first 30
seconds of each, at 10 Hz; all are kept, however they come out. ``--offset`` takes other clips by the same rule: faults
of our pipeline were found and mended on those of offset 0, and the threshold for cuts was set on every second clip.
Both sides get the same decoded pictures and their times, and both run pinned to one core, one after the other,
clip by clip. Ours is ``full`` with ``max_people=1``, as the reference follows one person.

PCK@0.1: of all joints that the reference sees (visibility above 0.5), in all pictures where it has a pose, the share
that we put within 0.1 torso lengths of it. A picture in which we have no pose counts as missed. The torso is the
reference's, in that picture: from the middle of the shoulders to the middle of the hips.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
PEER = Path(__file__).parent / "peers" / "mediapipe_pose.py"
CORE = 0
EVERY = 4
RATE_HZ = 10.0
LONGEST_S = 30.0
NEAR = 0.1
VISIBLE = 0.5
GROUPS = {
    "head": range(11),
    "shoulders": (11, 12),
    "elbows": (13, 14),
    "wrists": (15, 16),
    "fingers": range(17, 23),
    "hips": (23, 24),
    "knees": (25, 26),
    "ankles": (27, 28),
    "heels and toes": range(29, 33),
}


@dataclass(frozen=True, slots=True)
class Run:
    """One side over one clip: ``xy`` (N, 33, 2) px, NaN without a pose; ``wall_s`` and ``cpu_s`` (N,) a picture.

    ``visibility`` (N, 33) is there for the reference, ``network_s`` (N,), the part inside the networks, for ours.
    """

    xy: Floats
    wall_s: Floats
    cpu_s: Floats
    visibility: Floats | None = None
    network_s: Floats | None = None

    @property
    def has_pose(self) -> NDArray[np.bool_]:
        """The pictures (N,) with a pose."""
        return np.isfinite(self.xy[:, 0, 0])


@dataclass(frozen=True, slots=True)
class Pair:
    """Both sides over one clip."""

    clip: str
    ours: Run
    peer: Run

    @property
    def seen(self) -> NDArray[np.bool_]:
        """The joints (N, 33) that are compared."""
        assert self.peer.visibility is not None
        return (self.peer.visibility > VISIBLE) & self.peer.has_pose[:, None]

    @property
    def distance(self) -> Floats:
        """Return (N, 33) in torso lengths, infinite where we have no pose."""
        torso = _torso(self.peer.xy)[:, None]
        away = np.linalg.norm(self.ours.xy - self.peer.xy, axis=2) / torso
        distance: Floats = np.where(self.ours.has_pose[:, None], away, np.inf)
        return distance

    @property
    def elsewhere(self) -> NDArray[np.bool_]:
        """The pictures (N,) where both have a pose, and the hips lie more than a torso apart: not one body."""
        both = self.ours.has_pose & self.peer.has_pose
        hips = self.distance[:, 23:25].mean(axis=1)
        return both & (np.where(both, hips, 0.0) > 1.0)


def _torso(xy: Floats) -> Floats:
    middle = (xy[:, 11] + xy[:, 12]) / 2 - (xy[:, 23] + xy[:, 24]) / 2
    torso: Floats = np.maximum(np.linalg.norm(middle, axis=1), 1.0)
    return torso


def chosen_clips(offset: int = 0) -> list[Path]:
    """Return the clips of the fixed rule above."""
    rows = csv.DictReader((DATA / "clips.csv").read_text("utf-8").splitlines())
    return [DATA / row["path"] for row in rows if row["people"] == "1"][offset::EVERY]


def decode(clip: Path, folder: Path) -> None:
    """Write the pictures of a clip and their times into ``folder``."""
    from deukgeun.media import frames

    taken = list(takewhile(lambda f: f.time_s < LONGEST_S, frames(clip, rate_hz=RATE_HZ)))
    np.save(folder / "frames.npy", np.stack([f.image for f in taken]))
    np.save(folder / "times.npy", np.array([f.time_s for f in taken]))


def run_peer(python: Path, folder: Path, smooth: bool) -> Run:
    """Run the reference in its own environment."""
    out = folder / "peer.npz"
    command = [str(python), str(PEER), str(folder), str(out), "--core", str(CORE), *(["--smooth"] if smooth else [])]
    subprocess.run(command, check=True, capture_output=True)
    found = np.load(out)
    return Run(found["xy"], found["wall_s"], found["cpu_s"], visibility=found["visibility"])


def run_ours(folder: Path, smooth: bool) -> Run:
    """Run our tracker over the same pictures."""
    from deukgeun.media import Frame
    from deukgeun.pose import PoseTracker
    from deukgeun.pose.blazepose import BlazePose
    from deukgeun.settings import load_settings

    settings = load_settings(environ={}, model="full", threads=1, max_people=1)
    model = BlazePose("full", 1)
    tracker = PoseTracker(settings, model, smooth=smooth)
    networks = (model.network, tracker.detector.network)
    images, times = np.load(folder / "frames.npy", mmap_mode="r"), np.load(folder / "times.npy")
    xy = np.full((len(times), 33, 2), np.nan)
    clock = np.zeros((3, len(times)))
    for index, time_s in enumerate(times):
        frame = Frame(float(time_s), np.array(images[index]))
        before = _now(networks)
        poses = tracker.update(frame)
        clock[:, index] = _now(networks) - before
        if poses:
            xy[index] = poses[0].xy
    return Run(xy, clock[0], clock[1], network_s=clock[2])


def _now(networks: tuple[object, ...]) -> Floats:
    inside = sum(network.seconds for network in networks)  # type: ignore[attr-defined]
    return np.array([time.perf_counter(), time.process_time(), inside])


def compare(clip: Path, python: Path) -> dict[bool, Pair]:
    """Return both sides over a clip, by whether they smooth."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        decode(clip, folder)
        return {
            smooth: Pair(clip.stem, run_ours(folder, smooth), run_peer(python, folder, smooth))
            for smooth in (False, True)
        }


def agreement_row(name: str, pairs: list[Pair], joints: list[int], same_body: bool = False) -> str:
    """Return a table row: joints compared, PCK@0.1, and mean and median distance where both have a pose."""
    parts = []
    for pair in pairs:
        keep = pair.seen & (~pair.elsewhere[:, None] & pair.ours.has_pose[:, None] if same_body else True)
        parts.append(pair.distance[:, joints][keep[:, joints]])
    distance = np.concatenate(parts)
    finite = distance[np.isfinite(distance)]
    share = 100 * float(np.mean(distance <= NEAR))
    return f"| {name} | {len(distance):,} | {share:.1f} % | {finite.mean():.4f} | {np.median(finite):.4f} |"


def agreement(pairs: list[Pair]) -> list[str]:
    """Return the table of one kind of run."""
    every = list(range(33))
    lines = [
        "| joints | n | PCK@0.1 | mean distance, torsos | median |",
        "|---|---|---|---|---|",
        agreement_row("**all**", pairs, every),
        *(agreement_row(name, pairs, list(joints)) for name, joints in GROUPS.items()),
        agreement_row("all, where both follow one body", pairs, every, same_body=True),
    ]
    return [*lines, "", presence(pairs)]


def presence(pairs: list[Pair]) -> str:
    """Return in words where one side has a pose and the other has none, or another body."""
    count = sum(len(p.ours.xy) for p in pairs)
    both, only_peer, only_ours, apart = (
        sum(int(kind.sum()) for kind in kinds)
        for kinds in zip(
            *(
                (
                    p.ours.has_pose & p.peer.has_pose,
                    ~p.ours.has_pose & p.peer.has_pose,
                    p.ours.has_pose & ~p.peer.has_pose,
                    p.elsewhere,
                )
                for p in pairs
            ),
            strict=True,
        )
    )
    return (
        f"Of {count:,} pictures, {both:,} have a pose on both sides, {only_peer:,} in the reference only (all their "
        f"joints count as missed), {only_ours:,} in ours only (not compared). In {apart:,} both have a pose but the "
        "hips are more than a torso apart: they do not follow the same body."
    )


def by_clip(pairs: list[Pair]) -> list[str]:
    """Return the table of single clips, worst first."""
    rows = []
    for pair in pairs:
        distance = pair.distance[pair.seen]
        if distance.size:
            share = float(np.mean(distance <= NEAR))
            missed = int((~pair.ours.has_pose & pair.peer.has_pose).sum())
            rows.append((share, pair.clip, len(distance), missed, int(pair.elsewhere.sum())))
    lines = ["| clip | joints | PCK@0.1 | no pose in ours | another body |", "|---|---|---|---|---|"]
    return lines + [
        f"| {clip} | {n:,} | {100 * s:.1f} % | {missed} | {far} |" for s, clip, n, missed, far in sorted(rows)
    ]


def what_remains(pairs: list[Pair]) -> list[str]:
    """Return in words where the difference comes from: the first pictures tell, before anything is fed back."""
    first = np.concatenate([p.distance[0][p.seen[0]] for p in pairs if p.ours.has_pose[0]])
    return [
        "## What the rest is",
        "",
        "Both run the same landmark network. In the first picture of a clip, where nothing is fed back yet, the median",
        f"distance is {np.median(first):.4f} torsos and PCK@0.1 {100 * np.mean(first <= NEAR):.1f} % "
        f"({len(first):,} joints). After that the region of",
        "interest comes from the joints before, and a difference of a fraction of a pixel in sampling grows where the",
        "network itself is unsure. Where one side lost somebody or follows another body, the row of the clip shows it.",
        "The reference is no ground truth: this compares two pipelines, and says of neither that it is right.",
    ]


def speed(pairs: list[Pair]) -> list[str]:
    """Return the table of times a picture; the first picture of a clip, which starts everything, is left out."""
    lines = ["| ms a picture, one core | mean | median | mean of processor time |", "|---|---|---|---|"]
    for name, side in (("ours", "ours"), ("reference", "peer")):
        runs: list[Run] = [getattr(pair, side) for pair in pairs]
        wall = 1000 * np.concatenate([run.wall_s[1:] for run in runs])
        cpu = 1000 * np.concatenate([run.cpu_s[1:] for run in runs])
        lines.append(f"| {name} | {wall.mean():.1f} | {np.median(wall):.1f} | {cpu.mean():.1f} |")
    return lines


def ratios(pairs: list[Pair]) -> list[str]:
    """Return the two figures of speed that have a goal."""

    def total(side: str, what: str) -> float:
        return float(sum(getattr(getattr(pair, side), what)[1:].sum() for pair in pairs))

    return [
        f"- ours over the reference, processor time: **{total('ours', 'cpu_s') / total('peer', 'cpu_s'):.2f}** "
        "(goal: at most 1)",
        f"- our pose stage over the sum of its networks, wall time: "
        f"**{total('ours', 'wall_s') / total('ours', 'network_s'):.2f}** (goal: at most 1.3)",
    ]


def on_these_clips(offset: int) -> str:
    """Return in words what the clips of ``offset`` have been used for before."""
    if offset == 0:
        return "Faults of our pipeline were found and mended on these very clips: the figures are optimistic."
    return "Part of these clips helped to set the threshold for cuts; other faults were mended on those of offset 0."


def report(found: list[dict[bool, Pair]], command: str, offset: int) -> str:
    """Return the report in Markdown."""
    raw, smooth = [pair[False] for pair in found], [pair[True] for pair in found]
    head = [
        "# Pose beside its reference",
        "",
        f"Written by `{command}`: our `full` and mediapipe 0.10.21",
        f"(`model_complexity=1`) on the same decoded pictures of {len(found)} real clips, {RATE_HZ:g} a second. How",
        "the clips are chosen and what the figures mean stands at the head of that script; no clip is left out. Each",
        "table counts every picture in which the reference has a pose, and every joint in it with a visibility above "
        f"{VISIBLE:g}.",
        "",
        on_these_clips(offset),
    ]
    return "\n".join(
        [
            *head,
            *("", "## Without smoothing, as the networks give it (the goal: 97 %)", "", *agreement(raw)),
            *("", "## With both sides' smoothing", "", *agreement(smooth)),
            *("", "## Time", "", *speed(smooth), "", *ratios(smooth)),
            *("", "## Single clips, without smoothing", "", *by_clip(raw), "", *what_remains(raw), ""),
        ]
    )


def main() -> None:
    """Run over all clips, print the report, and write it where asked."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--peer-python", type=Path, required=True, help="Python of the peer's environment")
    parser.add_argument("--report", type=Path, help="Markdown file to write")
    parser.add_argument("--offset", type=int, default=0, choices=range(EVERY), help="which clips")
    given = parser.parse_args()
    if not DATA.is_dir():
        parser.error(f"the clips are not at hand: there is no {DATA}")
    os.sched_setaffinity(0, {CORE})
    found = []
    for clip in chosen_clips(given.offset):
        found.append(compare(clip, given.peer_python))
        pair = found[-1][False]
        share = np.mean(pair.distance[pair.seen] <= NEAR) if pair.seen.any() else np.nan
        print(f"{clip.stem}: {100 * share:.1f} %", file=sys.stderr, flush=True)
    flag = f" --offset {given.offset}" if given.offset else ""
    text = report(found, f"python benchmarks/pose_reference.py --peer-python PEER/bin/python{flag}", given.offset)
    print(text)
    if given.report:
        given.report.parent.mkdir(parents=True, exist_ok=True)
        given.report.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
