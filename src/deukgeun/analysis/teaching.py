"""From a video to an example of a personal exercise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.analysis.pipeline import Analysis, Progress, analyze_video
from deukgeun.errors import PersonalError, PoseError
from deukgeun.motion import on_grid
from deukgeun.pose import PoseTrack, main_subject
from deukgeun.recognition.network import MovementNetwork
from deukgeun.recognition.personal import active_part, example_of
from deukgeun.recognition.recogniser import shipped
from deukgeun.settings import Settings, load_settings

Floats = npt.NDArray[np.floating[Any]]


def example_in_video(path: Path, *, settings: Settings | None = None, progress: Progress | None = None) -> Floats:
    """Return the embeddings (W, E) of the set that a video shows: the longest one of whom it is about.

    Raises what ``analyze_video`` raises, ``personal-no-depth`` and ``personal-too-short``.
    """
    chosen = settings or load_settings()
    found = analyze_video(path, settings=chosen, progress=progress)
    return example_in_track(_subject(found, path), chosen.number("rate_hz"))


def example_in_track(
    track: PoseTrack,
    rate_hz: float,
    span_s: tuple[float, float] | None = None,
    network: MovementNetwork | None = None,
) -> Floats:
    """Return the embeddings (W, E) of a set in somebody's track: from when to when it lasted (as a person corrected
    it), or the longest that is seen.

    Raises ``personal-no-depth`` and ``personal-too-short``.
    """
    if track.xyz is None:
        raise PersonalError("personal-no-depth")
    used, whole = network or shipped(), on_grid(track, rate_hz)
    if span_s is None:
        return example_of(active_part(whole, used), used)
    first, last = np.searchsorted(whole.time_s, span_s)
    return example_of(whole.part(int(first), int(last)), used)


def _subject(found: Analysis, path: Path) -> PoseTrack:
    info = found.workout.video
    subject = main_subject(found.tracks, info.width, info.height)
    if subject is None:
        raise PoseError("pose-no-person", path=path)
    return subject
