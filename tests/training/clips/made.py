"""Workouts and manifests made up for the tests, and an analysis that answers by the name of the video."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from deukgeun.analysis.workout import SCHEMA_VERSION, Alternative, ExerciseSet, Provenance, Workout
from deukgeun.errors import MediaError, ModelError
from deukgeun.media import VideoInfo
from deukgeun.motion import Repetition
from deukgeun.training.clips.run import Clip, Outcome, Timed

Set = tuple[str, float, float, int, float, Sequence[tuple[str, float]]]
COLUMNS = ("path", "source_repo", "exercise", "movement", "reps", "reps_certain", "view")


def workout(*sets: Set, seconds: float = 20.0) -> Workout:
    """A workout of sets (exercise, start, end, repetitions, confidence, alternatives)."""
    made = (
        ExerciseSet(
            exercise=name,
            start_s=start_s,
            end_s=end_s,
            repetitions=tuple(Repetition(start_s + k, start_s + k + 0.5, start_s + k + 1, 1.0) for k in range(count)),
            hold_s=None,
            confidence=confidence,
            alternatives=tuple(Alternative(*each) for each in others),
            equipment=None,
            person=1,
        )
        for name, start_s, end_s, count, confidence, others in sets
    )
    video = VideoInfo(Path("a.mp4"), "0" * 64, 1, "mp4", "h264", 64, 48, 0, seconds, 10.0, None, False)
    by = Provenance("0.1.0", "blazepose-full", "", "movements-1", 10.0)
    return Workout(SCHEMA_VERSION, video, seconds, tuple(made), (), (), (), by)


def one_set(name: str, count: int = 0, confidence: float = 0.9, *others: tuple[str, float]) -> Workout:
    """A workout of one set of ten seconds."""
    return workout((name, 1.0, 11.0, count, confidence, others))


def clip(exercise: str, movement: str, repetitions: int | None = None, view: str = "side", source: str = "") -> Clip:
    """A clip that lies nowhere."""
    return Clip("c.mp4", Path("c.mp4"), exercise, movement, repetitions, view, source)


def outcome(of: Clip, result: Workout | None, wall_s: float | None = None) -> Outcome:
    """What became of a clip."""
    return Outcome(of, result, None, wall_s, None if wall_s is None else wall_s / 100)


def manifest(folder: Path, rows: Iterable[Sequence[object]], columns: Sequence[str] = COLUMNS) -> Path:
    """Write a manifest and an empty file for every clip that is not there."""
    path, rows = folder / "clips.csv", list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    for row in rows:
        video = folder / str(row[0])
        video.parent.mkdir(parents=True, exist_ok=True)
        video.touch()
    return path


ROWS = [
    ("a/squat.mp4", "us/one", "bodyweight_squat", "squat", 5, "yes", "side"),
    ("a/curl.mp4", "us/one", "", "curl", 3, "no", "front"),
    ("b/dance.mp4", "flat/two", "", "other", "", "no", "front"),
    ("b/room.mp4", "flat/two", "background", "background", "", "no", ""),
    ("broken.mp4", "flat/two", "push_up", "push_up", 4, "yes", "side"),
]


def analysed(path: Path) -> Timed:
    """Every squat has five repetitions; what dances is taken for a squat; nothing else is seen. Writes a journal."""
    with (path.parent / "journal.txt").open("a", encoding="utf-8") as journal:
        journal.write(f"{path.name}\n")
    if path.stem == "broken":
        raise MediaError("media-empty", path=path)
    if path.stem == "fault":
        raise ZeroDivisionError("by hand")
    if path.stem == "network":
        raise ModelError("model-missing", path=path, name="full")
    seen = path.stem in ("squat", "dance")
    return Timed(one_set("bodyweight_squat", 5, 0.8, ("push_up", 0.1)) if seen else workout(), 0.25)


def journal(folder: Path) -> list[str]:
    """What has been analysed."""
    return sorted(name for path in folder.rglob("journal.txt") for name in path.read_text("utf-8").split())
