"""The main job: a video in, a Workout out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Thread

from deukgeun import __version__
from deukgeun.analysis.sets import doubts, exercise_sets, rests
from deukgeun.analysis.workout import SCHEMA_VERSION, ExerciseSet, Notice, PersonSeen, Provenance, Rest, Workout
from deukgeun.errors import PersonalError, PoseError
from deukgeun.media import FrameReader, VideoInfo, read_frames
from deukgeun.pose import PoseTrack, PoseTracker, main_subject
from deukgeun.pose.subject import seen_s
from deukgeun.pose.weights import weights_manifest
from deukgeun.recognition import RECOGNISER
from deukgeun.recognition.personal import Personal
from deukgeun.recognition.personal_file import personal_path, read_personal
from deukgeun.settings import Settings, load_settings

Progress = Callable[[str, float, float | None], None]
_POORLY_SEEN = 0.6  # share of the time in which the subject must be in sight before it is worth a warning


@dataclass(frozen=True, slots=True)
class Analysis:
    """A workout, and the tracks it was made from (everybody in the video)."""

    workout: Workout
    tracks: tuple[PoseTrack, ...]


@dataclass(frozen=True, slots=True)
class _Watched:
    info: VideoInfo
    tracks: tuple[PoseTrack, ...]
    times: int
    last_s: float
    notices: tuple[Notice, ...]


def analyze(
    path: str | Path, *, settings: Settings | None = None, person: str = "main", progress: Progress | None = None
) -> Workout:
    """Return the workout in a video: sets, repetitions, rests and people.

    ``person`` is "main" (whom the video is about) or "all". ``progress(stage, done_s, total_s)`` is called during
    the work. Raises ``MediaError`` for a video that cannot be read and ``pose-no-person`` where nobody is seen.
    """
    return analyze_video(path, settings=settings, person=person, progress=progress).workout


def analyze_video(
    path: str | Path, *, settings: Settings | None = None, person: str = "main", progress: Progress | None = None
) -> Analysis:
    """Return the workout in a video together with everybody's track; see ``analyze``."""
    if person not in ("main", "all"):
        raise ValueError(f"person is 'main' or 'all', is {person!r}")
    chosen = settings or load_settings()
    report = progress or _silent
    watched = _watch(Path(path), chosen, report)
    if not watched.tracks:
        raise PoseError("pose-no-person", path=path)
    report("understand", 0.0, None)
    return Analysis(_workout(watched, chosen, person), watched.tracks)


def _silent(stage: str, done_s: float, total_s: float | None) -> None:
    """Report nothing."""


def _watch(path: Path, settings: Settings, report: Progress) -> _Watched:
    """Follow everybody through the video."""
    times, last_s = 0, 0.0
    # What the later stages need takes half a second each to import: that is done beside the first pictures.
    for module in ("scipy.signal", "onnxruntime"):
        Thread(target=import_module, args=(module,), daemon=True).start()
    with read_frames(path, rate_hz=settings.number("rate_hz"), settings=settings) as reader:
        tracker = PoseTracker(settings)  # its networks load while the first pictures are decoded
        for frame in reader:
            tracker.update(frame)
            times, last_s = times + 1, frame.time_s
            report("watch", last_s, reader.info.duration_s)
        return _Watched(reader.info, tuple(tracker.tracks()), times, last_s, _notices(reader))


def _notices(reader: FrameReader) -> tuple[Notice, ...]:
    return tuple(Notice(warning.code, warning.message) for warning in reader.warnings)


def _workout(watched: _Watched, settings: Settings, person: str) -> Workout:
    info = watched.info
    subject = main_subject(watched.tracks, info.width, info.height)
    wanted = [t for t in watched.tracks if person == "all" or t is subject]
    personal, told = _personal(settings)
    per_person = [exercise_sets(track, settings.number("rate_hz"), personal) for track in wanted]
    sets: list[ExerciseSet] = sorted((s for found in per_person for s in found), key=lambda s: (s.start_s, s.person))
    pauses: list[Rest] = sorted((r for found in per_person for r in rests(found)), key=lambda r: (r.start_s, r.person))
    return Workout(
        schema_version=SCHEMA_VERSION,
        video=info,
        analysed_s=watched.last_s,
        sets=tuple(sets),
        rests=tuple(pauses),
        people=tuple(_person(track, track is subject) for track in watched.tracks),
        warnings=(
            *watched.notices,
            *_visibility(subject, watched),
            *_flatness(subject),
            *_doubts(subject, settings),
            *told,
        ),
        made_by=_provenance(settings),
    )


def _personal(settings: Settings) -> tuple[Personal, tuple[Notice, ...]]:
    """Return what the user has taught; a file that cannot be read costs a warning, not the analysis."""
    try:
        return read_personal(personal_path(settings)), ()
    except PersonalError as error:
        return Personal(), (Notice(error.code, error.message),)


def _person(track: PoseTrack, main: bool) -> PersonSeen:
    return PersonSeen(track.person, float(track.time_s[0]), float(track.time_s[-1]), seen_s(track), main)


def _visibility(subject: PoseTrack | None, watched: _Watched) -> tuple[Notice, ...]:
    share = len(subject) / max(watched.times, 1) if subject is not None else 0.0
    if share >= _POORLY_SEEN:
        return ()
    text = f"The person is in sight for {share:.0%} of the video only: what happens in between is not in the diary."
    return (Notice("pose-partly-seen", text),)


def _flatness(subject: PoseTrack | None) -> tuple[Notice, ...]:
    """Say why there are no sets where the network sees the picture's plane alone."""
    if subject is None or subject.xyz is not None:
        return ()
    text = "The pose network gives no depth: people are followed and drawn, exercises are not named or counted."
    return (Notice("pose-no-depth", text),)


_WHY = {
    "hardly-seen": "the person is hardly seen",
    "trunk-hidden": "shoulders and hips are hidden",
    "jumps": "the skeleton jumps from one body to another",
    "limbs-change": "the skeleton's limbs grow and shrink",
}


def _doubts(subject: PoseTrack | None, settings: Settings) -> tuple[Notice, ...]:
    """Say where and why nothing is named: a pose that cannot be trusted gets no guess."""
    found = () if subject is None else doubts(subject, settings.number("rate_hz"))
    return tuple(
        Notice(
            "pose-not-trusted", f"From {d.start_s:.0f} s to {d.end_s:.0f} s {_WHY[d.reason]}: nothing is named there."
        )
        for d in found
    )


def _provenance(settings: Settings) -> Provenance:
    return Provenance(__version__, *_network(settings.text("model")), RECOGNISER, settings.number("rate_hz"))


def _network(model: str) -> tuple[str, str]:
    """Return the name of the pose network and the sha256 of its file; where the file lies is nobody's business."""
    kind, _, path = model.partition(":")
    if path:
        return kind, hashlib.sha256(Path(path).expanduser().read_bytes()).hexdigest()
    weights = weights_manifest().get(model)
    return f"blazepose-{model}", weights.sha256 if weights is not None else ""
