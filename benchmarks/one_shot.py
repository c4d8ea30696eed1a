"""Exercises learnt from one example each, found again among everything else.

    python benchmarks/one_shot.py movements.onnx TRACKS... [--classes NAMES] [--draws 20] [--report FILE]

TRACKS are folders of ``deukgeun synth tracks``. Of each class one track of one athlete is the example; all tracks of
athletes of whom no example is are then named: by the nearest example alone, and as an analysis names a set, where the
examples stand beside all that the network knows (`deukgeun.recognition.personal.with_personal`). Examples are drawn
again and again; athletes differ in body, manner and side of the camera, so this is harder than knowing oneself again.

It is only honest with a network that was trained without the classes, which the shipped one was not::

    deukgeun train movements RUN TRACKS... --leave-out NAMES && deukgeun train export-movements RUN movements.onnx

Where the network has a class that is to be learnt the script says so, on the page as well.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from support import commit, table, write_report

from deukgeun.exercises import UNKNOWN, catalogue
from deukgeun.recognition import Guess
from deukgeun.recognition.network import BACKGROUND, MOVEMENT, NEIGHBOUR, MovementNetwork, NamerFile, log_softmax
from deukgeun.recognition.personal import Personal, PersonalExercise, nearest, with_personal
from deukgeun.recognition.windows import windows_of
from deukgeun.training.exercise.corpus import Corpus, gather

Floats = npt.NDArray[np.floating[Any]]

CLASSES = "burpee,hip_thrust,lateral_raise,push_up,russian_twist,bird_dog,boxing,side_plank,superman,woodchop"
GOAL = 0.85
HOP = 5
MODEL = "one-shot"
PAGE = """# Learnt from one example

Written by `python benchmarks/one_shot.py`: one synthetic example each of {count} classes ({classes}), {draws} draws;
tracks of other athletes than the examples', seen from anywhere.

- measured: commit {commit}; network `{network}`, which has {own} classes of its own
{warning}
{rows}
"""
WARNING = (
    "- **not honest**: the network was trained with {known}. A figure of this page says how the method works with "
    "embeddings made for these classes, not how it works with new ones.\n"
)


@dataclass(frozen=True, slots=True)
class Looked:
    """Of N tracks: the windows' embeddings, the shares of the network's classes (N, C), class, kind and athlete."""

    embedding: tuple[Floats, ...]
    shares: Floats
    name: npt.NDArray[np.str_]
    kind: npt.NDArray[np.str_]
    figure: npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of tracks: of the learnt classes, named right by the nearest example, among the examples and all that the
    network knows, and given any learnt name; of the network's movements, named right without and with examples; of
    movements and of neighbours, wrongly given a learnt name."""

    among_examples: float
    among_all: float
    taken: float
    known_before: float
    known_after: float
    movements_taken: float
    neighbours_taken: float


def look(network: MovementNetwork, corpus: Corpus) -> Looked:
    """Return what the network sees of every track."""
    seen = [network.look(windows_of(corpus.track(k), network.file.steps, HOP)) for k in range(len(corpus))]
    shares = np.exp(log_softmax(np.array([each.log_share.mean(axis=0) for each in seen])))
    facts = [np.array([getattr(told, key) for told in corpus.told]) for key in ("name", "kind", "figure")]
    return Looked(tuple(each.embedding for each in seen), shares, *facts)


def guesses(shares: Floats, file: NamerFile) -> tuple[Guess, ...]:
    """Return what an analysis would guess of a set, one exercise standing for its movement."""
    trained = np.where(file.of_kind(BACKGROUND), 0.0, shares)
    trained = trained / trained.sum()
    found = [Guess(UNKNOWN, float(trained[file.of_kind(NEIGHBOUR)].sum()), None)]
    for (name, kind), share in zip(file.classes, trained, strict=True):
        if kind == MOVEMENT:
            found.append(Guess(catalogue().by_movement(name)[0].slug, float(share), None))
    best = file.classes[int(trained.argmax())]
    first = catalogue().by_movement(best[0])[0].slug if best[1] == MOVEMENT else UNKNOWN
    return tuple(sorted(found, key=lambda g: (g.exercise != first, -g.confidence)))


def name_of(guess: Guess) -> str:
    """Return what a guess calls a set: a movement, ``unknown``, or the slug of what was learnt."""
    return catalogue()[guess.exercise].movement if guess.exercise in catalogue() else guess.exercise


def learnt_from(name: str, embedding: Floats) -> PersonalExercise:
    """Return a class as an exercise of one example."""
    return PersonalExercise.learnt(name, "reps", [embedding], MODEL)


