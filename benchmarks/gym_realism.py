"""Do the gym's motions look like people's? Joint angles of real clips beside those of synthetic ones.

    python benchmarks/gym_realism.py [--manifest ../shared/data/clips.csv] [--tracks FOLDER] [--recordings FOLDER]
        [--members 32] [--save FILE] [--before FILE] [--report docs/reports/realism.md]

Both are seen by BlazePose: the real clips through our tracker, the synthetic ones through the model of its errors, by
phones as people put them. A clip becomes a course of angles (`gym_course`); its distance to a class is the mean of its
three nearest members. A motion is off where real clips of it lie nearer to another class, or twice as far from their
own as its members are from each other. The clips are not part of this repository, and nothing is fitted to them.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from gym_course import CENTRAL, SIDED, Course, Crowd, course, crowd, reliabilities, seen_track, true_track
from scipy.stats import binomtest
from support import MANIFEST, REPORTS, at_hand, commit, table, write_report

from deukgeun.exercises import catalogue
from deukgeun.pose import PoseTrack
from deukgeun.skeleton import skeleton
from deukgeun.synth.tracks.make import draw_track
from deukgeun.synth.tracks.recording import Recording, load

Array = npt.NDArray[np.float64]

NOTES = Path(__file__).with_suffix(".toml")
NEAREST = 3
FAR = 2.0
STRETCHED = "Wurminator69420"
RATE_HZ, SECONDS = 10.0, 8.0
Row = dict[str, str]
Classes = Mapping[str, Sequence[Course]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A clip's distances in degrees: to its own class, of which it is the ``rank``-th nearest, and to the nearest other
    one; ``within_deg`` is how far members of its class are from each other.
    """

    clip: str
    movement: str
    view: str
    own_deg: float
    rank: int
    other: str
    other_deg: float
    within_deg: float
    counted: int

    @property
    def off(self) -> bool:
        """Nearer to another class, or far from its own."""
        return self.rank > 1 or self.own_deg > FAR * self.within_deg


class Gym:
    """The synthetic classes, and how far a course is from each."""

    def __init__(self, classes: Classes) -> None:
        self.names = sorted(classes)
        self.label = np.array([name for name in self.names for _ in classes[name]])
        self._courses = [each for name in self.names for each in classes[name]]
        self._crowd: Crowd = crowd(self._courses)

    def far(self, one: Course, without: int | None = None) -> dict[str, float]:
        """Distance of a course to each class, leaving out member number ``without``."""
        every = self._crowd.distances(one)
        if without is not None:
            every[without] = np.inf
        return {name: float(np.sort(every[self.label == name])[:NEAREST].mean()) for name in self.names}

    def within(self, name: str) -> tuple[float, float]:
        """Median distance of the members of a class to the others of it, and the share that is nearest to it."""
        found = [(k, self.far(self._courses[k], without=int(k))) for k in np.flatnonzero(self.label == name)]
        nearest = [min(far, key=lambda n: far[n]) == name for _, far in found]
        return float(np.median([far[name] for _, far in found])), float(np.mean(nearest))


def hinted(track: PoseTrack, movement: str) -> Course | None:
    """The course of a track, cut as the catalogue knows the movement."""
    known = catalogue().by_movement(movement)[0]
    return course(track, known.rep_joints, known.rep_start, hold=known.measure == "hold")


def members(count: int, seed: int = 5000) -> Classes:
    """``count`` synthetic courses of every exercise, by movement."""
    out: dict[str, list[Course]] = defaultdict(list)
    for known in catalogue().values():
        for number in range(count):
            track = draw_track(seed + number, known.slug, duration_s=SECONDS, rate_hz=RATE_HZ).track
            found = hinted(track, known.movement)
            if found is not None:
                out[known.movement].append(found)
    return out


def judge(real: Sequence[tuple[Row, Course]], gym: Gym) -> list[Verdict]:
    """Verdicts on real clips of movements that have synthetic members."""
    within = {name: gym.within(name)[0] for name in sorted({row["movement"] for row, _ in real})}
    out = []
    for row, own in real:
        name, far = row["movement"], gym.far(own)
        order = sorted(far, key=lambda n: far[n])
        other = next(n for n in order if n != name)
        out.append(
            Verdict(
                Path(row["path"]).stem, name, row["view"], far[name], order.index(name) + 1, other, far[other],
                within[name], own.repetitions,
            )
        )  # fmt: skip
    return out


def wanted(manifest: Path) -> list[Row]:
    """The rows of clips that can be held against the gym: of a movement it knows, and not stretched sideways."""
    rows = csv.DictReader(manifest.read_text("utf-8").splitlines())
    return [r for r in rows if catalogue().by_movement(r["movement"]) and not r["source_repo"].startswith(STRETCHED)]


