"""A run learns, goes on after a kill as if there had been none, and gives the same with two processes as with one."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra train")

from tests.training.pose import drawn  # noqa: E402

from deukgeun.errors import TrainingError  # noqa: E402
from deukgeun.training.config import as_mapping, from_mapping  # noqa: E402
from deukgeun.training.pose.__main__ import main  # noqa: E402
from deukgeun.training.pose.augment import Augmentation  # noqa: E402
from deukgeun.training.pose.crops import read_crops  # noqa: E402
from deukgeun.training.pose.data import plan  # noqa: E402
from deukgeun.training.pose.group import Group  # noqa: E402
from deukgeun.training.pose.metrics import keypoint_rmse  # noqa: E402
from deukgeun.training.pose.predict import predict  # noqa: E402
from deukgeun.training.pose.records import build, load_trained  # noqa: E402
from deukgeun.training.pose.settings import PoseConfig  # noqa: E402
from deukgeun.training.pose.train import best_epoch, train  # noqa: E402

ALONE = Group(0, 1, torch.device("cpu"))


def history(folder: Path) -> list[dict[str, float]]:
    with (folder / "history.csv").open(newline="") as stream:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(stream)]


def weights(folder: Path, name: str = "last.pt") -> dict[str, Any]:
    return dict(torch.load(folder / name, weights_only=True)["model"])


@pytest.mark.parametrize("head", ["heatmap", "simcc"])
def test_a_network_learns_what_is_drawn(head: str, tmp_path: Path) -> None:
    config = drawn.config(
        tmp_path, train=32, epochs=10, head=head, learning_rate=0.005, augmentation=Augmentation(rotation_deg=0.0)
    )
    best = train(config, tmp_path / "run")
    rows = history(tmp_path / "run")
    first, last = rows[0]["rmse_mean"], min(row["rmse_mean"] for row in rows)
    assert last < 0.5 * first
    assert rows[-1]["train_loss"] < 0.8 * rows[0]["train_loss"]
    model, found, rest = load_trained(best)
    assert found == config
    assert rest["epoch"] == best_epoch(rows)
    samples = read_crops(Path(config.val), drawn.JOINTS)
    again = predict(model, samples, drawn.JOINTS, ALONE, 4)
    assert float(np.mean(keypoint_rmse(again.squared))) == pytest.approx(last, rel=1e-4)
    flipped = predict(model, samples, drawn.JOINTS, ALONE, 4, flip_test=True)
    assert float(np.mean(keypoint_rmse(flipped.squared))) < 1.3 * last


def test_fewer_bits_learn_the_same(tmp_path: Path) -> None:
    rows = {}
    for fewer in (False, True):
        config = drawn.config(tmp_path, train=16, epochs=2, learning_rate=0.005, bfloat16=fewer)
        train(config, tmp_path / f"run_{fewer}")
        rows[fewer] = [row["train_loss"] for row in history(tmp_path / f"run_{fewer}")]
    assert rows[True] != rows[False]
    assert rows[True] == pytest.approx(rows[False], rel=0.15)


def test_a_run_leaves_what_is_needed_to_repeat_it(tmp_path: Path) -> None:
    config = drawn.config(tmp_path, epochs=7)
    train(config, tmp_path / "run")
    names = {path.name for path in (tmp_path / "run").iterdir()}
    kept = {"epoch_001.pt", "epoch_006.pt", "epoch_007.pt", "best.pt", "last.pt"}
    assert names == kept | {"config.json", "versions.json", "history.csv"}
    assert from_mapping(PoseConfig, json.loads((tmp_path / "run" / "config.json").read_text())) == config
    made = json.loads((tmp_path / "run" / "versions.json").read_text())
    assert {"torch", "numpy", "deukgeun"} <= set(made["packages"])
    assert set(made["sha256"]) == {"train", "val"}
    row = history(tmp_path / "run")[-1]
    assert {"train_loss", "val_loss", "rmse_mean", "rmse_median", "rmse_left_palm", "rmse_nose"} <= set(row)


KILLED = """
import os, signal, sys
from pathlib import Path
from deukgeun.training.config import load_config
from deukgeun.training.pose.settings import PoseConfig
from deukgeun.training.pose.train import train
seen = []
def tell(stage, done, total):
    seen.append(stage)
    if stage == sys.argv[3] and seen.count(stage) == int(sys.argv[4]):
        os.kill(os.getpid(), signal.SIGKILL)
