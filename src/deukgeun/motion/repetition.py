"""One repetition."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Repetition:
    """From the start position to the far end (``peak_s``) and back; ``range_of_motion`` is the way made, as a
    share (0..1) of the largest in the set.
    """

    start_s: float
    peak_s: float
    end_s: float
    range_of_motion: float
