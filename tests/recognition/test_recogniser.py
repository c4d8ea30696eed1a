"""Recognition: names with probabilities for the stretches of a movement."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import as_file, files

import numpy as np
import pytest
from tests.support_athlete import View
from tests.support_exercises import EXERCISES, Exercise, course, in_sequence, performed, plank, push_up, squat

from deukgeun.exercises import UNKNOWN, catalogue
from deukgeun.motion import channels, on_grid
from deukgeun.pose.track import PoseTrack
from deukgeun.recognition import RECOGNISER, Active, recognise
from deukgeun.recognition.network import Looked, MovementNetwork, NamerFile, log_softmax
from deukgeun.recognition.personal import Personal, PersonalExercise
from deukgeun.recognition.recogniser import NONE, shipped
from deukgeun.recognition.representation import Body

NETWORKS = {"movements-1": "5f07d025da54fee7"}
CLASSES = (
    ("squat", "movement"), ("curl", "movement"), ("jump_squat", "neighbour"), ("pistol_squat", "neighbour"),
    ("stand_about", "background"),
)  # fmt: skip
NAMES = [name for name, _ in CLASSES]
EMBEDDING = np.random.default_rng(0).normal(size=(1, 12))


@dataclass
class Told(MovementNetwork):
    """A network that says what it is told: (seconds, shares by name) one after the other."""

    said: list[tuple[float, dict[str, float]]]
    least_known: float = 0.0

    def __post_init__(self) -> None:
        self.file = NamerFile(CLASSES, 40, 10.0, least_known=self.least_known)

    def look(self, windows: Body) -> Looked:
        rows = [self._scores(0.5 * k + 2.0) for k in range(len(windows))]
        return Looked(np.array(rows), np.tile(EMBEDDING, (len(rows), 1)))

    def _scores(self, at_s: float) -> np.ndarray:
        ends = np.cumsum([seconds for seconds, _ in self.said])
        shares = self.said[min(int(np.searchsorted(ends, at_s)), len(self.said) - 1)][1]
        return log_softmax(np.log([shares.get(name, 1e-4) for name in NAMES]))


def active(track: PoseTrack, network: MovementNetwork | None = None, personal: Personal = NONE) -> tuple[Active, ...]:
    movement = on_grid(track)
    return recognise(movement, channels(movement), network, personal)


def told(*said: tuple[float, dict[str, float]], least_known: float = 0.0) -> tuple[Active, ...]:
    seconds = sum(each for each, _ in said)
    return active(performed(squat, course(0, before_s=seconds / 2, after_s=seconds / 2)), Told([*said], least_known))


@pytest.mark.parametrize("heading", [0, 120, 270])
def test_squats_then_push_ups_are_two_stretches_in_order(heading: float) -> None:
    parts = [(squat, course(5, 2.2)), (push_up, course(6, 1.8))]
    found = [
        a for a in active(in_sequence(parts, View(heading=heading, noise_m=0.005))) if a.guesses[0].exercise != UNKNOWN
    ]
    assert [a.guesses[0].exercise for a in found] == ["bodyweight_squat", "push_up"]
    assert found[0].last <= found[1].first


@pytest.mark.parametrize("exercise", [*EXERCISES.values(), plank], ids=[*EXERCISES, "plank"])
def test_guesses_are_probabilities_best_first_of_exercises_that_exist(exercise: Exercise) -> None:
    for one in active(performed(exercise, course(5, 2.0, before_s=3.0))):
        shares = [g.confidence for g in one.guesses]
        assert 0 < sum(shares) <= 1 + 1e-9
        assert shares[1:] == sorted(shares[1:], reverse=True)
        assert len({g.exercise for g in one.guesses}) == len(shares)
        for guess in one.guesses:
            assert (
                guess.exercise == UNKNOWN
                or guess.equipment is None
                or guess.equipment in catalogue()[guess.exercise].equipment
            )
            assert guess.equipment != "none"


def test_the_shipped_network_knows_every_movement_of_the_catalogue() -> None:
    file = shipped().file
    assert {name for name, kind in file.classes if kind == "movement"} == set(catalogue().movements)
    assert file.of_kind("neighbour").sum() >= 30
    assert file.of_kind("background").sum() >= 10


def test_sets_and_rests_come_apart() -> None:
    found = told((12, {"squat": 1}), (12, {"stand_about": 1}), (12, {"curl": 1}))
    assert [catalogue()[a.guesses[0].exercise].movement for a in found] == ["squat", "curl"]
    (squats, curls) = found
    assert squats.first == 0
    assert abs(squats.last - 120) <= 10
    assert abs(curls.first - 240) <= 10


def test_exercises_outside_the_catalogue_are_one_unknown_that_says_what_it_might_be() -> None:
    (found,) = told((10, {"jump_squat": 0.6, "squat": 0.4}), (10, {"pistol_squat": 0.7, "squat": 0.3}))
    assert found.guesses[0].exercise == UNKNOWN
    assert found.guesses[0].equipment is None
    assert found.guesses[0].confidence == pytest.approx(0.65, abs=0.05)
    assert catalogue()[found.guesses[1].exercise].movement == "squat"


@pytest.mark.parametrize(("least", "first"), [(0.5, "squat"), (0.7, UNKNOWN)])
def test_who_is_not_sure_enough_says_unknown(least: float, first: str) -> None:
    (found,) = told((10, {"squat": 0.6, "curl": 0.3, "jump_squat": 0.1}), least_known=least)
    best = found.guesses[0].exercise
    assert (best if best == UNKNOWN else catalogue()[best].movement) == first
    assert sum(g.confidence for g in found.guesses) == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize(
    ("model", "embedding", "first"),
    [(RECOGNISER, EMBEDDING, "my:kick"), ("another", EMBEDDING, UNKNOWN), (RECOGNISER, -EMBEDDING, UNKNOWN)],
)
def test_what_was_taught_with_this_network_is_named(model: str, embedding: np.ndarray, first: str) -> None:
    mine = Personal((PersonalExercise.learnt("Kick", "reps", [embedding], model),))
    track = performed(squat, course(0, before_s=5, after_s=5))
    (found,) = active(track, Told([(10, {"jump_squat": 0.6, "squat": 0.4})]), mine)
    assert found.guesses[0].exercise == first
    assert sum(g.confidence for g in found.guesses) <= 1 + 1e-9


def test_another_network_has_another_name() -> None:
    """What was taught with one network means nothing to another: whoever changes the file changes the name."""
    with as_file(files("deukgeun.recognition") / "movements.onnx") as path:
        stamp = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    assert {RECOGNISER: stamp} == NETWORKS


def test_what_is_not_training_does_not_count_among_the_guesses() -> None:
    (found,) = told((10, {"squat": 0.5, "stand_about": 0.4, "jump_squat": 0.1}))
    unknown = sum(g.confidence for g in found.guesses if g.exercise == UNKNOWN)
    assert unknown == pytest.approx(1 / 6, abs=0.02)
