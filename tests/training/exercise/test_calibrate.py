"""Calibration: how sure is sure."""

from __future__ import annotations

import numpy as np
import pytest

from deukgeun.recognition.network import log_softmax
from deukgeun.training.exercise.calibrate import calibrate, calibration_error

KINDS = ("movement", "movement", "movement", "neighbour", "background")


def drawn(count: int, too_sure: float) -> tuple[np.ndarray, np.ndarray]:
    """Scores whose softmax is the chance of each class, made ``too_sure`` times as large."""
    rng = np.random.default_rng(0)
    scores = log_softmax(rng.normal(0, 2.0, (count, len(KINDS))))
    truth = np.array([rng.choice(len(KINDS), p=np.exp(row)) for row in scores])
    return scores * too_sure, truth


@pytest.mark.parametrize("too_sure", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_false_sureness(too_sure: float) -> None:
    scores, truth = drawn(6000, too_sure)
    found = calibrate(scores, truth, KINDS)
    assert found.temperature == pytest.approx(too_sure, rel=0.1)
    shares = np.exp(log_softmax(scores / found.temperature))
    assert calibration_error(shares.max(axis=1), shares.argmax(axis=1) == truth) < 0.025


@pytest.mark.parametrize("lost", [0.0, 0.05, 0.3])
def test_the_threshold_takes_the_name_from_the_share_that_was_asked_for(lost: float) -> None:
    scores, truth = drawn(4000, 1.0)
    found = calibrate(scores, truth, KINDS, lost)
    shares = np.exp(log_softmax(scores / found.temperature))
    known = (shares.argmax(axis=1) == truth) & (truth < 3)
    assert np.mean(shares.max(axis=1)[known] < found.least_known) == pytest.approx(lost, abs=0.005)


def test_nothing_that_is_right() -> None:
    assert calibrate(np.eye(5)[[0, 1]], np.array([1, 0]), KINDS).least_known == 0.0


@pytest.mark.parametrize(
    ("sure", "right", "error"),
    [
        ([1.0, 1.0], [True, True], 0.0),
        ([0.9, 0.9], [True, False], 0.4),
        ([0.2, 0.8], [False, True], 0.2),
        ([], [], 0.0),
    ],
)
def test_the_error_of_calibration(sure: list[float], right: list[bool], error: float) -> None:
    assert calibration_error(np.array(sure), np.array(right, dtype=bool)) == pytest.approx(error)
