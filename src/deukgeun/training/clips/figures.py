"""Figures of analysed clips: how often exercise, movement and count are right, and how sure the analysis was."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deukgeun.exercises import UNKNOWN, catalogue
from deukgeun.training.clips.run import BACKGROUND, OTHER, Outcome
from deukgeun.training.clips.scored import NOTHING, Scored, said
from deukgeun.training.student.measure import NameFigures, wilson

ALL = "all"
BINS = 15
_MANY = 4  # repetitions from which on a count is more than a guess
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Share:
    """``right`` of ``n``."""

    right: int
    n: int

    @property
    def value(self) -> float | None:
        """The share; None of none."""
        return self.right / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval (Wilson)."""
        return wilson(self.right, self.n)

    def __str__(self) -> str:
        if not self.n:
            return "-"
        low, high = self.interval
        return f"{self.right}/{self.n} = {self.right / self.n:.3f} [{low:.2f}, {high:.2f}]"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval, of ``n`` clips; ``value`` is None where there are too few."""

    value: float | None
    interval: tuple[float, float]
    n: int

    def __str__(self) -> str:
        if self.value is None:
            return "-"
        return f"{self.value:.3f} [{self.interval[0]:.2f}, {self.interval[1]:.2f}] (n={self.n})"


@dataclass(frozen=True, slots=True)
class Measure:
    """A share: which clips it is of, and which of them are right."""

    title: str
    of: Callable[[Scored], bool]
    right: Callable[[Scored], bool]


def _many(one: Scored) -> bool:
    return one.counts and (one.clip.repetitions or 0) >= _MANY


def _labelled(one: Scored) -> bool:
    return one.clip.known and bool(one.clip.exercise)


MEASURES: Mapping[str, Measure] = {
    "exercise": Measure("exercise accuracy", _labelled, lambda one: one.right),
    "top3": Measure("top-3", _labelled, lambda one: one.clip.exercise in one.said.ranked[:3]),
    "movement": Measure("movement accuracy", lambda one: one.clip.known, lambda one: one.same_movement),
    "exact": Measure("count exact", lambda one: one.counts, lambda one: one.exact),
    "obo": Measure("count OBO", lambda one: one.counts, lambda one: one.near),
    "exact4": Measure(f"count exact, >= {_MANY}", _many, lambda one: one.exact),
    "obo4": Measure(f"count OBO, >= {_MANY}", _many, lambda one: one.near),
    "background": Measure(
        "background left out", lambda one: one.clip.movement == BACKGROUND, lambda one: one.right
    ),
    "unknown": Measure("unknown admitted", lambda one: one.clip.movement == OTHER, lambda one: one.right),
}  # fmt: skip
TITLES: Mapping[str, str] = {
    **{name: measure.title for name, measure in MEASURES.items()},
    "mae": "count MAE",
    "auroc": "AUROC, known against other",
}
"""What each figure is called, the shares first."""


@dataclass(frozen=True, slots=True)
class Scores:
    """The figures of some clips, by the names of ``TITLES``; ``clips`` are all of them."""

    clips: int
    shares: Mapping[str, Share]
    mae: Estimate
    auroc: Estimate

    def figures(self) -> dict[str, Share | Estimate]:
        """Every figure, in the order of ``TITLES``."""
        return {**self.shares, "mae": self.mae, "auroc": self.auroc}


def scores(scored: Sequence[Scored]) -> Scores:
    """Return the figures of some clips."""
    shares = {name: _share(scored, measure) for name, measure in MEASURES.items()}
    known = [one.said.known for one in scored if one.clip.known]
    other = [one.said.known for one in scored if one.clip.movement == OTHER]
    return Scores(len(scored), shares, _mean(_count_errors(scored)), auroc(known, other))


def _share(scored: Sequence[Scored], measure: Measure) -> Share:
    of = [one for one in scored if measure.of(one)]
    return Share(sum(measure.right(one) for one in of), len(of))


def _count_errors(scored: Iterable[Scored]) -> list[float]:
    """How far each count is off, as a share of the true one (of 1 for none)."""
    pairs = [(one.counted, one.clip.repetitions or 0) for one in scored if one.counts]
    return [abs(counted - true) / max(true, 1) for counted, true in pairs]


def _mean(values: Sequence[float]) -> Estimate:
    """A mean of what is never negative, its interval from the standard error."""
    if not values:
        return Estimate(None, (0.0, float("inf")), 0)
    mean = sum(values) / len(values)
    half = _Z * float(np.std(values)) / len(values) ** 0.5
    return Estimate(mean, (max(0.0, mean - half), mean + half), len(values))


def auroc(high: Sequence[float], low: Sequence[float]) -> Estimate:
    """Return how probably one of ``high`` is above one of ``low``, ties as half.

    The interval's standard error is that of Hanley and McNeil (Radiology 1982, 143:29).
    """
    m, n = len(high), len(low)
    if not m or not n:
        return Estimate(None, (0.0, 1.0), m + n)
    difference = np.subtract.outer(np.asarray(high), np.asarray(low))
    area = float(np.mean(np.where(difference > 0, 1.0, np.where(difference == 0, 0.5, 0.0))))
    first, second = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (m - 1) * (first - area**2) + (n - 1) * (second - area**2)
    half = _Z * max(spread / (m * n), 0.0) ** 0.5
    return Estimate(area, (max(0.0, area - half), min(1.0, area + half)), m + n)


@dataclass(frozen=True, slots=True)
class Bin:
    """Names given with a share from ``low`` to ``high``: how many, their mean share, how many of them are right."""

    low: float
    high: float
    mean: float
    right: Share


@dataclass(frozen=True, slots=True)
class Reliability:
    """Bins that hold anything, and the expected calibration error (Guo et al., ICML 2017), None without names."""

    bins: tuple[Bin, ...]
    error: float | None
    n: int


def reliability(pairs: Sequence[tuple[float, bool]], count: int = BINS) -> Reliability:
    """Return ``count`` bins, equally wide, of (share, right)."""
    held: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for share, right in pairs:
        held[min(max(int(share * count), 0), count - 1)].append((share, right))
    bins = tuple(
        Bin(
            k / count,
            (k + 1) / count,
            sum(share for share, _ in held[k]) / len(held[k]),
            Share(sum(right for _, right in held[k]), len(held[k])),
        )
        for k in sorted(held)
    )
    off = [each.right.n * abs((each.right.value or 0.0) - each.mean) for each in bins]
    return Reliability(bins, sum(off) / len(pairs) if pairs else None, len(pairs))


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds of analysis for each second of video, over ``n`` clips: median and 95th percentile.

    ``recognise`` is the median of naming and counting alone, None where it was not measured.
    """

    median: float
    p95: float
    recognise: float | None
    n: int


