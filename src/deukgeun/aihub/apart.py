"""Splits in which nobody is twice: performers, or performers and the days they came on, go to one split as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Literal

from deukgeun.aihub.sampling import SPLITS, Sizes, rank
from deukgeun.errors import AihubError

Apart = Literal["performer", "performer-day"]
Counts = Mapping[tuple[int, int, int], int]
"""Pictures by performer, day and exercise number."""


def assign(counts: Counts, sizes: Sizes, seed: int, apart: Apart = "performer") -> dict[int, str]:
    """Return the split of each performer, so that the splits' shares of every exercise are near those of ``sizes``.

    With ``performer-day`` those who came on the same day stay together: no day is in two splits either. Raises
    ``aihub-split`` when there are fewer than three who can be kept apart.
    """
    units = _units(counts, apart)
    if len(units) < len(SPLITS):
        reason = f"{len(units)} can be kept apart, and there are {len(SPLITS)} splits"
        raise AihubError("aihub-split", what="a performer" if apart == "performer" else "a day", reason=reason)
    amounts = {unit: _amounts(counts, unit) for unit in units}
    order = sorted(units, key=lambda unit: (-amounts[unit].total(), rank(seed, min(unit))))
    totals = sum(amounts.values(), Counter[int]())
    need = {
        split: {number: count * sizes.of(split) / sizes.total for number, count in totals.items()} for split in SPLITS
    }
    found: dict[int, str] = {}
    for place, unit in enumerate(order):
        empty = [split for split in SPLITS if split not in found.values()]
        open_ones = empty if len(order) - place <= len(empty) else SPLITS  # no split is left without anybody
        split = max(open_ones, key=lambda name: _gain(need[name], totals, amounts[unit]))
        for number, count in amounts[unit].items():
            need[split][number] -= count
        found |= dict.fromkeys(unit, split)
    return dict(sorted(found.items()))


def _gain(need: Mapping[int, float], totals: Mapping[int, int], amounts: Mapping[int, int]) -> tuple[float, float]:
    """How much of what a split still needs a unit brings, every exercise weighing the same; then how much it needs."""
    brought = sum(max(0.0, min(need[number], count)) / totals[number] for number, count in amounts.items())
    return brought, sum(need[number] / totals[number] for number in totals)


def _amounts(counts: Counts, unit: frozenset[int]) -> Counter[int]:
    found: Counter[int] = Counter()
    for (performer, _, number), count in counts.items():
        if performer in unit:
            found[number] += count
    return found


def _units(counts: Counts, apart: Apart) -> list[frozenset[int]]:
    """Who must stay together: each performer alone, or all who are joined by days."""
    performers = {performer for performer, _, _ in counts}
    if apart == "performer":
        return [frozenset({performer}) for performer in sorted(performers)]
    days: dict[int, set[int]] = {}
    for performer, day, _ in counts:
        days.setdefault(day, set()).add(performer)
    groups: list[set[int]] = []
    for members in days.values():
        joined = [group for group in groups if group & members]
        groups = [group for group in groups if not group & members]
        groups.append(set(members).union(*joined))
    return sorted(map(frozenset, groups), key=min)
