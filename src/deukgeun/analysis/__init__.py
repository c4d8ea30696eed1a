"""Analysis: the main job, a video in and a Workout out, and its annotated replay."""

from __future__ import annotations

from deukgeun.analysis.annotate import annotate
from deukgeun.analysis.pipeline import Analysis, Progress, analyze, analyze_video
from deukgeun.analysis.workout import (
    Alternative,
    ExerciseSet,
    Notice,
    PersonSeen,
    Provenance,
    Rest,
    Workout,
    workout_schema,
)
from deukgeun.motion import Repetition

__all__ = [
    "Alternative",
    "Analysis",
    "ExerciseSet",
    "Notice",
    "PersonSeen",
    "Progress",
    "Provenance",
    "Repetition",
    "Rest",
    "Workout",
    "analyze",
    "analyze_video",
    "annotate",
    "workout_schema",
]
