"""The student project's classifier: it learns, names by exercise, and sweeps are resumable."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")

from deukgeun.errors import TrainingError
from deukgeun.training.sequence.loop import LoopConfig
from deukgeun.training.student.fit import StudentConfig, train, varied
from deukgeun.training.student.sequences import Sequences, by_performer
from deukgeun.training.student.sweep import RESULTS, load_study, sweep

LOOP = LoopConfig(iterations=300, batch=32, rate=5e-3, schedule="one_cycle", look_every=100)


def made(count: int = 240, length: int = 16) -> Sequences:
    """Somebody who lifts the arms slowly, quickly or not at all, seen from five sides."""
    rng = np.random.default_rng(2)
    kind, view = rng.integers(3, size=count), rng.integers(5, size=count)
    xy = np.broadcast_to(rng.uniform(500, 900, (1, 1, 24, 2)), (count, length, 24, 2)).copy()
    xy[..., 0] += 100 * view[:, None, None]
    phase = rng.uniform(0, 1.5, (count, 1, 1))
    xy[:, :, 5:11, 1] += 120 * np.sin(np.arange(length)[:, None] * np.array([0, 0.5, 1.5])[kind][:, None, None] + phase)
    return Sequences(
        xy + rng.normal(0, 3, xy.shape),
        np.array(["still", "slow", "quick"])[kind],
        np.array(list("ABCDE"))[view],
        np.array([f"Z{k % 8}" for k in range(count)]),
    )


@pytest.mark.parametrize("network", ["lstm", "tcn"])
@pytest.mark.parametrize("with_view", [True, False])
def test_it_learns(tmp_path: Path, network: str, with_view: bool) -> None:
    known, unseen = by_performer(made(), held=2)
    config = StudentConfig(network, 32, 1, 0.0, 16, "body", with_view, loop=LOOP)
    student, figures = train(config, known, unseen, tmp_path)
    assert len(student.classes) == (15 if with_view else 3)
    assert figures["score"] == np.mean(student.names(unseen) == unseen.exercise)
    assert figures["score"] > 0.8


def test_variation_is_drawn_by_the_generator() -> None:
    xy = made(8).xy
    assert varied(xy, np.random.default_rng(0), 0.0) is xy
    one, two, other = (varied(xy, np.random.default_rng(seed), 1.0) for seed in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.allclose(one, other)


STUDY = """
[base]
network = "lstm"
width = 16
length = 16
[base.loop]
iterations = 20
look_every = 10
[[group]]
"loop.batch" = [8, 16]
[[group]]
"loop.batch" = [16]
[[group]]
network = ["linear"]
frame = ["picture", "body"]
"""


def test_a_sweep_is_resumable(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    study = load_study(tmp_path / "study.toml")
    assert [name for name, _ in study.runs()] == [
        "batch=8", "batch=16", "network=linear,frame=picture", "network=linear,frame=body"
    ]  # fmt: skip
    assert next(study.runs())[1].loop.iterations == 20
    known, unseen = by_performer(made(60), held=2)
    rows = sweep(study, known, unseen, tmp_path / "runs")
    (tmp_path / "runs" / "batch=8" / "figures.json").write_text(json.dumps({"score": 0.123}), "utf-8")
    again = sweep(study, known, unseen, tmp_path / "runs")
    assert again[0]["score"] == 0.123
    assert again[1:] == rows[1:]
    assert len((tmp_path / "runs" / RESULTS).read_text("utf-8").splitlines()) == 5


@pytest.mark.parametrize(
    "text",
    ["[base]\n", "[[group]]\nnetwork = 'lstm'\n", "[[groups]]\n", "x = ", '[[group]]\n"loop.pace" = [1]\n',
     '[[group]]\nnetwork = ["oracle"]\n'],
)  # fmt: skip
def test_a_study_that_is_not_well_written(tmp_path: Path, text: str) -> None:
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    with pytest.raises(TrainingError, match="training-config"):
        list(load_study(tmp_path / "study.toml").runs())
