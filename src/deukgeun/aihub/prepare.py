"""Tables to learn from: the original's random split, and a stricter one in which no performer is twice.

Two passes over the labels: the first counts, the second draws. Never more rows are in memory than are written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deukgeun.aihub.apart import Apart, assign
from deukgeun.aihub.choose import Candidate, Choice, Dropped, candidates
from deukgeun.aihub.collection import Collection
from deukgeun.aihub.rows import write_rows
from deukgeun.aihub.sampling import SPLITS, Draw, Sizes, quotas, rank, shared_quotas
from deukgeun.errors import AihubError

STRICT = "strict"
"""The subfolder of the stricter split."""
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made: see `Choice`, `Sizes` and `apart.assign`."""

    choice: Choice = field(default_factory=Choice)
    sizes: Sizes = field(default_factory=Sizes)
    apart: Apart = "performer"
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """One table that was written: how many rows of each exercise and view, which performers, days and clips."""

    path: Path
    exercises: Counter[str]
    views: Counter[tuple[str, str]]
    performers: frozenset[int]
    days: frozenset[int]
    clips: frozenset[str]

    def __len__(self) -> int:
        return self.exercises.total()


@dataclass(frozen=True, slots=True)
class Prepared:
    """What went in (``available`` pictures by exercise number), what was left out, and the tables by their names:
    ``train``, ``strict/train`` and so on; ``strict_error`` says why there is no stricter split, if there is none."""

    labels: int
    available: Mapping[int, int]
    dropped: Dropped
    tables: Mapping[str, Table]
    performers: Mapping[int, str]
    unused_corrections: tuple[str, ...]
    strict_error: str | None = None


def prepare(collection: Collection, plan: Plan, out: Path, told: Told = lambda done, total: None) -> Prepared:
    """Write ``train.csv``, ``val.csv`` and ``test.csv`` to ``out``, and to its folder ``strict``.

    The same data, plan and seed give the same tables, wherever the files lie. ``told`` hears (pictures met, twice all
    of them). Raises ``aihub-empty`` when nothing is left, and ``output-not-writable``.
    """
    dropped, counts = Dropped(), Counter[tuple[int, int, int]]()
    for met, candidate in enumerate(candidates(collection, plan.choice, dropped), start=1):
        counts[candidate.row.performer, candidate.row.day, candidate.number] += 1
        told(met, 0)
    if not counts:
        raise AihubError("aihub-empty", path=collection.index.root, what="no labelled pictures that were asked for")
    available = Counter[int]()
    for (_, _, number), count in counts.items():
        available[number] += count
    try:
        performers, error = assign(counts, plan.sizes, plan.seed, plan.apart), None
    except AihubError as caught:
        performers, error = {}, str(caught.message)
    draws = _draws(counts, available, performers, plan.sizes)
    for met, candidate in enumerate(candidates(collection, plan.choice, Dropped()), start=1):
        _offer(draws, candidate, performers, plan.seed)
        told(available.total() + met, 2 * available.total())
    return Prepared(
        labels=collection.index.count("labels"), available=dict(sorted(available.items())), dropped=dropped,
        tables=_write(out, draws, shared_quotas(available, plan.sizes)), performers=performers,
        unused_corrections=plan.choice.corrections.unused, strict_error=error,
    )  # fmt: skip


_Counts = Mapping[tuple[int, int, int], int]
_Draws = dict[tuple[str, int], Draw]


def _draws(counts: _Counts, available: Mapping[int, int], performers: Mapping[int, str], sizes: Sizes) -> _Draws:
    """A draw for each exercise of the random split, and one for each split and exercise of the stricter one."""
    shares = shared_quotas(available, sizes)
    draws = {("", number): Draw(sum(share[number] for share in shares.values())) for number in available}
    for split in SPLITS if performers else ():
        there = Counter[int]()
        for (performer, _, number), count in counts.items():
            if performers[performer] == split:
                there[number] += count
        draws |= {(split, n): Draw(quota) for n, quota in quotas(there, sizes.of(split), sizes.fewest).items()}
    return draws


def _offer(draws: _Draws, candidate: Candidate, performers: Mapping[int, str], seed: int) -> None:
    place = rank(seed, candidate.bits)
    draws["", candidate.number].offer(place, candidate)
    if performers:
        draws[performers[candidate.row.performer], candidate.number].offer(place, candidate)


def _write(out: Path, draws: _Draws, shares: Mapping[str, Mapping[int, int]]) -> dict[str, Table]:
    """Of the random split, test has the lowest ranks of each exercise, then val, then train."""
    parts: dict[str, list[Candidate]] = {split: [] for split in SPLITS}
    for (name, number), draw in draws.items():
        drawn = draw.drawn()
        if name:
            parts.setdefault(f"{STRICT}/{name}", []).extend(drawn)
            continue
        for split in reversed(SPLITS):
            parts[split] += drawn[: shares[split][number]]
            drawn = drawn[shares[split][number] :]
    return {name: _table(out / f"{name}.csv", chosen) for name, chosen in parts.items()}


def _table(path: Path, chosen: list[Candidate]) -> Table:
    rows = [candidate.row for candidate in sorted(chosen, key=lambda each: each.bits)]
    write_rows(path, rows)
    return Table(
        path=path,
        exercises=Counter(row.exercise for row in rows),
        views=Counter((row.exercise, row.angle) for row in rows),
        performers=frozenset(row.performer for row in rows),
        days=frozenset(row.day for row in rows),
        clips=frozenset(f"{row.day}-{row.session}-{row.image.partition('_')[0]}" for row in rows),
    )
