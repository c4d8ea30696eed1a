"""The network that names movements, from a file of ONNX that says itself which they are (`NamerFile`)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.errors import ModelError
from deukgeun.onnx_session import described, open_session
from deukgeun.recognition.representation import FEATURES, Body, features

Floats = npt.NDArray[np.floating[Any]]

KEY = "deukgeun"  # of the description among the file's metadata
FORMAT = 1
INPUT, OUTPUTS = "windows", ("scores", "embedding")
KINDS = MOVEMENT, NEIGHBOUR, BACKGROUND = ("movement", "neighbour", "background")
_MOST_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class NamerFile:
    """What a file says of itself.

    ``classes`` are (name, kind): a ``movement`` of the catalogue, a ``neighbour`` that is none, or ``background``.
    A window is ``steps`` at ``rate_hz``. Scores are divided by ``temperature`` to be calibrated; then ``log_odds`` are
    added, of a movement, a neighbour and background: how much likelier each is in videos than it was in training. A
    movement that does not reach ``least_known`` is called unknown.
    """

    classes: tuple[tuple[str, str], ...]
    steps: int
    rate_hz: float
    temperature: float = 1.0
    least_known: float = 0.0
    log_odds: tuple[float, float, float] = (0.0, 0.0, 0.0)
    features: int = FEATURES
    format: int = FORMAT

    def __post_init__(self) -> None:
        if not self.classes or {kind for _, kind in self.classes} - set(KINDS):
            raise ValueError(f"classes are names, each with a kind of {', '.join(KINDS)}")
        if self.steps < 2 or self.rate_hz <= 0 or self.temperature <= 0:
            raise ValueError("a window has two steps at least; rate and temperature are over 0")

    @property
    def names(self) -> tuple[str, ...]:
        """The classes' names."""
        return tuple(name for name, _ in self.classes)

    def of_kind(self, kind: str) -> npt.NDArray[np.bool_]:
        """Return which classes (C,) are of a kind."""
        return np.array([each == kind for _, each in self.classes])

    @property
    def prior(self) -> Floats:
        """What is added to the score of each class (C,)."""
        return np.array([self.log_odds[KINDS.index(kind)] for _, kind in self.classes])

    def text(self) -> str:
        """Return the description as ``parsed`` reads it."""
        return json.dumps(asdict(self))

    @classmethod
    def parsed(cls, text: str) -> NamerFile:
        """Return the description in ``text``. Raises ``ValueError``."""
        values = json.loads(text)
        if not isinstance(values, dict) or values.get("format") != FORMAT:
            raise ValueError("its description is of another format")
        if values.get("features") != FEATURES:
            raise ValueError(f"it takes {values.get('features')} numbers of a body, not {FEATURES}")
        try:
            classes = tuple((str(name), str(kind)) for name, kind in values.pop("classes"))
            movement, neighbour, background = map(float, values.pop("log_odds", (0.0, 0.0, 0.0)))
            return cls(classes, **values, log_odds=(movement, neighbour, background))
        except (KeyError, TypeError) as error:
            raise ValueError("its description has other fields") from error


@dataclass(frozen=True, slots=True)
class Looked:
    """Of N windows: ``log_share`` (N, C) calibrated log probabilities, ``embedding`` (N, E) what they come from."""

    log_share: Floats
    embedding: Floats


class MovementNetwork:
    """A network and what its file says."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        """Load the network. Raises ``model-file`` for a file that is not one of ours."""
        self._session = open_session(path, threads)
        try:
            self.file = NamerFile.parsed(described(self._session, KEY))
        except ValueError as error:
            raise ModelError("model-file", path=path, reason=error) from error

    def look(self, windows: Body) -> Looked:
        """Return what windows of ``file.steps`` steps show. Raises ``ValueError`` for none, or of another length."""
        if not len(windows) or windows.score.shape[1] != self.file.steps:
            raise ValueError(f"expected windows of {self.file.steps} steps, got {windows.score.shape[:2]}")
        parts = [self._run(windows[k : k + _MOST_AT_ONCE]) for k in range(0, len(windows), _MOST_AT_ONCE)]
        scores, embedding = (np.concatenate(each) for each in zip(*parts, strict=True))
        return Looked(log_softmax(scores / self.file.temperature + self.file.prior), embedding)

    def _run(self, windows: Body) -> tuple[Floats, Floats]:
        scores, embedding = self._session.run(list(OUTPUTS), {INPUT: features(windows)})
        return scores, embedding


def log_softmax(scores: Floats) -> Floats:
    """Return the logarithm of the shares (..., C) that scores stand for; their exponentials add up to 1."""
    away = scores - scores.max(axis=-1, keepdims=True)
    return np.asarray(away - np.log(np.exp(away).sum(axis=-1, keepdims=True)))
