"""Hands and feet that bear while one pose becomes another: what stays stands still, what moves is lifted over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import BONE, SIDES, Figure, Posed
from deukgeun.synth.motions.ground import LEG_BONES, lowest_m
from deukgeun.synth.motions.kinematics import Bones, Limb, limb, place
from deukgeun.synth.motions.reach import reach
from deukgeun.synth.motions.timeline import smoothstep
from deukgeun.synth.rotation import between, unit

Array = npt.NDArray[np.float64]

STEP_S = 0.45
"""What one step takes."""
_ON_M = 0.02  # skin this near to the floor bears; a flat hand's by more, for the figure's fingers are half closed
_STILL_M = 0.012  # what moves less is shifted, not stepped
_STRIDE_M = 0.55
_LIFT, _LIFT_M = 0.22, (0.02, 0.07)  # of a step: its share of the way, and its limits
_AIR_M = 0.025  # a foot that leaves the floor for good is lifted first
_LEAN = 0.45  # how far the pelvis goes over the foot that stands, of the way there
_UPRIGHT_M = 0.5
_TRUNK = ("pelvis", "spine1", "spine2", "spine3", "spine4", "chest", "head")
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class _End:
    """A hand or a foot: its limb and the bones that move with it."""

    name: str
    parts: Limb
    bones: tuple[str, ...]

    @property
    def mark(self) -> str:
        """The landmark by which it bears."""
        kind, side = self.name.split("_")
        return f"body/{'ball' if kind == 'foot' else 'palm'}_{side}"


@dataclass(slots=True)
class _Way:
    """Where an end's joint (T, 3) goes, how it is turned (T, 3, 3), and whether it bears before and after."""

    end: _End
    joint: Array
    rotation: Array
    bears: tuple[bool, bool]


def count_steps(a: Posed, b: Posed, figure: Figure) -> int:
    """How many steps, one after the other, lead from the last pose of ``a`` to the first of ``b``."""
    return max((turn.number for turn in _turns(_moves(a, b, figure))), default=-1) + 1


def step(bones: Bones, a: Posed, b: Posed, figure: Figure, at: Array) -> None:
    """Make the poses ``bones`` between the last of ``a`` and the first of ``b`` step; ``at`` (T,) runs from 0 to 1."""
    turns = tuple(_turns(_moves(a, b, figure)))
    number = max((turn.number for turn in turns), default=-1) + 1
    bones.joints += _lean(turns, number, a, b, at)[:, None]
    ways = [
        _way(end, bones, a, b, figure, at, turns, number) for end in _ends(figure) if any(_bears(end, a, b, figure))
    ]
    for way in ways:
        _clear(way, bones, a, b, figure, at)
    for _ in range(_ROUNDS):
        _follow(bones, ways, figure)
        below = _below(bones, a, b, figure, at)
        if below.max() < 0.002:
            break
        bones.joints[..., 2] += below[:, None]


@dataclass(frozen=True, slots=True)
class _Turn:
    """One limb's step, the ``number``-th of all, over a part of its way."""

    number: int
    end: _End
    part: tuple[float, float]


def _ends(figure: Figure) -> Iterator[_End]:
    for side in SIDES:
        yield _End(f"foot_{side}", limb(figure, "leg", side), LEG_BONES[side])
        yield _End(f"hand_{side}", limb(figure, "arm", side), (f"hand_{side}",))


def _bears(end: _End, a: Posed, b: Posed, figure: Figure) -> tuple[bool, bool]:
    low = (_low(end.bones, a, -1, figure), _low(end.bones, b, 0, figure))
    return low[0] < _ON_M, low[1] < _ON_M


def _low(names: tuple[str, ...], posed: Posed, frame: int, figure: Figure) -> float:
    return float(lowest_m(_pose(posed, frame), figure, names)[0])


def _pose(posed: Posed, frame: int) -> Bones:
    return Bones(posed.rotations[frame][None], posed.joints[frame][None])


def _moves(a: Posed, b: Posed, figure: Figure) -> dict[str, tuple[_End, float]]:
    """The ends that bear in both poses, and how far each has to go."""
    names = figure.landmark_points.names
    here, there = a.landmarks(figure)[-1], b.landmarks(figure)[0]
    out = {}
    for end in _ends(figure):
        if all(_bears(end, a, b, figure)):
            mark = names.index(end.mark)
            out[end.name] = end, float(np.linalg.norm((there[mark] - here[mark])[:2]))
    return out


def _turns(moves: dict[str, tuple[_End, float]]) -> Iterator[_Turn]:
    """Who steps when: foot after foot, the longer way first, and a hand along with the other side's foot."""
    for kind in ("foot", "hand"):
        own = sorted((m for m in moves.values() if m[0].name.startswith(kind)), key=lambda m: -m[1])
        own = [m for m in own if m[1] > _STILL_M]
        if kind == "hand" and len(own) == 2 and any(m[1] > _STILL_M for m in moves.values() if m not in own):
            own.reverse()
        strides = max((int(np.ceil(m[1] / _STRIDE_M)) for m in own), default=0)
        number = 0
        for stride in range(strides):
            for end, _ in own:
                yield _Turn(number, end, (stride / strides, (stride + 1) / strides))
                number += 1


def _phase(turn: _Turn, number: int, at: Array) -> Array:
    """How far (T,) a step is, 0..1."""
    start, stop = (turn.number + 0.05) / number, (turn.number + 0.95) / number
    out: Array = np.clip((at - start) / (stop - start), 0.0, 1.0)
    return out