train(load_config(PoseConfig, Path(sys.argv[1])), Path(sys.argv[2]), tell)
"""


@pytest.mark.parametrize(("stage", "number"), [("epoch", 3), ("step", 5)], ids=["between epochs", "within one"])
def test_a_run_that_was_killed_ends_with_the_same_weights(stage: str, number: int, tmp_path: Path) -> None:
    config = drawn.config(tmp_path, epochs=4, schedule="cosine")
    torch.set_num_threads(1)
    train(config, tmp_path / "whole")
    arguments = [str(toml(config, tmp_path / "cut.toml")), str(tmp_path / "cut"), stage, str(number)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    ended = subprocess.run([sys.executable, "-c", KILLED, *arguments], env=environment, timeout=200, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert len(history(tmp_path / "cut")) == 2
    torch.manual_seed(99)  # another process has another state
    train(replace(config, workers=1), tmp_path / "cut")
    whole, cut = weights(tmp_path / "whole"), weights(tmp_path / "cut")
    assert all(torch.equal(whole[key], cut[key]) for key in whole)
    alike = [{**row, "seconds": 0} for row in history(tmp_path / "whole")]
    assert [{**row, "seconds": 0} for row in history(tmp_path / "cut")] == alike


def test_a_finished_run_stays_as_it_is(tmp_path: Path) -> None:
    config = drawn.config(tmp_path, epochs=1)
    train(config, tmp_path / "run")
    before = {path: path.read_bytes() for path in (tmp_path / "run").iterdir()}
    told: list[str] = []
    train(config, tmp_path / "run", lambda stage, done, total: told.append(stage))
    assert not told
    assert {path: path.read_bytes() for path in (tmp_path / "run").iterdir()} == before


def test_another_configuration_or_other_crops_do_not_go_on(tmp_path: Path) -> None:
    config = drawn.config(tmp_path, epochs=1)
    train(config, tmp_path / "run")
    with pytest.raises(TrainingError, match="another learning_rate") as caught:
        train(replace(config, learning_rate=0.1), tmp_path / "run")
    assert caught.value.code == "training-checkpoint"
    drawn.crops(tmp_path, "val", 6, seed=9)
    with pytest.raises(TrainingError, match="changed: val"):
        train(config, tmp_path / "run")


def test_the_head_alone_learns_from_a_file(tmp_path: Path) -> None:
    torch.manual_seed(1)
    start = tmp_path / "start.pth"
    torch.save(build(drawn.config(tmp_path)).state_dict(), start)
    config = drawn.config(tmp_path, epochs=2, learn="head", start=str(start))
    train(config, tmp_path / "run")
    before, after = torch.load(start, weights_only=True), weights(tmp_path / "run")
    changed = {key for key in before if not torch.equal(before[key], after[key])}
    assert changed == {"final_layer.weight", "final_layer.bias"}
    account = json.loads((tmp_path / "run" / "start.json").read_text())
    assert sorted(account["taken"]) == sorted(before)


def test_seeds_make_runs_alike_and_different(tmp_path: Path) -> None:
    config = drawn.config(tmp_path, epochs=1)
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        train(replace(config, seed=seed), tmp_path / name)
    a, b, c = (weights(tmp_path / name)["conv1.weight"] for name in "abc")
    assert torch.equal(a, b)
    assert not torch.equal(a, c)


def test_all_processes_together_take_the_batches_of_one() -> None:
    alone = plan(50, 8, seed=3, epoch=2)
    shared = [plan(50, 8, 3, 2, rank, 2) for rank in range(2)]
    assert [first + second for first, second in zip(*shared, strict=True)] == alone
    assert len(alone) == 6
    assert len({number for batch in alone for number in batch}) == 48
    assert plan(50, 8, 3, 3) != alone
    assert plan(3, 8, 3, 1, 0, 2) == plan(3, 2, 3, 1, 0, 2)
    assert plan(1, 8, 3, 1, 0, 2) == []


def toml(config: PoseConfig, path: Path) -> Path:
    values = as_mapping(config)
    nested = values.pop("augmentation")
    lines = [f"{name} = {json.dumps(value)}" for name, value in values.items()]
    lines += ["[augmentation]", *(f"{name} = {json.dumps(value)}" for name, value in nested.items())]
    path.write_text("\n".join(lines), "utf-8")
    return path


def two_processes(config: PoseConfig, folder: Path) -> subprocess.CompletedProcess[str]:
    launch = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    command = [*launch, "-m", "deukgeun.training.pose", str(toml(config, folder.with_suffix(".toml"))), str(folder)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=200, check=False)


@pytest.mark.slow
@pytest.mark.parametrize("learn", ["everything", "head"])
def test_two_processes_give_the_same_curve_as_one(learn: str, tmp_path: Path) -> None:
    """With the head alone nothing depends on the statistics of a batch, and the curve is the same to rounding.

    Otherwise each process normalises by its own half of the batch.
    """
    config = drawn.config(tmp_path, train=64, epochs=3, batch=32, learn=learn, learning_rate=0.001)
    train(config, tmp_path / "one")
    ended = two_processes(config, tmp_path / "two")
    assert ended.returncode == 0, ended.stderr[-2000:]
    one, two = ([row["train_loss"] for row in history(tmp_path / name)] for name in ("one", "two"))
    assert len(two) == 3
    assert two == pytest.approx(one, rel=1e-4 if learn == "head" else 0.06)


def test_two_processes_do_not_share_an_odd_batch(tmp_path: Path) -> None:
    ended = two_processes(drawn.config(tmp_path, batch=7), tmp_path / "two")
    assert ended.returncode != 0
    assert "7 pictures cannot be shared among 2 processes" in ended.stderr


def test_started_as_a_module_it_trains_or_says_why_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = toml(drawn.config(tmp_path, epochs=1), tmp_path / "run.toml")
    assert main([str(path), str(tmp_path / "run")]) == 0
    assert (tmp_path / "run" / "best.pt").exists()
    path.write_text("wheels = 4\n", "utf-8")
    assert main([str(path), str(tmp_path / "run")]) == 2
    assert "wheels" in capsys.readouterr().err