def estimated(clip: Path, kept: Path | None) -> PoseTrack | None:
    """The main subject of a clip as our tracker sees it; kept in a file, and read from it the next time."""
    if kept is not None and kept.exists():
        with np.load(kept) as raw:
            return _track(raw["time_s"], raw["xy"], raw["score"], raw["xyz"])
    from deukgeun.media import read_frames
    from deukgeun.pose import PoseTracker
    from deukgeun.pose.subject import main_subject
    from deukgeun.settings import load_settings

    tracker, size = PoseTracker(load_settings(threads=1)), (1, 1)
    with read_frames(clip, rate_hz=RATE_HZ) as frames:
        for frame in frames:
            tracker.update(frame)
            size = frame.image.shape[1], frame.image.shape[0]
    found = main_subject(tracker.tracks(), *size)
    if found is None or found.xyz is None:
        return None
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(kept, time_s=found.time_s, xy=found.xy, score=found.score, xyz=found.xyz)
    return found


def _track(time_s: Array, xy: Array, score: Array, xyz: Array) -> PoseTrack:
    return PoseTrack(time_s, xy, score, xyz, skeleton("blazepose_33"), 0)


def real_courses(manifest: Path, tracks: Path | None) -> list[tuple[Row, Course]]:
    """The courses of the real clips in which somebody is seen for long enough."""
    out = []
    for row in wanted(manifest):
        kept = None if tracks is None else tracks / f"{Path(row['path']).stem}.npz"
        track = estimated(manifest.parent / row["path"], kept)
        found = None if track is None else hinted(track, row["movement"])
        if found is not None:
            out.append((row, found))
    return out


def interval(right: int, of: int) -> str:
    """A share with its Wilson 95 % interval (Wilson, J. Am. Stat. Assoc. 22, 1927)."""
    z, p = 1.96, right / max(of, 1)
    middle = (p + z * z / (2 * of)) / (1 + z * z / of)
    half = z * np.sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return f"{right}/{of} = {p:.0%} [{middle - half:.0%}, {middle + half:.0%}]"


def summary(found: Sequence[Verdict]) -> list[str]:
    """What all clips say together: nearest own, own among three, far from their own, median distance."""
    many = len(found)
    return [
        interval(sum(v.rank == 1 for v in found), many),
        interval(sum(v.rank <= NEAREST for v in found), many),
        str(sum(v.own_deg > FAR * v.within_deg for v in found)),
        f"{np.median([v.own_deg for v in found]):.1f}",
        f"{np.median([v.own_deg / v.within_deg for v in found]):.2f}",
    ]


def moved(found: Sequence[Verdict], before: Sequence[Verdict]) -> str:
    """How many clips came to be nearest to their own class and ceased to be, with an exact sign test."""
    was = {v.clip: v.rank == 1 for v in before}
    here = [(was[v.clip], v.rank == 1) for v in found if v.clip in was]
    came, went = here.count((False, True)), here.count((True, False))
    chance = float(binomtest(came, came + went).pvalue) if came + went else 1.0
    return (
        f"{came} clips came to be nearest to their own class, {went} ceased to be (sign test p = {chance:.2f}). The "
        "corrections were made by people who had looked at these very clips, so the second figure is optimistic, and "
        "the cameras and the engine changed between the two as well."
    )


def movement_rows(found: Sequence[Verdict], before: Sequence[Verdict], gym: Gym) -> list[list[str]]:
    """A table row for each movement with real clips."""
    rows = []
    for name in sorted({v.movement for v in found}):
        own, was = ([v for v in each if v.movement == name] for each in (found, before))
        within, itself = gym.within(name)
        worst = max(own, key=lambda v: v.own_deg / v.within_deg)
        distance = f"{np.median([v.own_deg for v in own]):.1f}"
        nearest = str(sum(v.rank == 1 for v in own))
        if was:
            distance += f" ({np.median([v.own_deg for v in was]):.1f})"
            nearest += f" ({sum(v.rank == 1 for v in was)})"
        far = f"{worst.clip}: {worst.own_deg:.1f}; {worst.other} {worst.other_deg:.1f}"
        among = sum(v.rank <= NEAREST for v in own)
        rows.append([name, str(len(own)), nearest, str(among), distance, f"{within:.1f}", f"{itself:.0%}", far])
    return rows


def off_rows(found: Sequence[Verdict], why: Mapping[str, str]) -> list[list[str]]:
    """A table row for each clip that is off, and why."""
    return [
        [
            v.clip, v.movement, v.view, f"{v.own_deg:.1f}", f"{v.rank}", f"{v.other} {v.other_deg:.1f}",
            f"{v.within_deg:.1f}", why.get(v.clip, "not looked into"),
        ]
        for v in sorted(found, key=lambda v: (v.movement, v.clip))
        if v.off
    ]  # fmt: skip


def reach(recordings: Sequence[Recording], gym: Gym) -> list[list[str]]:
    """What the measure says of rendered clips, whose class is known: as the estimator saw them, and as they were."""
    rows = []
    for what, seen_as in (("as BlazePose saw them", seen_track), ("as they were", true_track)):
        ranks = []
        for each in recordings:
            if each.label not in catalogue() or each.seen.sum() < 15:
                continue
            name = catalogue()[each.label].movement
            found = hinted(seen_as(each), name)
            if found is not None:
                far = gym.far(found)
                ranks.append(sorted(far, key=lambda n: far[n]).index(name) + 1)
        rows.append([what, *(interval(sum(r <= most for r in ranks), len(ranks)) for most in (1, NEAREST))])
    return rows


