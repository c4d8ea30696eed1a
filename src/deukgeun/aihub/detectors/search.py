"""The athlete of every picture of a collection; pictures without anybody are counted and left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from deukgeun.aihub.detectors.choose import choose_person
from deukgeun.aihub.detectors.people import PersonDetector
from deukgeun.pose.geometry import Floats, Image

Key = TypeVar("Key")
_EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Athlete(Generic[Key]):
    """The athlete of the picture ``key``: ``box`` (4,: x0, y0, x1, y1) pixels, ``score``, and how many ``others``."""

    key: Key
    box: Floats
    score: float
    others: int


@dataclass(slots=True)
class Tally:
    """What was counted on the way: pictures looked at, those ``without`` a person (the first few by name)."""

    pictures: int = 0
    without: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def share_without(self) -> float:
        """The share of pictures without a person, 0 before the first."""
        return self.without / self.pictures if self.pictures else 0.0

    def miss(self, key: object) -> None:
        """Count a picture without a person."""
        self.without += 1
        if len(self.examples) < _EXAMPLES:
            self.examples.append(str(key))


def athletes(
    found_by: PersonDetector, pictures: Iterable[tuple[Key, Image]], tally: Tally | None = None
) -> Iterator[Athlete[Key]]:
    """Yield the athlete of each of ``pictures`` (key and (H, W, 3) RGB) that has one, one picture at a time.

    ``tally`` is counted up while this goes on: after it, ``tally.share_without`` is the share that was left out.
    """
    tally = Tally() if tally is None else tally
    for key, image in pictures:
        tally.pictures += 1
        people = found_by.people(image)
        best = choose_person(people, image.shape[1], image.shape[0])
        if best is None:
            tally.miss(key)
        else:
            yield Athlete(key, people.boxes[best], float(people.scores[best]), len(people) - 1)
