"""The material: the gym's tracks on an even grid of time, and windows cut from them at random."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from deukgeun.errors import TrainingError
from deukgeun.exercises import catalogue
from deukgeun.motion import on_grid
from deukgeun.pose import PoseTrack
from deukgeun.recognition.representation import Body, K, body_of
from deukgeun.skeleton import skeleton

Floats = npt.NDArray[np.floating[Any]]
Kind = Literal["movement", "neighbour", "background"]

RATE_HZ = 10.0
_FEWEST = 15
"""Poses of a track that is worth learning from."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a track: its class (a movement of the catalogue, or the name of another motion), of which kind,
    the exercise or motion, the implement, the athlete, and from where it was seen."""

    name: str
    kind: Kind
    label: str
    equipment: str | None
    figure: str
    view: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """N tracks: ``joints`` (all steps, K, 6) half precision (`Body`'s xyz, xy / 100, score), track n from
    ``starts[n]`` to ``starts[n + 1]``, ``told`` of each."""

    joints: npt.NDArray[np.float16]
    starts: npt.NDArray[np.int64]
    told: tuple[Told, ...]

    def __post_init__(self) -> None:
        if self.joints.shape[1:] != (K, 6) or len(self.starts) != len(self.told) + 1:
            raise ValueError(f"expected (steps, {K}, 6) and N + 1 starts of N tracks")

    def __len__(self) -> int:
        return len(self.told)

    def some(self, which: Sequence[int]) -> Corpus:
        """Return some of the tracks."""
        parts = [self.joints[self.starts[k] : self.starts[k + 1]] for k in which]
        starts = np.cumsum([0, *map(len, parts)])
        return Corpus(np.concatenate([self.joints[:0], *parts]), starts, tuple(self.told[k] for k in which))

    def track(self, number: int) -> Body:
        """Return a whole track as one window."""
        return as_body(self.joints[None, self.starts[number] : self.starts[number + 1]])


def as_body(joints: Floats) -> Body:
    """Return windows (N, T, K, 6), as a corpus holds them, as bodies."""
    full = joints.astype(np.float32)
    return Body(full[..., :3], full[..., 3:5] * 100, full[..., 5])


def _as_joints(body: Body) -> npt.NDArray[np.float16]:
    parts = (body.xyz[0], body.xy[0] / 100, body.score[0, :, :, None])
    return np.concatenate(parts, axis=-1).astype(np.float16)


def gather(folders: Sequence[Path]) -> Corpus:
    """Read all tracks that ``deukgeun synth tracks`` wrote into folders. Raises ``training-no-data``."""
    rows = [row for folder in folders for path in sorted(folder.glob("tracks-*.npz")) for row in _read(path)]
    if not rows:
        raise TrainingError("training-no-data", path=", ".join(map(str, folders)))
    starts = np.cumsum([0, *(len(joints) for joints, _ in rows)])
    return Corpus(np.concatenate([joints for joints, _ in rows]), starts, tuple(told for _, told in rows))


def _read(path: Path) -> Iterator[tuple[npt.NDArray[np.float16], Told]]:
    with np.load(path) as shard:
        values = {name: shard[name] for name in shard.files}
    arrays = [values[name].astype(np.float64) for name in ("time_s", "xy", "score", "xyz")]
    for first, last, facts in zip(values["starts"], values["starts"][1:], values["facts"], strict=False):
        if last - first >= _FEWEST:
            time_s, xy, score, xyz = (a[first:last] for a in arrays)
            track = PoseTrack(time_s, xy, score, xyz, skeleton("blazepose_33"), 0)
            yield _as_joints(body_of(on_grid(track, RATE_HZ))), _told(json.loads(str(facts)))


def _told(facts: dict[str, Any]) -> Told:
    label, known = facts["label"], facts["label"] in catalogue()
    kind: Kind = "movement" if known else "background" if facts["movement"] == "background" else "neighbour"
    name = catalogue()[label].movement if known else label
    return Told(name, kind, label, facts["equipment"], facts["figure"], facts["view"])


@dataclass(frozen=True, slots=True)
class Split:
    """Tracks to ``learn`` from, to ``choose`` with (the best state, the calibration) and to ``test`` on: no athlete is
    in two of them."""

    learn: Corpus
    choose: Corpus
    test: Corpus


def split(corpus: Corpus) -> Split:
    """Return a corpus in three parts, eight, one and one tenth of all athletes.

    An athlete's part depends on the name alone, so that it is the same in every corpus.
    """
    tenth = np.array([zlib.crc32(told.figure.encode()) % 10 for told in corpus.told])
    parts = (tenth > 1, tenth == 0, tenth == 1)
    return Split(*(corpus.some(np.flatnonzero(part).tolist()) for part in parts))


def without(corpus: Corpus, names: Collection[str]) -> Corpus:
    """Return the tracks of all classes but some."""
    return corpus.some([k for k, told in enumerate(corpus.told) if told.name not in names])


def cut(corpus: Corpus, which: npt.NDArray[np.intp], steps: int, rng: np.random.Generator, tempo: float = 0.0) -> Body:
    """Return a window of ``steps`` from a random place of each track, played up to ``exp(tempo)`` faster or slower.

    A track that is too short is played slower as a whole.
    """
    out = np.empty((len(which), steps, K, 6), np.float32)
    for row, number in enumerate(which):
        first, last = corpus.starts[number], corpus.starts[number + 1]
        wanted = steps * np.exp(rng.uniform(-tempo, tempo))
        long = min(wanted, last - first) - 1
        place = first + rng.uniform(0, last - first - 1 - long) + np.linspace(0, long, steps)
        left = np.minimum(place.astype(np.int64), last - 2)
        share = (place - left).astype(np.float32)[:, None, None]
        out[row] = corpus.joints[left] * (1 - share) + corpus.joints[left + 1] * share
    return as_body(out)
