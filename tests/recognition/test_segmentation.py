"""Segmentation: the likeliest sequence, in which a change must be worth it."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deukgeun.recognition.segmentation import UNKNOWN_SCORE, segment, with_unknown
from deukgeun.recognition.table import movement_rows
from deukgeun.recognition.windows import Windows

NAMES = [row.name for row in movement_rows()]
LETTERS = {"S": "squat", "P": "push_up", "C": "curl", "w": "background.walking", "?": "unknown"}


def evidence(text: str, strength: float = 1.5) -> Windows:
    """Return windows of which each speaks for the row of its letter; "?" for none and "." for squat only weakly."""
    scores = np.full((len(text), len(NAMES)), -3.0)
    for i, letter in enumerate(text):
        if letter == ".":
            scores[i, NAMES.index("squat")] = 0.1
        elif letter != "?":
            scores[i, NAMES.index(LETTERS[letter])] = strength
    return Windows(scores, tuple(range(0, 5 * len(text) + 1, 5)))


def found(windows: Windows) -> list[tuple[str, int, int]]:
    return [("unknown" if s.state < 0 else NAMES[s.state], s.first, s.last) for s in segment(windows)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("S", [("squat", 0, 5)]),
        ("SSSSSSSS", [("squat", 0, 40)]),
        ("SSSSSSSSPPPPPPPP", [("squat", 0, 40), ("push_up", 40, 80)]),
        ("SSSSSSCSSSSSS", [("squat", 0, 65)]),
        ("SSSSSS?SSSSSS", [("squat", 0, 65)]),
        ("????????????", [("unknown", 0, 60)]),
        ("............", [("unknown", 0, 60)]),
        (
            "wwwwwwwwSSSSSSSSwwwwwwww",
            [("background.walking", 0, 40), ("squat", 40, 80), ("background.walking", 80, 120)],
        ),
        ("SSSSSSSS????????????????????SSSSSSSS", [("squat", 0, 40), ("unknown", 40, 140), ("squat", 140, 180)]),
    ],
)
def test_the_likeliest_sequence(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert found(evidence(text)) == expected


def test_strong_evidence_changes_sooner_than_weak() -> None:
    text = "SSSSSSSSPPSSSSSSSS"
    assert len(found(evidence(text, 0.5))) == 1
    assert len(found(evidence(text, 12.0))) == 3


@given(st.text("SPC?w.", min_size=1, max_size=25), st.floats(0.5, 5))
@settings(deadline=None, max_examples=50)
def test_stretches_cover_everything_once_and_neighbours_differ(text: str, strength: float) -> None:
    windows = evidence(text, strength)
    stretches = segment(windows)
    assert stretches[0].first == 0
    assert stretches[-1].last == windows.starts[-1]
    for a, b in itertools.pairwise(stretches):
        assert a.last == b.first
        assert a.state != b.state


def path_score(states: list[int], scores: np.ndarray) -> float:
    from deukgeun.recognition.segmentation import _CHANGE, _SHARE

    changes = sum(a != b for a, b in itertools.pairwise(states))
    return float(sum(scores[i, s] for i, s in enumerate(states))) * _SHARE - _CHANGE * changes


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=15)
def test_no_single_switch_of_state_is_better(seed: int) -> None:
    """The path is optimal: giving any stretch to any other of its states does not raise the score."""
    scores = np.random.default_rng(seed).normal(0, 2, (8, len(NAMES)))
    full = with_unknown(scores)
    stretches = segment(Windows(scores, tuple(range(9))))
    states = [s.state % full.shape[1] for s in stretches for _ in range(s.last - s.first)]
    best = path_score(states, full)
    for a in range(8):
        for b in range(a + 1, 9):
            for state in {*states, int(full[a].argmax())}:
                assert path_score([*states[:a], *[state] * (b - a), *states[b:]], full) <= best + 1e-9


def test_a_stretch_carries_the_mean_evidence_with_unknown_last() -> None:
    (stretch,) = segment(evidence("SSSS", 2.0))
    assert stretch.evidence[NAMES.index("squat")] == pytest.approx(2.0)
    assert stretch.evidence[-1] == UNKNOWN_SCORE
    assert stretch.evidence.shape == (len(NAMES) + 1,)
