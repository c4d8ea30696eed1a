"""The training loop of sequence classifiers: draw, step, look now and then, keep the best, go on after a stop."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from deukgeun.errors import TrainingError

Floats = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]
Report = Callable[[int, Mapping[str, float]], None]

LAST, BEST, LOG = "last.pt", "best.pt", "log.csv"


@dataclass(frozen=True, slots=True)
class LoopConfig:
    """How to train. ``look_every`` is in iterations; without improvement for ``patience`` looks training stops early
    (0: never). ``schedule``: the rate stays (``none``), falls by 5 % every hundredth of the way (``lambda``), falls as
    a half cosine (``cosine``), or rises for the first third and falls (``one_cycle``). ``bfloat16`` computes in half
    precision: about twice as fast on a processor that has it.
    """

    iterations: int = 10_000
    batch: int = 128
    optimiser: Literal["adamw", "sgd"] = "adamw"
    rate: float = 2e-3
    weight_decay: float = 1e-2
    schedule: Literal["none", "lambda", "cosine", "one_cycle"] = "one_cycle"
    label_smoothing: float = 0.05
    largest_gradient: float = 1.0
    look_every: int = 500
    patience: int = 0
    seed: int = 0
    threads: int = 1
    bfloat16: bool = False

    def __post_init__(self) -> None:
        if min(self.iterations, self.batch, self.look_every, self.threads) < 1:
            raise ValueError("iterations, batch, look_every and threads are at least 1")
        if self.optimiser not in _OPTIMISERS or self.schedule not in _SCHEDULES:
            raise ValueError(f"optimiser is one of {sorted(_OPTIMISERS)}, schedule one of {sorted(_SCHEDULES)}")


class Draw(Protocol):
    """Draws a batch: sequences (N, T, F) and their classes (N,)."""

    def __call__(self, rng: np.random.Generator, size: int) -> tuple[Floats, Labels]: ...


Look = Callable[[nn.Module], Mapping[str, float]]
"""Measures a network that is not in training; the figure ``score`` decides which is best."""


@dataclass(slots=True)
class _State:
    iteration: int
    best: float
    waited: int
    losses: list[float]


def fit(network: nn.Module, draw: Draw, look: Look, config: LoopConfig, folder: Path, report: Report | None = None,
        note: Mapping[str, Any] | None = None) -> dict[str, float]:  # fmt: skip
    """Train ``network`` in place and return the figures of its best state, which it then has.

    ``folder`` gets ``last.pt``, ``best.pt`` (network and ``note``, which says what it is) and ``log.csv``. A run that
    was stopped goes on from ``last.pt`` and ends in the same weights as one that was not. Raises
    ``training-checkpoint`` for a folder that holds another run.
    """
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    rng = np.random.default_rng(config.seed)
    optimiser = _OPTIMISERS[config.optimiser](network.parameters(), config)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, _SCHEDULES[config.schedule](config.iterations))
    folder.mkdir(parents=True, exist_ok=True)
    run = _Run(network, optimiser, schedule, rng, config, folder, dict(note or {}))
    state = run.resume()
    while state.iteration < config.iterations and not (config.patience and state.waited >= config.patience):
        state.losses.append(run.step(*draw(rng, config.batch)))
        state.iteration += 1
        if state.iteration % config.look_every == 0 or state.iteration == config.iterations:
            run.look(look, state, report)
    return run.finish()


def _adamw(parameters: Any, config: LoopConfig) -> torch.optim.Optimizer:
    return torch.optim.AdamW(parameters, lr=config.rate, weight_decay=config.weight_decay)


def _sgd(parameters: Any, config: LoopConfig) -> torch.optim.Optimizer:
    return torch.optim.SGD(parameters, lr=config.rate, momentum=0.9, weight_decay=config.weight_decay)


_OPTIMISERS = {"adamw": _adamw, "sgd": _sgd}
_RISE = 1 / 3


def _one_cycle(share: float) -> float:
    if share < _RISE:
        return float(0.04 + 0.96 * 0.5 * (1 - np.cos(np.pi * share / _RISE)))
    return float(0.5 * (1 + np.cos(np.pi * (share - _RISE) / (1 - _RISE))))


_SCHEDULES: dict[str, Callable[[int], Callable[[int], float]]] = {
    "none": lambda total: lambda k: 1.0,
    "lambda": lambda total: lambda k: float(0.95 ** (100 * k // total)),
    "cosine": lambda total: lambda k: float(0.5 * (1 + np.cos(np.pi * min(k / total, 1)))),
    "one_cycle": lambda total: lambda k: _one_cycle(min(k / total, 1)),
}


@dataclass(frozen=True, slots=True)
class _Run:
    """What a run changes, and where it keeps it."""

    network: nn.Module
    optimiser: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LambdaLR
    rng: np.random.Generator
    config: LoopConfig
    folder: Path
    note: dict[str, Any]

    def step(self, x: Floats, y: Labels) -> float:
        """One step of the optimiser; returns the loss."""
        self.network.train()
        with torch.autocast("cpu", torch.bfloat16, enabled=self.config.bfloat16):
            scores = self.network(torch.from_numpy(x))
        loss: Tensor = functional.cross_entropy(
            scores.float(), torch.from_numpy(y), label_smoothing=self.config.label_smoothing
        )
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), self.config.largest_gradient)
        self.optimiser.step()
        self.schedule.step()
        return float(loss.detach())

    def look(self, look: Look, state: _State, report: Report | None) -> None:
        """Measure, keep what is best, write the log and the state."""
        begun = time.perf_counter()
        figures = {"loss": float(np.mean(state.losses)), **self._figures(look)}
        state.losses.clear()
        better = figures["score"] > state.best
        state.best, state.waited = max(state.best, figures["score"]), 0 if better else state.waited + 1
        if better:
            self._save(BEST, {"network": self.network.state_dict(), "note": self.note, "figures": figures})
        self._save(LAST, self._whole(state))
        self._log({"iteration": state.iteration, **figures, "look_s": round(time.perf_counter() - begun, 2)})
        if report is not None:
            report(state.iteration, figures)

    def _figures(self, look: Look) -> dict[str, float]:
        self.network.eval()
        with torch.no_grad():
            return {name: float(value) for name, value in look(self.network).items()}

    def _whole(self, state: _State) -> dict[str, Any]:
        return {
            "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(),
            "torch_rng": torch.get_rng_state(),
            "numpy_rng": json.dumps(self.rng.bit_generator.state),
            "state": (state.iteration, state.best, state.waited),
            "note": self.note,
        }

    def resume(self) -> _State:
        """The state to go on from: a new one where the folder holds none."""
        path = self.folder / LAST
        if not path.exists():
            return _State(0, -np.inf, 0, [])
        kept = torch.load(path, weights_only=True)
        if kept["note"] != self.note:
            raise TrainingError("training-checkpoint", path=path, reason="it belongs to a run with other settings")
        self.network.load_state_dict(kept["network"])
        self.optimiser.load_state_dict(kept["optimiser"])
        self.schedule.load_state_dict(kept["schedule"])
        torch.set_rng_state(kept["torch_rng"])
        self.rng.bit_generator.state = json.loads(kept["numpy_rng"])
        iteration, best, waited = kept["state"]
        return _State(iteration, best, waited, [])

    def finish(self) -> dict[str, float]:
        """Take up the best state and return its figures."""
        kept = torch.load(self.folder / BEST, weights_only=True)
        self.network.load_state_dict(kept["network"])
        self.network.eval()
        return dict(kept["figures"])

    def _save(self, name: str, values: dict[str, Any]) -> None:
        part = self.folder / f".{name}.part"
        torch.save(values, part)
        part.replace(self.folder / name)

    def _log(self, row: Mapping[str, float]) -> None:
        path = self.folder / LOG
        new = not path.exists()
        with path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(row))
            if new:
                writer.writeheader()
            writer.writerow(row)
