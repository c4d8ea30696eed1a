"""Exercises that a person has taught by one to a few examples: prototypes among the network's embeddings, no training.

The embedding of a window is three thirds: mean, largest value and spread over time of the network's channels. Each
third is standardised by itself (the network's last layer standardises all three at once, so large values would drown
the spread); then windows of different exercises are about at right angles, and a cosine means something without any
reference that a new network would make wrong.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from deukgeun.errors import PersonalError
from deukgeun.exercises import PERSONAL, catalogue
from deukgeun.exercises.loader import fold
from deukgeun.motion.timeline import Movement
from deukgeun.recognition.network import BACKGROUND, MovementNetwork
from deukgeun.recognition.segmentation import segment
from deukgeun.recognition.windows import windows

if TYPE_CHECKING:
    from deukgeun.recognition.recogniser import Guess

Floats = npt.NDArray[np.floating[Any]]
Measure = Literal["reps", "hold"]

SHORTEST_S = 2.0
"""An example has to last so long."""
MOST_EXAMPLES = 12
"""Of one exercise: further ones take the place of the oldest."""
_LONGEST_NAME = 60
_NOT_IN_NAMES = {"Cc", "Cf", "Cs", "Zl", "Zp"}

# Cosine distances of whole sets. A network that was trained without ten of the gym's classes sees two athletes' sets of
# one of these 0.14 to 0.98 apart (90 %, from any two sides), and only 2 % of other exercises nearer than 0.5. How far
# an example's windows scatter says little of how far other people's sets will be: it moves the radius between narrow
# bounds.
_RADIUS, _LEAST_RADIUS, _LARGEST_RADIUS = 0.40, 0.45, 0.55
_SOFTNESS = 0.1  # nearer by so much is e times likelier
_MOST_ODDS = 20.0  # for what the network knows: it is too sure of movements that it has never seen
_LEAST_SHARE = 0.01
_EDGE = 4  # windows at each end of a stretch that also see what comes before or after it


@dataclass(frozen=True, slots=True)
class PersonalExercise:
    """An exercise by example.

    ``prototypes`` (P, E) float32 unit vectors, one of each example; a set within the cosine distance ``radius`` of one
    of them is taken for this exercise; ``model`` names the recogniser whose embeddings they are of. Raises
    ``personal-name``, and ``ValueError`` for values that cannot be.
    """

    name: str
    measure: Measure
    prototypes: npt.NDArray[np.float32]
    radius: float
    model: str

    def __post_init__(self) -> None:
        if clean_name(self.name) != self.name or self.measure not in ("reps", "hold"):
            raise ValueError("the name is not clean, or the measure neither 'reps' nor 'hold'")
        if self.prototypes.ndim != 2 or not self.prototypes.size:
            raise ValueError(f"expected prototypes (P, E), got {self.prototypes.shape}")
        if not np.allclose(np.linalg.norm(self.prototypes, axis=1), 1.0, atol=1e-3):
            raise ValueError("prototypes are of length 1")
        if not 0 < self.radius <= 1:
            raise ValueError("the radius lies between 0 and 1")

    @property
    def slug(self) -> str:
        """``my:`` and the name's letters and digits: names that differ in spaces or capitals only are the same."""
        return PERSONAL + fold(self.name)

    @classmethod
    def learnt(cls, name: str, measure: Measure, examples: Sequence[Floats], model: str) -> PersonalExercise:
        """Return the exercise that examples, each the embeddings (W, E) of one set, show. Raises ``personal-name``."""
        prototypes = np.stack([prototype(each) for each in examples]).astype(np.float32)
        radius = max(map(radius_of, examples))
        return cls(clean_name(name), measure, prototypes[-MOST_EXAMPLES:], radius, model)

    def joined(self, other: PersonalExercise) -> PersonalExercise:
        """Return this exercise with the other's examples too, counted as the other is.

        Raises ``personal-other-network`` where they were made with different networks.
        """
        if (self.model, self.prototypes.shape[1]) != (other.model, other.prototypes.shape[1]):
            raise PersonalError("personal-other-network", name=self.name, model=self.model, other=other.model)
        new = other.prototypes[(other.prototypes @ self.prototypes.T).max(axis=1) < 1 - 1e-6]
        both = np.concatenate([self.prototypes, new])[-MOST_EXAMPLES:]
        return replace(self, measure=other.measure, prototypes=both, radius=max(self.radius, other.radius))


