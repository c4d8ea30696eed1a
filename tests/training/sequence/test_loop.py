"""The training loop: it learns, it stops early, it goes on where it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")

from deukgeun.errors import TrainingError  # noqa: E402
from deukgeun.training.sequence.loop import LAST, LOG, LoopConfig, fit  # noqa: E402

CONFIG = LoopConfig(iterations=60, batch=16, look_every=20, rate=0.02, seed=3)


class Killed(Exception):
    """The run is stopped from outside."""


def network() -> torch.nn.Module:
    torch.manual_seed(1)
    return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(8, 16), torch.nn.Dropout(0.2), torch.nn.ReLU(),
                               torch.nn.Linear(16, 2))  # fmt: skip


def draw(rng: np.random.Generator, size: int) -> tuple[np.ndarray, np.ndarray]:
    x = rng.standard_normal((size, 4, 2)).astype(np.float32)
    return x, (x[:, 0, 0] * x[:, 1, 1] + x[:, 2, 0] > 0).astype(np.int64)


def look(found: torch.nn.Module) -> dict[str, float]:
    x, y = draw(np.random.default_rng(99), 400)
    return {"score": float((found(torch.from_numpy(x)).argmax(1).numpy() == y).mean())}


def weights(found: torch.nn.Module) -> list[np.ndarray]:
    return [p.detach().numpy().copy() for p in found.parameters()]


@pytest.mark.parametrize("optimiser", ["adamw", "sgd"])
@pytest.mark.parametrize("schedule", ["none", "lambda", "cosine", "one_cycle"])
def test_it_learns(tmp_path: Path, optimiser: str, schedule: str) -> None:
    before = look(network().eval())["score"]
    config = replace(CONFIG, optimiser=optimiser, schedule=schedule)
    after = fit(network(), draw, look, config, tmp_path)
    assert after["score"] > max(before, 0.5) + 0.1


def test_half_precision_learns_the_same(tmp_path: Path) -> None:
    """Scores are rounded to three digits at most: losses of the first steps agree to about 1 %."""
    losses = []
    for half in (False, True):
        config = replace(CONFIG, iterations=10, look_every=10, bfloat16=half)
        fit(network(), draw, look, config, tmp_path / str(half))
        losses.append(float((tmp_path / str(half) / LOG).read_text("utf-8").splitlines()[1].split(",")[1]))
    assert losses[0] != losses[1]
    assert losses[1] == pytest.approx(losses[0], rel=0.02)


def test_a_run_that_was_stopped_ends_in_the_same_weights(tmp_path: Path) -> None:
    whole, halves = network(), network()
    fit(whole, draw, look, CONFIG, tmp_path / "whole")

    def stop(iteration: int, figures: object) -> None:
        if iteration == 40:
            raise Killed

    with pytest.raises(Killed):
        fit(halves, draw, look, CONFIG, tmp_path / "halves", stop)
    again = network()
    fit(again, draw, look, CONFIG, tmp_path / "halves")
    assert all(np.array_equal(a, b) for a, b in zip(weights(whole), weights(again), strict=True))
    logs = [(tmp_path / name / LOG).read_text().splitlines() for name in ("whole", "halves")]
    assert [line.split(",")[:3] for line in logs[0]] == [line.split(",")[:3] for line in logs[1]]


def test_it_stops_when_nothing_improves(tmp_path: Path) -> None:
    seen = []
    config = replace(CONFIG, iterations=1000, patience=2)
    fit(network(), draw, lambda _: {"score": 0.5}, config, tmp_path, lambda k, _: seen.append(k))
    assert seen == [20, 40, 60]


def test_the_best_state_is_what_is_left(tmp_path: Path) -> None:
    scores = iter([0.9, 0.1, 0.2])
    at_best: list[list[np.ndarray]] = []
    found = network()
    fit(found, draw, lambda _: {"score": next(scores)}, CONFIG, tmp_path,
        lambda k, _: at_best.append(weights(found)))  # fmt: skip
    assert all(np.array_equal(a, b) for a, b in zip(weights(found), at_best[0], strict=True))


def test_a_folder_of_another_run_is_refused(tmp_path: Path) -> None:
    fit(network(), draw, look, CONFIG, tmp_path, note={"window": 4})
    assert (tmp_path / LAST).exists()
    with pytest.raises(TrainingError, match="training-checkpoint"):
        fit(network(), draw, look, CONFIG, tmp_path, note={"window": 5})


@pytest.mark.parametrize("values", [{"iterations": 0}, {"optimiser": "newton"}, {"schedule": "steps"}])
def test_a_configuration_that_makes_no_sense(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"is one of|at least 1"):
        LoopConfig(**values)
