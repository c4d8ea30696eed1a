"""Errors of the estimator and of its model as figures: by joint, and as they run in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deukgeun.synth.tracks.features import MAIN_INDEX
from deukgeun.synth.tracks.fit import errors_of, sight_of
from deukgeun.synth.tracks.model import JOINTS, ErrorModel
from deukgeun.synth.tracks.recording import Recording

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

GROUPS = {
    "head": range(11), "shoulders": (11, 12), "elbows": (13, 14), "wrists": (15, 16), "hands": range(17, 23),
    "hips": (23, 24), "knees": (25, 26), "ankles": (27, 28), "feet": range(29, 33),
}  # fmt: skip
FAR = 3.0
GROSS = 0.5
# Left and right elbows, wrists, knees, ankles: exchanged only where they are this far apart in truth (trunks).
_PAIRS = np.array([(13, 14), (15, 16), (25, 26), (27, 28)])
_APART = 0.25
# Figures of a clip's own course want this many pictures with a pose.
_ENOUGH = 30


@dataclass(frozen=True, slots=True)
class Errors:
    """One clip of T pictures. ``vector`` (T, 33, 5): x and y in the picture, x, y and z in space, trunk lengths;
    ``score`` (T, 33); ``found`` (T,); truth: ``flat`` (T, 33, 2) and ``body`` (T, 33, 3), trunk lengths."""

    vector: Array
    score: Array
    found: Flags
    flat: Array
    body: Array

    def size(self, what: str) -> Array:
        """Sizes (T, 33) of the errors in the picture ("flat") or in space ("deep")."""
        part = self.vector[..., :2] if what == "flat" else self.vector[..., 2:]
        return np.asarray(np.linalg.norm(np.clip(part, -FAR, FAR), axis=-1))


def measured(recording: Recording) -> Errors:
    """What the estimator did."""
    seen = sight_of(recording)
    rows = errors_of(recording, seen)
    flat = recording.true_xy / seen.trunk_px[:, None, None]
    return Errors(rows[..., :5], recording.score, recording.seen, flat, seen.body)


def modelled(recording: Recording, model: ErrorModel, rng: np.random.Generator) -> Errors:
    """What the model says that it would do."""
    seen = sight_of(recording)
    time_s = np.arange(len(recording.seen)) / recording.rate_hz
    track = model.apply(seen, time_s, rng)
    found = np.isin(time_s, track.time_s)
    vector, score = np.zeros((len(time_s), JOINTS, 5)), np.zeros((len(time_s), JOINTS))
    assert track.xyz is not None
    vector[found, :, :2] = (track.xy - recording.true_xy[found]) / seen.trunk_px[found, None, None]
    vector[found, :, 2:] = track.xyz / seen.trunk_m - seen.body[found]
    score[found] = track.score
    return Errors(vector, score, found, recording.true_xy / seen.trunk_px[:, None, None], seen.body)


def by_joint(errors: Sequence[Errors]) -> dict[str, float]:
    """Share of pictures with a pose; medians of the errors and means of the scores of every group of joints."""
    out = {"found": float(np.mean(np.concatenate([e.found for e in errors])))}
    values = {what: np.concatenate([e.size(what)[e.found] for e in errors]) for what in ("flat", "deep")}
    score = np.concatenate([e.score[e.found] for e in errors])
    for group, joints in GROUPS.items():
        chosen = list(joints)
        out |= {f"{group} {what}": float(np.median(rows[:, chosen])) for what, rows in values.items()}
        out[f"{group} score"] = float(score[:, chosen].mean())
    return out


def in_time(errors: Sequence[Errors]) -> dict[str, float]:
    """How errors run in time and hang together: what a recogniser sees of them."""
    long = [e for e in errors if e.found.sum() > _ENOUGH]
    gaps = [gap for e in errors for gap in _gaps(e.found)]
    main = [e.size("flat")[e.found][:, MAIN_INDEX].ravel() for e in errors]
    out = {}
    for what, part in (("flat", slice(0, 2)), ("deep", slice(2, 5))):
        change = np.concatenate([_change(e, part) for e in errors])
        out[f"change from picture to picture, {what}, median"] = float(np.median(change))
        out[f"change from picture to picture, {what}, 90 %"] = float(np.percentile(change, 90))
    exchanged = np.concatenate([_exchanged(e) for e in errors])
    deep = np.concatenate([e.vector[e.found][:, MAIN_INDEX, 4].ravel() for e in errors])
    depth = np.concatenate([e.body[e.found][:, MAIN_INDEX, 2].ravel() for e in errors])
    return out | {
        f"errors over {GROSS} trunks": float(np.mean(np.concatenate(main) > GROSS)),
        "left and right exchanged": float(np.mean(exchanged)),
        "memory of an error (0.1 s), flat": float(np.mean([_memory(e) for e in long])),
        "two coordinates' errors, mean correlation": float(np.mean([_together(e) for e in long])),
        "error in depth per true depth": float(depth @ deep / (depth @ depth)),
        "errors that follow the pose, flat": float(np.mean([_following(e, slice(0, 2)) for e in long])),
        "errors that follow the pose, deep": float(np.mean([_following(e, slice(2, 5)) for e in long])),
        "estimated over true movement, flat": float(np.median([_movement(e.flat, e, slice(0, 2)) for e in long])),
        "estimated over true movement, deep": float(np.median([_movement(e.body, e, slice(2, 5)) for e in long])),
        "gaps a clip": len(gaps) / len(errors),
        "pictures in a gap": float(np.mean(gaps)) if gaps else 0.0,
    }


def _gaps(found: Flags) -> list[int]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], ~found, [False]]).astype(int)))
    return [int(n) for n in edges[1::2] - edges[::2]]


def _change(errors: Errors, part: slice) -> Array:
    both = errors.found[1:] & errors.found[:-1]
    step = np.diff(errors.vector[:, MAIN_INDEX, part], axis=0)[both]
    return np.asarray(np.linalg.norm(step, axis=-1)).ravel()


def _exchanged(errors: Errors) -> Flags:
    """Of every pair that is apart, whether its estimates are nearer to each other's place."""
    told = errors.flat + errors.vector[..., :2]
    left, right = _PAIRS.T
    apart = np.linalg.norm(errors.flat[:, left] - errors.flat[:, right], axis=-1) > _APART

    def off(a: Array, b: Array) -> Array:
        return np.asarray(np.linalg.norm(told[:, left] - a, axis=-1) + np.linalg.norm(told[:, right] - b, axis=-1))

    straight = off(errors.flat[:, left], errors.flat[:, right])
    crossed = off(errors.flat[:, right], errors.flat[:, left])
    return np.asarray((crossed < straight)[apart & errors.found[:, None]])


