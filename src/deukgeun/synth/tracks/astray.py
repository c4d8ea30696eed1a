"""Pictures in which the estimator lost the body: what it said then is lent as it was.

A skeleton that hangs on a bench, or stands on its head, does not follow the body any more. As an error added to another
body it still would, and that body's exercise could be read from it. So of such pictures a donor lends what was said
itself, as seen from between the true hips.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from deukgeun.synth.tracks.features import MAIN_INDEX, Sight
from deukgeun.synth.tracks.sides import HIPS, MIRROR

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# The body is lost where its main joints are off by this much in the mean (trunk lengths in the picture): the spread of
# a whole body about its middle is about one.
_LOST = 0.3
_SIGN = np.array([-1.0, 1.0, -1.0, 1.0, 1.0, 1.0])


def astray(error: Array) -> Flags:
    """In which pictures (T,) of errors (T, 33, 6), those of exchanged sides taken out, the body is lost."""
    return np.asarray(np.linalg.norm(error[:, MAIN_INDEX, :2], axis=-1).mean(axis=1) > _LOST)


def places(seen: Sight) -> Array:
    """Where joints are from between the hips (T, 33, 6): in the picture, in space (trunk lengths), and zeros."""
    flat = (seen.xy - seen.xy[:, HIPS].mean(axis=1, keepdims=True)) / seen.trunk_px[:, None, None]
    return np.concatenate([flat, seen.body, np.zeros((*flat.shape[:2], 1))], axis=2)


def mirrored(said: Array) -> Array:
    """What was said (T, 33, 6) of the body in the mirror."""
    return np.asarray(said[:, MIRROR] * _SIGN)


def lost_at(numbers: npt.NDArray[np.int64], at: Array) -> tuple[Flags, npt.NDArray[np.int64], Array]:
    """Of a course whose pictures are lost as ``numbers`` (T,) tell, -1 where not, at places ``at`` (T',): where the
    body is lost (T',), and there between which two and how far towards the second."""
    nearest = np.rint(at).astype(np.int64)
    found = numbers[nearest] >= 0
    low = np.minimum(at.astype(np.int64), len(numbers) - 1)
    pair = np.stack([numbers[low], numbers[np.minimum(low + 1, len(numbers) - 1)]], axis=1)
    pair = np.where(pair < 0, numbers[nearest][:, None], pair)
    return found, pair[found], (at - low)[found]
