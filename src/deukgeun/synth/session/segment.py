"""A stretch of movement by one person that can be put anywhere on the floor: a set, an activity, a transition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from deukgeun.synth.acts import act_of
from deukgeun.synth.figure import BONE, Figure, Posed
from deukgeun.synth.items import Item
from deukgeun.synth.motions.enact import Enacted, enact
from deukgeun.synth.motions.kinematics import column
from deukgeun.synth.motions.plan import Effort, Plan, draw_effort
from deukgeun.synth.motions.props import moved
from deukgeun.synth.motions.style import Style
from deukgeun.synth.repertoire import Piece
from deukgeun.synth.rotation import Z, about
from deukgeun.synth.truth.values import SetTruth

Array = npt.NDArray[np.float64]
PELVIS = BONE["pelvis"]


@dataclass(frozen=True, slots=True)
class Place:
    """A turn about the vertical through the origin, then a shift (3,) along the floor."""

    turn_deg: float
    shift_m: Array

    @property
    def rotation(self) -> Array:
        """The turn as a matrix (3, 3)."""
        return about(Z, self.turn_deg)

    def of(self, points: Array) -> Array:
        """Points (..., 3), there."""
        out: Array = points @ self.rotation.T + self.shift_m
        return out


def bringing(point: Array, heading_deg: float, to: Array, to_heading_deg: float) -> Place:
    """The place that brings ``point`` (3,) of the floor and a heading to others; heights stay."""
    turn_deg = to_heading_deg - heading_deg
    shift = to - about(Z, turn_deg) @ point
    return Place(turn_deg, shift * np.array([1.0, 1.0, 0.0]))


@dataclass(frozen=True, slots=True)
class Segment:
    """Pictures (T) of one person: bones, fists (T, 2), heading (T,) in degrees, things, and what it is.

    ``owner`` names whose things these are: segments of the same owner share them. ``set_truth`` has the segment's own
    time; it is None for what is no exercise, which ``name`` names.
    """

    owner: str
    name: str
    posed: Posed
    grip: Array
    heading_deg: Array
    items: tuple[Item, ...]
    set_truth: SetTruth | None

    def __len__(self) -> int:
        return len(self.grip)

    def floor_point(self, frame: int) -> Array:
        """The place on the floor (3,) below the pelvis."""
        point: Array = self.posed.joints[frame, PELVIS] * np.array([1.0, 1.0, 0.0])
        return point

    def at(self, place: Place) -> Segment:
        """The same, elsewhere."""
        rotation = place.rotation
        posed = Posed(rotation @ self.posed.rotations, place.of(self.posed.joints))
        things = moved(self.items, rotation, place.shift_m)
        return replace(self, posed=posed, items=things, heading_deg=self.heading_deg + place.turn_deg)

    def shown(self, frames: slice | npt.NDArray[np.int64]) -> Segment:
        """Some of its pictures: a part of it, or all of it backwards (``slice(None, None, -1)``)."""
        posed = Posed(self.posed.rotations[frames], self.posed.joints[frames])
        things = tuple(_part(thing, frames) for thing in self.items)
        return replace(self, posed=posed, grip=self.grip[frames], heading_deg=self.heading_deg[frames], items=things)


def _part(thing: Item, frames: slice | npt.NDArray[np.int64]) -> Item:
    pose = thing.pose if len(thing.pose) == 1 else thing.pose[frames]
    ends = thing.ends if thing.ends is None or len(thing.ends) == 1 else thing.ends[frames]
    return replace(thing, pose=pose, ends=ends)


def act_out(
    piece: Piece,
    usual: Style | None,
    figure: Figure,
    effort: Callable[[Style], Effort],
    rng: np.random.Generator,
    rate_hz: float,
) -> tuple[Segment, Enacted]:
    """``effort`` at the origin, in the ``usual`` style if a body can do it so, and how it was enacted."""

    def times(plan: Plan) -> Array:
        return np.asarray(np.arange(int(plan.duration_s * rate_hz) + 1) / rate_hz)

    done = enact(piece.motion, figure, rng, effort, times, equipment=piece.equipment, usual=usual)
    performance = done.performance
    act = act_of(performance, piece, performance.time_s, 0.0)
    segment = Segment(
        owner=f"{piece.label}/{performance.style.equipment}",
        name=piece.motion.name,
        posed=act.posed,
        grip=act.grip,
        heading_deg=column(performance.angles, "turn").copy(),
        items=act.items,
        set_truth=act.sets[0] if act.sets else None,
    )
    return segment, done


def set_effort(rng: np.random.Generator, repetitions: int, hold_s: float, earlier: int) -> Effort:
    """The effort of one set after ``earlier`` ones of the same exercise: every one leaves one a little more tired."""
    effort = draw_effort(rng, repetitions, hold_s=hold_s)
    if hold_s:
        return replace(effort, lead_in_s=0.0, lead_out_s=0.0)
    return replace(
        effort,
        amplitude=np.where(effort.complete, np.maximum(effort.amplitude * 0.98**earlier, 0.72), effort.amplitude),
        duration=effort.duration * 1.04**earlier,
    )


def there(segment: Segment, done: Enacted, rate_hz: float) -> Segment:
    """The way there of a transition that was acted out once there and back."""
    far = done.performance.style.beats[-1].key.name
    reached_s = next(node.time_s for node in done.plan.nodes if node.name == far)
    return segment.shown(slice(0, max(int(reached_s * rate_hz) + 1, 2)))


def about_heading(heading_deg: float) -> Array:
    """The way (2,) along the floor that somebody with this heading looks."""
    turn = np.radians(heading_deg)
    return np.array([np.sin(turn), -np.cos(turn)])
