"""What an estimator says as far as it follows from the pose: usual errors, scores, and the body it believes to see.

Two networks, taught on many clips of which a few pictures each were looked at (glimpses): it is different clips that
teach, and pictures of one clip tell nearly the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deukgeun.synth.tracks.bones import foretellable, foretold_body
from deukgeun.synth.tracks.features import Sight, basis, stance
from deukgeun.synth.tracks.network import Network, taught
from deukgeun.synth.tracks.sides import mirrored_body, mirrored_flat, mirrored_sight

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Errors in the picture and logits of scores in units that make both of about one size. The smaller the first, the
# nearer what is foretold comes to a median of errors: means follow skeletons that hang on something else.
_UNITS = np.array([1 / 6, 1 / 6, 9.0])


@dataclass(frozen=True, slots=True)
class Lesson:
    """A clip: the body seen, its errors (T, 33, 6), see `fit.errors_of`, and the pictures (T,) that are looked at."""

    seen: Sight
    error: Array
    looked: Flags

    def both_ways(self) -> Iterator[tuple[Sight, Array, Array]]:
        """The sight, what is said in the picture (T, 33, 3), and the body that is said (T, 33, 3), and their mirror
        images: so the model has no better side."""
        flat, body = said_flat(self.error), self.seen.body + self.error[..., 2:5]
        yield self.seen, flat, body
        yield mirrored_sight(self.seen), mirrored_flat(flat), mirrored_body(body)


@dataclass(frozen=True, slots=True)
class Foresight:
    """``places`` foretells errors in the picture and scores, ``depths`` the body that is believed to be there."""

    places: Network
    depths: Network

    def said(self, seen: Sight) -> Array:
        """Errors (trunk lengths) and logits of scores (T, 33, 3), as they are on average."""
        return np.asarray(self.places.foretold(stance(seen)).reshape(len(seen.body), -1, 3) * _UNITS)

    def believed(self, seen: Sight, said: Array) -> Array:
        """The body (T, 33, 3), trunk lengths, that goes with what is ``said`` (T, 33, 3) in the picture."""
        foretold = self.depths.foretold(basis(seen, said)).reshape(len(seen.body), -1, 3)
        return foretold_body(seen.body, foretold)


def said_flat(error: Array) -> Array:
    """Of errors (T, 33, 6) those in the picture, and the logits of scores: (T, 33, 3)."""
    return np.asarray(error[..., [0, 1, 5]])


def learnt(lessons: Iterable[Lesson], rng: np.random.Generator) -> Foresight:
    """Teach both networks."""
    rows: tuple[list[Array], ...] = ([], [], [], [])
    for lesson in lessons:
        for seen, flat, body in lesson.both_ways():
            made = stance(seen), flat / _UNITS, basis(seen, flat), foretellable(seen.body, body)
            for kept, values in zip(rows, made, strict=True):
                kept.append(values.reshape(len(values), -1)[lesson.looked])
    stances, places, bases, bodies = (np.concatenate(kept) for kept in rows)
    return Foresight(taught(stances, places, rng), taught(bases, bodies, rng))