def draw(seen: Looked, classes: Sequence[str], file: NamerFile, rng: np.random.Generator) -> Figures:
    """Return the figures for one example of each class, drawn at random."""
    examples = [int(rng.choice(np.flatnonzero(seen.name == each))) for each in classes]
    mine = Personal(tuple(map(learnt_from, classes, [seen.embedding[k] for k in examples])))
    slugs = {name: exercise.slug for name, exercise in zip(classes, mine, strict=True)}
    others = np.flatnonzero(~np.isin(seen.figure, seen.figure[examples]) & (seen.kind != BACKGROUND))
    plain = {k: guesses(seen.shares[k], file) for k in others}
    before = np.array([name_of(plain[k][0]) for k in others])
    after = np.array([name_of(with_personal(plain[k], seen.embedding[k], mine)[0]) for k in others])
    learnt = np.isin(seen.name[others], list(classes))
    prototypes = np.concatenate([exercise.prototypes for exercise in mine])
    near = np.array([classes[nearest(prototypes, seen.embedding[k])] for k in others[learnt]])
    truth = np.array([slugs.get(name, name) for name in seen.name[others]])
    movements, neighbours = (~learnt & (seen.kind[others] == kind) for kind in (MOVEMENT, NEIGHBOUR))
    taken = np.isin(after, list(slugs.values()))
    return Figures(
        among_examples=float(np.mean(near == seen.name[others[learnt]])),
        among_all=_mean((after == truth)[learnt]),
        taken=_mean(taken[learnt]),
        known_before=_mean((before == truth)[movements]),
        known_after=_mean((after == truth)[movements]),
        movements_taken=_mean(taken[movements]),
        neighbours_taken=_mean(taken[neighbours]),
    )


def _mean(flags: npt.NDArray[np.bool_]) -> float:
    return float(flags.mean()) if len(flags) else float("nan")


def rows(drawn: Sequence[Figures]) -> list[list[str]]:
    """Return the table of the figures: mean over draws, the tenth and the ninetieth percentile."""
    texts = {
        "among_examples": "learnt classes, right among the examples",
        "among_all": f"learnt classes, right among all (goal {GOAL:.2f})",
        "taken": "learnt classes, given any learnt name",
        "known_before": "the network's movements, right before anything was learnt",
        "known_after": "the network's movements, right after",
        "movements_taken": "the network's movements, given a learnt name",
        "neighbours_taken": "exercises outside the catalogue, given a learnt name",
    }
    found = []
    for key, text in texts.items():
        values = np.array([getattr(each, key) for each in drawn])
        low, high = np.percentile(values, [10, 90])
        found.append([text, f"{values.mean():.3f}", f"{low:.3f} to {high:.3f}"])
    return found


def options() -> argparse.Namespace:
    """Return the arguments of the call."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", type=Path, metavar="MOVEMENTS.onnx", help="trained without the classes")
    parser.add_argument("tracks", type=Path, nargs="+", metavar="TRACKS", help="folders of `deukgeun synth tracks`")
    parser.add_argument("--classes", default=CLASSES, metavar="NAMES", help="what is learnt from one example, commas")
    parser.add_argument("--draws", type=int, default=20, help="how often examples are drawn")
    parser.add_argument("--seed", type=int, default=0, help="of the draws")
    parser.add_argument("--report", type=Path, help="write the page here")
    return parser.parse_args()


def main() -> int:
    """Measure, print, and write the page; 2 where a class is not there."""
    asked = options()
    classes = [each.strip() for each in asked.classes.split(",") if each.strip()]
    corpus, network = gather(asked.tracks), MovementNetwork(asked.network)
    absent = sorted(set(classes) - {told.name for told in corpus.told})
    if absent or not classes:
        print(f"There are no tracks of {', '.join(absent) or 'nothing'}.", file=sys.stderr)
        return 2
    known = sorted(set(classes) & set(network.file.names))
    seen, rng = look(network, corpus), np.random.default_rng(asked.seed)
    shown = table(
        ["share of tracks", "mean", "10 % to 90 % of draws"],
        rows([draw(seen, classes, network.file, rng) for _ in range(asked.draws)]),
    )
    warning = WARNING.format(known=", ".join(known)) if known else ""
    page = PAGE.format(
        count=len(classes), classes=", ".join(classes), draws=asked.draws, commit=commit(), network=asked.network.name,
        own=len(network.file.classes), rows="\n".join(shown), warning=warning,
    )  # fmt: skip
    print(page)
    if asked.report:
        write_report(asked.report, page.splitlines())
    return 0


if __name__ == "__main__":
    sys.exit(main())
