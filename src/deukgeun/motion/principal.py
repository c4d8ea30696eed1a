"""The one signal that moves to and fro with the repetitions of a set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from deukgeun.motion.channels import Channels
from deukgeun.motion.picture import paths
from deukgeun.motion.timeline import Floats, Movement

# The channels that take part, with what counts as one unit of movement.
_UNITS = {
    "elbow": 60.0,
    "knee": 60.0,
    "hip": 60.0,
    "shoulder": 60.0,
    "upper_arm": 60.0,
    "forearm": 60.0,
    "thigh": 60.0,
    "shin": 60.0,
    "trunk": 45.0,
    "wrist_height": 0.6,
    "wrist_front": 0.6,
    "wrist_ear": 0.6,
    "wrist_knee": 0.6,
    "ankle_height": 0.6,
    "hands_apart": 1.0,
    "feet_apart": 0.6,
    "ankle": 40.0,
    "neck": 60.0,
    "twist": 45.0,
}
# The channels that follow an angle of the catalogue (`rep_joints`).
FOLLOWERS = {
    "elbow": ("elbow", "forearm", "wrist_height", "wrist_front", "wrist_ear"),
    "shoulder": ("shoulder", "upper_arm", "wrist_height", "wrist_front", "hands_apart"),
    "hip": ("hip", "thigh", "trunk", "ankle_height", "wrist_knee"),
    "knee": ("knee", "thigh", "shin", "feet_apart"),
    "ankle": ("ankle",),
    "torso": ("trunk", "hip", "twist", "wrist_knee"),
    "neck": ("neck",),
}
_SLOWEST_HZ, _FASTEST_HZ = 0.08, 2.5
_OUTLIER_PERCENT = (1, 99)


@dataclass(frozen=True, slots=True)
class Principal:
    """``signal`` (T,) in units of movement, ``share`` (0..1) of all movement that it explains, ``lead`` (T,): the
    first named angle (large is open), and ``opposed``: whether the sides move in turn.
    """

    signal: Floats
    share: float
    lead: Floats | None
    opposed: bool


def principal(movement: Movement, found: Channels, joints: Sequence[str] = (), core: slice = slice(None)) -> Principal:
    """Return the first principal component of the movement, of ``joints`` (as in the catalogue) if they are named.

    It is found in the steps ``core`` and followed through all of them. Both sides are averaged, unless they move in
    turn: then it is their difference, in which each side's turn is an excursion of its own.
    """
    names = [n for joint in joints for n in FOLLOWERS[joint]] or list(_UNITS)
    sided = [n for n in dict.fromkeys(names) if f"{n}_l" in found.series]
    opposed = _opposed(found, sided, core)
    matrix = _differences(found, sided) if opposed else _averages(movement, found, dict.fromkeys(names))
    filtered = bandpass(matrix - np.median(matrix, axis=0), movement.rate_hz, opposed)
    low, high = np.percentile(filtered[core], _OUTLIER_PERCENT, axis=0)
    clipped = np.clip(filtered, low, high)
    centered = clipped - clipped[core].mean(axis=0)
    _, size, axes = np.linalg.svd(centered[core], full_matrices=False)
    signal = centered @ axes[0] / np.sqrt(matrix.shape[1])
    share = float(size[0] ** 2 / (np.sum(size**2) + 1e-12))
    lead = found.both({"torso": "trunk"}.get(joints[0], joints[0])) if joints else None
    return Principal(signal, share, lead, opposed)


def _averages(movement: Movement, found: Channels, names: dict[str, None]) -> Floats:
    columns = [found.both(name) / _UNITS[name] for name in names]
    columns += [path[:, 1] for path in paths(movement, found.torso_m).values()]
    return np.stack(columns, axis=1)


def _differences(found: Channels, names: Sequence[str]) -> Floats:
    return np.stack([(found.side(n, "l") - found.side(n, "r")) / _UNITS[n] for n in names], axis=1)


def _opposed(found: Channels, names: Sequence[str], core: slice) -> bool:
    """Tell whether the difference of the sides moves much more than their mean."""
    if not names:
        return False
    left = np.stack([found.side(n, "l")[core] / _UNITS[n] for n in names], axis=1)
    right = np.stack([found.side(n, "r")[core] / _UNITS[n] for n in names], axis=1)
    apart = float(np.var((left - right) / 2, axis=0).sum())
    together = float(np.var((left + right) / 2, axis=0).sum())
    return apart > 2.5 * together


def bandpass(values: Floats, rate_hz: float, opposed: bool = False) -> Floats:
    """Return (T, C) without drift and jitter, zero phase: 0.08 to 2.5 Hz, from 0.04 Hz where the sides move in turn
    and a full cycle is two repetitions; short series only lose their mean.

    Both ends are continued by their mirror image: a set starts and ends at rest, and continued through the point
    (as is usual) the filter would take that rest for drift. Where the sides move in turn, rest is the middle, and
    what comes after one side is the other: continued through the point.
    """
    from scipy.signal import butter, sosfiltfilt  # slow to import, and only needed here

    steps = len(values)
    if steps < 2 * rate_hz:
        return np.asarray(values - values.mean(axis=0))
    fastest = min(_FASTEST_HZ, 0.45 * rate_hz)
    slowest = max(_SLOWEST_HZ / (2 if opposed else 1), 0.4 * rate_hz / steps)
    filters = butter(2, [slowest, fastest], "band", fs=rate_hz, output="sos")
    pad = min(steps - 1, int(1.5 * rate_hz))
    return np.asarray(sosfiltfilt(filters, values, axis=0, padtype="odd" if opposed else "even", padlen=pad))
