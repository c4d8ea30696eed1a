"""A set as a line of nodes in time: which key pose when, and where the repetitions begin, turn and end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from deukgeun.synth.motions import degrees
from deukgeun.synth.motions.definition import other_side
from deukgeun.synth.motions.style import Beat, Contact, Key, Style

Array = npt.NDArray[np.float64]

# Nodes closer than this would make a joint jump between two pictures.
_SHORTEST_S = 0.06


@dataclass(frozen=True, slots=True)
class Effort:
    """How a set goes. amplitude (N,) of each repetition's range, 1 = as drawn; duration (N,) factors of the tempo.

    ``complete`` (N,) says which repetitions count; ``lead_in_s`` and ``lead_out_s`` are held at the start pose.
    ``first_side`` is the side that begins where sides alternate. ``looseness`` scales sway and the differences from
    one repetition to the next.
    """

    amplitude: Array
    duration: Array
    complete: npt.NDArray[np.bool_]
    lead_in_s: float
    lead_out_s: float
    first_side: str
    looseness: float
    hold_s: float = 0.0

    def __post_init__(self) -> None:
        if not len(self.amplitude) == len(self.duration) == len(self.complete):
            raise ValueError("amplitude, duration and complete must have one entry a repetition")


@dataclass(frozen=True, slots=True)
class Node(Key):
    """What the body does at one instant: a key pose as it is this time."""

    time_s: float


@dataclass(frozen=True, slots=True)
class PlannedRepetition:
    """Seconds from the start of the plan; range is the share of the drawn range of motion; side "l", "r" or ""."""

    start_s: float
    peak_s: float
    end_s: float
    range: float
    complete: bool
    side: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Nodes in the order of time and the repetitions among them."""

    nodes: tuple[Node, ...]
    repetitions: tuple[PlannedRepetition, ...]

    @property
    def duration_s(self) -> float:
        """From the first node to the last."""
        return self.nodes[-1].time_s


def draw_effort(rng: np.random.Generator, repetitions: int, *, partial: float = 0.04, hold_s: float = 0.0) -> Effort:
    """Tempo, range and evenness of a set of ``repetitions``; each is partial with probability ``partial``."""
    progress = np.arange(repetitions) / max(repetitions - 1, 1)
    tired = rng.gamma(1.2, 0.10) if repetitions > 3 else 0.0
    uneven = rng.uniform(0.02, 0.14)
    amplitude = (1 - 0.5 * tired * progress) * np.exp(rng.normal(0, 0.035, repetitions))
    cut_short = rng.random(repetitions) < partial
    amplitude = np.where(cut_short, rng.uniform(0.3, 0.55, repetitions), np.clip(amplitude, 0.72, 1.06))
    return Effort(
        amplitude=amplitude,
        duration=(1 + 1.5 * tired * progress) * np.exp(rng.normal(0, uneven, repetitions)),
        complete=~cut_short,
        lead_in_s=float(rng.gamma(1.5, 0.5)),
        lead_out_s=float(rng.gamma(1.5, 0.4)),
        first_side=str(rng.choice(["l", "r"])),
        looseness=float(rng.uniform(0.5, 1.6)),
        hold_s=hold_s,
    )


