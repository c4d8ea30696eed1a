"""The annotated replay: the video with skeletons, the exercise, a counter and a timeline drawn into it."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from deukgeun.analysis.annotate_draw import Canvas
from deukgeun.analysis.annotate_people import draw_people
from deukgeun.analysis.annotate_scene import Story
from deukgeun.media import Frame, VideoWriter, read_frames
from deukgeun.settings import Settings, load_settings

if TYPE_CHECKING:
    from deukgeun.analysis import Analysis

Image = NDArray[np.uint8]
Progress = Callable[[str, float, float | None], None]

MAX_RATE_HZ = 30.0
_SLACK_HZ = 1.0  # a mean of 30.2 a second is still a 30 Hz video: no picture of it is left out
_MAX_SIDE_PX = 1280
_MIN_SIDE_PX = 640  # smaller pictures are enlarged: letters need pixels


def annotate(
    path: str | os.PathLike[str],
    analysis: Analysis,
    out: str | os.PathLike[str],
    *,
    settings: Settings | None = None,
    lang: str = "en",
    progress: Progress | None = None,
) -> None:
    """Write the video at ``path`` with ``analysis`` drawn into it to ``out``: an mp4 that a browser plays.

    It shows every person's skeleton (the main person's in colour), the exercise, a counter that steps at the end of
    each repetition, the time of holds and rests, and a timeline. Pictures keep their own times; at most 30 a second,
    the longer side between 640 and 1280 pixels, no sound. ``lang`` is "en" or "ko"; Korean needs OpenCV 5, whose
    built-in font has its letters, and is English without it. ``progress`` is called with ("draw", done_s, total_s).
    Raises ``MediaError``, ``OutputError`` and ``SettingsError``.
    """
    chosen = settings or load_settings()
    side = min(_MAX_SIDE_PX, chosen.integer("media_max_side_px"))
    video = analysis.workout.video
    story = Story.of(analysis.workout)
    with read_frames(
        path, rate_hz=_rate(video.fps_mean), settings=chosen.with_values(media_max_side_px=side)
    ) as frames:
        first = next(frames)
        width, height = _size(first)
        with VideoWriter(out, width, height, min(MAX_RATE_HZ, video.fps_mean or MAX_RATE_HZ)) as writer:
            for frame in itertools.chain([first], frames):
                writer.write(_drawn(frame, (width, height), analysis, story, lang), frame.time_s)
                if progress is not None:
                    progress("draw", frame.time_s, video.duration_s)


def _rate(fps_mean: float | None) -> float | None:
    """Return the rate at which to sample, or None to take every picture of a video that is slow enough."""
    return None if fps_mean is not None and fps_mean <= MAX_RATE_HZ + _SLACK_HZ else MAX_RATE_HZ


def _size(frame: Frame) -> tuple[int, int]:
    height, width = frame.image.shape[:2]
    grow = max(1.0, _MIN_SIDE_PX / max(width, height))
    return max(2, round(width * grow / 2) * 2), max(2, round(height * grow / 2) * 2)


def _drawn(frame: Frame, size: tuple[int, int], analysis: Analysis, story: Story, lang: str) -> Image:
    image = _fitted(frame.image, size)
    scale = frame.scale * size[0] / frame.image.shape[1]
    draw_people(image, analysis.tracks, frame.time_s, scale, story, lang)
    canvas = Canvas(image, lang)
    canvas.scene(story.at(frame.time_s))
    canvas.timeline(story, frame.time_s)
    return image


def _fitted(image: Image, size: tuple[int, int]) -> Image:
    """Return the picture in ``size`` (width, height), ready to be drawn on."""
    if image.shape[1::-1] == size:
        return np.ascontiguousarray(image)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
