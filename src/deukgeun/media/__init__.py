"""Video in and out: probe, limits, decoding with times and rotation, sampling, writing."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deukgeun.media.reader import FrameReader, frames, probe, read_frames, thumbnail
    from deukgeun.media.types import Frame, MediaWarning, VideoInfo
    from deukgeun.media.writer import VideoWriter

_HOME = {
    "Frame": "types",
    "FrameReader": "reader",
    "MediaWarning": "types",
    "VideoInfo": "types",
    "VideoWriter": "writer",
    "frames": "reader",
    "probe": "reader",
    "read_frames": "reader",
    "thumbnail": "reader",
}

__all__ = [
    "Frame",
    "FrameReader",
    "MediaWarning",
    "VideoInfo",
    "VideoWriter",
    "frames",
    "probe",
    "read_frames",
    "thumbnail",
]


def __getattr__(name: str) -> Any:  # PEP 562: the decoding process must not load the reader or the writer
    if name not in _HOME:
        raise AttributeError(f"module 'deukgeun.media' has no attribute {name!r}")
    return getattr(importlib.import_module(f"deukgeun.media.{_HOME[name]}"), name)
