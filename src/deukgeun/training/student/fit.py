"""Train and test a classifier of AI Hub's sequences, on the loop that all sequence networks share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from deukgeun.training.config import as_mapping
from deukgeun.training.sequence.loop import LoopConfig, Report, fit
from deukgeun.training.sequence.networks import NETWORKS
from deukgeun.training.student.sequences import (
    HEIGHT,
    JOINTS,
    WIDTH,
    Sequences,
    classes_of,
    exercise_scores,
    inputs,
    mirrored,
    resampled,
)

Floats = npt.NDArray[np.floating[Any]]
Rng = np.random.Generator

_MOST_AT_ONCE = 1024


@dataclass(frozen=True, slots=True)
class StudentConfig:
    """What is trained, and on what.

    The original: ``lstm``, ``length`` 32, ``frame`` picture, classes of exercise and view, nothing varied. ``vary`` is
    the size of random changes: the mirror, place and scale in the picture, joints off by 1 % of its width.
    """

    network: str = "lstm"
    width: int = 128
    depth: int = 2
    dropout: float = 0.2
    length: int = 32
    frame: Literal["picture", "body"] = "picture"
    with_view: bool = True
    vary: float = 0.0
    loop: LoopConfig = field(default_factory=lambda: LoopConfig(iterations=100_000, rate=1e-3, schedule="none"))

    def __post_init__(self) -> None:
        if self.network not in NETWORKS or self.frame not in ("picture", "body") or self.length < 2:
            raise ValueError(f"network is one of {sorted(NETWORKS)}, frame picture or body, length at least 2")


@dataclass(frozen=True, slots=True)
class Student:
    """A network with what it needs to be used."""

    network: nn.Module
    classes: tuple[str, ...]
    config: StudentConfig

    def log_probabilities(self, sequences: Sequences) -> Floats:
        """Return (N, C)."""
        self.network.eval()
        xy = resampled(sequences, self.config.length).xy
        found = []
        with torch.no_grad():
            for k in range(0, len(xy), _MOST_AT_ONCE):
                x = torch.from_numpy(inputs(xy[k : k + _MOST_AT_ONCE], self.config.frame))
                found.append(torch.log_softmax(self.network(x), 1).numpy())
        return np.concatenate(found)

    def names(self, sequences: Sequences) -> npt.NDArray[np.str_]:
        """Return the exercise of each (N,), the views' classes added up."""
        scores, exercises = exercise_scores(self.log_probabilities(sequences), self.classes)
        return np.asarray(np.array(exercises)[scores.argmax(axis=1)])


def build(config: StudentConfig, classes: tuple[str, ...]) -> Student:
    """Return an untrained classifier; its weights depend on the seed alone."""
    torch.manual_seed(config.loop.seed)
    make = NETWORKS[config.network]
    network = make(2 * JOINTS, len(classes), width=config.width, depth=config.depth, dropout=config.dropout)
    return Student(network, classes, config)


def train(
    config: StudentConfig, known: Sequences, unseen: Sequences, folder: Path, report: Report | None = None
) -> tuple[Student, dict[str, float]]:
    """Return a classifier trained on ``known``, and its figures on ``unseen``, which decides which state is kept."""
    named = classes_of(known, config.with_view)
    classes = tuple(sorted(set(named.tolist())))
    student = build(config, classes)
    target = np.searchsorted(classes, named)
    xy = resampled(known, config.length).xy

    def draw(rng: Rng, size: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
        which = rng.integers(len(xy), size=size)
        return inputs(varied(xy[which], rng, config.vary), config.frame), target[which]

    def look(_: nn.Module) -> Mapping[str, float]:
        return {"score": float(np.mean(student.names(unseen) == unseen.exercise))}

    note = {"config": as_mapping(config), "classes": list(classes)}
    return student, fit(student.network, draw, look, config.loop, folder, report, note)


def varied(xy: Floats, rng: Rng, amount: float) -> Floats:
    """Return sequences as they might have been as well; as they are for ``amount`` 0."""
    if not amount:
        return xy
    one = (len(xy), 1, 1, 1)
    flip = rng.random(one) < 0.5
    out = np.where(flip, mirrored(xy), xy)
    middle = out.mean(axis=(1, 2), keepdims=True)
    scale = np.exp(rng.normal(0, 0.1 * amount, one))
    shift = rng.normal(0, 0.05 * amount, (len(xy), 1, 1, 2)) * np.array([WIDTH, HEIGHT])
    noise = rng.normal(0, 0.01 * amount * WIDTH, (len(xy), 1, *xy.shape[2:])) + rng.normal(0, 4 * amount, xy.shape)
    return np.asarray(middle + (out - middle) * scale + shift + noise)
