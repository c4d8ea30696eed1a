"""What must hold of a truth: everybody named is there, times are in order, every array has a row a frame."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from deukgeun.skeleton import skeleton

if TYPE_CHECKING:
    from deukgeun.synth.truth.values import ActivityTruth, ClipTruth, KeypointsTruth, SetTruth

_SLACK_S = 1e-6


def check(truth: ClipTruth) -> None:
    """Raise ``ValueError`` with everything that is wrong with ``truth``."""
    if wrong := list(_wrong(truth)):
        raise ValueError("the truth does not hold: " + "; ".join(wrong))


def _wrong(truth: ClipTruth) -> Iterator[str]:
    yield from _people(truth)
    yield from _times(truth)
    for one in truth.sets:
        yield from _set(one)
    yield from _frames(truth)


def _people(truth: ClipTruth) -> Iterator[str]:
    known = [person.person for person in truth.people]
    if len(set(known)) != len(known):
        yield f"people share a number: {known}"
    rows: tuple[SetTruth | ActivityTruth | KeypointsTruth, ...] = (*truth.sets, *truth.background, *truth.keypoints)
    named = {row.person for row in rows}
    if named - set(known):
        yield f"there is no person {sorted(named - set(known))}"


def _times(truth: ClipTruth) -> Iterator[str]:
    if (np.diff(truth.time_s) <= 0).any() or not len(truth.time_s):
        yield "time_s must rise"
    spans: tuple[SetTruth | ActivityTruth, ...] = (*truth.sets, *truth.background)
    for row in spans:
        if not -_SLACK_S <= row.start_s < row.end_s <= truth.duration_s + _SLACK_S:
            yield f"{type(row).__name__} from {row.start_s} to {row.end_s} s of {truth.duration_s}"


def _set(one: SetTruth) -> Iterator[str]:
    last_s = one.start_s
    for rep in one.repetitions:
        if not last_s - _SLACK_S <= rep.start_s < rep.peak_s < rep.end_s <= one.end_s + _SLACK_S:
            yield f"{one.motion}: repetition {rep.start_s}, {rep.peak_s}, {rep.end_s} out of order or set"
        if not 0.0 <= rep.range_of_motion <= 1.0:
            yield f"{one.motion}: range_of_motion {rep.range_of_motion}"
        last_s = rep.end_s


def _frames(truth: ClipTruth) -> Iterator[str]:
    frames, camera = len(truth.time_s), truth.camera
    rows = len(camera.position_m)
    if rows not in (1, frames) or camera.position_m.shape != (rows, 3) or camera.rotation.shape != (rows, 3, 3):
        yield f"camera: {camera.position_m.shape} and {camera.rotation.shape} for {frames} frames"
    for item in truth.equipment:
        rows = len(item.box)
        if rows not in (1, frames) or item.box.shape != (rows, 4) or item.seen.shape != (rows, 1):
            yield f"{item.kind}: {item.box.shape} and {item.seen.shape} for {frames} frames"
    for points in truth.keypoints:
        yield from _keypoints(points, frames)


def _keypoints(points: KeypointsTruth, frames: int) -> Iterator[str]:
    joints = len(skeleton(points.joints))
    for name, last in (("xy", (2,)), ("room_m", (3,)), ("camera_m", (3,)), ("visible", ()), ("in_picture", ())):
        shape = getattr(points, name).shape
        if shape != (frames, joints, *last):
            yield f"{points.joints}.{name}: expected {(frames, joints, *last)}, got {shape}"
