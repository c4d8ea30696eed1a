"""Fitting the error model to recordings of rendered clips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from deukgeun.synth.tracks.courses import packed
from deukgeun.synth.tracks.depths import NAMES, Depths, taught
from deukgeun.synth.tracks.features import Sight, basis, descriptor, pose, sight
from deukgeun.synth.tracks.model import DEEP, JOINTS, OUTPUTS, ErrorModel
from deukgeun.synth.tracks.recording import Recording
from deukgeun.synth.tracks.sides import MIRROR_ORDER, MIRROR_SIGN, mirrored_sight, straightened

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

PARTS = 64
DONORS = 500
"""At most so many donors are kept: the file stays below 2 MB."""
# Errors are held to this many trunk lengths: a skeleton that hangs on somebody else says nothing more when it is
# further away.
_FAR = 3.0
_POSE_AXES = 12
# Rounds until all donors are taken alike, and how far one may be favoured for it: with more, a body would be given
# the same donor nearly every time; with none, errors are a tenth too small.
_ROUNDS, _FAVOUR = 60, 4.0


def sight_of(recording: Recording) -> Sight:
    """The true body of a recording as the model sees it."""
    return sight(
        recording.camera_m, recording.true_xy, recording.focal_px, recording.width, recording.height, recording.rate_hz
    )


def errors_of(recording: Recording, seen: Sight) -> Array:
    """What the estimator said less what was there, (T, 198); zeros where nobody was found."""
    out = np.zeros((len(recording.seen), recording.xy.shape[1], 6))
    out[..., :2] = (recording.xy - recording.true_xy) / seen.trunk_px[:, None, None]
    out[..., 2:5] = recording.xyz / seen.trunk_m - seen.body
    score = np.clip(recording.score, 1e-4, 1 - 1e-4)
    out[..., 5] = np.log(score / (1 - score))
    out[..., :5] = np.clip(out[..., :5], -_FAR, _FAR)
    out[~recording.seen] = 0.0
    return out.reshape(len(out), OUTPUTS)


def fit(recordings: Sequence[Recording], rng: np.random.Generator, donors: int = DONORS) -> ErrorModel:
    """Fit foresight of depths and donors. Recordings must share their rate and number of pictures.

    Recordings and their mirror images count alike, so that the model has no better side. All recordings teach the
    network; ``donors`` of them, drawn at random, are kept as donors.
    """
    sights = [sight_of(each) for each in recordings]
    found = np.array([each.seen for each in recordings])
    both = [_straight(each, seen) for each, seen in zip(recordings, sights, strict=True)]
    errors, swapped = np.array([e for e, _ in both]), np.array([s for _, s in both])
    depths = _depths(sights, errors, found, rng)
    kept = np.sort(rng.permutation(len(recordings))[:donors])
    left = errors[kept]
    left[..., DEEP] -= np.array([depths.foretold(_basis(sights[k], errors[k])) for k in kept])
    parts, courses, middles, sizes = packed(_filled(left, found[kept]), found[kept], PARTS)
    poses, axes = _poses(sights, kept)
    likeness, spread = _likeness(sights)
    model = ErrorModel(
        depths=depths, parts=parts, donors=courses, middles=middles, sizes=sizes, seen=found[kept],
        swapped=swapped[kept], poses=poses, axes=axes, likeness=likeness[kept], spread=spread,
        chance=np.ones(len(kept)), rate_hz=recordings[0].rate_hz,
    )  # fmt: skip
    return replace(model, chance=_chance(model, sights, kept))


def _straight(recording: Recording, seen: Sight) -> tuple[Array, Flags]:
    """Errors (T, 198) from the side that was meant, and which limbs (T, 3) were on the other side."""
    error, flags = straightened(seen, errors_of(recording, seen).reshape(-1, JOINTS, 6))
    flags &= recording.seen[:, None]
    error[..., :5] = np.clip(error[..., :5], -_FAR, _FAR)
    error[~recording.seen] = 0.0
    return error.reshape(-1, OUTPUTS), flags


def _depths(sights: Sequence[Sight], errors: Array, found: Flags, rng: np.random.Generator) -> Depths:
    """The network of depth errors, from all pictures in which the person was found, and their mirror images."""
    rows, wanted = [], []
    for seen, error, there in zip(sights, errors, found, strict=True):
        turned = error[:, MIRROR_ORDER] * MIRROR_SIGN
        rows += [_basis(seen, error)[there], _basis(mirrored_sight(seen), turned)[there]]
        wanted += [error[there][:, DEEP], turned[there][:, DEEP]]
    return taught(np.concatenate(rows), np.concatenate(wanted), rng)


def _basis(seen: Sight, error: Array) -> Array:
    return basis(seen, error.reshape(-1, JOINTS, 6))


def _filled(left: Array, found: Flags) -> Array:
    """Errors (N, T, 198) with those of the nearest picture in which somebody was found where nobody was."""
    out = left.copy()
    for rows, there in zip(out, found, strict=True):
        if not there.any():
            continue
        known = np.flatnonzero(there)
        nearest = known[np.abs(np.arange(len(rows))[:, None] - known).argmin(axis=1)]
        rows[:] = rows[nearest]
    return out


def _poses(sights: Sequence[Sight], kept: npt.NDArray[np.int64]) -> tuple[Array, Array]:
    """Poses of every other picture of the donors (N, T / 2, P), and the principal axes (39, P) they are along."""
    rows = np.concatenate([pose(each)[::6] for seen in sights for each in (seen, mirrored_sight(seen))])
    _, found = np.linalg.eigh(np.cov(rows.T))
    axes = found[:, ::-1][:, :_POSE_AXES]
    return np.array([pose(sights[k])[::2] @ axes for k in kept]), axes


def _likeness(sights: Sequence[Sight]) -> tuple[Array, Array]:
    """Descriptors (N, D) of the clips, in units of their spread (D,), mirror images counted."""
    straight = np.array([descriptor(seen) for seen in sights])
    turned = np.array([descriptor(mirrored_sight(seen)) for seen in sights])
    spread = np.maximum(np.concatenate([straight, turned]).std(axis=0), 0.05)
    return straight / spread, spread


def _chance(model: ErrorModel, sights: Sequence[Sight], kept: npt.NDArray[np.int64]) -> Array:
    """Weights (N,) by which every donor is taken alike.

    A clip in the middle of all is near to many and a strange one to none; without weights, gross errors, which befall
    strange clips, would come up too seldom. Each recording asks for its nearest donors other than itself.
    """
    own = {int(k): donor for donor, k in enumerate(kept)}
    asked = [model.nearest(seen, _times(seen), without=own.get(k)) for k, seen in enumerate(sights)]
    near = np.array([[each.donor for each in found] for found in asked])
    weight, fair = np.ones(len(kept)), len(sights) / len(kept)
    for _ in range(_ROUNDS):
        share = weight[near] / weight[near].sum(axis=1, keepdims=True)
        taken = np.bincount(near.ravel(), share.ravel(), minlength=len(kept)) / fair
        weight *= np.sqrt(np.clip(1 / (taken + 0.1), 0.2, 5.0))
        weight = np.clip(weight / np.exp(np.log(weight).mean()), 1 / _FAVOUR, _FAVOUR)
    return weight


def _times(seen: Sight) -> Array:
    return np.arange(len(seen.body)) / seen.rate_hz


def write(model: ErrorModel, path: Path) -> None:
    """Write the model as `error_model` reads it: 3.3 kB a donor."""
    half = ("parts", "middles", "sizes", "axes", "likeness", "spread", "chance")
    values: dict[str, npt.NDArray[np.generic]] = {n: np.asarray(getattr(model, n), dtype=np.float16) for n in half}
    step = max(float(np.abs(model.poses).max()), 1e-6) / 127
    values |= {"poses": np.rint(model.poses / step).astype(np.int8), "pose_step": np.array(step)}
    values |= {"donors": model.donors, "seen": model.seen, "swapped": model.swapped, "rate_hz": np.array(model.rate_hz)}
    values |= {f"depths_{n}": np.asarray(getattr(model.depths, n), dtype=np.float16) for n in NAMES}
    np.savez_compressed(path, allow_pickle=False, **values)