def latency(outcomes: Iterable[Outcome]) -> Latency | None:
    """Return how long analyses took; None where no time is known."""
    whole: list[float] = []
    naming: list[float] = []
    for one in outcomes:
        if one.workout is None or one.wall_s is None or one.workout.analysed_s <= 0:
            continue
        whole.append(one.wall_s / one.workout.analysed_s)
        if one.recognise_s is not None:
            naming.append(one.recognise_s / one.workout.analysed_s)
    if not whole:
        return None
    part = float(np.median(naming)) if naming else None
    return Latency(float(np.median(whole)), float(np.percentile(whole, 95)), part, len(whole))


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is known of a run. ``groups`` has ``all`` clips first, then what is reported apart, then the rest.

    ``exercises`` are those that are labelled, ``movements`` those of the catalogue. ``confusion`` has names and counts
    (C, C) of movements, row the truth, column what was said; having no name is "other / unknown" in both, no exercise
    "background / none". ``reliability`` is of exercises of the catalogue that were named, in clips of a labelled one.
    """

    scored: tuple[Scored, ...]
    groups: Mapping[str, Scores]
    exercises: Mapping[str, Scores]
    movements: Mapping[str, Scores]
    views: Mapping[str, Scores]
    confusion: tuple[tuple[str, ...], npt.NDArray[np.int64]]
    reliability: Reliability
    latency: Latency | None

    @property
    def failures(self) -> tuple[Scored, ...]:
        """Every clip of which something wrong was said."""
        return tuple(one for one in self.scored if one.failed)

    @property
    def errors(self) -> Counter[str]:
        """How many clips ended in which error."""
        return Counter(one.outcome.error for one in self.scored if one.outcome.error is not None)


def figures(outcomes: Iterable[Outcome], apart: Sequence[str] = ()) -> Figures:
    """Return the figures of outcomes; clips whose source starts with a prefix of ``apart`` are a group each."""
    scored = tuple(Scored(one, said(one.workout)) for one in outcomes)
    labelled, known = [one for one in scored if _labelled(one)], [one for one in scored if one.clip.known]
    named = [one for one in labelled if one.said.exercise in catalogue()]
    return Figures(
        scored=scored,
        groups=_groups(scored, apart),
        exercises=_by(labelled, lambda one: one.clip.exercise),
        movements=_by(known, lambda one: one.clip.movement),
        views=_by(scored, lambda one: one.clip.view or "not told"),
        confusion=_confusion(scored),
        reliability=reliability([(one.said.share, one.right) for one in named]),
        latency=latency(one.outcome for one in scored),
    )


def _groups(scored: Sequence[Scored], apart: Sequence[str]) -> dict[str, Scores]:
    held = {prefix: [one for one in scored if one.clip.source.startswith(prefix)] for prefix in apart}
    rest = [one for one in scored if not one.clip.source.startswith(tuple(apart))]
    found = {ALL: scored, **held, **({"the rest": rest} if apart else {})}
    return {name: scores(some) for name, some in found.items()}


def _by(scored: Iterable[Scored], key: Callable[[Scored], str]) -> dict[str, Scores]:
    held: dict[str, list[Scored]] = defaultdict(list)
    for one in scored:
        held[key(one)].append(one)
    return {name: scores(held[name]) for name in sorted(held)}


_UNNAMED, _EMPTY = f"{OTHER} / {UNKNOWN}", f"{BACKGROUND} / {NOTHING}"
_CALLED = {OTHER: _UNNAMED, UNKNOWN: _UNNAMED, BACKGROUND: _EMPTY, NOTHING: _EMPTY}


def _confusion(scored: Sequence[Scored]) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    truth = np.array([_CALLED.get(one.clip.movement, one.clip.movement) for one in scored], dtype=np.str_)
    named = np.array([_CALLED.get(one.movement, one.movement) for one in scored], dtype=np.str_)
    return NameFigures(truth, named, named).confusion()
