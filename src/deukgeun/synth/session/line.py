"""One person's way through a session: segments one after the other, joined without a jump."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import Figure, Posed
from deukgeun.synth.session.blend import blend_s, blended, eased
from deukgeun.synth.session.carry import held_by
from deukgeun.synth.session.segment import Segment
from deukgeun.synth.truth.values import ActivityTruth, RepetitionTruth, SetTruth

Array = npt.NDArray[np.float64]

MOVING = "moving"
"""What a person does between one thing and the next."""
_SHORTEST_MOVE_S = 0.1


@dataclass(frozen=True, slots=True)
class Stretch:
    """A segment from picture ``start``; the way to it began at ``reached_from``."""

    reached_from: int
    start: int
    segment: Segment

    @property
    def end(self) -> int:
        """The picture after its last."""
        return self.start + len(self.segment)


@dataclass(slots=True)
class Line:
    """Grows by `add`. ``person`` is the number in the truth."""

    person: int
    figure: Figure
    rate_hz: float
    stretches: list[Stretch] = field(default_factory=list)
    _joins: list[tuple[Posed, Array]] = field(default_factory=list)

    @property
    def frames(self) -> int:
        """Pictures so far."""
        return self.stretches[-1].end if self.stretches else 0

    @property
    def seconds(self) -> float:
        """Time so far."""
        return self.frames / self.rate_hz

    @property
    def last(self) -> Segment | None:
        """What was done last."""
        return self.stretches[-1].segment if self.stretches else None

    def add(self, segment: Segment, least_s: float = 0.0) -> None:
        """Go on with ``segment``, which is in its place, after a way there of ``least_s`` or what it takes."""
        before, begun = self.last, self.frames
        count = 0
        if before is not None:
            count = max(round(max(blend_s(before.posed, segment.posed, self.figure), least_s) * self.rate_hz), 1)
            joined = _one_thing_in_both_hands(before, segment, self.figure)
            between = blended(before.posed, segment.posed, count, self.figure, joined=joined)
            self._joins.append((between, eased(before.grip[-1], segment.grip[0], count)))
        self.stretches.append(Stretch(begun, begun + count, segment))

    def posed(self, frames: int) -> tuple[Posed, Array]:
        """Bones and fists of the first ``frames`` pictures."""
        rotations, joints, grips = [], [], []
        for k, stretch in enumerate(self.stretches):
            if k:
                between, grip = self._joins[k - 1]
                rotations.append(between.rotations)
                joints.append(between.joints)
                grips.append(grip)
            rotations.append(stretch.segment.posed.rotations)
            joints.append(stretch.segment.posed.joints)
            grips.append(stretch.segment.grip)
        cut = slice(0, frames)
        return Posed(np.concatenate(rotations)[cut], np.concatenate(joints)[cut]), np.concatenate(grips)[cut]

    def sets(self, end_s: float) -> tuple[SetTruth, ...]:
        """The sets in the session's time; of a set that is cut at ``end_s``, what is whole."""
        found = (self._set(stretch, end_s) for stretch in self.stretches)
        return tuple(each for each in found if each is not None)

    def _set(self, stretch: Stretch, end_s: float) -> SetTruth | None:
        truth, begin_s = stretch.segment.set_truth, stretch.start / self.rate_hz
        if truth is None or begin_s + truth.start_s >= end_s:
            return None
        repetitions = tuple(_later(rep, begin_s) for rep in truth.repetitions if rep.end_s + begin_s <= end_s)
        if truth.hold_s is None and not repetitions:
            return None
        start_s = truth.start_s + begin_s
        ends_s = min(repetitions[-1].end_s if repetitions else truth.end_s + begin_s, end_s)
        hold_s = None if truth.hold_s is None else ends_s - start_s
        return replace(truth, person=self.person, start_s=start_s, end_s=ends_s, repetitions=repetitions, hold_s=hold_s)

    def activities(self, end_s: float) -> tuple[ActivityTruth, ...]:
        """All that is no set, in the session's time: named activities, and `MOVING` between."""
        found: list[ActivityTruth] = []
        at_s = 0.0
        for stretch in self.stretches:
            start_s, stop_s = stretch.start / self.rate_hz, stretch.end / self.rate_hz
            truth = self._set(stretch, end_s)
            if truth is not None:
                start_s, stop_s = truth.start_s, truth.end_s
            found.append(ActivityTruth(self.person, MOVING, at_s, start_s))
            if truth is None:
                found.append(ActivityTruth(self.person, stretch.segment.name, start_s, stop_s))
            at_s = stop_s
        found.append(ActivityTruth(self.person, MOVING, at_s, self.seconds))
        cut = (replace(each, end_s=min(each.end_s, end_s)) for each in found)
        return tuple(each for each in cut if each.end_s - each.start_s >= _SHORTEST_MOVE_S)


def _one_thing_in_both_hands(a: Segment, b: Segment, figure: Figure) -> bool:
    """Whether both fists are on the same thing at the end of one segment and at the start of the next."""
    if a.owner != b.owner:
        return False
    pairs = zip(a.items, b.items, strict=True)
    return any(
        held_by(x, a.posed, figure, -1) == held_by(y, b.posed, figure, 0) == "both" for x, y in pairs if len(x.pose) > 1
    )


def _later(rep: RepetitionTruth, by_s: float) -> RepetitionTruth:
    return replace(rep, start_s=rep.start_s + by_s, peak_s=rep.peak_s + by_s, end_s=rep.end_s + by_s)
