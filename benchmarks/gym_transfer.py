"""Do tracks teach what renders ask? A recogniser trained on tracks alone, tested on both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from deukgeun.motion import channels, on_grid, summarise
from deukgeun.pose import PoseTrack
from deukgeun.skeleton import skeleton
from deukgeun.synth.tracks.make import draw_track
from deukgeun.synth.tracks.recording import Recording

Array = npt.NDArray[np.float64]
WINDOW_S = 4.0


@dataclass(frozen=True, slots=True)
class Windows:
    """Descriptions (N, F) of windows, their labels (N,) and which clip each is of (N,)."""

    x: Array
    y: npt.NDArray[np.str_]
    clip: npt.NDArray[np.int64]


def describe(track: PoseTrack) -> list[Array]:
    """Descriptions of the windows of one track."""
    if len(track) < 15:
        return []
    movement = on_grid(track, 10.0)
    found = channels(movement)
    size = min(round(WINDOW_S * 10), len(movement))
    rows = []
    for first in range(0, len(movement) - size + 1, 10):
        row = summarise(movement.part(first, first + size), found.part(first, first + size))
        rows.append(np.array(list(row.values())))
    return rows


def of_tracks(labelled: Sequence[tuple[PoseTrack, str]]) -> Windows:
    """Describe many tracks."""
    x, y, clip = [], [], []
    for number, (track, label) in enumerate(labelled):
        for row in describe(track):
            x.append(row)
            y.append(label)
            clip.append(number)
    return Windows(np.nan_to_num(np.array(x)), np.array(y), np.array(clip))


def track_of(recording: Recording) -> PoseTrack:
    """What the estimator saw, as a track."""
    time_s = np.arange(len(recording.seen)) / recording.rate_hz
    keep = recording.seen
    return PoseTrack(
        time_s[keep], recording.xy[keep], recording.score[keep], recording.xyz[keep], skeleton("blazepose_33"), 0
    )


def drawn(names: Sequence[str], each: int, seed: int) -> list[tuple[PoseTrack, str]]:
    """``each`` tracks of every name."""
    seeds = np.random.SeedSequence(seed).generate_state(each * len(names))
    out = []
    for k, own in enumerate(seeds):
        made = draw_track(int(own), names[k % len(names)], duration_s=6.0)
        out.append((made.track, made.movement))
    return out


class Softmax:
    """Multinomial logistic regression with an L2 penalty, on standardised descriptions."""

    def __init__(self, data: Windows, penalty: float = 1e-3) -> None:
        self.mean, self.scale = data.x.mean(axis=0), data.x.std(axis=0) + 1e-6
        self.classes, target = np.unique(data.y, return_inverse=True)
        x = self._inputs(data.x)
        shape = (x.shape[1], len(self.classes))

        def loss(flat: Array) -> tuple[float, Array]:
            w = flat.reshape(shape)
            p = _softmax(x @ w)
            value = -np.mean(np.log(p[np.arange(len(p)), target] + 1e-12)) + penalty * float(np.sum(w[1:] ** 2))
            p[np.arange(len(p)), target] -= 1
            slope = x.T @ p / len(p)
            slope[1:] += 2 * penalty * w[1:]
            return value, slope.ravel()

        self.w = minimize(
            loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": 300}
        ).x.reshape(shape)

    def _inputs(self, x: Array) -> Array:
        z = np.clip((x - self.mean) / self.scale, -5, 5)
        return np.concatenate([np.ones((len(z), 1)), z], axis=1)

    def log_p(self, x: Array) -> Array:
        """Log probabilities (N, C)."""
        out: Array = np.log(_softmax(self._inputs(x) @ self.w) + 1e-12)
        return out


def _softmax(z: Array) -> Array:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    out: Array = e / e.sum(axis=1, keepdims=True)
    return out


def clip_accuracy(model: Softmax, data: Windows) -> tuple[float, int]:
    """Share of clips whose windows' mean log probability names them right, and how many clips."""
    scores = model.log_p(data.x)
    clips = np.unique(data.clip)
    right = [model.classes[scores[data.clip == c].mean(axis=0).argmax()] == data.y[data.clip == c][0] for c in clips]
    return float(np.mean(right)), len(clips)
