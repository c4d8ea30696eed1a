"""Other people's videos, named by a classifier of 24 joints."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")

from tests.training.student.test_gather import Finder, Seer

from deukgeun.errors import TrainingError
from deukgeun.media import VideoWriter
from deukgeun.training.student.external import Answer, name_videos
from deukgeun.training.student.fit import StudentConfig, build
from deukgeun.training.student.sequences import Sequences


class Taught:
    """A classifier that remembers what it was shown and says "squat" of it."""

    classes = ("push_up/C", "squat/A", "squat/C")

    def __init__(self) -> None:
        self.shown: list[Sequences] = []

    def log_probabilities(self, sequences: Sequences) -> np.ndarray:
        self.shown.append(sequences)
        return np.log(np.tile([0.4, 0.3, 0.3], (len(sequences), 1)))


def film(path: Path, seconds: float) -> None:
    with VideoWriter(path, 64, 48, 10) as out:
        for k in range(round(seconds * 10)):
            out.write(np.full((48, 64, 3), 40 + k % 200, np.uint8), k / 10)


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    film(tmp_path / "long.mp4", 15)
    film(tmp_path / "short.mp4", 1)
    rows = ["path,exercise", "long.mp4,squat", "short.mp4,squat", "gone.mp4,push_up", "long.mp4,crunch"]
    (tmp_path / "clips.csv").write_text("\n".join(rows), "utf-8")
    return tmp_path / "clips.csv"


def test_views_are_added_up_and_unseen_videos_stay_unnamed(manifest: Path) -> None:
    student, told = Taught(), []
    answers = name_videos(manifest, student, Finder(), Seer(), lambda *done: told.append(done))
    assert [(a.video, a.right, a.named[:1]) for a in answers] == [
        ("long.mp4", True, (("squat", pytest.approx(0.6)),)),
        ("short.mp4", False, ()),
        ("gone.mp4", False, ()),
    ]
    assert told == [(1, 3), (2, 3), (3, 3)]
    (shown,) = student.shown
    assert shown.xy.shape == (2, 32, 24, 2)  # two stretches, half of the first in the second
    np.testing.assert_array_equal(shown.xy[0, 16:], shown.xy[1, :16])


def test_joints_are_those_of_a_picture_1920_wide(manifest: Path) -> None:
    student, seer = Taught(), Seer()
    name_videos(manifest, student, Finder(), seer)
    red = np.array(student.shown[0].xy[0, :, 0, 0]) / (1920 / 64)
    assert red.min() > 30
    assert red.max() < 260


def test_a_real_classifier_answers(manifest: Path) -> None:
    student = build(StudentConfig(width=8, depth=1), ("crunch", "squat"))
    answers = name_videos(manifest, student, Finder(), Seer())
    assert len(answers) == 3
    assert sum(share for _, share in answers[0].named) == pytest.approx(1, abs=1e-5)


def test_nothing_to_name(manifest: Path, tmp_path: Path) -> None:
    student = build(StudentConfig(width=8, depth=1), ("burpee",))
    for path in (manifest, tmp_path / "none.csv"):
        with pytest.raises(TrainingError, match="training-no-data"):
            name_videos(path, student, Finder(), Seer())


def test_an_answer_without_a_name_is_wrong() -> None:
    assert not Answer("a.mp4", "squat", ()).right