def measure_section(recordings: Sequence[Recording], gym: Gym) -> list[str]:
    """How good the measure itself is, told by rendered clips."""
    if not recordings:
        return []
    weights = [[n, f"{w:.2f}"] for n, w in zip((*SIDED, *CENTRAL), reliabilities(recordings), strict=True)]
    return [
        "## What the measure can tell",
        f"{len(recordings)} rendered clips have a truth. Their own class is nearest to those that are exercises in:",
        "\n".join(table(("rendered clips", "nearest own", "own among three"), reach(recordings, gym))),
        "That is about what can be asked of a motion that looks like people's; not quite, as these clips are of all "
        "exercises alike and from all sides, and the real ones are of few, mostly from the side. An angle weighs as "
        "much as it is reliable: the variance of the true angle over that of truth and error together.",
        "\n".join(table(("angle", "reliability"), weights)),
    ]


_MOVEMENT = (
    "movement", "clips", "nearest own", "own among three", "median distance", "within class", "members nearest own",
    "worst clip: distance; nearest other",
)  # fmt: skip
_OFF = ("clip", "movement", "view", "own", "rank", "nearest other", "within class", "why")
_ALL = ("", "nearest own", "own among three", "far from own", "median distance", "median distance / within class")


def sections(
    found: Sequence[Verdict], before: Sequence[Verdict], gym: Gym, recordings: Sequence[Recording], count: int
) -> list[str]:
    """The paragraphs of the report."""
    notes = tomllib.loads(NOTES.read_text("utf-8"))
    whole = [["before the corrections", *summary(before)]] if before else []
    whole.append(["now", *summary(found)])
    return [
        f"Courses of joint angles through a repetition, of {len(found)} real clips (other people's, stretched ones "
        f"left out) and of {count} synthetic tracks of every exercise. Both as BlazePose sees them: the real clips "
        "through the tracker, the synthetic ones through the model of its errors and random phones. Distances are "
        "root mean squares in degrees, to the three nearest members of a class; a clip is off if another class is "
        f"nearer, or its own farther than {FAR:.0f} times what its members are apart. A clip's class is told to the "
        "counter that cuts it into repetitions, and to nothing else.",
        "\n".join(table(_ALL, whole)),
        *([moved(found, before)] if before else []),
        *measure_section(recordings, gym),
        "## By movement",
        "In brackets: before the corrections. Members nearest own: the share of the class's own members that is "
        "nearest to it when left out, so what a real clip may be asked for.",
        "\n".join(table(_MOVEMENT, movement_rows(found, before, gym))),
        "## Clips that are off",
        "\n".join(table(_OFF, off_rows(found, notes["why"]))),
        "## What was corrected",
        "\n".join(f"- {each}" for each in notes["corrected"]),
        "## What the measure does not see",
        "\n".join(f"- {each}" for each in notes["blind"]),
    ]


def page(
    manifest: Path, tracks: Path | None = None, recordings: Path | None = None, count: int = 32,
    before: Path | None = None, save: Path | None = None,
) -> list[str]:  # fmt: skip
    """Sections of a report on the clips of ``manifest``. ``tracks`` keeps what the tracker saw, ``save`` the verdicts;
    ``before`` holds those of an earlier run.
    """
    gym = Gym(members(count))
    found = judge(real_courses(manifest, tracks), gym)
    if save is not None:
        save.write_text(json.dumps([asdict(v) for v in found], indent=1), "utf-8")
    was = [] if before is None else [Verdict(**v) for v in json.loads(before.read_text("utf-8"))]
    clips = [] if recordings is None else [load(path) for path in sorted(recordings.glob("*.npz"))]
    return "\n\n".join(sections(found, was, gym, clips, count)).split("\n")


def main() -> int:
    """Write the report."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--manifest", type=Path, default=MANIFEST, help="CSV of labelled clips")
    parser.add_argument("--tracks", type=Path, help="folder to keep the real clips' tracks in")
    parser.add_argument("--recordings", type=Path, help="folder of tools/record_estimator.py")
    parser.add_argument("--members", type=int, default=32, help="synthetic tracks of each exercise")
    parser.add_argument("--save", type=Path, help="JSON file to write the verdicts to")
    parser.add_argument("--before", type=Path, help="verdicts of an earlier run, to compare with")
    parser.add_argument("--report", type=Path, default=REPORTS / "realism.md", help="Markdown file to write")
    given = parser.parse_args()
    if not at_hand(given.manifest):
        return 2
    head = [
        "# The gym's motions beside people's",
        "",
        f"Written by `benchmarks/gym_realism.py` at commit {commit()}.",
        "",
    ]
    write_report(
        given.report,
        head + page(given.manifest, given.tracks, given.recordings, given.members, given.before, given.save),
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
