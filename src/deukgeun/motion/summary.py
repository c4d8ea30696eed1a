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
_SYNC_PRIOR = 0.25  # of the channel's unit spread: keeps the correlation of two still limbs at 0


def summarise(movement: Movement, known: Channels | None = None) -> dict[str, float]:
    """Return the numbers of one stretch; ``known`` may hold its channels if they are at hand."""
    found = known or channels(movement)
    numbers: dict[str, float] = {}
    for name in (*SIDED, *CENTRAL):
        numbers.update(_levels(name, found.both(name)))
    for name in SIDED:
        numbers.update(_sides(name, found.side(name, "l"), found.side(name, "r")))
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


def _levels(name: str, values: Floats) -> dict[str, float]:
    low, mid, high = (float(v) for v in np.percentile(values, _LEVELS))
    return {f"{name}.low": low, f"{name}.mid": mid, f"{name}.high": high, f"{name}.range": high - low}


def _sides(name: str, left: Floats, right: Floats) -> dict[str, float]:
    unit = 40.0 if np.ptp(left) + np.ptp(right) > 6.0 else 0.5
    a, b = left - left.mean(), right - right.mean()
    prior = (_SYNC_PRIOR * unit) ** 2
    sync = float(np.mean(a * b) / np.sqrt((np.mean(a * a) + prior) * (np.mean(b * b) + prior)))
    low, high = np.percentile([left, right], (10, 90), axis=1)
    return {
        f"{name}.apart": float(np.median(np.abs(left - right))),
        f"{name}.sync": sync,
        f"{name}.least": float(low.min()),
        f"{name}.most": float(high.max()),
    }