class _Writer:
    """Collects nodes and repetitions while time goes on."""

    def __init__(self, style: Style, effort: Effort, rng: np.random.Generator) -> None:
        self.style, self.effort, self.rng = style, effort, rng
        self.nodes: list[Node] = []
        self.repetitions: list[PlannedRepetition] = []
        self.time_s = 0.0
        self.moved = np.where(
            np.any([b.key.angles != style.beats[0].key.angles for b in style.beats], axis=0), 1.0, 0.3
        )

    def put(self, beat: Beat, amplitude: float, flipped: bool, *, first: bool = False) -> None:
        """Add the node of ``beat`` at the present time; ``flipped`` swaps left and right."""
        start = self.style.beats[0].key.angles
        angles = start + amplitude * (beat.key.angles - start)
        turned = flipped != beat.mirrored
        if turned:
            angles = degrees.mirror(angles)
        angles = angles + self._wobble(beat.key.name == self.style.beats[0].key.name)
        self.nodes.append(
            Node(
                name=beat.key.name,
                angles=degrees.clip(angles),
                contacts=_sided(beat.key.contacts, turned),
                step=() if first else tuple(other_side(e) if turned else e for e in beat.key.step),
                lift_m=beat.key.lift_m * amplitude,
                move_m=beat.key.move_m,
                touch=other_side(beat.key.touch) if turned and beat.key.touch else beat.key.touch,
                time_s=self.time_s,
            )
        )

    def _wobble(self, at_start: bool) -> Array:
        """How this visit of a key differs from the last one: small at the start pose, for it is where one settles."""
        spread = self.style.option("jitter", 1.0) * self.effort.looseness * (0.7 if at_start else 1.3)
        free = (degrees.table("sway") > 0) * self.moved
        return self.rng.normal(0.0, 1.0, len(free)) * free * spread

    def wait(self, seconds: float) -> None:
        """Stay at the last node's pose."""
        if seconds >= _SHORTEST_S:
            self.time_s += seconds
            self.nodes.append(replace(self.nodes[-1], time_s=self.time_s, step=(), move_m=(0.0, 0.0)))

    def _goes_back(self) -> bool:
        return self.style.motion.kind == "transition"

    def _round(self, number: int) -> tuple[Beat, ...]:
        """The beats after the start pose and back to it: a transition comes back the way it went.

        Where the first beat has a `between`, that ends the repetition unless it is the last.
        """
        beats = self.style.beats
        if self._goes_back():
            return (*beats[1:], *way_back(beats))
        if beats[0].between is None or number + 1 == len(self.effort.amplitude):
            return (*beats[1:], beats[0])
        return (*beats[1:], replace(beats[0], key=beats[0].between, pause_s=0.0))

    def repetition(self, number: int, side: str) -> None:
        """One cycle through the beats and back to the start pose."""
        flipped = side == "r"
        beats = self._round(number)
        give = self.style.option("give", 1.0)
        amplitude = 1 + give * (float(self.effort.amplitude[number]) - 1)
        ways = [b.share * float(np.exp(self.rng.normal(0, 0.08))) for b in beats]
        moving_s = self.style.tempo_s * float(self.effort.duration[number]) * (2.0 if self._goes_back() else 1.0)
        start_s, peak_s = self.time_s, None
        for beat, way in zip(beats, ways, strict=True):
            self.time_s += max(moving_s * way / sum(ways), _SHORTEST_S)
            self.put(beat, amplitude, flipped)
            if beat.peak:
                peak_s = self.time_s
            end_s = self.time_s
            self.wait(beat.pause_s * float(self.rng.uniform(0.5, 1.5)))
        self.repetitions.append(
            PlannedRepetition(
                start_s=start_s,
                peak_s=(start_s + end_s) / 2 if peak_s is None else peak_s,
                end_s=end_s,
                range=amplitude,
                complete=bool(self.effort.complete[number]) or give < 0.5,
                side=side if self.style.table.get("sides", "both") != "both" else "",
            )
        )


def on_right(style: Style, repetitions: Sequence[PlannedRepetition]) -> bool:
    """Whether a whole set is done with the right side, in the mirror image of what is written."""
    return style.table.get("sides", "both") == "either" and bool(repetitions) and repetitions[0].side == "r"


def way_back(beats: Sequence[Beat]) -> tuple[Beat, ...]:
    """The beats of a transition in reverse, from the last but one to the first: steps and moves are taken back."""
    return tuple(_taken_back(beats[k], beats[k + 1]) for k in range(len(beats) - 2, -1, -1))


def _taken_back(beat: Beat, after: Beat) -> Beat:
    key = replace(beat.key, step=after.key.step, move_m=(-after.key.move_m[0], -after.key.move_m[1]))
    return replace(beat, key=key, share=after.share)


def _sided(contacts: Sequence[Contact], flipped: bool) -> tuple[Contact, ...]:
    return tuple(replace(c, effector=other_side(c.effector)) for c in contacts) if flipped else tuple(contacts)


def plan_set(style: Style, effort: Effort, rng: np.random.Generator) -> Plan:
    """The set of ``effort`` in ``style``: a node at every key pose, and the truth of its repetitions.

    A hold is its first beat's pose for ``effort.hold_s`` seconds and has no repetitions. Where sides alternate, every
    other repetition is the mirror image; "either" stays with one side.
    """
    writer = _Writer(style, effort, rng)
    sides = style.table.get("sides", "both")
    side = effort.first_side if sides != "both" else ("r" if style.option("mirrored", 0) else "l")
    writer.put(style.beats[0], 1.0, side == "r", first=True)
    writer.wait(effort.lead_in_s + effort.hold_s)
    if effort.hold_s == 0:
        for number in range(len(effort.amplitude)):
            writer.repetition(number, side)
            side = other_side(side) if sides == "alternating" else side
    writer.wait(max(effort.lead_out_s, 2 * _SHORTEST_S))
    return Plan(tuple(writer.nodes), tuple(writer.repetitions))
