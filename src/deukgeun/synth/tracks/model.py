"""The estimator's errors as a model: what BlazePose would have said of a body that no one rendered.

An error has a part that follows from the pose as the camera sees it (far limbs drawn to near ones, limbs that point at
the lens, shrunken depth, lag behind fast motion, legs invented below the picture's edge): a ridge regression on
features of the pose. What is left (jitter, slow drift, confused sides, lost people) is taken whole, as it ran in time,
from a rendered clip in which a body was seen much alike: a donor. Both were fitted on renders with known truth
(`fit`); the donor's pictures in which nobody was found are left out here too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from deukgeun.pose import PoseTrack
from deukgeun.skeleton import skeleton
from deukgeun.synth.tracks.features import Sight, basis, descriptor

Array = npt.NDArray[np.float64]

JOINTS = 33
OUTPUTS = JOINTS * 6
"""Of every joint: x and y in the picture, x, y and z in the room (trunk lengths), and the logit of its score."""
_NEAREST = 10
_NAMES = skeleton("blazepose_33").joints


def _mirror_columns() -> tuple[npt.NDArray[np.int64], Array]:
    """Order and sign of the outputs (198,) in a mirror: left and right change places, x changes sign."""
    other = {"left": "right", "right": "left"}
    swapped = ["_".join(other.get(part, part) for part in name.split("_")) for name in _NAMES]
    joint = np.array([_NAMES.index(name) for name in swapped])
    order = (joint[:, None] * 6 + np.arange(6)).ravel()
    return order, np.tile([-1.0, 1.0, -1.0, 1.0, 1.0, 1.0], JOINTS)


MIRROR_ORDER, MIRROR_SIGN = _mirror_columns()


@dataclass(frozen=True, slots=True)
class ErrorModel:
    """Fitted parameters. Regression: ``waves`` (39, C), ``phases`` (C,), ``weights`` (F, 198). Donors: ``parts``
    (Q, 198) principal parts of what is left, ``scales`` (Q,), ``donors`` (N, T, Q) int8 in those scales, ``seen``
    (N, T), ``likeness`` (N, D) descriptors and ``spread`` (D,) their scale; ``rate_hz`` of the donors. What the parts
    leave out: ``rest`` (198,) standard deviations, ``memory`` (198,) correlations from one picture to the next, and
    ``gain`` (N,) how much of it each donor has.
    """

    waves: Array
    phases: Array
    weights: Array
    parts: Array
    scales: Array
    donors: npt.NDArray[np.int8]
    seen: npt.NDArray[np.bool_]
    likeness: Array
    spread: Array
    rest: Array
    memory: Array
    gain: Array
    rate_hz: float

    def __post_init__(self) -> None:
        count, frames, kept = self.donors.shape
        if self.parts.shape != (kept, OUTPUTS) or self.scales.shape != (kept,):
            raise ValueError(f"parts: expected {(kept, OUTPUTS)}, got {self.parts.shape}")
        if self.seen.shape != (count, frames) or len(self.likeness) != count:
            raise ValueError(f"seen: expected {(count, frames)}, got {self.seen.shape}")

    def expected(self, seen: Sight) -> Array:
        """The part of the error (T, 198) that follows from the pose."""
        out: Array = basis(seen, self.waves, self.phases) @ self.weights
        return out

    def apply(self, seen: Sight, time_s: Array, rng: np.random.Generator, donor: int | None = None) -> PoseTrack:
        """What the estimator would have said (a track of the pictures in which it found the person; may be empty).

        ``time_s`` (T,). ``donor`` chooses the clip that the rest of the error is taken from; None draws one of the
        nearest.
        """
        left, found = self._left_over(seen, time_s, rng, donor)
        error = (self.expected(seen) + left).reshape(len(time_s), JOINTS, 6)
        xy = seen.xy + error[..., :2] * seen.trunk_px[:, None, None]
        xyz = (seen.body + error[..., 2:5]) * seen.trunk_m
        score = 1 / (1 + np.exp(-np.clip(error[..., 5], -12, 12)))
        return PoseTrack(time_s[found], xy[found], score[found], xyz[found], skeleton("blazepose_33"), 0)

    def _left_over(
        self, seen: Sight, time_s: Array, rng: np.random.Generator, donor: int | None
    ) -> tuple[Array, npt.NDArray[np.bool_]]:
        """A donor's course of errors (T, 198) and which pictures it was seen in (T,)."""
        chosen, mirrored = self._choose(seen, rng) if donor is None else (donor, False)
        frames = self.donors.shape[1]
        # To and fro through the donor's pictures from a random one, at the donor's own rate.
        step = int(rng.integers(frames)) + (time_s - time_s[0]) * self.rate_hz
        folded = np.abs((step + frames - 1) % (2 * (frames - 1)) - (frames - 1))
        low = np.minimum(folded.astype(int), frames - 2)
        share = (folded - low)[:, None]
        course = self.donors[chosen].astype(np.float64) * self.scales
        left = ((1 - share) * course[low] + share * course[low + 1]) @ self.parts
        left = left + self.gain[chosen] * self._rest(len(time_s), seen.rate_hz, rng)
        if mirrored:
            left = left[:, MIRROR_ORDER] * MIRROR_SIGN
        return left, self.seen[chosen][np.rint(folded).astype(int)]

    def _rest(self, frames: int, rate_hz: float, rng: np.random.Generator) -> Array:
        """Noise (T, 198) of each output's own size and memory (an autoregressive process of the first order)."""
        memory = np.clip(self.memory, 0.0, 0.99) ** (self.rate_hz / rate_hz)
        noise = rng.normal(size=(frames, OUTPUTS))
        for k in range(1, frames):
            noise[k] = memory * noise[k - 1] + np.sqrt(1 - memory**2) * noise[k]
        scaled: Array = noise * self.rest
        return scaled

    def _choose(self, seen: Sight, rng: np.random.Generator) -> tuple[int, bool]:
        """One of the donors most like this sight or its mirror image."""
        own = descriptor(seen) / self.spread
        flipped = descriptor(mirrored_sight(seen)) / self.spread
        distance = np.concatenate(
            [np.linalg.norm(self.likeness - own, axis=1), np.linalg.norm(self.likeness - flipped, axis=1)]
        )
        near = np.argsort(distance)[: min(_NEAREST, len(distance))]
        pick = int(rng.choice(near))
        return pick % len(self.likeness), pick >= len(self.likeness)


def mirrored_sight(seen: Sight) -> Sight:
    """The same body in a mirror."""
    joint = MIRROR_ORDER[::6] // 6
    main = np.array([0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11])
    body = seen.body[:, joint] * np.array([-1.0, 1.0, 1.0])
    return Sight(body, seen.trunk_m, seen.trunk_px, seen.xy, seen.border[:, main], seen.rate_hz)


@cache
def error_model() -> ErrorModel:
    """The model that ships: BlazePose full, followed at 10 pictures a second."""
    with as_file(files("deukgeun.synth.tracks") / "errors.npz") as path:
        return read_model(path)


def read_model(path: Path) -> ErrorModel:
    """Read what `fit.write` wrote."""
    with np.load(path) as raw:
        values = {name: raw[name] for name in raw.files}
    whole = {n: v.astype(np.float64) if v.dtype in (np.float16, np.float32) else v for n, v in values.items()}
    rate_hz = float(whole.pop("rate_hz"))
    return ErrorModel(**whole, rate_hz=rate_hz)
