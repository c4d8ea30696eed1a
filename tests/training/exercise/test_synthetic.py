"""Recognition measured on the gym: what is counted as found, named, false and sure."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support_exercises import course, performed, squat, stand

from deukgeun.analysis.workout import ExerciseSet
from deukgeun.exercises import UNKNOWN
from deukgeun.recognition.network import Looked, MovementNetwork, NamerFile, log_softmax
from deukgeun.recognition.representation import Body, K
from deukgeun.training.exercise import synthetic
from deukgeun.training.exercise.corpus import Corpus, Told
from deukgeun.training.exercise.synthetic import NOTHING, matched, measure_workouts, name_tracks

CLASSES = (("squat", "movement"), ("curl", "movement"), ("jump_squat", "neighbour"), ("walk", "background"))


def found(start_s: float, end_s: float, exercise: str = "bodyweight_squat") -> ExerciseSet:
    return ExerciseSet(exercise, start_s, end_s, (), None, 0.9, (), None, 0)


class ByScore(MovementNetwork):
    """Sees the class whose number is the score of the joints, as surely as it is told."""

    def __init__(self, share: float, least_known: float = 0.0) -> None:
        self.share, self.file = share, NamerFile(CLASSES, 20, 10.0, least_known=least_known)

    def look(self, windows: Body) -> Looked:
        which = windows.score[:, 0, 0].round().astype(int)
        shares = np.full((len(which), len(CLASSES)), (1 - self.share) / (len(CLASSES) - 1))
        shares[np.arange(len(which)), which] = self.share
        return Looked(log_softmax(np.log(shares)), np.zeros((len(which), 1)))


def corpus(*numbers: int) -> Corpus:
    """Tracks that look like the class of each number, all of them labelled with the class of their place."""
    joints = np.repeat(np.array(numbers, np.float16), 30)[:, None, None] * np.ones((1, K, 6), np.float16)
    told = tuple(Told(*CLASSES[k % 4], CLASSES[k % 4][0], None, "a", "front") for k in range(len(numbers)))
    return Corpus(joints, np.arange(len(numbers) + 1) * 30, told)


def test_names_of_tracks() -> None:
    named = name_tracks(ByScore(0.7), corpus(0, 1, 2, 3, 1, 1, 3, 0))
    assert named.truth.tolist() == ["squat", "curl", UNKNOWN, NOTHING] * 2
    assert named.named.tolist() == ["squat", "curl", UNKNOWN, NOTHING, "curl", "curl", NOTHING, "squat"]
    assert named.right.tolist() == [True] * 4 + [False, True, False, False]
    assert named.known.tolist() == [True, True, False, False] * 2
    assert named.sure == pytest.approx(0.7, rel=1e-3)
    assert named.calibration_error == pytest.approx(abs(0.7 - 5 / 8), abs=1e-3)


def test_who_is_not_sure_enough_says_unknown() -> None:
    named = name_tracks(ByScore(0.5, least_known=0.6), corpus(0, 1, 2, 3))
    assert named.named.tolist() == [UNKNOWN, UNKNOWN, UNKNOWN, NOTHING]


@pytest.mark.parametrize(
    ("told", "pairs"),
    [
        ([(10, 20)], [(0, 0)]),
        ([(10, 15.1)], [(0, 0)]),
        ([(10, 14.9)], []),
        ([(0, 31)], []),
        ([(5, 7), (9, 21), (30, 40)], [(0, 1), (1, 2)]),
        ([], []),
    ],
)
def test_a_set_is_found_where_half_overlaps(told: list[tuple[float, float]], pairs: list[tuple[int, int]]) -> None:
    truth = [("bodyweight_squat", 10.0, 20.0), ("push_up", 30.0, 40.0)]
    assert matched(truth, [found(*each) for each in told]) == pairs


def test_figures_of_workouts(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([
        [found(10, 20), found(25, 28), found(30, 41, "unknown")],
        [],
    ])  # fmt: skip
    monkeypatch.setattr(synthetic, "exercise_sets", lambda track, rate_hz: next(answers))
    truth = [("bodyweight_squat", 10.0, 20.0), ("push_up", 30.0, 40.0)]
    track = performed(stand, course(0, before_s=1, after_s=1))
    figures = measure_workouts([(truth, 60.0, track), ([("push_up", 0.0, 10.0)], 20.0, track)])
    assert (figures.there, figures.found, figures.named, figures.told) == (3, 2, 1, 3)
    assert figures.background_s == pytest.approx(50.0, abs=0.2)
    assert figures.false_s == pytest.approx(4.0, abs=0.2)
    assert figures.recall == pytest.approx(2 / 3)
    assert figures.precision == pytest.approx(2 / 3)
    assert figures.false_s_a_minute == pytest.approx(4.8, abs=0.3)


def test_a_workout_of_a_stick_figure() -> None:
    track = performed(squat, course(5, 2.2, before_s=2.0, after_s=2.0))
    figures = measure_workouts([([("bodyweight_squat", 2.0, 13.0)], float(track.time_s[-1]), track)])
    assert (figures.there, figures.found, figures.named) == (1, 1, 1)
