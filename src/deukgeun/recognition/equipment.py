"""What is in the hands, from how they move: the second source of evidence beside the movement.

Hands on one bar keep their distance; hands with a dumbbell each do not; a bar on the back keeps the hands at the
shoulders. This only separates exercises of one movement; where the hands tell nothing the prior of the catalogue's
order stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from deukgeun.exercises import Exercise

# How likely an implement is before the hands are looked at, for whoever films themselves with a phone.
_PRIOR = MappingProxyType(
    {"none": 1.0, "dumbbell": 0.8, "barbell": 0.6, "machine": 0.5, "cable": 0.5, "kettlebell": 0.3, "plate": 0.2}
)
_OTHER_PRIOR = 0.5
_SEEN_NOT, _SEEN_WELL = 0.15, 0.65  # visibility of a limb: below it is a guess, above it is measured


def exercise_shares(candidates: Sequence[Exercise], numbers: Mapping[str, float]) -> dict[str, tuple[float, str]]:
    """Return for each exercise of one movement its share (they add up to 1) and its likeliest implement.

    ``numbers`` are those of ``deukgeun.motion.summary`` over the set.
    """
    weights: dict[str, tuple[float, str]] = {}
    for exercise in candidates:
        marked = [(_PRIOR.get(e, _OTHER_PRIOR) * hands_fit(e, numbers), e) for e in exercise.equipment]
        weights[exercise.slug] = max(marked)
    total = sum(weight for weight, _ in weights.values())
    return {slug: (weight / total, implement) for slug, (weight, implement) in weights.items()}


def hands_fit(implement: str, numbers: Mapping[str, float]) -> float:
    """Return how well the hands' movement fits an implement: 1 for neutral, above for, below against."""
    trust = limb_trust(numbers["arms.seen"])
    evidence = {"barbell": _one_bar, "dumbbell": _one_each, "kettlebell": _before_the_chest, "none": _free}
    fit = evidence[implement](numbers) if implement in evidence else 0.0
    return float(np.exp(trust * fit))


def _one_bar(numbers: Mapping[str, float]) -> float:
    """Log odds: a constant, wide enough distance of the hands, or hands on a bar at the shoulders."""
    fixed = _below(numbers["hands_apart.range"], 0.22, 0.1) + 0.4 * _below(0.45, numbers["hands_apart.mid"], 0.15)
    return fixed + 1.6 * _racked(numbers)


def _one_each(numbers: Mapping[str, float]) -> float:
    """Log odds: a constant distance of the hands speaks against; a changing one fits empty hands as well."""
    return -max(_below(numbers["hands_apart.range"], 0.22, 0.1), 0.0) - 0.8 * max(_racked(numbers), 0.0)


def _before_the_chest(numbers: Mapping[str, float]) -> float:
    close = _below(numbers["hands_apart.high"], 0.45, 0.1)
    return 0.7 * close - 0.5 + 0.4 * _below(-0.8, numbers["wrist_height.mid"], 0.2)


def _free(numbers: Mapping[str, float]) -> float:
    return -1.2 * max(_racked(numbers), 0.0)


def _racked(numbers: Mapping[str, float]) -> float:
    """Between -1 and 1: the hands at shoulder height and apart, the elbows bent, nothing of it moving."""
    height = abs(numbers["wrist_height.mid"] - 0.1)
    signs = (
        _below(height, 0.3, 0.1),
        _below(numbers["elbow.mid"], 115.0, 15.0),
        _below(0.6, numbers["hands_apart.mid"], 0.15),
        _below(numbers["wrist_height.range"], 0.35, 0.1),
        _below(numbers["wrist_front.high"], 0.45, 0.1),
    )
    return min(signs)


def _below(value: float, limit: float, softness: float) -> float:
    """Return a soft step from 1 (below the limit) to -1 (above it)."""
    return float(np.tanh((limit - value) / softness))


def limb_trust(seen: float) -> float:
    """Return how much (0.1 to 1) is believed of a limb whose visibility is ``seen`` (0..1)."""
    return float(np.clip((seen - _SEEN_NOT) / (_SEEN_WELL - _SEEN_NOT), 0.1, 1.0))
