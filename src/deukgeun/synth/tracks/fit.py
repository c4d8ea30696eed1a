"""Fitting the error model to recordings of rendered clips."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from deukgeun.synth.tracks.features import MAIN_INDEX, Sight, basis, descriptor, sight
from deukgeun.synth.tracks.model import MIRROR_ORDER, MIRROR_SIGN, OUTPUTS, ErrorModel, mirrored_sight
from deukgeun.synth.tracks.recording import Recording

Array = npt.NDArray[np.float64]

COSINES = 256
PARTS = 40
# Errors are held to this many trunk lengths: a skeleton that hangs on somebody else says nothing more when it is
# further away, and one such clip must not bend the regression.
_FAR = 3.0
# Penalties of the plain features and of the cosines, chosen by the agreement on recordings left out: with less the
# cosines follow the noise of a few hundred clips.
_RIDGE, _RIDGE_COSINES = 100.0, 3000.0


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


def fit(recordings: Sequence[Recording], rng: np.random.Generator, cosines: int = COSINES) -> ErrorModel:
    """Fit regression and donors. Recordings must share their rate and number of pictures.

    Recordings and their mirror images count alike, so that the model has no better side.
    """
    sights = [sight_of(each) for each in recordings]
    errors = [errors_of(each, seen) for each, seen in zip(recordings, sights, strict=True)]
    waves, phases = _waves(sights, rng, cosines)
    weights = _ridge(recordings, sights, errors, waves, phases)
    left = np.array(
        [
            np.where(each.seen[:, None], error - basis(seen, waves, phases) @ weights, 0.0)
            for each, seen, error in zip(recordings, sights, errors, strict=True)
        ]
    )
    parts, scales, donors = _compressed(left)
    found = np.array([each.seen for each in recordings])
    rest, memory, gain = _rest(left - (donors * scales) @ parts, found)
    likeness = np.array([descriptor(seen) for seen in sights])
    spread = np.maximum(likeness.std(axis=0), 0.05)
    return ErrorModel(
        waves, phases, weights, parts, scales, donors, found, likeness / spread, spread, rest, memory, gain,
        recordings[0].rate_hz,
    )  # fmt: skip


def _waves(sights: Sequence[Sight], rng: np.random.Generator, count: int) -> tuple[Array, Array]:
    """Random waves as long as half the median distance between two poses."""
    poses = np.concatenate([s.body[::5, MAIN_INDEX].reshape(-1, 3 * len(MAIN_INDEX)) for s in sights])
    pairs = rng.integers(len(poses), size=(2, 2000))
    width = 0.5 * float(np.median(np.linalg.norm(poses[pairs[0]] - poses[pairs[1]], axis=1)))
    return rng.normal(0, 1 / width, (poses.shape[1], count)), rng.uniform(0, 2 * np.pi, count)


def _ridge(
    recordings: Sequence[Recording], sights: Sequence[Sight], errors: Sequence[Array], waves: Array, phases: Array
) -> Array:
    """Weights (F, 198) of the regression over all pictures in which the person was found, and their mirror images."""
    size = basis(sights[0], waves, phases).shape[1]
    square, cross = np.zeros((size, size)), np.zeros((size, OUTPUTS))
    for each, seen, error in zip(recordings, sights, errors, strict=True):
        straight: Array = basis(seen, waves, phases)[each.seen]
        turned: Array = basis(mirrored_sight(seen), waves, phases)[each.seen]
        square += np.asarray(straight.T @ straight + turned.T @ turned)
        wanted: Array = error[each.seen]
        cross += np.asarray(straight.T @ wanted + turned.T @ (wanted[:, MIRROR_ORDER] * MIRROR_SIGN))
    strength = np.full(size, _RIDGE)
    strength[-len(phases) :] = _RIDGE_COSINES
    strength[0] = 1e-6
    penalty = np.diag(strength)
    out: Array = np.asarray(np.linalg.solve(square + penalty, cross))
    return out


def _compressed(left: Array) -> tuple[Array, Array, npt.NDArray[np.int8]]:
    """Principal parts (Q, 198), scales (Q,) and the courses (N, T, Q) in whole steps of the scales."""
    rows = left.reshape(-1, OUTPUTS)
    _, _, axes = np.linalg.svd(rows[:: max(len(rows) // 40000, 1)], full_matrices=False)
    parts = axes[:PARTS]
    course = left @ parts.T
    scales = np.maximum(np.percentile(np.abs(course), 99.9, axis=(0, 1)), 1e-6) / 127
    donors = np.clip(np.rint(course / scales), -127, 127).astype(np.int8)
    return parts, scales, donors


def _rest(left: Array, found: npt.NDArray[np.bool_]) -> tuple[Array, Array, Array]:
    """Size (198,) and memory (198,) of what the parts leave out (N, T, 198), and each donor's share of it (N,)."""
    both = found[:, 1:] & found[:, :-1]
    size = np.sqrt(np.mean(left[found] ** 2, axis=0)) + 1e-9
    memory = np.mean(left[:, 1:][both] * left[:, :-1][both], axis=0) / size**2
    own = np.array(
        [np.sqrt(np.mean((rows[ok] / size) ** 2)) if ok.any() else 1.0 for rows, ok in zip(left, found, strict=True)]
    )
    return size, memory, own


def write(model: ErrorModel, path: Path) -> None:
    """Write the model as `error_model` reads it: about 1 MB for 600 donors."""
    values: dict[str, npt.NDArray[np.generic]] = {
        name: np.asarray(getattr(model, name), dtype=np.float16)
        for name in ("waves", "phases", "parts", "likeness", "spread", "rest", "memory", "gain")
    }
    values |= {"weights": model.weights.astype(np.float32), "scales": model.scales.astype(np.float32)}
    values |= {"donors": model.donors, "seen": model.seen, "rate_hz": np.array(model.rate_hz)}
    np.savez_compressed(path, allow_pickle=False, **values)
