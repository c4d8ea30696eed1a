"""Segmentation: the likeliest sequence, in which a change must be worth it and a stretch lasts as usual."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deukgeun.recognition.segmentation import Costs, segment
from deukgeun.recognition.windows import HOP_S, Windows

NAMES = {"S": "squat", "P": "push_up", "C": "curl", "w": "walking"}
LETTERS = list(NAMES)


def evidence(text: str, strength: float = 3.0) -> Windows:
    """Return windows of which each speaks for the class of its letter; "?" speaks for none."""
    log_share = np.zeros((len(text), len(LETTERS)))
    for i, letter in enumerate(text):
        if letter != "?":
            log_share[i, LETTERS.index(letter)] = strength
    log_share -= np.log(np.exp(log_share).sum(axis=1, keepdims=True))
    return Windows(log_share, np.zeros((len(text), 1)), tuple(range(0, 5 * len(text) + 1, 5)))


def found(windows: Windows, costs: Costs = Costs()) -> list[tuple[str, int, int]]:  # noqa: B008
    return [(LETTERS[s.state], s.first, s.last) for s in segment(windows, costs)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("S", [("S", 0, 1)]),
        ("SSSSSSSS", [("S", 0, 8)]),
        ("S" * 16 + "P" * 16, [("S", 0, 16), ("P", 16, 32)]),
        ("SSSSSSCSSSSSS", [("S", 0, 13)]),
        ("SSSSSS???SSSSSS", [("S", 0, 15)]),
        ("w" * 16 + "S" * 16 + "w" * 16, [("w", 0, 16), ("S", 16, 32), ("w", 32, 48)]),
        ("S" * 400, [("S", 0, 400)]),
    ],
)
def test_the_likeliest_sequence(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert found(evidence(text)) == expected


def test_strong_evidence_changes_sooner_than_weak() -> None:
    text = "SSSSSSSSPPSSSSSSSS"
    assert len(found(evidence(text, 0.5))) == 1
    assert len(found(evidence(text, 40.0))) == 3


def test_what_is_shorter_than_usual_must_be_surer() -> None:
    text = "w" * 12 + "SSSS" + "w" * 12
    lasts_s = 4 * HOP_S
    patient, hasty = (Costs(1.0, 6.0, usual_s) for usual_s in (4 * lasts_s, lasts_s))
    assert len(found(evidence(text, 4.0), patient)) == 1
    assert len(found(evidence(text, 4.0), hasty)) == 3


@given(st.text("SPC?w", min_size=1, max_size=25), st.floats(0.5, 5))
@settings(deadline=None, max_examples=50)
def test_stretches_cover_everything_once_and_neighbours_differ(text: str, strength: float) -> None:
    stretches = segment(evidence(text, strength))
    assert stretches[0].first == 0
    assert stretches[-1].last == len(text)
    for a, b in itertools.pairwise(stretches):
        assert a.last == b.first
        assert a.state != b.state


def price(states: tuple[int, ...], windows: Windows, costs: Costs) -> float:
    gain = sum(windows.log_share[i, s] for i, s in enumerate(states)) * costs.share
    lasts_s = [HOP_S * len(list(group)) for _, group in itertools.groupby(states)]
    return float(gain - sum(costs.change + costs.short * max(0.0, 1 - each / costs.usual_s) for each in lasts_s))


@given(st.text("SPCw?", min_size=1, max_size=5), st.floats(0.1, 30), st.floats(0.0, 3), st.floats(0.0, 3))
@settings(deadline=None, max_examples=40)
def test_no_other_sequence_is_likelier(text: str, strength: float, change: float, short: float) -> None:
    windows, costs = evidence(text, strength), Costs(change, short, 2.0)
    states = tuple(s.state for s in segment(windows, costs) for _ in range(s.first, s.last))
    best = max(price(each, windows, costs) for each in itertools.product(range(len(LETTERS)), repeat=len(text)))
    assert price(states, windows, costs) == pytest.approx(best)
