"""A network of movements says in the other runtime what it says here."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

torch = pytest.importorskip("torch", reason="the extra `train` is not installed")
pytest.importorskip("onnx", reason="the extra `train` is not installed")

from deukgeun.errors import TrainingError  # noqa: E402
from deukgeun.recognition.network import MovementNetwork, log_softmax  # noqa: E402
from deukgeun.recognition.representation import Body, K, features  # noqa: E402
from deukgeun.synth.tracks.shards import TrackOrder, make_shard  # noqa: E402
from deukgeun.training.commands import train as app  # noqa: E402
from deukgeun.training.exercise.calibrate import Calibration  # noqa: E402
from deukgeun.training.exercise.export import export, load_namer  # noqa: E402
from deukgeun.training.exercise.fit import ExerciseConfig, build  # noqa: E402
from deukgeun.training.sequence.loop import LoopConfig  # noqa: E402

RUN = CliRunner()
CLASSES = [["curl", "movement"], ["squat", "movement"], ["standing", "background"]]


@pytest.fixture(params=["tcn", "transformer", "statistics", "graph", "lstm"])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    config = ExerciseConfig(network=request.param, width=16, depth=2, window_s=3.0, without=("scores",))
    namer = build(config, [name for name, _ in CLASSES])
    note = {"config": asdict(config), "classes": CLASSES}
    torch.save({"network": namer.network.state_dict(), "note": note, "figures": {}}, tmp_path / "best.pt")
    return tmp_path


def bodies(count: int, steps: int) -> Body:
    rng = np.random.default_rng(3)
    xyz = rng.normal(0, 0.4, (1, 1, K, 3)) + rng.normal(0, 0.05, (count, steps, K, 3))
    return Body(xyz.astype(np.float32), (xyz[..., :2] * 200).astype(np.float32), np.ones(xyz.shape[:3], np.float32))


def test_both_runtimes_say_the_same(run: Path) -> None:
    told = export([run], run / "names.onnx", Calibration(1.5, 0.3), (1.0, 0.0, -2.0))
    network = MovementNetwork(run / "names.onnx")
    assert network.file == told
    assert told.classes == tuple(map(tuple, CLASSES))
    windows = bodies(5, told.steps)
    looked = network.look(windows)
    namer, _ = load_namer(run)
    with torch.no_grad():
        scores = namer.network(torch.from_numpy((features(windows) * namer.mask).astype(np.float32))).numpy()
    prior = np.array([1.0, 1.0, -2.0])
    np.testing.assert_allclose(looked.log_share, log_softmax(log_softmax(scores) / 1.5 + prior), atol=1e-4)
    assert len(looked.embedding) == 5
    with pytest.raises(ValueError, match="30 steps"):
        network.look(bodies(1, told.steps + 1))


def test_two_runs_answer_together(tmp_path: Path) -> None:
    folders, scores = [], []
    windows = bodies(4, 30)
    for seed, network in enumerate(("tcn", "linear")):
        config = ExerciseConfig(network=network, width=16, depth=2, window_s=3.0, loop=LoopConfig(seed=seed))
        namer = build(config, [name for name, _ in CLASSES])
        (tmp_path / network).mkdir()
        note = {"config": asdict(config), "classes": CLASSES}
        torch.save({"network": namer.network.state_dict(), "note": note, "figures": {}}, tmp_path / network / "best.pt")
        folders.append(tmp_path / network)
        with torch.no_grad():
            scores.append(log_softmax(namer.network.eval()(torch.from_numpy(features(windows))).numpy()))
    export(folders, tmp_path / "both.onnx")
    looked = MovementNetwork(tmp_path / "both.onnx").look(windows)
    np.testing.assert_allclose(looked.log_share, log_softmax(np.mean(scores, axis=0)), atol=1e-4)
    assert looked.embedding.shape == (4, 48), "that of the first"


@pytest.mark.slow
def test_from_tracks_to_a_file(tmp_path: Path) -> None:
    for number in range(2):
        (tmp_path / f"{number}").mkdir()
        make_shard(TrackOrder(("push_up", "walk"), 12, seed=number, duration_s=4.0), 0, tmp_path / f"{number}")
    folders = [str(tmp_path / "0"), str(tmp_path / "1")]
    sets = [word for each in ("loop.iterations=4", "loop.batch=4", "loop.look_every=2", "width=8", "window_s=2.0")
            for word in ("--set", each)]  # fmt: skip
    told = RUN.invoke(app, ["movements", str(tmp_path / "run"), *folders, *sets])
    assert told.exit_code == 0, told.output
    assert "2 classes" in told.stdout
    told = RUN.invoke(app, ["export-movements", str(tmp_path / "run"), str(tmp_path / "m.onnx"),
                            "--calibrate", folders[0], "--calibrate", folders[1]])  # fmt: skip
    assert told.exit_code == 0, told.output
    file = MovementNetwork(tmp_path / "m.onnx").file
    assert (file.classes, file.steps) == ((("push_up", "movement"), ("walk", "background")), 20)
    assert file.temperature != 1.0
    told = RUN.invoke(app, ["movements", str(tmp_path / "less"), *folders, *sets, "--leave-out", "walk"])
    assert "1 classes" in told.stdout


def test_what_is_no_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="training-checkpoint"):
        load_namer(tmp_path)
    torch.save({"note": {}}, tmp_path / "best.pt")
    with pytest.raises(TrainingError, match="not one of ours"):
        load_namer(tmp_path)
