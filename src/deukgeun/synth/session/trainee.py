"""Somebody who trains: goes to a station, does a set, rests, walks on. Every movement is acted out on its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import Figure
from deukgeun.synth.items import Item
from deukgeun.synth.motions.definition import motions
from deukgeun.synth.motions.plan import Effort, draw_effort
from deukgeun.synth.motions.style import Style, draw
from deukgeun.synth.repertoire import Piece, of_kind
from deukgeun.synth.session.fetch import backwards, fetch, with_rack
from deukgeun.synth.session.line import Line
from deukgeun.synth.session.routes import Leg, route
from deukgeun.synth.session.schedule import Entry
from deukgeun.synth.session.segment import Place, Segment, about_heading, act_out, bringing, set_effort, there
from deukgeun.synth.truth.values import UNKNOWN

Array = npt.NDArray[np.float64]

_WALK, _STANDING = "walk", "standing"
_PLAIN = "plain"  # no variant: of walking, with nothing in the hands
_NEAR_M = 0.35  # nobody walks for less
_READY_S, _LEG_S = 1.5, 4.0  # to get ready, and for each transition
_HANDLING_S = 4.0  # to take things up
_FLOOR, _MAT = "floor", "mat"  # where everything is done that needs no other things
_STATION_M = 2.5  # between two stations: a barbell is 2.2 m long
_SHORTEST_ACTIVITY_S = 2.5
_LONGEST_ACTIVITY_S = 12.0
_ROAM_M = 0.6  # an activity that goes further is not for a rest


@dataclass(frozen=True, slots=True)
class Habits:
    """``spot`` is where the first set is done; ``rest_s`` and ``edge_s`` are ranges: rests, and what is before and
    after all sets.
    """

    spot: Place
    rest_s: tuple[float, float]
    edge_s: tuple[float, float] = (1.0, 5.0)


class Trainee:
    """One person's session as it grows; `line` is what came of it."""

    def __init__(self, person: int, figure: Figure, rng: np.random.Generator, rate_hz: float, habits: Habits) -> None:
        self.line = Line(person, figure, rate_hz)
        self.figure, self.rng, self.rate_hz, self.habits = figure, rng, rate_hz, habits
        self._styles: dict[str, Style] = {}
        self._stations: dict[str, Segment] = {}
        self._posture = _STANDING
        self._has_mat = False
        self._came_by: list[Segment] = []
        self._fetches: dict[str, list[Segment]] = {}

    def train(self, entries: Sequence[Entry]) -> None:
        """All sets of ``entries``, with rests between and something before and after."""
        low, high = self.habits.edge_s
        begun = False
        for number, entry in enumerate(entries):
            for earlier in range(entry.sets):
                wanted_s = float(self.rng.uniform(*(self.habits.rest_s if begun else (low, high))))
                self.rest(wanted_s - self._settling_s(entry.piece))
                self._set(entry, number, earlier)
                begun = True
        self.rest(float(self.rng.uniform(low, high)))

    def idle(self, until_s: float) -> None:
        """Nothing but background activity up to ``until_s``."""
        while self.line.seconds < until_s:
            self._activity(min(_LONGEST_ACTIVITY_S, until_s - self.line.seconds))

    def rest(self, seconds: float) -> None:
        """Get up, and do this and that for ``seconds``."""
        until_s = self.line.seconds + seconds
        self._leave()
        while until_s - self.line.seconds > _SHORTEST_ACTIVITY_S or self.line.last is None:
            self._activity(max(until_s - self.line.seconds, _SHORTEST_ACTIVITY_S))

    def _settling_s(self, piece: Piece) -> float:
        """About how long it takes to get ready."""
        posture = _posture(self._style(piece))
        return (
            _READY_S + _LEG_S * len(route(_STANDING, posture)) + _HANDLING_S * (piece.equipment not in ("none", None))
        )

    def _set(self, entry: Entry, number: int, earlier: int) -> None:
        def effort(_: Style) -> Effort:
            return set_effort(self.rng, entry.repetitions, entry.hold_s, earlier)

        segment = with_rack(self._acted(entry.piece, effort), self.figure)
        key = f"{number}/{segment.owner}/{'+'.join(item.kind for item in segment.items)}"
        segment = replace(segment, owner=key)
        self._go_and_do(self._stationed(segment, key), _posture(self._style(entry.piece)))

    def _acted(self, piece: Piece, effort: Callable[[Style], Effort]) -> Segment:
        """A piece in this person's own style; if the body cannot do it so, the style changes."""
        segment, done = act_out(piece, self._style(piece), self.figure, effort, self.rng, self.rate_hz)
        self._styles[_key(piece)] = done.performance.style
        return segment

    def _stationed(self, segment: Segment, key: str) -> Segment:
        """``segment`` where the first one of this key was, on the same things."""
        if all(item.kind == _MAT for item in segment.items):
            key, segment = _FLOOR, self._on_one_mat(segment)
        if key not in self._stations:
            self._stations[key] = segment.at(self._new_station())
            return self._stations[key]
        first = self._stations[key]
        fixed, again = _fixed(first), _fixed(segment)
        if key == _FLOOR or fixed is None or again is None:
            point, heading_deg = segment.floor_point(0), float(segment.heading_deg[0])
            return segment.at(bringing(point, heading_deg, first.floor_point(0), float(first.heading_deg[0])))
        back = bringing(again.pose[0, :3, 3], _yaw_deg(again), fixed.pose[0, :3, 3], _yaw_deg(fixed))
        return replace(segment.at(back), items=_shared(first.items, segment.at(back).items))

    def _on_one_mat(self, segment: Segment) -> Segment:
        """Whoever has laid out a mat does all that is done on the floor there."""
        if not segment.items or not self._has_mat:
            self._has_mat |= bool(segment.items)
            return segment
        return replace(segment, items=())

    def _new_station(self) -> Place:
        """The spot, or a place beside those that are taken."""
        spot, taken = self.habits.spot, len(self._stations)
        if not taken:
            return spot
        aside = np.array(
            [_STATION_M * ((taken + 1) // 2) * (1 if taken % 2 else -1), float(self.rng.uniform(-0.4, 0.4)), 0.0]
        )
        return Place(spot.turn_deg + float(self.rng.uniform(-25, 25)), spot.of(aside))

    def _go_and_do(self, segment: Segment, posture: str) -> None:
        """Walk to where ``segment`` begins, take up its things, get into its posture and do it."""
        self._leave()
        steps = self._fetches.get(segment.owner)
        if steps is None:
            ways = self._led_to(segment, route(_STANDING, posture))
            steps = fetch(segment, self.figure, self.rng, self.rate_hz, ways)
            if any(step.items for step in steps):  # what was put back is where it was
                self._fetches[segment.owner] = steps
        self._walk_to(steps[0] if steps else segment)
        for each in (*steps, segment):
            self.line.add(each)
        self._came_by = steps if segment.owner in self._fetches else []
        self._posture = posture

    def _led_to(self, segment: Segment, legs: Sequence[Leg]) -> list[Segment]:
        """The transitions ``legs``, put so that the last ends where ``segment`` begins."""
        ways: list[Segment] = []
        goal = segment
        for leg in reversed(legs):
            way = self._transition(leg)
            way = way.at(
                bringing(
                    way.floor_point(-1), float(way.heading_deg[-1]), goal.floor_point(0), float(goal.heading_deg[0])
                )
            )
            ways.insert(0, way)
            goal = way
        return ways

    def _leave(self) -> None:
        """Put back what was taken up, and get up from where the last set ended."""
        self._put_back()
        if self.line.last is not None:
            for leg in route(self._posture, _STANDING):
                self.line.add(self._following(self._transition(leg)))
        self._posture = _STANDING

    def _put_back(self) -> None:
        """Go back the way one came by the things of the last set, if it had any that are taken up."""
        for each in reversed(self._came_by):
            self.line.add(backwards(each))
        if self._came_by:
            self._posture, self._came_by = _STANDING, []

    def _following(self, segment: Segment) -> Segment:
        """``segment`` where the last one ended; at the spot if it is the first."""
        last = self.line.last
        if last is None:
            return segment.at(self.habits.spot)
        point, heading_deg = segment.floor_point(0), float(segment.heading_deg[0])
        return segment.at(bringing(point, heading_deg, last.floor_point(-1), float(last.heading_deg[-1])))

    def _transition(self, leg: Leg) -> Segment:
        piece = Piece(UNKNOWN, leg.motion, leg.motion.equipment[0])
        way, done = act_out(
            piece, None, self.figure, lambda _: draw_effort(self.rng, 1, partial=0.0), self.rng, self.rate_hz
        )
        way = replace(there(way, done, self.rate_hz), items=())
        return backwards(way) if leg.backwards else way

    def _activity(self, seconds: float) -> None:
        """Some background activity of about ``seconds``."""
        seconds = min(seconds, float(self.rng.uniform(_SHORTEST_ACTIVITY_S, _LONGEST_ACTIVITY_S)))
        idle = [m for m in of_kind("background") if m.name != _WALK]
        motion = idle[int(self.rng.integers(len(idle)))] if idle else motions()[_WALK]
        piece = Piece(UNKNOWN, motion, str(self.rng.choice(motion.equipment)))
        segment = self._acted(piece, lambda style: self._lasting(style, seconds))
        segment = segment.shown(slice(0, max(round(seconds * self.rate_hz), 2)))
        roams = np.ptp(segment.posed.joints[:, 0, :2], axis=0).max() > _ROAM_M
        if roams or not idle:
            still = segment.shown(np.zeros(max(round(seconds * self.rate_hz), 2), dtype=np.int64))
            segment = replace(still, name=_STANDING, items=())
        posture = _posture(self._style(piece))
        if segment.items:
            self._go_and_do(self._stationed(segment, segment.owner), posture)
            return
        self._put_back()
        for leg in route(self._posture, posture):
            self.line.add(self._following(self._transition(leg)))
        self.line.add(self._following(segment))
        self._posture = posture

    def _lasting(self, style: Style, seconds: float) -> Effort:
        if style.motion.measure == "hold":
            return draw_effort(self.rng, 0, hold_s=seconds)
        cycle_s = style.tempo_s + sum(beat.pause_s for beat in style.beats)
        return draw_effort(self.rng, int(np.ceil(seconds / cycle_s)) + 1, partial=0.0)

    def _walk_to(self, goal: Segment) -> None:
        """Walk to where ``goal`` begins, if it is far enough to walk."""
        last = self.line.last
        if last is None:
            return
        start, end = last.floor_point(-1), goal.floor_point(0)
        way_m = float(np.linalg.norm(end - start))
        if way_m < _NEAR_M or _WALK not in motions():
            return
        walked = self._walked(way_m)
        if walked is None:
            return
        heading_deg = float(np.degrees(np.arctan2(end[0] - start[0], start[1] - end[1])))
        moved = walked.floor_point(-1) - walked.floor_point(0)
        own_deg = float(np.degrees(np.arctan2(moved[0], -moved[1])))
        self.line.add(walked.at(bringing(walked.floor_point(0), own_deg, start, heading_deg)))

    def _walked(self, way_m: float) -> Segment | None:
        """Steps that lead ``way_m`` ahead, or None if the walk leads nowhere."""
        piece = Piece(UNKNOWN, motions()[_WALK], motions()[_WALK].equipment[0])
        self._styles.setdefault(_key(piece), draw(piece.motion, self.rng, piece.equipment, variant=_PLAIN))
        steps = int(way_m / 0.4) + 3  # two steps each

        def effort(_: Style) -> Effort:
            return replace(draw_effort(self.rng, steps, partial=0.0), lead_in_s=0.0, lead_out_s=0.0)

        segment = replace(self._acted(piece, effort), items=())
        away = segment.posed.joints[:, 0, :2] - segment.posed.joints[0, 0, :2]
        ahead = about_heading(float(segment.heading_deg[0]))
        reached = np.flatnonzero(away @ ahead >= way_m - _NEAR_M / 2)
        return segment.shown(slice(0, int(reached[0]) + 1)) if len(reached) and reached[0] > 0 else None

    def _style(self, piece: Piece) -> Style:
        key = _key(piece)
        if key not in self._styles:
            self._styles[key] = draw(piece.motion, self.rng, piece.equipment)
        return self._styles[key]


def _key(piece: Piece) -> str:
    return f"{piece.motion.name}/{piece.equipment}"


def _posture(style: Style) -> str:
    """The posture a style begins in: a variant may have one of its own."""
    return str(style.table.get("posture", style.motion.posture))


def _fixed(segment: Segment) -> Item | None:
    """The first thing that stands still: what ties a set to its place."""
    return next((item for item in segment.items if len(item.pose) == 1 and item.ends is None), None)


def _yaw_deg(item: Item) -> float:
    x = item.pose[0, :3, 0]
    return float(np.degrees(np.arctan2(x[1], x[0])))


def _shared(first: Sequence[Item], again: Sequence[Item]) -> tuple[Item, ...]:
    """What stands still stays where the first set had it."""
    return tuple(a if len(a.pose) == 1 and a.ends is None else b for a, b in zip(first, again, strict=True))
