"""Labelled clips analysed by several processes; what is known of each is on disk, so a stopped run goes on.

A folder of results holds, for each clip, ``<stem>.json``: what ``deukgeun analyze CLIP --json`` writes, where <stem> is
the clip's path in the manifest with "/" as "__" and without its extension; and ``records/<stem>.json``: how long that
took, or the code of the error that it ended in. Results that were made by other means count, without their time.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path, PurePosixPath
from time import perf_counter
from typing import Any

from deukgeun.analysis.workout import Workout
from deukgeun.errors import DeukgeunError, ModelError, OutputError, SettingsError, TrainingError
from deukgeun.exercises import catalogue
from deukgeun.files import write_text

OTHER, BACKGROUND = "other", "background"
"""What the manifest calls the movement of an exercise that is not in the catalogue, and of no exercise at all."""
INTERNAL = "internal"
"""The code of an error that has none: a fault of the program, which another run tries again."""
RECORDS = "records"
_COLUMNS = ("path", "exercise", "movement", "reps", "reps_certain")
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "DEUKGEUN_DECODE_THREADS")
_EVERY_CLIP = (ModelError, SettingsError, OutputError)  # these are not of one clip: the rest would fail as well

Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Clip:
    """A labelled clip: ``path`` as the manifest has it, ``file`` where it lies.

    ``exercise`` is a slug of the catalogue, "" where only the movement is known. ``repetitions`` is None where the
    label is not certain. ``source`` and ``view`` are "" where the manifest does not say.
    """

    path: str
    file: Path
    exercise: str
    movement: str
    repetitions: int | None = None
    view: str = ""
    source: str = ""

    @property
    def known(self) -> bool:
        """Whether it shows a movement that can be named."""
        return self.movement not in (OTHER, BACKGROUND)

    @property
    def stem(self) -> str:
        """The name of its result, without extension."""
        return str(PurePosixPath(self.path).with_suffix("")).replace("/", "__")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a clip: its workout, or the code of the ``error``; neither where it is still to be analysed.

    ``wall_s`` are the seconds of the whole analysis, ``recognise_s`` those of naming and counting alone; None where
    nobody measured them.
    """

    clip: Clip
    workout: Workout | None = None
    error: str | None = None
    wall_s: float | None = None
    recognise_s: float | None = None

    @property
    def finished(self) -> bool:
        """Whether another analysis would say the same."""
        return self.workout is not None or self.error not in (None, INTERNAL)


@dataclass(frozen=True, slots=True)
class Timed:
    """A workout, and the seconds of naming and counting where they were measured."""

    workout: Workout
    recognise_s: float | None


Analyse = Callable[[Path], Timed]


def read_manifest(manifest: Path) -> tuple[Clip, ...]:
    """Return the clips of a CSV file; paths in it are relative to it.

    Raises ``training-no-data`` for a file that cannot be read, that has no rows or lacks a column, for a clip that is
    not there, and for a label that is none.
    """
    try:
        reader = csv.DictReader(manifest.read_text("utf-8").splitlines())
        rows = list(reader)
    except (OSError, ValueError, csv.Error) as error:
        raise _useless(manifest, "it cannot be read") from error
    missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise _useless(manifest, f"it has no column {', '.join(missing)}")
    clips = tuple(_clip(row, manifest) for row in rows)
    if not clips:
        raise _useless(manifest, "it has no rows")
    _check(clips, manifest)
    return clips


def _clip(row: dict[str, str | None], manifest: Path) -> Clip:
    def cell(name: str) -> str:
        return row.get(name) or ""

    certain = cell("reps_certain").lower().startswith("y") and cell("reps")
    try:
        repetitions = int(cell("reps")) if certain else None
    except ValueError as error:
        raise _useless(manifest, f"{cell('path')}: {cell('reps')!r} is no number of repetitions") from error
    return Clip(
        path=cell("path"),
        file=manifest.parent / cell("path"),
        exercise=cell("exercise"),
        movement=cell("movement"),
        repetitions=repetitions,
        view=cell("view"),
        source=cell("source_repo"),
    )


def _check(clips: Sequence[Clip], manifest: Path) -> None:
    """Raise ``training-no-data`` for a clip that is not there, a label that is none, two results of one name."""
    seen: set[str] = set()
    for clip in clips:
        if not clip.path or not clip.file.is_file():
            raise _useless(manifest, f"there is no file {clip.path!r}")
        if not clip.movement:
            raise _useless(manifest, f"{clip.path} has no movement")
        if clip.known and clip.exercise and clip.exercise not in catalogue():
            raise _useless(manifest, f"{clip.path}: there is no exercise {clip.exercise!r}")
        if clip.stem in seen:
            raise _useless(manifest, f"{clip.path} is listed twice, or differs from another in its extension alone")
        seen.add(clip.stem)