def _standard(errors: Errors) -> Array:
    rows = np.clip(errors.vector[errors.found][:, MAIN_INDEX, :2], -1, 1).reshape(int(errors.found.sum()), -1)
    rows = rows - rows.mean(axis=0)
    return np.asarray(rows / (rows.std(axis=0) + 1e-6))


def _memory(errors: Errors) -> float:
    rows = _standard(errors)
    return float(np.mean(rows[1:] * rows[:-1]))


def _together(errors: Errors) -> float:
    rows = _standard(errors)
    correlation = np.abs(rows.T @ rows) / len(rows)
    return float(correlation[np.triu_indices(len(correlation), 1)].mean())


def _following(errors: Errors, part: slice) -> float:
    """Share of the errors' variance within a clip that the three largest movements of the true body explain."""
    move = errors.body[errors.found][:, MAIN_INDEX].reshape(int(errors.found.sum()), -1)
    axes = np.linalg.svd(move - move.mean(axis=0), full_matrices=False)[0][:, :3]
    rows = errors.vector[errors.found][:, MAIN_INDEX, part].reshape(len(move), -1)
    rows = rows - rows.mean(axis=0)
    return float(((axes.T @ rows) ** 2).sum() / ((rows**2).sum() + 1e-9))


def _movement(true: Array, errors: Errors, part: slice) -> float:
    there = true[errors.found][:, MAIN_INDEX]
    told = there + errors.vector[errors.found][:, MAIN_INDEX, part]
    return float(np.median(told.std(axis=0).sum(axis=-1) / (there.std(axis=0).sum(axis=-1) + 0.02)))
