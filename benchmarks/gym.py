"""The virtual gym, measured on recordings: what the estimator sees of it, and whether its errors are modelled honestly.

python tools/record_estimator.py RECORDINGS --count 10
python tools/record_estimator.py GLIMPSES --count 40 --glimpses 8 --seed 1
python benchmarks/gym.py RECORDINGS --glimpses GLIMPSES [--report docs/reports/synth.md]
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import gym_agreement
import gym_sight
import gym_transfer
import numpy as np
import numpy.typing as npt
from support import REPORTS, commit, table, write_report

from deukgeun.synth.tracks.fit import foresee
from deukgeun.synth.tracks.foresight import Foresight
from deukgeun.synth.tracks.recording import load

_SIGHT = ("", "clips", "pictures in view", "found", "median PCK@0.2", "unhidden joints only")
_TRANSFER = ("learnt from", "named right", "interval")


def page(clips: Sequence[gym_sight.Sight], glimpses: Sequence[Path] = ()) -> list[str]:
    """The lines of the report; ``glimpses`` are recordings that teach the error model what follows from the pose."""
    foresight = foresee(map(load, glimpses), np.random.default_rng(0)) if glimpses else None
    exercises = gym_sight.by(clips, lambda c: c.recording.label)
    views = gym_sight.by(clips, lambda c: c.recording.view.rsplit("_", 1)[0])
    chosen = sum(c.recording.chosen for c in clips)
    parts = [
        "# The virtual gym, seen by the pose estimator",
        f"Written by `python benchmarks/gym.py` at {commit()} on {len(clips)} clips of 6 s, 10 pictures a second, made "
        "by `tools/record_estimator.py` (they may be older than that commit): random athletes, rooms and phones, "
        "BlazePose full through `PoseTracker`.",
        f"The athlete is found in {gym_sight.found_share(clips):.1%} of the pictures with at least 80 % of the joints "
        f"in view; the median PCK@0.2 of the clips is {gym_sight.median_pck(clips):.3f}. The athlete, and nobody and "
        f"nothing else, is taken for the main subject in {chosen} of {len(clips)} clips.",
        "## By view",
        "\n".join(table(_SIGHT, gym_sight.table_of(views))),
        "## By exercise or motion, the worst first",
        "\n".join(table(_SIGHT, gym_sight.table_of(exercises))),
        "## The error model",
        *_glimpsed(len(glimpses)),
        *gym_agreement.section([c.recording for c in clips], foresight),
        *_transfer(clips, foresight),
        *_lessons(clips, foresight),
    ]
    return "\n\n".join(parts).split("\n")


def _glimpsed(count: int) -> list[str]:
    if not count:
        return []
    text = (
        f"What follows from the pose was learnt from {count} other clips, of which a few pictures each were looked at; "
        "donors are clips of the half that is fitted on."
    )
    return [text]


def _transfer(clips: Sequence[gym_sight.Sight], foresight: Foresight | None) -> list[str]:
    """What a recogniser that learnt from tracks makes of renders."""
    found = gym_transfer.answers([c.recording for c in clips], foresight)
    named = {
        "tracks with modelled errors, tested on such tracks": found.modelled,
        "tracks with modelled errors, tested on renders": found.rendered,
        "the loss": found.modelled - found.rendered,
        "tracks without errors, tested on such tracks": found.clean,
        "tracks without errors, tested on renders": found.clean_on_rendered,
    }
    text = (
        f"{len(found.movement)} clips of exercises, each named by its movement among {len(set(found.movement))}, by a "
        f"plain recogniser (logistic regression on 4 s windows) that learnt from {gym_transfer.EACH} tracks of every "
        "exercise. Of every clip the very same athlete, motion and camera is named twice, as rendered and as modelled, "
        "by an error model and a recogniser that never met its half of the clips. Clips in which nobody is found are "
        "named wrong. Intervals are of 95 % over clips."
    )
    return ["## What tracks teach", text, _named(named)]


def _lessons(clips: Sequence[gym_sight.Sight], foresight: Foresight | None) -> list[str]:
    """Tracks as teachers beside renders as teachers."""
    found = gym_transfer.lessons([c.recording for c in clips], foresight)
    named = {
        "their renders": found.renders,
        "tracks of them with modelled errors": found.tracks,
        "the loss": found.renders - found.tracks,
        "tracks of them without errors": found.clean,
    }
    text = (
        "Tracks as teachers beside renders as teachers, of the very same athletes, motions and cameras: one half of "
        f"the clips teaches, the renders of the other half are named, and the reverse, {gym_transfer.HALVINGS} times."
    )
    return [text, _named(named)]


def _named(shares: dict[str, npt.NDArray[np.float64]]) -> str:
    """A table of shares named right (N,), with their intervals."""
    rows = [
        [name, f"{values.mean():.1%}", "{:.1%} to {:.1%}".format(*gym_transfer.interval(values))]
        for name, values in shares.items()
    ]
    return "\n".join(table(_TRANSFER, rows))


def main() -> None:
    """Write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recordings", type=Path)
    parser.add_argument("--glimpses", type=Path, help="recordings of a few pictures each, of other clips")
    parser.add_argument("--report", type=Path, default=REPORTS / "synth.md")
    given = parser.parse_args()
    clips = gym_sight.read(given.recordings)
    if not clips:
        parser.error(f"{given.recordings} holds no recordings")
    glimpses = sorted(given.glimpses.glob("*.npz")) if given.glimpses else ()
    write_report(given.report, page(clips, glimpses))


if __name__ == "__main__":
    main()
