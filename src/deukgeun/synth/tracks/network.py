"""What an estimator will say, foretold from features of a pose: a small network."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]

# Chosen on recordings left out: half as many units foretell a little less, two layers no more.
HIDDEN = 512
_DROPPED, _DECAY, _RATE = 0.4, 0.05, 3e-3
_EPOCHS, _BATCH = 30, 512
# Errors beyond this (units of what is foretold) pull with constant force, so that skeletons on somebody else do not
# bend it.
_FAR = 0.3
_WIDEST = 4.0


@dataclass(frozen=True, slots=True)
class Network:
    """A network with one hidden layer and a straight way past it. Features are taken less ``mean`` (F,) in units of
    ``spread`` (F,); ``first`` (F, H) and ``lift`` (H,) lead to the hidden layer, ``second`` (H, K) from it,
    ``straight`` (F, K) past it, and ``base`` (K,) is added.
    """

    mean: Array
    spread: Array
    first: Array
    lift: Array
    second: Array
    straight: Array
    base: Array

    def __post_init__(self) -> None:
        size, hidden, out = len(self.mean), len(self.lift), len(self.base)
        shapes = {"spread": (size,), "first": (size, hidden), "second": (hidden, out), "straight": (size, out)}
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name}: expected {shape}, got {getattr(self, name).shape}")

    def foretold(self, rows: Array) -> Array:
        """What is foretold (T, K) of features (T, F)."""
        x = np.clip((rows - self.mean) / self.spread, -_WIDEST, _WIDEST)
        out: Array = np.maximum(x @ self.first + self.lift, 0) @ self.second + x @ self.straight + self.base
        return out


def taught(rows: Array, wanted: Array, rng: np.random.Generator) -> Network:
    """The network that foretells ``wanted`` (N, K) from ``rows`` (N, F).

    Huber's loss, AdamW (Loshchilov & Hutter 2019) with a rate that rises and falls, and dropout of hidden units
    (Srivastava et al. 2014): a few hundred clips hold few independent poses, and without these it learns them by heart.
    """
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 0.01
    x = np.clip((rows - mean) / spread, -_WIDEST, _WIDEST).astype(np.float32)
    y = wanted.astype(np.float32)
    size, out = x.shape[1], y.shape[1]
    weights = [
        rng.normal(0, np.sqrt(2 / size), (size, HIDDEN)), np.zeros(HIDDEN),
        np.zeros((HIDDEN, out)), np.zeros((size, out)), np.median(y, axis=0),
    ]  # fmt: skip
    trained = [np.asarray(weight, dtype=np.float32) for weight in weights]
    descent = _Descent(trained, _EPOCHS * -(-len(x) // _BATCH))
    for _ in range(_EPOCHS):
        order = rng.permutation(len(x))
        for begin in range(0, len(x), _BATCH):
            chosen = order[begin : begin + _BATCH]
            descent.step(_slopes(trained, x[chosen], y[chosen], rng))
    return Network(mean, spread, *(weight.astype(np.float64) for weight in trained))


def _slopes(weights: list[Floats], x: Floats, y: Floats, rng: np.random.Generator) -> list[Floats]:
    """The slope of the mean loss along every weight."""
    first, lift, second, straight, base = weights
    kept = (rng.random((len(x), len(lift)), np.float32) >= _DROPPED) / np.float32(1 - _DROPPED)
    hidden = np.maximum(x @ first + lift, 0) * kept
    off = hidden @ second + x @ straight + base - y
    pull: Floats = np.clip(off / np.float32(_FAR), -1, 1) / np.float32(off.size)
    back = (pull @ second.T) * kept * (hidden > 0)
    return [x.T @ back, back.sum(axis=0), hidden.T @ pull, x.T @ pull, pull.sum(axis=0)]


class _Descent:
    """AdamW on a list of weights, which it changes in place."""

    def __init__(self, weights: list[Floats], steps: int) -> None:
        self._weights, self._steps, self._done = weights, steps, 0
        self._mean = [np.zeros_like(weight) for weight in weights]
        self._square = [np.zeros_like(weight) for weight in weights]

    def step(self, slopes: list[Floats]) -> None:
        self._done += 1
        # Up over the first third, then down to nothing.
        share = self._done / self._steps
        rate = _RATE * float(np.sin(np.pi / 2 * min(share / 0.3, 1.0)) * np.cos(np.pi / 2 * max(share - 0.3, 0) / 0.7))
        for weight, slope, mean, square in zip(self._weights, slopes, self._mean, self._square, strict=True):
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope * slope - square)
            ahead = mean / (1 - 0.9**self._done)
            size = np.sqrt(square / (1 - 0.999**self._done)) + 1e-8
            weight -= (rate * (ahead / size + _DECAY * (weight.ndim > 1) * weight)).astype(np.float32)


NAMES = tuple(field.name for field in fields(Network))
"""What a network consists of."""
