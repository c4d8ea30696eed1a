"""Moments between pictures: what moves is taken in a straight line from one picture to the next."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

Number = TypeVar("Number", bound=np.floating[Any])


def between(values: npt.NDArray[Number], frame: float) -> npt.NDArray[Number]:
    """The value at ``frame`` of ``values`` (T, ...), which may lie between two; the only one where T is 1.

    For moments close to a picture, as a shutter's are: turns are interpolated like places and shrink a little, by
    under 2 % at a sixth of the way between two pictures that differ by 30 degrees.
    """
    last = len(values) - 1
    at = min(max(frame, 0.0), float(last))
    low = int(at)
    share = at - low
    if share == 0.0:
        here: npt.NDArray[Number] = values[low]
        return here
    out: npt.NDArray[Number] = ((1 - share) * values[low] + share * values[low + 1]).astype(values.dtype, copy=False)
    return out
