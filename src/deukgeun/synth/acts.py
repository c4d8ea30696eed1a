"""An act: one person in the room for the whole of a clip, with what they hold and the truth of what they do."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from deukgeun.exercises import UNKNOWN
from deukgeun.synth.figure import Figure, Posed
from deukgeun.synth.items import Item
from deukgeun.synth.motions.enact import enact
from deukgeun.synth.motions.perform import Performance
from deukgeun.synth.motions.plan import Effort, Plan, PlannedRepetition, draw_effort
from deukgeun.synth.motions.props import items, moved
from deukgeun.synth.motions.style import Style
from deukgeun.synth.repertoire import Piece
from deukgeun.synth.rotation import Z, about
from deukgeun.synth.truth.values import ActivityTruth, RepetitionTruth, SetTruth, Side

Array = npt.NDArray[np.float64]

_SIDES: dict[str, Side] = {"l": "left", "r": "right", "": "both"}
# Of the sets of exercises whose wrong ways are written, as many show one.
_MISTAKE_RATE = 0.25


@dataclass(frozen=True, slots=True)
class Act:
    """One person over the pictures of a clip: ``time_s`` (T,), bones in the room, fists (T, 2), things and truth."""

    figure: Figure
    time_s: Array
    posed: Posed
    grip: Array
    items: tuple[Item, ...]
    sets: tuple[SetTruth, ...]
    background: tuple[ActivityTruth, ...]
    posture: str

    def __post_init__(self) -> None:
        frames = len(self.time_s)
        if self.posed.joints.shape[0] != frames or self.grip.shape != (frames, 2):
            raise ValueError(f"expected {frames} pictures, got {self.posed.joints.shape}, {self.grip.shape}")

    def joints(self, skeleton: str) -> Array:
        """The joints (T, K, 3) of a joint set ("blazepose_33", "coco_17", "aihub_24") in the room, in metres."""
        chosen = [i for i, n in enumerate(self.figure.landmark_points.names) if n.startswith(f"{skeleton}/")]
        points: Array = self.posed.carry(
            self.figure.landmarks[chosen], self.figure.landmark_points.bone[chosen], self.figure
        )
        return points


def solo(
    piece: Piece,
    figure: Figure,
    rng: np.random.Generator,
    *,
    duration_s: float,
    rate_hz: float,
    whole: bool = False,
    mistakes: tuple[str, ...] | None = None,
    variant: str | None = None,
) -> Act:
    """One set by one athlete, ``duration_s`` long, at ``rate_hz``.

    With ``whole`` the set fills the clip from its first repetition to its last; otherwise the clip is a window cut
    from a longer set at random, as a recogniser meets it. ``mistakes`` None draws them at random.
    """
    wrong = _mistakes(piece, rng, mistakes)
    time_s = np.arange(round(duration_s * rate_hz)) / rate_hz
    start_s = 0.0

    def effort(style: Style) -> Effort:
        cycle_s = style.tempo_s + sum(beat.pause_s for beat in style.beats)
        return _effort(piece, rng, duration_s + (0.0 if whole else cycle_s), cycle_s, whole)

    def shown(plan: Plan) -> Array:
        nonlocal start_s
        start_s = 0.0 if whole else float(rng.uniform(0.0, max(plan.duration_s - duration_s, 0.0)))
        out: Array = np.minimum(time_s + start_s, plan.duration_s)
        return out

    done = enact(piece.motion, figure, rng, effort, shown, equipment=piece.equipment, mistakes=wrong, variant=variant)
    return act_of(done.performance, piece, time_s, start_s)


def _mistakes(piece: Piece, rng: np.random.Generator, given: tuple[str, ...] | None) -> tuple[str, ...]:
    if given is not None or not piece.motion.mistakes:
        return given or ()
    return (str(rng.choice(piece.motion.mistakes)),) if rng.random() < _MISTAKE_RATE else ()


def _effort(piece: Piece, rng: np.random.Generator, longest_s: float, cycle_s: float, whole: bool) -> Effort:
    """A set that lasts at least ``longest_s``, or just fits it with ``whole``."""
    if piece.motion.measure == "hold":
        return draw_effort(rng, 0, hold_s=longest_s)
    count = max(int(longest_s / cycle_s), 1) if whole else int(np.ceil(longest_s / cycle_s)) + 1
    return draw_effort(rng, count)


def act_of(performance: Performance, piece: Piece, time_s: Array, start_s: float) -> Act:
    """The act of one performance whose plan's second ``start_s`` is shown at 0."""
    end_s = float(time_s[-1])
    repetitions = tuple(
        _shown(each, start_s)
        for each in performance.repetitions
        if start_s <= each.start_s and each.end_s - start_s <= end_s + 1e-6
    )
    hold = piece.motion.measure == "hold"
    sets: tuple[SetTruth, ...] = ()
    background: tuple[ActivityTruth, ...] = ()
    if piece.motion.kind in ("exercise", "neighbour"):
        sets = (_set(performance, piece, repetitions, end_s, end_s if hold else None),)
    else:
        background = (ActivityTruth(0, piece.motion.name, 0.0, end_s),)
    return Act(
        figure=performance.figure,
        time_s=time_s,
        posed=performance.posed,
        grip=performance.grip,
        items=items(performance),
        sets=sets,
        background=background,
        posture=piece.motion.posture,
    )


def _shown(each: PlannedRepetition, start_s: float) -> RepetitionTruth:
    times = (each.start_s - start_s, each.peak_s - start_s, each.end_s - start_s)
    return RepetitionTruth(*times, float(np.clip(each.range, 0.0, 1.0)), each.complete, _SIDES[each.side])


def _set(
    performance: Performance, piece: Piece, repetitions: tuple[RepetitionTruth, ...], end_s: float, hold_s: float | None
) -> SetTruth:
    equipment = performance.style.equipment
    return SetTruth(
        person=0,
        exercise=piece.exercise if piece.exercise else UNKNOWN,
        motion=piece.motion.name,
        movement=piece.motion.movement,
        equipment=None if equipment == "none" else equipment,
        mistakes=performance.style.mistakes,
        start_s=repetitions[0].start_s if repetitions else 0.0,
        end_s=repetitions[-1].end_s if repetitions else end_s,
        repetitions=repetitions,
        hold_s=hold_s,
    )


def picked(act: Act, frames: npt.NDArray[np.int64]) -> Act:
    """The same act with only the pictures ``frames`` (K,), which keep their times."""
    posed = Posed(act.posed.rotations[frames], act.posed.joints[frames])
    things = tuple(
        Item(
            thing.kind,
            thing.pose if len(thing.pose) == 1 else thing.pose[frames],
            thing.size,
            None if thing.ends is None else thing.ends if len(thing.ends) == 1 else thing.ends[frames],
        )
        for thing in act.items
    )
    return replace(act, time_s=act.time_s[frames], posed=posed, grip=act.grip[frames], items=things)


def placed(act: Act, turn_deg: float, shift_m: Array) -> Act:
    """The same act elsewhere in the room: turned about the vertical, then shifted by (3,)."""
    rotation = about(Z, turn_deg)
    posed = Posed(rotation @ act.posed.rotations, act.posed.joints @ rotation.T + shift_m)
    return replace(act, posed=posed, items=moved(act.items, rotation, shift_m))
