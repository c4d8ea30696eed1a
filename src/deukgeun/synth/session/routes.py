"""Which transitions lead from one posture to another."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from deukgeun.synth.motions.definition import Motion
from deukgeun.synth.repertoire import of_kind


@dataclass(frozen=True, slots=True)
class Leg:
    """A transition, gone as it is written or backwards."""

    motion: Motion
    backwards: bool


def route(start: str, goal: str) -> tuple[Leg, ...]:
    """The fewest transitions from one posture to another; none where the gym knows no way (then it is blended)."""
    ways: dict[str, list[tuple[str, Leg]]] = {}
    for motion in of_kind("transition"):
        ends = str(motion.raw.get("ends", motion.posture))
        ways.setdefault(motion.posture, []).append((ends, Leg(motion, False)))
        ways.setdefault(ends, []).append((motion.posture, Leg(motion, True)))
    reached: dict[str, tuple[Leg, ...]] = {start: ()}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        if here == goal:
            break
        for there, leg in ways.get(here, []):
            if there not in reached:
                reached[there] = (*reached[here], leg)
                waiting.append(there)
    return reached.get(goal, ())