@dataclass(frozen=True, slots=True)
class Personal:
    """The exercises that a person has taught, no two of one slug."""

    exercises: tuple[PersonalExercise, ...] = ()

    def __post_init__(self) -> None:
        if len({each.slug for each in self.exercises}) < len(self.exercises):
            raise ValueError("two exercises have the same name")

    def __len__(self) -> int:
        return len(self.exercises)

    def __iter__(self) -> Iterator[PersonalExercise]:
        return iter(self.exercises)

    def get(self, text: str) -> PersonalExercise | None:
        """Return the exercise of this name (spaces and capitals do not count) or slug, or None."""
        slug = PERSONAL + fold(text.removeprefix(PERSONAL))
        return next((each for each in self.exercises if each.slug == slug), None)

    def find(self, text: str) -> PersonalExercise:
        """Return the exercise of this name or slug. Raises ``personal-unknown``, which names the nearest."""
        found = self.get(text)
        if found is None:
            near = difflib.get_close_matches(text, [each.name for each in self.exercises], cutoff=0.4)
            raise PersonalError("personal-unknown", name=text, nearest=", ".join(near) or "none")
        return found

    def plus(self, exercise: PersonalExercise) -> Personal:
        """Return the collection with one more, or more examples of one that is there. Raises
        ``personal-other-network``."""
        there = {each.slug: each for each in self.exercises}
        known = there.get(exercise.slug)
        there[exercise.slug] = exercise if known is None else known.joined(exercise)
        return Personal(tuple(there.values()))

    def without(self, text: str) -> Personal:
        """Return the collection without an exercise. Raises ``personal-unknown``."""
        gone = self.find(text)
        return Personal(tuple(each for each in self.exercises if each is not gone))

    def made_with(self, model: str, width: int | None = None) -> Personal:
        """Return those that a recogniser can use: made with it, and with embeddings of its ``width``."""
        return Personal(tuple(e for e in self.exercises if e.model == model and width in (None, e.prototypes.shape[1])))

    def match(self, embedding: Floats) -> tuple[tuple[str, ...], Floats]:
        """Return the slugs and how far each window (W, E) is each exercise, shares (W, P).

        The shares of a window add up to less than 1: the rest is none of them. With one exercise the share is a half
        at its radius. Raises ``ValueError`` for embeddings of another width than the prototypes.
        """
        odds = self._odds(_unit(standardised(embedding)))
        return tuple(each.slug for each in self.exercises), odds / (1 + odds.sum(axis=1, keepdims=True))

    def _odds(self, directions: Floats) -> Floats:
        """Return (N, P) how many times likelier each exercise is than none of them."""
        columns = [np.exp((e.radius - distances(e.prototypes, directions).min(1)) / _SOFTNESS) for e in self.exercises]
        return np.stack(columns, axis=1) if columns else np.zeros((len(directions), 0))


def clean_name(text: str) -> str:
    """Return a name with single spaces, Unicode composed. Raises ``personal-name`` for one that cannot be."""
    name = " ".join(part for part in unicodedata.normalize("NFC", text).split(" ") if part)
    if any(unicodedata.category(letter) in _NOT_IN_NAMES for letter in name):
        raise PersonalError("personal-name", name=name, reason="it holds control characters")
    if not fold(name) or len(name) > _LONGEST_NAME:
        reason = f"it has 1 to {_LONGEST_NAME} characters, and a letter or digit among them"
        raise PersonalError("personal-name", name=name, reason=reason)
    return name


def standardised(embedding: Floats) -> Floats:
    """Return embeddings (N, E) with each third (mean, largest, spread) of mean 0 and deviation 1.

    An embedding of another make, whose width is no multiple of 3, is standardised as a whole.
    """
    thirds = 3 if embedding.shape[1] % 3 == 0 else 1
    parts = embedding.astype(np.float64).reshape(len(embedding), thirds, -1)
    centred = parts - parts.mean(axis=2, keepdims=True)
    out: Floats = (centred / (parts.std(axis=2, keepdims=True) + 1e-6)).reshape(embedding.shape)
    return out


def prototype(embedding: Floats) -> Floats:
    """Return the direction (E,), a unit vector, of the mean of a set's standardised windows (W, E).

    Raises ``ValueError`` for no windows, and for ones that point nowhere.
    """
    if embedding.ndim != 2 or not len(embedding) or not np.isfinite(embedding).all():
        raise ValueError(f"expected finite embeddings (W, E), got {embedding.shape}")
    mean = standardised(embedding).mean(axis=0, keepdims=True)
    if not np.linalg.norm(mean) > 1e-6:
        raise ValueError("the windows' embeddings have no direction")
    direction: Floats = _unit(mean)[0]
    return direction