def _lean(turns: Sequence[_Turn], number: int, a: Posed, b: Posed, at: Array) -> Array:
    """The pelvis's way (T, 3) over the foot that stands while the other steps; none for bodies that are not upright."""
    out = np.zeros((len(at), 3))
    if min(a.joints[-1, 0, 2], b.joints[0, 0, 2]) < _UPRIGHT_M:
        return out
    for turn in turns:
        if turn.end.name.startswith("hand"):
            continue
        stands = BONE["foot_r" if turn.end.name == "foot_l" else "foot_l"]
        over = (a.joints[-1, stands] + b.joints[0, stands] - a.joints[-1, 0] - b.joints[0, 0]) / 2
        out += np.sin(np.pi * _phase(turn, number, at))[:, None] ** 2 * _LEAN * over * [1.0, 1.0, 0.0]
    return out


def _way(
    end: _End, bones: Bones, a: Posed, b: Posed, figure: Figure, at: Array, turns: Sequence[_Turn], number: int
) -> _Way:  # fmt: skip
    bone = BONE[end.bones[0]]
    bears = _bears(end, a, b, figure)
    now, then = a.joints[-1, bone], b.joints[0, bone]
    from_r, to_r = a.rotations[-1, bone], b.rotations[0, bone]
    if all(bears):
        own = [turn for turn in turns if turn.end.name == end.name]
        share = sum((smoothstep(_phase(t, number, at)) * (t.part[1] - t.part[0]) for t in own), np.zeros(len(at)))
        if not own:
            share = smoothstep(at)
        joint = now + share[:, None] * (then - now)
        stride = float(np.linalg.norm(then - now)) / max(len(own), 1)
        for turn in own:
            over = np.sin(np.pi * smoothstep(_phase(turn, number, at)))
            joint[:, 2] += np.clip(_LIFT * stride, *_LIFT_M) * np.sqrt(np.maximum(over, 0.0))  # up before it goes on
        return _Way(end, joint, between(from_r, to_r, share), bears)
    # It leaves the floor, or comes to it: at first as it was, then as the body carries it.
    share = smoothstep(1.6 * at) if bears[0] else smoothstep(1.6 * (1 - at))
    fixed, turn = (now, from_r) if bears[0] else (then, to_r)
    joint = bones.joints[:, bone] + (1 - share)[:, None] * (fixed - bones.joints[:, bone])
    joint[:, 2] += _AIR_M * np.sin(np.pi * np.clip(at, 0.0, 1.0))
    rotation = between(np.broadcast_to(turn, (len(at), 3, 3)), bones.rotations[:, bone], share)
    return _Way(end, joint, rotation, bears)


def _clear(way: _Way, bones: Bones, a: Posed, b: Posed, figure: Figure, at: Array) -> None:
    """Lift an end whose skin would go deeper into the floor than it is in the poses on either side."""
    bone = BONE[way.end.bones[0]]
    moved = Bones(bones.rotations.copy(), bones.joints.copy())
    _put(moved, way, bone, figure)
    deepest = [min(_low(way.end.bones, posed, frame, figure), 0.0) for posed, frame in ((a, -1), (b, 0))]
    limit = (1 - at) * deepest[0] + at * deepest[1]
    way.joint[:, 2] += np.maximum(limit - lowest_m(moved, figure, way.end.bones), 0.0)


def _put(bones: Bones, way: _Way, bone: int, figure: Figure) -> None:
    old = bones.rotations[:, bone].copy()
    bones.rotations[:, bone], bones.joints[:, bone] = way.rotation, way.joint
    if len(way.end.bones) > 1:  # toes keep their bend
        toes = BONE[way.end.bones[1]]
        bones.rotations[:, toes] = way.rotation @ np.swapaxes(old, -1, -2) @ bones.rotations[:, toes]
    place(bones, figure, way.end.bones[0])


def _follow(bones: Bones, ways: Sequence[_Way], figure: Figure) -> None:
    """The pelvis as far as the bearing limbs are long, then the limbs to their ends."""
    for _ in range(4):
        push = np.zeros((len(bones.joints), 3))
        for way in ways:
            if not all(way.bears):
                continue
            line = way.joint - bones.joints[:, way.end.parts.upper]
            longest = 0.998 * (way.end.parts.upper_m + way.end.parts.lower_m)
            pull = unit(line) * np.maximum(np.linalg.norm(line, axis=-1) - longest, 0.0)[:, None]
            push = np.where(np.abs(pull) > np.abs(push), pull, push)
        bones.joints += push[:, None]
    for way in ways:
        reach(bones, figure, way.end.parts, way.joint)
        bone = BONE[way.end.bones[0]]
        joint = bones.joints[:, bone].copy()
        _put(bones, way, bone, figure)
        bones.joints[:, bone] = joint  # a limb too short for its end stops short
        place(bones, figure, way.end.bones[0])


def _below(bones: Bones, a: Posed, b: Posed, figure: Figure, at: Array) -> Array:
    """How far (T,) the trunk, thighs and shanks are deeper in the floor than in the poses on either side."""
    out = np.zeros(len(at))
    for names in (_TRUNK, ("thigh_l", "shank_l"), ("thigh_r", "shank_r")):
        limit = (1 - at) * min(_low(names, a, -1, figure), 0.0) + at * min(_low(names, b, 0, figure), 0.0)
        out = np.maximum(out, limit - lowest_m(bones, figure, names))
    return out
