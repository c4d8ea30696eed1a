"""Figures of analysed clips: what is right, and that the project's scorer says the same."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")

from tests.training.clips.made import clip, manifest, one_set, outcome, workout

from deukgeun.analysis.workout import Workout
from deukgeun.exercises import catalogue
from deukgeun.training.clips.figures import TITLES, Estimate, Share, auroc, figures, latency, reliability
from deukgeun.training.clips.run import Outcome, read_manifest, read_outcome
from deukgeun.training.clips.scored import Said, Scored, said

SHARED = Path(__file__).parents[4] / "shared"
SCORER = SHARED / "tools" / "score_clips.py"


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (None, Said()),
        (workout(), Said()),
        (one_set("plank", 0, 0.6, ("push_up", 0.3)), Said("plank", 0, ("plank", "push_up"), 0.6, 0.6)),
        # The longest is the answer, though another has more confidence; repetitions of its sets are added up.
        (
            workout(("push_up", 0, 2, 2, 0.4, ()), ("burpee", 2, 5, 9, 1.0, ()), ("push_up", 5, 10, 4, 0.2, ())),
            Said("push_up", 6, ("burpee", "push_up"), 0.18, 0.3),
        ),
        # Something without a name may still have been more of one exercise than of another.
        (one_set("unknown", 3, 0.5, ("burpee", 0.3)), Said("unknown", 3, ("unknown", "burpee"), 0.5, 0.3)),
        (one_set("unknown", 3, 0.9), Said("unknown", 3, ("unknown",), 0.9, 0.0)),
        # Time that is none, or runs backwards, weighs nothing.
        (workout(("burpee", 3, 3, 1, 0.9, ())), Said("burpee", 1, ("burpee",), 0.0, 0.0)),
        (
            workout(("burpee", 5, 3, 1, 0.9, ()), ("plank", 0, 1, 0, 0.5, ())),
            Said("plank", 0, ("plank", "burpee"), 0.5, 0.5),
        ),
    ],
)  # fmt: skip
def test_what_is_said_of_a_clip(result: Workout | None, expected: Said) -> None:
    found = said(result)
    assert (found.exercise, found.repetitions, found.ranked) == (
        expected.exercise, expected.repetitions, expected.ranked
    )  # fmt: skip
    assert (found.share, found.known) == (pytest.approx(expected.share), pytest.approx(expected.known))


@pytest.mark.parametrize(
    ("truth", "result", "right", "same", "failed"),
    [
        (("push_up", "push_up"), one_set("push_up"), True, True, False),
        (("push_up", "push_up"), None, False, False, True),
        (("push_up", "push_up"), one_set("unknown"), False, False, True),
        (("dumbbell_curl", "curl"), one_set("barbell_curl"), False, True, True),
        (("", "curl"), one_set("barbell_curl"), True, True, False),
        (("", "curl"), one_set("push_up"), False, False, True),
        (("", "lunge"), one_set("side_lunge"), False, False, True),  # a movement that the catalogue does not have
        (("", "other"), one_set("unknown"), True, False, False),
        (("", "other"), workout(), True, False, False),
        (("", "other"), one_set("push_up"), False, False, True),
        (("background", "background"), None, True, False, False),
        (("background", "background"), one_set("unknown"), False, False, True),
    ],
)
def test_what_is_right(truth: tuple[str, str], result: Workout | None, right: bool, same: bool, failed: bool) -> None:
    one = Scored(outcome(clip(*truth), result), said(result))
    assert (one.right, one.same_movement, one.failed) == (right, same, failed)


@pytest.mark.parametrize(
    ("truth", "repetitions", "result", "counts", "counted", "exact", "near"),
    [
        ("push_up", 5, one_set("push_up", 5), True, 5, True, True),
        ("push_up", 5, one_set("push_up", 6), True, 6, False, True),
        ("push_up", 5, one_set("push_up", 3), True, 3, False, False),
        ("push_up", 5, one_set("burpee", 5), True, 0, False, False),
        ("push_up", 1, one_set("push_up", 0), True, 0, False, False),  # one off, but nothing was counted
        ("push_up", 0, one_set("push_up", 0), True, 0, True, False),
        ("push_up", 0, None, True, 0, False, False),
        ("push_up", None, one_set("push_up", 5), False, 5, False, False),
        ("plank", 0, one_set("plank"), False, 0, True, False),  # held, not counted
    ],
)
def test_what_is_counted(
    truth: str, repetitions: int | None, result: Workout | None, counts: bool, counted: int, exact: bool, near: bool
) -> None:
    one = Scored(outcome(clip(truth, truth, repetitions), result), said(result))
    assert (one.counts, one.counted, one.exact) == (counts, counted, exact)
    assert (one.counts and one.near) == near


def test_figures_of_a_few_clips() -> None:
    found = figures(
        [
            outcome(clip("push_up", "push_up", 5, "side", "flat/one"), one_set("push_up", 7), 4.0),
            outcome(clip("push_up", "push_up", 2, "front"), one_set("burpee", 2, 0.5, ("push_up", 0.4)), 40.0),
            outcome(clip("", "curl", None, ""), one_set("barbell_curl"), 10.0),
            outcome(clip("", "other", None, "side"), one_set("push_up", 3, 0.5)),
            Outcome(clip("", "other", None, "side"), None, "pose-no-person", 1.0),
            outcome(clip("background", "background"), workout()),
        ],
        ("flat", "none/such"),
    )
    whole = found.groups["all"]
    assert {name: (each.right, each.n) for name, each in whole.shares.items()} == {
        "exercise": (1, 2), "top3": (2, 2), "movement": (2, 3), "exact": (0, 2), "obo": (0, 2), "exact4": (0, 1),
        "obo4": (0, 1), "background": (1, 1), "unknown": (1, 2)
    }  # fmt: skip
    assert (whole.mae.value, whole.mae.n) == (pytest.approx((0.4 + 1.0) / 2), 2)
    assert (whole.auroc.value, whole.auroc.n) == (pytest.approx(5.5 / 6), 5)
    assert {name: each.clips for name, each in found.groups.items()} == {
        "all": 6, "flat": 1, "none/such": 0, "the rest": 5
    }  # fmt: skip
    assert {name: each.clips for name, each in found.views.items()} == {"front": 1, "not told": 1, "side": 4}
    assert str(found.exercises["push_up"].shares["exercise"]) == "1/2 = 0.500 [0.09, 0.91]"
    assert found.movements["curl"].shares["movement"] == Share(1, 1)
    names, counts = found.confusion
    assert names == ("background / none", "burpee", "curl", "other / unknown", "push_up")
    assert counts.tolist() == [
        [1, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 1, 0, 0], [1, 0, 0, 0, 1], [0, 1, 0, 0, 1]
    ]  # fmt: skip
    assert (found.reliability.n, found.reliability.error) == (2, pytest.approx((0.1 + 0.5) / 2))
    assert found.latency is not None
    assert (found.latency.median, found.latency.n) == (pytest.approx(0.5), 3)
    assert found.latency.recognise == pytest.approx(0.005)
    assert len(found.failures) == 3
    assert found.errors == {"pose-no-person": 1}


def test_no_clips_have_no_figures() -> None:
    found = figures([])
    assert [str(each) for each in found.groups["all"].figures().values()] == ["-"] * len(TITLES)
    assert (found.reliability.error, found.latency, found.failures) == (None, None, ())


@pytest.mark.parametrize(
    ("high", "low", "area"),
    [([0.9, 0.8], [0.1, 0.2], 1.0), ([0.1], [0.9], 0.0), ([0.5, 0.0], [0.5, 0.0], 0.5), ([0.0, 0.0], [0.0], 0.5),
     ([0.9, 0.3], [0.5, 0.1], 0.75)],
)  # fmt: skip
def test_how_well_known_is_told_from_other(high: list[float], low: list[float], area: float) -> None:
    found = auroc(high, low)
    assert (found.value, found.n) == (pytest.approx(area), len(high) + len(low))
    assert 0 <= found.interval[0] <= area <= found.interval[1] <= 1
    assert auroc(high, []).value is None


def test_the_interval_of_the_area_is_that_of_the_paper() -> None:
    rng = np.random.default_rng(1)
    high, low = rng.normal(1, 1, 100).tolist(), rng.normal(0, 1, 50).tolist()
    found = auroc(high, low)
    area = found.value
    assert area is not None
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    error = ((area * (1 - area) + 99 * (q1 - area**2) + 49 * (q2 - area**2)) / 5000) ** 0.5
    assert found.interval == (pytest.approx(area - 1.96 * error), pytest.approx(min(area + 1.96 * error, 1)))


def test_bins_of_confidence() -> None:
    found = reliability([(1.0, True), (0.95, False), (0.5, True), (0.0, False), (-0.1, False)])
    assert [(each.low, each.high, each.right) for each in found.bins] == [
        (0.0, 1 / 15, Share(0, 2)), (7 / 15, 8 / 15, Share(1, 1)), (14 / 15, 1.0, Share(1, 2))
    ]  # fmt: skip
    assert [each.mean for each in found.bins] == [pytest.approx(-0.05), 0.5, pytest.approx(0.975)]
    assert found.error == pytest.approx((2 * 0.05 + 0.5 + 2 * 0.475) / 5)


def test_time_that_nobody_measured_is_left_out() -> None:
    of = clip("push_up", "push_up")
    assert latency([outcome(of, workout()), Outcome(of, None, "media-empty", 1.0)]) is None
    found = latency([Outcome(of, workout(seconds=10), None, 5.0, None), outcome(of, workout(seconds=0.0), 9.0)])
    assert found is not None
    assert (found.median, found.p95, found.recognise, found.n) == (0.5, 0.5, None, 1)


def test_how_figures_are_written() -> None:
    assert [str(each) for each in (Share(0, 0), Share(3, 4))] == ["-", "3/4 = 0.750 [0.30, 0.95]"]
    assert str(Estimate(0.25, (0.1, 0.4), 7)) == "0.250 [0.10, 0.40] (n=7)"


def _random_workout(rng: np.random.Generator, hint: str) -> Workout:
    names = [*catalogue(), "unknown", *([hint] * 40 if hint in catalogue() else [])]

    def some() -> str:
        return str(rng.choice(names))

    sets = []
    for _ in range(rng.integers(0, 4)):
        start = round(float(rng.uniform(0, 20)), 2)
        others = [(some(), float(rng.uniform(0, 0.4))) for _ in range(rng.integers(0, 5))]
        end = start + round(float(rng.uniform(-0.2, 9)), 2)
        sets.append((some(), start, end, int(rng.integers(0, 8)), float(rng.uniform(0, 1)), others))
    return workout(*sets)


def _random_rows(rng: np.random.Generator, count: int) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for k in range(count):
        slug = str(rng.choice(list(catalogue())))
        kind = rng.choice(["exercise", "movement", "other", "background"], p=[0.5, 0.2, 0.2, 0.1])
        exercise = {"exercise": slug, "background": "background"}.get(kind, "")
        movement = catalogue()[slug].movement if kind in ("exercise", "movement") else kind
        certain, reps = str(rng.choice(["yes", "Y", "no", ""])), str(rng.choice(["", *map(str, range(9))]))
        rows.append((f"clips/{k}.x.mp4", "", exercise, movement, reps, certain, "side"))
    return rows


@pytest.mark.skipif(not SCORER.exists(), reason="the project's scorer lies beside the repository, and is not here")
@pytest.mark.parametrize("seed", range(3))
def test_the_scorer_of_the_project_says_the_same(tmp_path: Path, seed: int) -> None:
    rng = np.random.default_rng(seed)
    table, results = manifest(tmp_path, _random_rows(rng, 150)), tmp_path / "results"
    results.mkdir()
    clips = read_manifest(table)
    for k, each in enumerate(clips):
        hint = each.exercise or next((s for s, e in catalogue().items() if e.movement == each.movement), "")
        if k % 10:
            (results / f"{each.stem}.json").write_text(_random_workout(rng, hint).to_json(), "utf-8")
        elif k % 20:
            (results / f"{each.stem}.json").write_text("{", "utf-8")
    found = figures(read_outcome(each, results) for each in clips)
    command = [sys.executable, str(SCORER), str(table), str(results), "--failures"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()

    whole = found.groups["all"]
    assert min(share.n for share in whole.shares.values()) > 5
    assert whole.shares["exercise"].right > 5
    for name, share in whole.shares.items():
        assert f"{TITLES[name]:<19} {share}" in told, name
    assert whole.mae.value is not None
    assert f"count MAE           {whole.mae.value:.3f} (n={whole.mae.n})" in told
    plain = json.loads(told[-1])
    for name, key in (("exercise", "exercise"), ("movement", "movement"), ("obo", "obo"), ("exact", "exact"),
                      ("obo4", "obo4")):  # fmt: skip
        assert plain[key] == whole.shares[name].value
    assert plain["mae"] == whole.mae.value
    for slug, each in found.exercises.items():
        assert f"{slug:28s} {each.shares['exercise'].right:3d} {each.shares['exercise'].n:3d}" in told
    wrong = {line.split(": ")[0] for line in told if line.startswith("clips/")}
    assert wrong == {one.clip.path for one in found.failures if one.clip.known}