def radius_of(embedding: Floats) -> float:
    """Return how far a set may be from the prototype of an example (W, E): more where its own windows scatter."""
    own = distances(prototype(embedding)[None], _unit(standardised(embedding)))
    return float(np.clip(_RADIUS + np.quantile(own, 0.9), _LEAST_RADIUS, _LARGEST_RADIUS))


def distances(prototypes: Floats, directions: Floats) -> Floats:
    """Return the cosine distances (N, P), 0 to 2, of unit vectors (N, E) from prototypes (P, E)."""
    if directions.shape[1] != prototypes.shape[1]:
        raise ValueError(f"expected embeddings of {prototypes.shape[1]}, got {directions.shape[1]}")
    out: Floats = 1.0 - directions @ prototypes.T
    return out


def nearest(prototypes: Floats, embedding: Floats) -> int:
    """Return which of K prototypes (K, E) a set's windows (W, E) are nearest to, by the cosine with their mean."""
    return int(distances(prototypes, prototype(embedding)[None])[0].argmin())


def _unit(vectors: Floats) -> Floats:
    out: Floats = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-12)
    return out


def with_personal(guesses: tuple[Guess, ...], embedding: Floats, personal: Personal) -> tuple[Guess, ...]:
    """Return the guesses of a stretch with the personal exercises that its windows (W, E) are near enough to.

    An exercise is near enough within its radius, where it is as likely as not. The nearest leads if it is also likelier
    than the best movement of the catalogue among ``guesses``; that the network calls it unknown does not speak against
    it. Confidences still add up to at most 1. ``personal`` holds only exercises of this network (`Personal.made_with`).
    """
    if not guesses or not len(personal) or not len(embedding):
        return guesses
    odds = personal._odds(prototype(_inner(embedding))[None])[0]
    if odds.max() < 1:
        return guesses
    known = _known_odds(guesses)
    shares = odds / (1 + known + odds.sum())
    mine = [
        replace(guesses[0], exercise=each.slug, confidence=float(share), equipment=None)
        for each, share in sorted(zip(personal, shares, strict=True), key=lambda pair: -pair[1])
        if share >= _LEAST_SHARE
    ]
    rest = [replace(g, confidence=float(g.confidence * (1 - shares.sum()))) for g in guesses]
    first = mine[0] if odds.max() >= known else rest[0]
    others = sorted((g for g in (*mine, *rest) if g is not first), key=lambda g: -g.confidence)
    return (first, *others)


def _inner(embedding: Floats) -> Floats:
    """Return the windows without those at the ends, which also see what is beside the stretch."""
    cut = min(_EDGE, len(embedding) // 4)
    return embedding[cut : len(embedding) - cut]


def _known_odds(guesses: Sequence[Guess]) -> float:
    """Return the odds of the catalogue's likeliest movement; its implements count together."""
    shares: dict[str, float] = {}
    for guess in guesses:
        if guess.exercise in catalogue():
            movement = catalogue()[guess.exercise].movement
            shares[movement] = shares.get(movement, 0.0) + guess.confidence
    best = max(shares.values(), default=0.0)
    return min(best / max(1 - best, 1e-9), _MOST_ODDS)


def example_of(movement: Movement, network: MovementNetwork) -> Floats:
    """Return the embeddings (W, E) of the windows of one set: a whole movement is the example.

    Raises ``personal-too-short``.
    """
    lasts_s = len(movement) / movement.rate_hz
    if lasts_s < SHORTEST_S:
        raise PersonalError("personal-too-short", seconds=lasts_s, least=SHORTEST_S)
    return windows(movement, network).embedding


def active_part(movement: Movement, network: MovementNetwork) -> Movement:
    """Return the longest stretch that the network does not take for background, of it what was in sight in one piece.

    Where all is background to the network, that is the longest piece in sight of the whole. Stretches that follow each
    other are not joined, though a new movement may be cut in two: the other might be another exercise.
    """
    found = windows(movement, network)
    active = [
        movement.part(found.starts[stretch.first], found.starts[stretch.last])
        for stretch in segment(found)
        if network.file.classes[stretch.state][1] != BACKGROUND
    ]
    longest = max(active, key=len, default=movement)
    return longest.part(*_longest_run(longest.seen))


def _longest_run(flags: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """Return first and last (exclusive) of the longest run of True; (0, 0) where there is none."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int)))
    runs = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
    return max(runs, key=lambda run: run[1] - run[0], default=(0, 0))
