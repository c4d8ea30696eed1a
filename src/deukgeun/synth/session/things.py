"""The things of a session: where they are used, and where they lie meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from deukgeun.synth.items import Item
from deukgeun.synth.rotation import Z, about
from deukgeun.synth.scene.finish import sizes
from deukgeun.synth.scene.things import STRANDS, item_mesh
from deukgeun.synth.session.blend import blended_rigid, eased
from deukgeun.synth.session.line import Line, Stretch
from deukgeun.synth.session.segment import Segment

Array = npt.NDArray[np.float64]

LOOSE = {"barbell", "short_bar", "dumbbell", "kettlebell", "plate", "bottle", "phone", "swiss_ball"}
"""Kinds that are put down; all other moving things stay where a set begins."""
_LYING = {"plate": about(np.array([1.0, 0.0, 0.0]), 90.0), "phone": about(np.array([1.0, 0.0, 0.0]), 90.0)}
_LONG = {"barbell", "short_bar"}
_ON_FLOOR_M = 0.05
# Where loose things wait, in metres to the left and ahead of where the owner is when the set begins.
_BESIDE_M, _AHEAD_M = 0.55, 0.45
# From the uprights' own axes: hooks of a rack, and of a bench with a rack (see `scene.machines`).
_HOOK_M, _BENCH_HOOK_M, _BENCH_UPRIGHT_M = 0.03, 1.02, 0.155
_RACK_HOOK_BACK_M = 0.08


@dataclass(frozen=True, slots=True)
class _Use:
    """A thing in one stretch: it is fetched from picture ``reached`` on, used from ``start`` and back at ``away``."""

    reached: int
    start: int
    away: int
    item: Item


def things_of(line: Line, frames: int) -> tuple[Item, ...]:
    """Every thing that the person of ``line`` uses, over ``frames`` pictures."""
    uses: dict[tuple[str, int], list[_Use]] = {}
    owners: dict[str, Stretch] = {}
    for k, stretch in enumerate(line.stretches):
        follows = line.stretches[k + 1].start if k + 1 < len(line.stretches) else max(stretch.end, frames)
        owners.setdefault(stretch.segment.owner, stretch)
        for n, item in enumerate(stretch.segment.items):
            use = _Use(stretch.reached_from, stretch.start, follows, item)
            uses.setdefault((stretch.segment.owner, n), []).append(use)
    return tuple(_over(found, _waiting(owners[key[0]].segment, key[1]), frames) for key, found in uses.items())


def _over(uses: Sequence[_Use], rest: Array, frames: int) -> Item:
    first = uses[0].item
    if first.ends is not None:
        return _strand_over(uses, frames)
    if len(first.pose) == 1:
        return first
    pose = np.tile(rest, (max(frames, uses[-1].away), 1, 1))
    for use in uses:
        end = use.start + len(use.item.pose)
        pose[use.reached : use.start] = blended_rigid(rest, use.item.pose[0], use.start - use.reached)
        pose[use.start : end] = use.item.pose
        pose[end : use.away] = blended_rigid(use.item.pose[-1], rest, use.away - end)
    return replace(first, pose=pose[:frames])


def _strand_over(uses: Sequence[_Use], frames: int) -> Item:
    """A cable, rope or lever: as at the beginning of the first set, but when it is used."""
    first = uses[0].item
    whole = max(frames, uses[-1].away)
    given = np.asarray(first.ends)
    ends, pose = np.tile(given[0], (whole, 1, 1)), np.tile(first.pose[0], (whole, 1, 1))
    for use in uses:
        used = np.asarray(use.item.ends)
        end = use.start + len(used)
        ends[use.reached : use.start] = eased(given[0], used[0], use.start - use.reached)
        ends[use.start : end] = used
        ends[end : use.away] = eased(used[-1], given[0], use.away - end)
        pose[use.start : end] = use.item.pose
    pose[:, :3, 3] = ends[:, 0]
    return replace(first, pose=pose[:frames], ends=ends[:frames])


def _waiting(segment: Segment, number: int) -> Array:
    """Where (4, 4) a thing is while nobody uses it."""
    item = segment.items[number]
    begin: Array = item.pose[0]
    if item.kind in STRANDS or item.kind not in LOOSE:
        return begin
    if (hooks := _hooks(segment, item)) is not None:
        return hooks
    low = _lowest_m(item, begin)
    if low < _ON_FLOOR_M:
        return begin
    return _put_down(segment, item, number)


def _put_down(segment: Segment, item: Item, number: int) -> Array:
    """On the floor: long things across and ahead, others in a row at the left and the right."""
    face = about(Z, float(segment.heading_deg[0]))
    own = _LYING.get(item.kind, np.eye(3))
    out = np.eye(4)
    out[:3, :3] = face @ own
    side = 1.0 if number % 2 == 0 else -1.0
    offset = np.array([0.0, -1.2 * _AHEAD_M, 0.0]) if item.kind in _LONG else np.array([side * _BESIDE_M, -_AHEAD_M, 0])
    out[:3, 3] = segment.floor_point(0) + face @ offset
    out[2, 3] = -_lowest_m(item, out)
    return out


def _lowest_m(item: Item, pose: Array) -> float:
    points = item_mesh(item, np.random.default_rng(0)).points
    return float((points @ pose[:3, :3].T)[:, 2].min() + pose[2, 3])


def _hooks(segment: Segment, item: Item) -> Array | None:
    """The pose of a bar on the hooks of the rack or bench it is used with; None where there are none."""
    if item.kind != "barbell":
        return None
    radius = sizes(item.kind, item.size)["bar_radius_m"]
    for other in segment.items:
        if other.kind not in ("rack", "flat_bench"):
            continue
        size = sizes(other.kind, other.size)
        at = None
        if other.kind == "rack":
            at = [0.0, size["depth_m"] / 2 - _RACK_HOOK_BACK_M, size["hook_m"] + _HOOK_M + radius]
        elif size["rack"] > 0.5:
            at = [0.0, _BENCH_UPRIGHT_M - size["length_m"] / 2, _BENCH_HOOK_M - size["height_m"] + radius]
        if at is not None:
            out: Array = other.pose[0].copy()
            out[:3, 3] = other.pose[0, :3, :3] @ np.array(at) + other.pose[0, :3, 3]
            return out
    return None
