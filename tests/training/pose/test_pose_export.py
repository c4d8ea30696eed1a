"""An exported network says in another runtime what it says here, and tells what it takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra train")
pytest.importorskip("onnx", reason="needs the extra train")

from tests.training.pose import drawn  # noqa: E402

from deukgeun.errors import OutputError, TrainingError  # noqa: E402
from deukgeun.pose import estimate  # noqa: E402
from deukgeun.pose.codecs import normalised  # noqa: E402
from deukgeun.pose.geometry import Roi  # noqa: E402
from deukgeun.pose.hrnet import Hrnet  # noqa: E402
from deukgeun.training import onnx_file  # noqa: E402
from deukgeun.training.pose import export as exporting  # noqa: E402
from deukgeun.training.pose.augment import Augmentation  # noqa: E402
from deukgeun.training.pose.export import export  # noqa: E402
from deukgeun.training.pose.predict import run  # noqa: E402
from deukgeun.training.pose.records import load_trained  # noqa: E402
from deukgeun.training.pose.train import train  # noqa: E402


@pytest.fixture(scope="module", params=["heatmap", "simcc"])
def trained(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(request.param)
    plain = Augmentation(flip=0.0, rotated=0.0, cut=0.0, colour=0.1)
    config = drawn.config(folder, train=48, epochs=10, head=request.param, learning_rate=0.005, augmentation=plain)
    return train(config, folder / "run")


def test_both_runtimes_find_the_same_joints(trained: Path, tmp_path: Path) -> None:
    export(trained, tmp_path / "pose.onnx")
    model, config, _ = load_trained(trained)
    there = Hrnet(tmp_path / "pose.onnx")
    pictures = np.random.default_rng(1).integers(0, 256, (16, 64, 64, 3), dtype=np.uint8)
    here, _ = config.codec.decode([each.numpy() for each in run(model, pictures, torch.device("cpu"))])
    found, _ = there.codec.decode(there.infer(normalised(pictures)))
    assert np.abs(here - found).max() < 0.5


def test_the_file_tells_what_it_takes_and_gives(trained: Path, tmp_path: Path) -> None:
    told = export(trained, tmp_path / "pose.onnx")
    estimator = Hrnet(tmp_path / "pose.onnx")
    _, config, rest = load_trained(trained)
    assert estimator.codec == config.codec
    assert estimator.skeleton is drawn.JOINTS
    assert (told.network, estimator.file.network) == ("w8-tiny", "w8-tiny")
    assert told.least_score == pytest.approx(rest["row"]["least_score"], abs=1e-4)


def test_a_person_in_a_picture_is_found_where_they_are(trained: Path, tmp_path: Path) -> None:
    export(trained, tmp_path / "pose.onnx")
    estimator = Hrnet(tmp_path / "pose.onnx")
    rng = np.random.default_rng(5)
    inside = (drawn.body(rng) * 0.85 + 0.5) * 256
    scene = np.full((480, 640, 3), 110, np.uint8)
    scene[100:356, 200:456] = drawn.picture(inside, 256, rng)
    seen = estimate(estimator, scene, Roi(328, 228, 256, 0.4))
    assert np.sqrt(np.mean(np.sum((seen.xy - inside - [200, 100]) ** 2, axis=1))) < 0.08 * 256
    assert seen.confidence > 0.5


def test_a_file_that_differs_is_not_written(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export_rightly: Any = exporting.as_onnx

    def altered(model: Any, *rest: Any) -> bytes:
        other, _, _ = load_trained(trained)
        torch.nn.init.normal_(other.conv1.weight)
        return bytes(export_rightly(other, *rest))

    monkeypatch.setattr(exporting, "as_onnx", altered)
    with pytest.raises(TrainingError, match="off") as caught:
        export(trained, tmp_path / "pose.onnx")
    assert caught.value.code == "training-export"
    assert not list(tmp_path.iterdir())


def test_without_its_package_it_says_so(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_file, "find_spec", lambda name: None)
    with pytest.raises(TrainingError, match="onnx") as caught:
        export(trained, tmp_path / "pose.onnx")
    assert caught.value.code == "training-package"


def test_what_cannot_be_read_or_written_is_said(trained: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError):
        export(trained, tmp_path / "file" / "pose.onnx")
    torch.save({"conv1.weight": torch.zeros(1)}, tmp_path / "other.pt")
    with pytest.raises(TrainingError, match="not the checkpoint of a run of ours"):
        export(tmp_path / "other.pt", tmp_path / "pose.onnx")
