"""Nodes drawn out to pictures: angles between them, unintended motion, and how much of each contact holds when."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import gaussian_filter1d

from deukgeun.synth.motions import degrees
from deukgeun.synth.motions.definition import RESTS
from deukgeun.synth.motions.plan import Node

Array = npt.NDArray[np.float64]

# Slow sway of a body that holds still, and quicker tremor: time constants in seconds and their shares.
_SWAY = ((0.9, 0.9), (0.25, 0.3))


def angles_at(nodes: Sequence[Node], time_s: Array) -> Array:
    """Angles (T, D) at ``time_s`` (T,): monotone cubics through the nodes.

    Monotone cubics (Fritsch & Carlson 1980) stop at a node where an angle turns and run through it where it goes on,
    and never overshoot, so a planted contact is not shaken off. The first and the last node are rested in.
    """
    times = np.array([nodes[0].time_s - 1.0, *(node.time_s for node in nodes), nodes[-1].time_s + 1.0])
    values = np.array([nodes[0].angles, *(node.angles for node in nodes), nodes[-1].angles])
    out: Array = PchipInterpolator(times, values, axis=0, extrapolate=False)(np.clip(time_s, times[1], times[-2]))
    return out


def sway(rng: np.random.Generator, time_s: Array, looseness: float) -> Array:
    """Unintended motion (T, D) in degrees: band-limited noise of each angle's own size."""
    rate_hz = (len(time_s) - 1) / max(float(time_s[-1] - time_s[0]), 1e-6)
    out = np.zeros((len(time_s), len(degrees.NAMES)))
    for seconds, share in _SWAY:
        width = max(seconds * rate_hz / 2, 0.5)
        margin = int(4 * width) + 1
        noise = gaussian_filter1d(rng.normal(size=(len(time_s) + 2 * margin, out.shape[1])), width, axis=0)
        # A Gaussian filter of this width leaves a standard deviation of 1 / sqrt(2 sqrt(pi) width).
        out += share * noise[margin:-margin] * np.sqrt(2 * np.sqrt(np.pi) * width)
    scaled: Array = out * degrees.table("sway") * looseness
    return scaled


def segments(nodes: Sequence[Node], time_s: Array) -> list[slice]:
    """The pictures between each node and the next, as slices that cover all T pictures."""
    cuts = np.searchsorted(time_s, [node.time_s for node in nodes[1:-1]])
    edges = [0, *cuts.tolist(), len(time_s)]
    return [slice(a, b) for a, b in itertools.pairwise(edges)]


def progress(nodes: Sequence[Node], k: int, time_s: Array) -> Array:
    """How far (T,) between node ``k`` and the next each time is, 0..1."""
    begin, end = nodes[k].time_s, nodes[k + 1].time_s
    out: Array = np.clip((time_s - begin) / (end - begin), 0.0, 1.0)
    return out


def smoothstep(x: Array) -> Array:
    """0 below 0, 1 above 1, smooth between."""
    t = np.clip(x, 0.0, 1.0)
    out: Array = t * t * (3 - 2 * t)
    return out


def lying(nodes: Sequence[Node], time_s: Array) -> npt.NDArray[np.bool_]:
    """Whether (T,) the trunk bears the body at the node before or after each time."""
    rests = [any(c.effector in RESTS for c in node.contacts) for node in nodes]
    out = np.zeros(len(time_s), dtype=np.bool_)
    for k, span in enumerate(segments(nodes, time_s)):
        out[span] = rests[k] or rests[k + 1]
    return out


def weights(values: Array, nodes: Sequence[Node], time_s: Array) -> Array:
    """A node-wise quantity (K, ...) between the nodes (T, ...), eased."""
    times = np.array([node.time_s for node in nodes])
    out: Array = PchipInterpolator(times, values, axis=0)(np.clip(time_s, times[0], times[-1]))
    return out
