"""Fitting the error model to recordings of rendered clips."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from deukgeun.synth.tracks.astray import astray, places
from deukgeun.synth.tracks.courses import packed
from deukgeun.synth.tracks.features import Sight, descriptor, pose, sight
from deukgeun.synth.tracks.foresight import Foresight, Lesson, learnt
from deukgeun.synth.tracks.model import JOINTS, Course, ErrorModel, lendable
from deukgeun.synth.tracks.network import NAMES, Network
from deukgeun.synth.tracks.recording import Recording
from deukgeun.synth.tracks.sides import MIRROR, mirrored_sight, straightened

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

PARTS = 64
DONORS = 440
"""At most so many donors are kept: the file stays below 2 MB."""
# Errors are held to this many trunk lengths: a skeleton that hangs on somebody else says nothing more when it is
# further away.
_FAR = 3.0
_POSE_AXES = 12
# Rounds until all donors are taken alike, and how far one may be favoured for it: with more, a body would be given
# the same donor nearly every time; with none, errors are a tenth too small.
_ROUNDS, _FAVOUR = 60, 4.0
_TRIMS, _TRIM = 3, (0.5, 1.5)


def sight_of(recording: Recording) -> Sight:
    """The true body of a recording as the model sees it."""
    return sight(
        recording.camera_m, recording.true_xy, recording.focal_px, recording.width, recording.height, recording.rate_hz
    )


def errors_of(recording: Recording, seen: Sight) -> Array:
    """What the estimator said less what was there, (T, 33, 6): x and y in the picture, x, y and z in space (trunk
    lengths), logit of the score; zeros where nobody was found."""
    out = np.zeros((len(recording.seen), recording.xy.shape[1], 6))
    out[..., :2] = (recording.xy - recording.true_xy) / seen.trunk_px[:, None, None]
    out[..., 2:5] = recording.xyz / seen.trunk_m - seen.body
    score = np.clip(recording.score, 1e-4, 1 - 1e-4)
    out[..., 5] = np.log(score / (1 - score))
    out[..., :5] = np.clip(out[..., :5], -_FAR, _FAR)
    out[~recording.seen] = 0.0
    return out


def fit(
    recordings: Sequence[Recording],
    rng: np.random.Generator,
    donors: int = DONORS,
    foresight: Foresight | None = None,
) -> ErrorModel:
    """Fit donors, and foresight where none is given. Recordings must share their rate and number of pictures;
    ``donors`` of them, drawn at random, are kept.
    """
    sights, found = [sight_of(each) for each in recordings], np.array([each.seen for each in recordings])
    both = [_straight(each, seen) for each, seen in zip(recordings, sights, strict=True)]
    errors, swapped = [error for error, _ in both], np.array([flags for _, flags in both])
    followed = found & ~np.array([astray(error) for error in errors])
    foresight = foresight or learnt(map(Lesson, sights, errors, followed), rng)
    kept = np.sort(rng.permutation(len(recordings))[:donors])
    lent = np.array([lendable(foresight, sights[k], errors[k]) for k in kept])
    parts, courses, middles, sizes = packed(_filled(lent, followed[kept]), followed[kept], PARTS)
    lost_at, lost = _lost([(recordings[k], sights[k], found[k] & ~followed[k]) for k in kept])
    poses, axes = _poses(sights, kept)
    likeness, spread = _likeness(sights)
    model = ErrorModel(
        foresight=foresight, parts=parts, donors=courses, middles=middles, sizes=sizes, seen=found[kept],
        swapped=swapped[kept] & followed[kept, :, None], lost_at=lost_at, lost=lost, poses=poses, axes=axes,
        likeness=likeness[kept], spread=spread, chance=np.ones(len(kept)), trim=np.ones(JOINTS),
        rate_hz=recordings[0].rate_hz,
    )  # fmt: skip
    asked = _asked(model, sights, kept)
    return _trimmed(replace(model, chance=_chance(asked, len(kept))), recordings, sights, asked, rng)


def foresee(recordings: Iterable[Recording], rng: np.random.Generator) -> Foresight:
    """What follows from the pose, learnt from recordings: of each a few pictures are enough."""
    return learnt((_lesson(each) for each in recordings), rng)


def _lesson(recording: Recording) -> Lesson:
    seen = sight_of(recording)
    error = _straight(recording, seen)[0]
    return Lesson(seen, error, recording.seen & ~astray(error))


def _straight(recording: Recording, seen: Sight) -> tuple[Array, Flags]:
    """Errors (T, 33, 6) from the side that was meant, and which limbs (T, 3) were on the other side."""
    error, flags = straightened(seen, errors_of(recording, seen))
    flags &= recording.seen[:, None]
    error[..., :5] = np.clip(error[..., :5], -_FAR, _FAR)
    error[~recording.seen] = 0.0
    return error, flags


def _lost(clips: Sequence[tuple[Recording, Sight, Flags]]) -> tuple[npt.NDArray[np.int64], Array]:
    """Where bodies are lost, as numbers (N, T) of what was said then (M, 33, 6); -1 elsewhere."""
    numbers, said, count = [], [np.zeros((0, JOINTS, 6))], 0
    for recording, seen, lost in clips:
        numbers.append(np.where(lost, count + np.cumsum(lost) - 1, -1))
        said.append((places(seen) + errors_of(recording, seen))[lost])
        count += int(lost.sum())
    return np.array(numbers), np.concatenate(said)


def _filled(lent: Array, found: Flags) -> Array:
    """What is lent (N, T, 235) with those of the nearest picture in which somebody was found where nobody was; nothing
    where nobody ever was."""
    out = lent.copy()
    for rows, there in zip(out, found, strict=True):
        if not there.any():
            rows[:] = 0.0
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


def _asked(model: ErrorModel, sights: Sequence[Sight], kept: npt.NDArray[np.int64]) -> list[list[Course]]:
    """For each sight its nearest donors other than itself."""
    own = {int(k): donor for donor, k in enumerate(kept)}
    return [model.nearest(seen, _times(seen), without=own.get(k)) for k, seen in enumerate(sights)]


def _chance(asked: Sequence[Sequence[Course]], donors: int) -> Array:
    """Weights (N,) by which every donor is taken alike.

    A clip in the middle of all is near to many and a strange one to none; without weights, gross errors, which befall
    strange clips, would come up too seldom.
    """
    near = np.array([[each.donor for each in found] for found in asked])
    weight, fair = np.ones(donors), len(asked) / donors
    for _ in range(_ROUNDS):
        share = weight[near] / weight[near].sum(axis=1, keepdims=True)
        taken = np.bincount(near.ravel(), share.ravel(), minlength=donors) / fair
        weight *= np.sqrt(np.clip(1 / (taken + 0.1), 0.2, 5.0))
        weight = np.clip(weight / np.exp(np.log(weight).mean()), 1 / _FAVOUR, _FAVOUR)
    return weight


def _trimmed(
    model: ErrorModel,
    recordings: Sequence[Recording],
    sights: Sequence[Sight],
    asked: Sequence[Sequence[Course]],
    rng: np.random.Generator,
) -> ErrorModel:
    """The model with errors in the picture of which the medians are those of the recordings."""
    real = _usual(
        [np.linalg.norm(errors_of(r, s)[r.seen, :, :2], axis=-1) for r, s in zip(recordings, sights, strict=True)]
    )
    for _ in range(_TRIMS):
        told = []
        for seen, near in zip(sights, asked, strict=True):
            track = model.lay(model.drawn(near, rng), seen, _times(seen))
            there = np.isin(_times(seen), track.time_s)
            told.append(np.linalg.norm((track.xy - seen.xy[there]) / seen.trunk_px[there, None, None], axis=-1))
        model = replace(model, trim=np.clip(model.trim * real / _usual(told), *_TRIM))
    return model


def _usual(errors: Sequence[Array]) -> Array:
    """The median error (33,) of each joint over clips (T, 33), both sides alike."""
    median = np.median(np.concatenate(errors), axis=0) + 1e-4
    return np.asarray((median + median[MIRROR]) / 2)


def _times(seen: Sight) -> Array:
    return np.arange(len(seen.body)) / seen.rate_hz


def write(model: ErrorModel, path: Path) -> None:
    """Write the model as `error_model` reads it: 3.3 kB a donor."""
    half = ("parts", "middles", "sizes", "axes", "likeness", "spread", "chance", "trim")
    values: dict[str, npt.NDArray[np.generic]] = {n: np.asarray(getattr(model, n), dtype=np.float16) for n in half}
    step = max(float(np.abs(model.poses).max()), 1e-6) / 127
    values |= {"poses": np.rint(model.poses / step).astype(np.int8), "pose_step": np.array(step)}
    steps = np.maximum(np.abs(model.lost).max(axis=(0, 1), initial=1e-6), 1e-6) / 127
    values |= {"lost": np.rint(model.lost / steps).astype(np.int8), "lost_step": steps.astype(np.float32)}
    values |= {"lost_at": model.lost_at.astype(np.int16)}
    values |= {"donors": model.donors, "seen": model.seen, "swapped": model.swapped, "rate_hz": np.array(model.rate_hz)}
    values |= _small(model.foresight.places, "places") | _small(model.foresight.depths, "depths")
    np.savez_compressed(path, allow_pickle=False, **values)


def _small(network: Network, name: str) -> dict[str, npt.NDArray[np.generic]]:
    """A network's values as `read_model` takes them: weights in as many steps as a byte holds, by columns."""
    out: dict[str, npt.NDArray[np.generic]] = {}
    for part in NAMES:
        values = getattr(network, part)
        if values.ndim > 1:
            step = np.maximum(np.abs(values).max(axis=0), 1e-6) / 127
            out[f"{name}_{part}"] = np.rint(values / step).astype(np.int8)
            out[f"{name}_{part}_step"] = step.astype(np.float32)
        else:
            out[f"{name}_{part}"] = values.astype(np.float32)
    return out
