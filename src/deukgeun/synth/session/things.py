"""The things of a session: where they are used, carried and put down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from deukgeun.synth.figure import BONE, Posed
from deukgeun.synth.items import Item
from deukgeun.synth.session.blend import blended_rigid, eased
from deukgeun.synth.session.carry import carried, held_by
from deukgeun.synth.session.line import Line

Array = npt.NDArray[np.float64]

POCKET = "phone"
"""The kind that waits on the body, unseen, and not where it was put down."""


@dataclass(frozen=True, slots=True)
class _Use:
    """A thing in one stretch: from picture ``reached`` on somebody is on the way to it; used from ``start`` to ``end``.

    The next stretch begins at ``away``.
    """

    reached: int
    start: int
    end: int
    away: int
    item: Item


def things_of(line: Line, frames: int) -> tuple[Item, ...]:
    """Every thing that the person of ``line`` uses, over ``frames`` pictures."""
    whole = max(frames, line.frames)
    posed, _ = line.posed(whole)
    uses: dict[tuple[str, int], list[_Use]] = {}
    for k, stretch in enumerate(line.stretches):
        follows = line.stretches[k + 1].start if k + 1 < len(line.stretches) else whole
        for n, item in enumerate(stretch.segment.items):
            use = _Use(stretch.reached_from, stretch.start, stretch.end, follows, item)
            uses.setdefault((stretch.segment.owner, n), []).append(use)
    return tuple(_over(found, line, posed, frames) for found in uses.values())


def _over(uses: Sequence[_Use], line: Line, posed: Posed, frames: int) -> Item:
    first = uses[0].item
    if first.ends is not None:
        return _strand_over(uses, frames)
    if len(first.pose) == 1:
        return first
    whole = max(len(posed.joints), uses[-1].away)
    pose = _resting(uses, posed, whole)
    for k, use in enumerate(uses):
        pose[use.start : use.end] = use.item.pose
        if use.start > use.reached:
            before = use.reached - 1
            pose[use.reached : use.start] = _joined(line, posed, use, pose[before], before)
        if k + 1 == len(uses) or uses[k + 1].start != use.away:  # it is left: where it is, if it was put down
            rest = pose[use.away] if use.away < whole else pose[-1]
            if use.away > use.end:
                pose[use.end : use.away] = blended_rigid(use.item.pose[-1], rest, use.away - use.end)
    return replace(first, pose=pose[:frames])


def _resting(uses: Sequence[_Use], posed: Posed, frames: int) -> Array:
    """Where (T, 4, 4) a thing is while nobody uses it: where it was first, or in a pocket."""
    first = uses[0].item
    if first.kind != POCKET:
        return np.tile(first.pose[0], (frames, 1, 1))
    right = np.linalg.norm(first.pose[0, :3, 3] - posed.joints[uses[0].start, BONE["thigh_r"]])
    left = np.linalg.norm(first.pose[0, :3, 3] - posed.joints[uses[0].start, BONE["thigh_l"]])
    return in_pocket(posed, frames, "l" if left < right else "r")


def _joined(line: Line, posed: Posed, use: _Use, start: Array, before: int) -> Array:
    """Poses on the way to a use: in the hands that have the thing, or straight."""
    end = use.item.pose[0]
    count = use.start - use.reached
    hands = held_by(use.item, Posed(posed.rotations[use.start :], posed.joints[use.start :]), line.figure, 0)
    was = Item(use.item.kind, start[None], use.item.size)
    if before < 0 or hands is None or held_by(was, posed, line.figure, before) != hands:
        return blended_rigid(start, end, count)
    span = slice(before, use.start + 1)
    way = Posed(posed.rotations[span], posed.joints[span])
    return carried(way, line.figure, hands, start, end)[1:-1]


def in_pocket(posed: Posed, frames: int, side: str) -> Array:
    """Poses (T, 4, 4) inside the hip of ``side``, where nobody sees it."""
    out = np.tile(np.eye(4), (frames, 1, 1))
    count = min(frames, len(posed.joints))
    hip = np.array([0.1 if side == "l" else -0.1, 0.0, -0.03])
    out[:count, :3, :3] = posed.rotations[:count, BONE["pelvis"]]
    out[:count, :3, 3] = posed.joints[:count, BONE["pelvis"]] + out[:count, :3, :3] @ hip
    out[count:] = out[count - 1]
    return out


def _strand_over(uses: Sequence[_Use], frames: int) -> Item:
    """A cable, rope or lever: as at the beginning of the first set, but when it is used."""
    first = uses[0].item
    whole = max(frames, uses[-1].away)
    given = np.asarray(first.ends)
    ends, pose = np.tile(given[0], (whole, 1, 1)), np.tile(first.pose[0], (whole, 1, 1))
    for use in uses:
        used = np.asarray(use.item.ends)
        ends[use.reached : use.start] = eased(given[0], used[0], use.start - use.reached)
        ends[use.start : use.end] = used
        ends[use.end : use.away] = eased(used[-1], given[0], use.away - use.end)
        pose[use.start : use.end] = use.item.pose
    pose[:, :3, 3] = ends[:, 0]
    return replace(first, pose=pose[:frames], ends=ends[:frames])
