"""How many pictures of each exercise go into each split, and which: by a hash, whatever order they come in."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from deukgeun.aihub.choose import Candidate

SPLITS = ("train", "val", "test")


@dataclass(frozen=True, slots=True)
class Sizes:
    """Pictures wanted in each split, and the ``fewest`` of each exercise in it (which may make the split larger)."""

    train: int = 4096
    val: int = 1600
    test: int = 1250
    fewest: int = 80

    def __post_init__(self) -> None:
        if min(self.train, self.val, self.test) < 1 or self.fewest < 0:
            raise ValueError(f"sizes must be positive, are {self}")

    def of(self, split: str) -> int:
        """Return the size of a split by its name."""
        return {"train": self.train, "val": self.val, "test": self.test}[split]

    @property
    def total(self) -> int:
        """All pictures wanted."""
        return self.train + self.val + self.test


def quotas(available: Mapping[int, int], size: int, fewest: int) -> dict[int, int]:
    """Return how many pictures of each exercise make ``size``, as evenly as can be.

    The sum is ``size``, or ``fewest`` of each exercise where that is more, or all there are where these are fewer.
    What is left over by division goes to the lowest numbers.
    """
    left = max(size, fewest * len(available))
    found: dict[int, int] = {}
    open_ones = sorted(available, key=lambda number: (available[number], number))  # the scarcest first
    for place, number in enumerate(open_ones):
        share = min(available[number], left // (len(open_ones) - place))
        found[number] = share
        left -= share
    for number in sorted(available):
        more = min(left, 1, available[number] - found[number])
        found[number] += more
        left -= more
    return dict(sorted(found.items()))


def shared_quotas(available: Mapping[int, int], sizes: Sizes) -> dict[str, dict[int, int]]:
    """Return the quotas of all splits out of the same pictures: a scarce exercise is shared out as the sizes are."""
    found = {}
    for split in SPLITS:
        most = {number: count * sizes.of(split) // sizes.total for number, count in available.items()}
        found[split] = quotas(most, sizes.of(split), sizes.fewest)
    return found


def rank(seed: int, bits: int) -> int:
    """Return a picture's place in the draw: 64 bits of BLAKE2b of its number, keyed by the seed."""
    return int.from_bytes(blake2b(bits.to_bytes(8, "big"), digest_size=8, key=seed.to_bytes(8, "big")).digest(), "big")


@dataclass(slots=True)
class Draw:
    """Keeps the ``quota`` pictures of the lowest ranks, and no others."""

    quota: int
    _heap: list[tuple[int, int, Candidate]] = field(default_factory=list)
    _met: int = 0

    def offer(self, place: int, candidate: Candidate) -> None:
        """Consider a picture of rank ``place``."""
        self._met += 1  # so that candidates themselves are never compared
        entry = (-place, -self._met, candidate)
        if len(self._heap) < self.quota:
            heapq.heappush(self._heap, entry)
        elif self._heap and entry > self._heap[0]:
            heapq.heapreplace(self._heap, entry)

    def drawn(self) -> list[Candidate]:
        """Return what is kept, the lowest rank first; of a picture that two labels name, one."""
        found = {candidate.bits: candidate for _, _, candidate in sorted(self._heap, key=lambda entry: entry[:2])}
        return list(reversed(found.values()))