def _useless(manifest: Path, why: str) -> TrainingError:
    return TrainingError("training-no-data", path=f"{manifest} ({why})")


def analyse_timed(path: Path) -> Timed:
    """Return what ``deukgeun analyze`` makes of a video, and the time of naming and counting. Raises as it does."""
    from deukgeun.analysis import analyze

    begun: list[float] = []

    def heard(stage: str, done_s: float, total_s: float | None) -> None:
        if stage == "understand":  # the last stage: it ends with the analysis
            begun.append(perf_counter())

    workout = analyze(path, progress=heard)
    return Timed(workout, perf_counter() - begun[0] if begun else None)


def run(
    clips: Sequence[Clip], results: Path, workers: int = 1, told: Told | None = None, analyse: Analyse = analyse_timed
) -> tuple[Outcome, ...]:
    """Analyse every clip that has no outcome in the folder ``results`` yet, and return all outcomes in their order.

    ``told(finished, all)`` is called as clips come to their end. ``analyse`` must pickle where there are several
    ``workers``. An error of one clip is its outcome. Raises ``output-not-writable``, and at once what would befall
    every clip: ``model-*`` and ``settings-*``.
    """
    left = [clip for clip in clips if not read_outcome(clip, results).finished]
    finished = len(clips) - len(left)
    for _ in _worked(left, results, workers, analyse):
        finished += 1
        if told is not None:
            told(finished, len(clips))
    return tuple(read_outcome(clip, results) for clip in clips)


def read_outcome(clip: Clip, results: Path) -> Outcome:
    """Return what the folder ``results`` has of a clip; a result that is not readable counts as none."""
    record = _record(results / RECORDS / f"{clip.stem}.json")
    try:
        workout = Workout.from_json((results / f"{clip.stem}.json").read_bytes())
    except (OSError, ValueError):  # pydantic's error is a ValueError
        return Outcome(clip, error=record.get("error"), wall_s=record.get("wall_s"))
    return Outcome(clip, workout, None, record.get("wall_s"), record.get("recognise_s"))


def _record(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _worked(clips: Sequence[Clip], results: Path, workers: int, analyse: Analyse) -> Iterator[None]:
    """Yield as each clip comes to its end."""
    if workers == 1 or len(clips) < 2:
        for clip in clips:
            work(clip, results, analyse)
            yield
        return
    with _one_thread_each(_ONE_THREAD):
        pool = ProcessPoolExecutor(min(workers, len(clips)), get_context("spawn"))
        try:
            running: list[Future[None]] = [pool.submit(work, clip, results, analyse) for clip in clips]
            for future in as_completed(running):
                future.result()
                yield
        finally:
            # To the end: a pool that is still being wound up when the program ends complains about closed pipes.
            pool.shutdown(cancel_futures=True)


def work(clip: Clip, results: Path, analyse: Analyse) -> None:
    """Analyse one clip and write what came of it. Raises as ``run`` does."""
    result, record = results / f"{clip.stem}.json", results / RECORDS / f"{clip.stem}.json"
    started = perf_counter()
    try:
        timed = analyse(clip.file)
    except _EVERY_CLIP:
        raise
    except DeukgeunError as error:
        _note_failure(result, record, perf_counter() - started, error.code, error.message)
    except Exception as error:  # a fault of the program on one clip is a figure, too, and must not cost the others
        _note_failure(result, record, perf_counter() - started, INTERNAL, f"{type(error).__name__}: {error}")
    else:
        took = {"wall_s": perf_counter() - started, "recognise_s": timed.recognise_s}
        # The record first: whoever finds a result finds its time as well, whenever this was stopped.
        write_text(record, json.dumps(took) + "\n")
        write_text(result, timed.workout.to_json() + "\n")


def _note_failure(result: Path, record: Path, wall_s: float, code: str, message: str) -> None:
    result.unlink(missing_ok=True)  # one that could not be read
    write_text(record, json.dumps({"wall_s": wall_s, "error": code, "message": message}, ensure_ascii=False) + "\n")


@contextmanager
def _one_thread_each(names: Iterable[str]) -> Iterator[None]:
    """Let processes that start now use one thread, where the environment does not say otherwise.

    Numeric libraries read these when they are loaded: they must be there before a worker starts.
    """
    added = [name for name in names if name not in os.environ]
    os.environ.update(dict.fromkeys(added, "1"))
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)
