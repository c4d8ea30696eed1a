"""A stretch of movement in a few dozen named numbers: what a recogniser looks at.

For a channel ``knee``: ``knee.low``, ``knee.mid``, ``knee.high`` are its 10th, 50th and 90th percentiles,
``knee.range`` is high - low (both sides together, weighted by how well each is seen; the side that is seen better
counts for the range). ``knee.apart`` is the median difference between the sides, ``knee.sync`` their correlation (1
together, -1 in turn), ``knee.least`` and ``knee.most`` the smaller 10th and the larger 90th percentile of the two.
``hip.travel_y`` is the vertical way of the hips in the picture, ``tempo_hz`` how often the whole movement repeats,
``arms.seen`` and ``legs.seen`` the visibility of the better side.
"""

from __future__ import annotations

import numpy as np

from deukgeun.motion.channels import CENTRAL, SIDED, Channels, channels
from deukgeun.motion.picture import paths
from deukgeun.motion.timeline import Floats, Movement

_LEVELS = (10, 50, 90)
_SLOWEST_HZ = 0.12
_LIMBS = {
    "arms": ("left_elbow", "left_wrist", "right_elbow", "right_wrist"),
    "legs": ("left_knee", "left_ankle", "right_knee", "right_ankle"),
}
_SIDE_LEVELS = ("apart", "sync", "least", "most")
# The unit spread of angles and of lengths, told apart by size: no length of a body changes by 6 torsos.
_ANGLE_UNIT, _LENGTH_UNIT, _SMALLEST_ANGLES = 40.0, 0.5, 6.0
_SYNC_PRIOR = 0.25  # of that unit


def summarise(movement: Movement, known: Channels | None = None) -> dict[str, float]:
    """Return the numbers of one stretch; ``known`` may hold its channels if they are at hand."""
    found = known or channels(movement)
    numbers = {**_levels(found), **_sides(found)}
    for part, path in paths(movement, found.torso_m).items():
        low, high = np.percentile(path, (10, 90), axis=0)
        numbers[f"{part}.travel_x"], numbers[f"{part}.travel_y"] = (float(v) for v in high - low)
    for limbs, joints in _LIMBS.items():
        columns = list(movement.skeleton.indices(*joints))
        side = np.median(movement.score[:, columns], axis=0).reshape(2, -1).mean(axis=1)
        numbers[f"{limbs}.seen"] = float(side.max())
    numbers["tempo_hz"] = tempo_hz(found, movement.rate_hz)
    return numbers


def tempo_hz(found: Channels, rate_hz: float) -> float:
    """Return the dominant frequency of the limbs' angles, both sides apart; 0 for less than a second.

    Limbs that move in turn show at the rate of one side.
    """
    names = [f"{name}_{side}" for name in ("elbow", "shoulder", "hip", "knee") for side in "lr"]
    signal = np.stack([found.series[name] for name in names], axis=1)
    if len(signal) < rate_hz:
        return 0.0
    signal = (signal - signal.mean(axis=0)) * np.hanning(len(signal))[:, None]
    size = max(256, len(signal))
    power = (np.abs(np.fft.rfft(signal, size, axis=0)) ** 2).sum(axis=1)
    frequency = np.fft.rfftfreq(size, 1.0 / rate_hz)
    return float(frequency[np.argmax(np.where(frequency >= _SLOWEST_HZ, power, 0.0))])


# Both look at all channels at once: a call for each would take most of the time of an analysis after its pictures.


def _levels(found: Channels) -> dict[str, float]:
    names = (*SIDED, *CENTRAL)
    levels = np.percentile(np.stack([found.both(name) for name in names]), _LEVELS, axis=1)
    numbers: dict[str, float] = {}
    for name, (low, mid, high) in zip(names, levels.T.tolist(), strict=True):
        numbers.update({f"{name}.low": low, f"{name}.mid": mid, f"{name}.high": high, f"{name}.range": high - low})
    return numbers


def _sides(found: Channels) -> dict[str, float]:
    left, right = (np.stack([found.side(name, side) for name in SIDED]) for side in "lr")
    low, high = np.percentile([left, right], (_LEVELS[0], _LEVELS[-1]), axis=2)
    apart = np.median(np.abs(left - right), axis=1)
    columns = (apart, _sync(left, right), low.min(axis=0), high.max(axis=0))
    numbers: dict[str, float] = {}
    for name, values in zip(SIDED, np.stack(columns, axis=1).tolist(), strict=True):
        numbers.update({f"{name}.{level}": v for level, v in zip(_SIDE_LEVELS, values, strict=True)})
    return numbers


def _sync(left: Floats, right: Floats) -> Floats:
    """Return the correlation of each row of two (C, T) arrays; the prior keeps that of two still limbs at 0."""
    unit = np.where(np.ptp(left, axis=1) + np.ptp(right, axis=1) > _SMALLEST_ANGLES, _ANGLE_UNIT, _LENGTH_UNIT)
    prior = (_SYNC_PRIOR * unit) ** 2
    a, b = left - left.mean(axis=1, keepdims=True), right - right.mean(axis=1, keepdims=True)
    spread = (np.mean(a * a, axis=1) + prior) * (np.mean(b * b, axis=1) + prior)
    return np.asarray(np.mean(a * b, axis=1) / np.sqrt(spread))
