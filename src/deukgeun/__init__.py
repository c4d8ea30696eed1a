"""Deukgeun (득근득근): a phone video in, the analysed workout out."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deukgeun.analysis import ExerciseSet, Repetition, Workout, analyze
    from deukgeun.errors import DeukgeunError
    from deukgeun.media import Frame, VideoInfo, frames, probe
    from deukgeun.pose import PoseTrack
    from deukgeun.settings import Settings, load_settings

__version__ = "0.1.0"

_HOME = {
    "DeukgeunError": "errors",
    "ExerciseSet": "analysis",
    "Frame": "media",
    "PoseTrack": "pose",
    "Repetition": "analysis",
    "Settings": "settings",
    "VideoInfo": "media",
    "Workout": "analysis",
    "analyze": "analysis",
    "frames": "media",
    "load_settings": "settings",
    "probe": "media",
}

__all__ = [
    "DeukgeunError",
    "ExerciseSet",
    "Frame",
    "PoseTrack",
    "Repetition",
    "Settings",
    "VideoInfo",
    "Workout",
    "analyze",
    "frames",
    "load_settings",
    "probe",
]


def __getattr__(name: str) -> Any:  # PEP 562: rooms are imported when first used
    if name not in _HOME:
        raise AttributeError(f"module 'deukgeun' has no attribute {name!r}")
    return getattr(importlib.import_module(f"deukgeun.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
