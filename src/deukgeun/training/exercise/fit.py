"""Train the network that names movements: tracks of the gym in, a checkpoint out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from deukgeun.errors import TrainingError
from deukgeun.recognition.representation import FEATURES, PARTS, Body, features
from deukgeun.recognition.windows import windows_of
from deukgeun.training.config import as_mapping
from deukgeun.training.exercise.augment import Amounts, vary
from deukgeun.training.exercise.corpus import RATE_HZ, Corpus, cut
from deukgeun.training.exercise.graph import graph
from deukgeun.training.sequence.loop import LoopConfig, Report, fit
from deukgeun.training.sequence.networks import NETWORKS

Floats = npt.NDArray[np.floating[Any]]

_MOST_AT_ONCE = 512
_NETWORKS = {**NETWORKS, "graph": graph}


@dataclass(frozen=True, slots=True)
class ExerciseConfig:
    """What is trained, on what, and how. ``without`` names parts of the representation that are left out,
    ``part_hidden`` is the share of windows in which each part is not there."""

    network: str = "tcn"
    width: int = 128
    depth: int = 4
    dropout: float = 0.1
    window_s: float = 4.0
    tempo: float = 0.2
    without: tuple[str, ...] = ()
    part_hidden: float = 0.12
    amounts: Amounts = field(default_factory=Amounts)
    loop: LoopConfig = field(default_factory=LoopConfig)

    def __post_init__(self) -> None:
        if self.network not in _NETWORKS or set(self.without) - set(PARTS):
            raise ValueError(f"network is one of {sorted(_NETWORKS)}, without names parts of {sorted(PARTS)}")

    @property
    def steps(self) -> int:
        """Steps of a window."""
        return round(self.window_s * RATE_HZ)


@dataclass(frozen=True, slots=True)
class Namer:
    """A network with what it needs to be used: its classes, the window, and the numbers it may see (F,)."""

    network: nn.Module
    classes: tuple[str, ...]
    steps: int
    mask: Floats

    def log_probabilities(self, bodies: Sequence[Body], hop: int = 10) -> Floats:
        """Return (B, C): of each person's whole track, the mean over its windows."""
        self.network.eval()
        cuts = [windows_of(body, self.steps, hop) for body in bodies]
        ends = np.cumsum([0, *map(len, cuts)])
        rows = np.concatenate([self._of_windows(features(each) * self.mask) for each in _in_parts(cuts)])
        return np.stack([rows[a:b].mean(axis=0) for a, b in pairwise(ends)])

    def _of_windows(self, x: Floats) -> Floats:
        with torch.no_grad():
            found = torch.log_softmax(self.network(torch.from_numpy(x.astype(np.float32))), 1)
        return np.asarray(found.numpy())


def _in_parts(cuts: Sequence[Body]) -> list[Body]:
    """The windows of many tracks in few large pieces."""
    whole = Body(*(np.concatenate([getattr(c, name) for c in cuts]) for name in ("xyz", "xy", "score")))
    return [whole[k : k + _MOST_AT_ONCE] for k in range(0, len(whole), _MOST_AT_ONCE)]


def seen_numbers(without: Sequence[str]) -> Floats:
    """Return 1 for every number that may be looked at, 0 for the others (F,)."""
    mask = np.ones(FEATURES, np.float32)
    for name in without:
        mask[PARTS[name]] = 0
    return mask


def build(config: ExerciseConfig, classes: Sequence[str]) -> Namer:
    """Return an untrained network; its weights depend on the seed alone."""
    torch.manual_seed(config.loop.seed)
    make = _NETWORKS[config.network]
    network = make(FEATURES, len(classes), width=config.width, depth=config.depth, dropout=config.dropout)
    return Namer(network, tuple(classes), config.steps, seen_numbers(config.without))


def train(
    config: ExerciseConfig, known: Corpus, unseen: Corpus, folder: Path, report: Report | None = None
) -> tuple[Namer, dict[str, float]]:
    """Return a network trained on ``known``, and its figures on ``unseen``, which decides which state is kept.

    Raises ``training-no-data`` where ``unseen`` shows what ``known`` does not.
    """
    kinds = {told.name: told.kind for told in known.told}
    classes = tuple(sorted(kinds))
    namer = build(config, classes)
    target = np.array([classes.index(told.name) for told in known.told])

    def draw(rng: np.random.Generator, size: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
        which = rng.integers(len(known), size=size)
        x = features(vary(cut(known, which, config.steps, rng, config.tempo), rng, config.amounts)) * namer.mask
        return _with_parts_hidden(x, rng, config.part_hidden), target[which]

    if not len(unseen) or {told.name for told in unseen.told} - set(classes):
        raise TrainingError("training-no-data", path="athletes of whom too few tracks are there")
    bodies = [unseen.track(k) for k in range(len(unseen))]
    truth = np.array([classes.index(told.name) for told in unseen.told])

    def look(_: nn.Module) -> Mapping[str, float]:
        found = namer.log_probabilities(bodies)
        sure = found[np.arange(len(truth)), truth]
        return {"score": float(np.mean(found.argmax(axis=1) == truth)), "surprise": float(-sure.mean())}

    note = {"config": as_mapping(config), "classes": [[name, kinds[name]] for name in classes]}
    return namer, fit(namer.network, draw, look, config.loop, folder, report, note)


def _with_parts_hidden(x: Floats, rng: np.random.Generator, share: float) -> npt.NDArray[np.float32]:
    out = x.astype(np.float32)
    for part in PARTS.values():
        out[rng.random(len(x)) < share, :, part] = 0
    return out
