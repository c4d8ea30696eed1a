"""Tracks in files: shards of equal size, written whole or not at all, so that a stopped run goes on where it was."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from deukgeun.errors import OutputError
from deukgeun.synth.tracks.make import LabelledTrack, draw_track
from deukgeun.synth.tracks.workouts import workout_parts


@dataclass(frozen=True, slots=True)
class TrackOrder:
    """What to make: ``count`` tracks of each of ``names``, from ``seed``, ``shard`` tracks to a file."""

    names: tuple[str, ...]
    count: int
    seed: int
    duration_s: float = 8.0
    rate_hz: float = 10.0
    shard: int = 100

    @property
    def total(self) -> int:
        """How many tracks in all."""
        return len(self.names) * self.count

    def jobs(self) -> list[tuple[int, str]]:
        """(seed, name) of every track, the names in turn, so that every shard holds all of them alike."""
        return [
            (int(np.random.SeedSequence([self.seed, k]).generate_state(1)[0]), self.names[k % len(self.names)])
            for k in range(self.total)
        ]

    def tracks(self, number: int) -> list[LabelledTrack]:
        """Draw those of one shard."""
        jobs = self.jobs()[number * self.shard : (number + 1) * self.shard]
        return [draw_track(s, name, duration_s=self.duration_s, rate_hz=self.rate_hz) for s, name in jobs]


@dataclass(frozen=True, slots=True)
class WorkoutOrder:
    """What to make: the parts of ``count`` whole workouts, ``shard`` workouts to a file."""

    count: int
    seed: int
    rate_hz: float = 10.0
    shard: int = 20

    @property
    def total(self) -> int:
        """How many workouts."""
        return self.count

    def tracks(self, number: int) -> list[LabelledTrack]:
        """Draw those of one shard."""
        workouts = range(number * self.shard, min((number + 1) * self.shard, self.count))
        seeds = [int(np.random.SeedSequence([self.seed, k]).generate_state(1)[0]) for k in workouts]
        return [part for seed in seeds for part in workout_parts(seed, self.rate_hz)]


Order = TrackOrder | WorkoutOrder


def make_shard(order: Order, number: int, folder: Path) -> Path:
    """Draw the tracks of one shard and write them; a shard that is there is left alone."""
    path = folder / f"tracks-{number:05d}.npz"
    if not path.exists():
        write_tracks(order.tracks(number), path)
    return path


def make_tracks(
    order: Order, folder: Path, workers: int = 1, progress: Callable[[int, int], None] | None = None
) -> Iterator[Path]:
    """Yield each shard's file as it is done. Raises ``output-not-writable``, also where the folder holds another
    order's tracks.
    """
    _claim(order, folder)
    numbers = range(-(-order.total // order.shard))
    done = 0
    with ProcessPoolExecutor(max(workers, 1), mp_context=get_context("spawn")) as pool:
        for path in pool.map(make_shard, *zip(*((order, n, folder) for n in numbers), strict=True)):
            done = min(done + order.shard, order.total)
            if progress is not None:
                progress(done, order.total)
            yield path


def _claim(order: Order, folder: Path) -> None:
    """Note the order in the folder, or find the same one there."""
    note, text = folder / "order.json", json.dumps(asdict(order), indent=1)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if note.exists():
            if note.read_text(encoding="utf-8") != text:
                raise OutputError("output-not-writable", path=folder, reason="it holds tracks of another order")
            return
        note.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError("output-not-writable", path=folder, reason=error.strerror or str(error)) from error


def write_tracks(tracks: Sequence[LabelledTrack], path: Path) -> None:
    """Write tracks as one archive: all pictures in a row, ``starts`` (N + 1,), and ``facts``, one JSON for each."""
    rows = {
        "time_s": np.concatenate([t.track.time_s for t in tracks]),
        "xy": np.concatenate([t.track.xy for t in tracks]).astype(np.float32),
        "score": np.concatenate([t.track.score for t in tracks]).astype(np.float16),
        "xyz": np.concatenate([_xyz(t) for t in tracks]).astype(np.float32),
        "starts": np.cumsum([0, *(len(t.track) for t in tracks)]),
        "facts": np.array([json.dumps(_facts(t), ensure_ascii=False) for t in tracks]),
    }
    part = path.with_name(f".{path.stem}.part.npz")
    np.savez_compressed(part, allow_pickle=False, **rows)
    part.replace(path)


def _xyz(labelled: LabelledTrack) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    if labelled.track.xyz is None:
        raise ValueError("a labelled track has joints in space")
    return labelled.track.xyz


def _facts(labelled: LabelledTrack) -> dict[str, object]:
    names = ("label", "movement", "equipment", "width", "height", "view", "figure", "seed")
    return {**{n: getattr(labelled, n) for n in names}, "sets": [asdict(each) for each in labelled.sets]}
