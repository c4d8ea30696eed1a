"""The one-euro filter: steady when somebody stands still, quick when they move.

Source: Casiez, Roussel, Vogel, "1 Euro Filter", CHI 2012. Time steps come from the pictures' own times, so that
a variable frame rate is smoothed the same as a constant one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deukgeun.pose.geometry import Floats


@dataclass(frozen=True, slots=True)
class OneEuroParameters:
    """``min_cutoff_hz`` at rest, ``beta`` more Hz per unit a second, ``derivative_cutoff_hz`` for the speed."""

    min_cutoff_hz: float
    beta: float
    derivative_cutoff_hz: float = 1.0


# Values of the published BlazePose graph. Points of the picture are in units of the circle around the body (its
# diameter); those that say where to look next are held steadier than the joints.
PICTURE = OneEuroParameters(min_cutoff_hz=0.05, beta=80.0)
PLACE = OneEuroParameters(min_cutoff_hz=0.01, beta=10.0)
WORLD = OneEuroParameters(min_cutoff_hz=0.1, beta=40.0)


class OneEuro:
    """A filter for an array of any fixed shape, all elements apart."""

    def __init__(self, parameters: OneEuroParameters) -> None:
        self._parameters = parameters
        self._time_s = 0.0
        self._value: Floats | None = None
        self._raw: Floats | None = None
        self._speed: Floats | None = None

    def __call__(self, value: Floats, time_s: float, unit: float = 1.0) -> Floats:
        """Return the smoothed ``value``; ``unit`` is the length that counts as one for the speed."""
        if self._value is None or self._raw is None or self._speed is None:
            self._value, self._raw, self._speed = value, value, np.zeros_like(value)
            self._time_s = time_s
            return value
        step_s = max(time_s - self._time_s, 1e-6)
        speed = (value - self._raw) / (unit * step_s)
        ratio = _ratio(np.asarray(self._parameters.derivative_cutoff_hz), step_s)
        self._speed = ratio * speed + (1 - ratio) * self._speed
        cutoff = self._parameters.min_cutoff_hz + self._parameters.beta * np.abs(self._speed)
        ratio = _ratio(cutoff, step_s)
        self._value = ratio * value + (1 - ratio) * self._value
        self._raw, self._time_s = value, time_s
        return self._value


def _ratio(cutoff_hz: Floats, step_s: float) -> Floats:
    """Return the weight of the new value in an exponential filter with that cut-off."""
    tau_s = 1.0 / (2 * np.pi * cutoff_hz)
    result: Floats = 1.0 / (1.0 + tau_s / step_s)
    return result
