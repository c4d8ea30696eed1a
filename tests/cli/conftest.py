"""A workout made by hand, and an analysis that returns it without looking at any video."""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from deukgeun import analysis
from deukgeun.analysis.workout import (
    SCHEMA_VERSION,
    Alternative,
    ExerciseSet,
    Notice,
    PersonSeen,
    Provenance,
    Rest,
    Workout,
)
from deukgeun.cli.main import app
from deukgeun.media import VideoInfo
from deukgeun.motion import Repetition

Run = Callable[..., Result]


def make_workout(path: Path, *, person: str = "main") -> Workout:
    """Return two sets (12 squats, a plank) with a rest between; for "all", a set of somebody else, too."""
    video = VideoInfo(
        path=path,
        sha256="0" * 64,
        size_bytes=1000,
        container="mp4",
        codec="h264",
        width=720,
        height=1280,
        rotation_deg=90,
        duration_s=90.0,
        fps_mean=30.0,
        recorded_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
        has_audio=True,
    )
    repetitions = tuple(Repetition(5 + 2 * i, 6 + 2 * i, 7 + 2 * i, 1.0) for i in range(12))
    sets = [
        ExerciseSet(
            "bodyweight_squat", 5.0, 29.0, repetitions, None, 0.91, (Alternative("goblet_squat", 0.07),), "none", 3
        ),
        ExerciseSet("plank", 44.0, 75.0, (), 31.0, 0.62, (), None, 3),
    ]
    if person == "all":
        sets.append(ExerciseSet("unknown", 10.0, 20.0, repetitions[:1], None, 0.3, (), None, 8))
    return Workout(
        schema_version=SCHEMA_VERSION,
        video=video,
        analysed_s=90.0,
        sets=tuple(sets),
        rests=(Rest(29.0, 44.0, 3),),
        people=(PersonSeen(3, 0.0, 90.0, 90.0, True), PersonSeen(8, 2.0, 80.0, 70.0, False)),
        warnings=(Notice("media-truncated", "The file ends early."), Notice("odd-thing", "Something is odd.")),
        made_by=Provenance("0.1.0", "full", "f" * 64, "angles", 10.0),
    )


@dataclass
class Calls:
    """What the command asked of the analysis, and what the analysis is told to do."""

    analysed: list[tuple[Path, dict[str, Any]]] = field(default_factory=list)
    annotated: list[tuple[Path, Path, dict[str, Any]]] = field(default_factory=list)
    failures: dict[str, BaseException] = field(default_factory=dict)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """Replace the analysis by one that returns ``make_workout`` or raises ``failures[name of the video]``."""
    made = Calls()

    def analyze_video(path: str | Path, **options: Any) -> Any:
        video = Path(path)
        made.analysed.append((video, options))
        if video.name in made.failures:
            raise made.failures[video.name]
        if options.get("progress") is not None:
            options["progress"]("watch", 1.0, 2.0)
        return types.SimpleNamespace(workout=make_workout(video, person=options.get("person", "main")), tracks=())

    def annotate(path: str | Path, result: Any, out: str | Path, **options: Any) -> None:
        made.annotated.append((Path(path), Path(out), options))

    monkeypatch.setattr(analysis, "analyze_video", analyze_video)
    monkeypatch.setattr(analysis, "analyze", lambda path, **options: analyze_video(path, **options).workout)
    monkeypatch.setattr(analysis, "annotate", annotate)
    return made


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Call the command line in an empty folder, with no settings of this machine, in English."""
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("TZ", "UTC")

    def call(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(argument) for argument in arguments])

    return call
