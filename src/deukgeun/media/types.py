"""The values of the media room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

# The containers that are opened, each with FFmpeg's name of its demuxer.
CONTAINERS = MappingProxyType(
    {
        "avi": "avi",
        "gif": "gif",
        "mkv": "matroska",
        "mov": "mov",
        "mp4": "mov",
        "webm": "matroska",
    }
)


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What is known of a video before it is decoded.

    ``width`` and ``height`` are those of the upright picture in pixels, ``rotation_deg`` (0, 90, 180, 270,
    clockwise) is what has been applied to get there. ``duration_s``, ``fps_mean`` and ``recorded_at`` are None
    where the container does not say. ``sha256`` is of the whole file, in hexadecimal.
    """

    path: Path
    sha256: str
    size_bytes: int
    container: str
    codec: str
    width: int
    height: int
    rotation_deg: int
    duration_s: float | None
    fps_mean: float | None
    recorded_at: datetime | None
    has_audio: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """One upright picture: ``image`` (H, W, 3) uint8 RGB, ``time_s`` from the container's PTS.

    ``scale`` is the picture's width over the video's upright width (1.0 unless it was scaled down).
    """

    time_s: float
    image: NDArray[np.uint8]
    scale: float = 1.0

    def __post_init__(self) -> None:
        if self.image.ndim != 3 or self.image.shape[2] != 3 or self.image.dtype != np.uint8:
            raise ValueError(f"image must be (H, W, 3) uint8, is {self.image.shape} {self.image.dtype}")


@dataclass(frozen=True, slots=True)
class MediaWarning:
    """Something about a video that was read all the same. ``code`` is one of ``media-truncated``,
    ``media-damaged``, ``media-too-long``, ``media-stalled`` and ``media-decoder-died``; ``message`` is for people.
    """

    code: str
    message: str
