"""Other people's videos, named as the original study named them: 32 pictures spread over the video, one name."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from deukgeun.aihub.detectors.people import PersonDetector
from deukgeun.errors import MediaError, TrainingError
from deukgeun.media import read_frames
from deukgeun.pose import PoseEstimator
from deukgeun.pose.geometry import Image
from deukgeun.training.student.fit import Student
from deukgeun.training.student.gather import joints_of
from deukgeun.training.student.sequences import JOINTS, WIDTH, Sequences, exercise_scores

_STEP_S = 0.3  # between two of AI Hub's 32 pictures; the labelled ones are 0.6 s apart
_PICTURES = 32
_FEWEST = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """A video's true exercise and what it was named, best first with probabilities; none where nobody is seen."""

    video: str
    truth: str
    named: tuple[tuple[str, float], ...]

    @property
    def right(self) -> bool:
        """Whether the first name is the true one."""
        return bool(self.named) and self.named[0][0] == self.truth


def name_videos(
    manifest: Path,
    student: Student,
    detector: PersonDetector,
    model: PoseEstimator,
    told: Callable[[int, int], None] | None = None,
) -> list[Answer]:
    """Return an answer for every video of the manifest whose exercise the classifier knows.

    Paths are relative to the manifest. Raises ``training-no-data`` where there is none.
    """
    known = {name.split("/")[0] for name in student.classes}
    try:
        rows = [r for r in csv.DictReader(manifest.read_text("utf-8").splitlines()) if r["exercise"] in known]
    except (OSError, KeyError) as error:
        raise TrainingError("training-no-data", path=manifest) from error
    if not rows:
        raise TrainingError("training-no-data", path=manifest)
    answers = []
    for done, row in enumerate(rows, start=1):
        sequences = _sequences(manifest.parent / row["path"], detector, model)
        answers.append(Answer(row["path"], row["exercise"], _named(student, sequences)))
        if told is not None:
            told(done, len(rows))
    return answers


def _named(student: Student, sequences: Sequences | None) -> tuple[tuple[str, float], ...]:
    """The names of all stretches of a video together: mean log probabilities, added up over views."""
    if sequences is None:
        return ()
    mean = student.log_probabilities(sequences).mean(axis=0, keepdims=True)
    scores, names = exercise_scores(mean, student.classes)
    order = np.argsort(-scores[0])
    return tuple((names[k], float(scores[0, k] / scores[0].sum())) for k in order[:3])


def _sequences(video: Path, detector: PersonDetector, model: PoseEstimator) -> Sequences | None:
    """The athlete's joints in stretches of 32 pictures, half of each in the next, as in a picture 1920 wide."""
    found, width = [], 1
    try:
        for image in _pictures(video):
            width = image.shape[1]
            xy = joints_of(image, detector, model)
            if xy is not None:
                found.append(xy * (WIDTH / width))
    except MediaError:
        return None
    if len(found) < _FEWEST:
        return None
    if len(found) < _PICTURES:
        index = np.round(np.linspace(0, len(found) - 1, _PICTURES)).astype(int)
        found = [found[k] for k in index]
    starts = range(0, len(found) - _PICTURES + 1, _PICTURES // 2)
    xy = np.stack([np.stack(found[k : k + _PICTURES]) for k in starts])
    nobody = np.full(len(xy), "")
    return Sequences(xy.reshape(len(xy), _PICTURES, JOINTS, 2), nobody, nobody, nobody)


def _pictures(video: Path) -> Iterator[Image]:
    with read_frames(video, rate_hz=1 / _STEP_S) as reader:
        for frame in reader:
            yield frame.image
