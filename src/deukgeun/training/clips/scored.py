"""What an analysis says of a whole clip, and whether that is right.

Definitions. Seconds are those of sets. The predicted exercise of a clip is the one with the most seconds; its count is
the number of that exercise's repetitions. An exercise's vote is the sum, over sets, of seconds times the confidence it
got there, as the set's exercise or as an alternative; its share is the vote over the seconds of all sets, 0 to 1.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from deukgeun.analysis.workout import Workout
from deukgeun.exercises import UNKNOWN, catalogue
from deukgeun.training.clips.run import BACKGROUND, OTHER, Clip, Outcome

NOTHING = "none"
"""What stands for the movement where no exercise was seen."""


@dataclass(frozen=True, slots=True)
class Said:
    """What an analysis says of a whole clip: None and 0 where it saw no exercise.

    ``ranked`` are all exercises that got a vote, most first. ``share`` is that of ``exercise``, ``known`` the largest
    that any exercise of the catalogue got.
    """

    exercise: str | None = None
    repetitions: int = 0
    ranked: tuple[str, ...] = ()
    share: float = 0.0
    known: float = 0.0


def said(workout: Workout | None) -> Said:
    """Return what a workout says of the clip; None says nothing."""
    seconds, counts = defaultdict[str, float](float), Counter[str]()
    votes = defaultdict[str, float](float)
    for each in workout.sets if workout is not None else ():
        lasted = max(0.0, each.end_s - each.start_s)
        seconds[each.exercise] += lasted
        counts[each.exercise] += len(each.repetitions)
        votes[each.exercise] += lasted * each.confidence
        for other in each.alternatives:
            votes[other.exercise] += lasted * other.confidence
    if not seconds:
        return Said()
    best = max(seconds, key=seconds.__getitem__)
    total = sum(seconds.values()) or 1.0
    known = max((vote for name, vote in votes.items() if name in catalogue()), default=0.0)
    ranked = tuple(sorted(votes, key=votes.__getitem__, reverse=True))
    return Said(best, counts[best], ranked, votes[best] / total, known / total)


@dataclass(frozen=True, slots=True)
class Scored:
    """A clip's outcome, and whether what was said of it is right."""

    outcome: Outcome
    said: Said

    @property
    def clip(self) -> Clip:
        """The clip with its labels."""
        return self.outcome.clip

    @property
    def movement(self) -> str:
        """The movement that was said, ``unknown`` or ``none``."""
        if self.said.exercise is None:
            return NOTHING
        return catalogue()[self.said.exercise].movement if self.said.exercise in catalogue() else UNKNOWN

    @property
    def same_movement(self) -> bool:
        """Whether the movement is right."""
        return self.clip.known and self.movement == self.clip.movement

    @property
    def right(self) -> bool:
        """Whether the exercise is right, or the movement where only that is labelled.

        Something that is not in the catalogue must have no name, background no exercise.
        """
        if self.clip.movement == BACKGROUND:
            return self.movement == NOTHING
        if self.clip.movement == OTHER:
            return self.movement in (NOTHING, UNKNOWN)
        return self.said.exercise == self.clip.exercise if self.clip.exercise else self.same_movement

    @property
    def counts(self) -> bool:
        """Whether its repetitions are known and its movement is one that is counted."""
        return self.clip.known and self.clip.repetitions is not None and self.clip.movement not in _holds()

    @property
    def counted(self) -> int:
        """The repetitions that were found; 0 where the movement is another."""
        return self.said.repetitions if self.same_movement else 0

    @property
    def exact(self) -> bool:
        """Whether the count is right."""
        return self.same_movement and self.counted == self.clip.repetitions

    @property
    def near(self) -> bool:
        """Whether the count is at most one off (OBO), and not 0."""
        return self.counted > 0 and abs(self.counted - (self.clip.repetitions or 0)) <= 1

    @property
    def failed(self) -> bool:
        """Whether anything that was said is wrong: the name, or a count by more than one."""
        return not self.right or (self.counts and not self.near)


def _holds() -> frozenset[str]:
    return frozenset(each.movement for each in catalogue().values() if each.measure == "hold")
