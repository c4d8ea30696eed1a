"""The registry of estimators, and the network behind the built-in ones."""

from __future__ import annotations

import numpy as np
import pytest

from deukgeun.errors import PoseError
from deukgeun.pose import PoseEstimate, PoseTracker, estimate, estimator, register
from deukgeun.pose import registry as names
from deukgeun.pose.geometry import Floats, Image, Roi
from deukgeun.pose.network import Network, Tensor
from deukgeun.pose.weights import weights_path
from deukgeun.settings import load_settings
from deukgeun.skeleton import skeleton


class MiddleOfEverything:
    """A whole estimator in one class: it puts all 17 joints in the middle of what it is shown."""

    def __init__(self, threads: int) -> None:
        self.skeleton = skeleton("coco_17")
        self.threads = threads

    def preprocess(self, image: Image, roi: Roi) -> Tensor:
        return roi.crop(image, 8).astype(np.float32)[None]

    def infer(self, tensor: Tensor) -> list[Tensor]:
        return [tensor.mean(axis=(1, 2))]

    def postprocess(self, outputs: list[Tensor], roi: Roi) -> PoseEstimate:
        xy: Floats = np.tile(roi.to_image(np.array([0.5, 0.5])), (17, 1))
        return PoseEstimate(float(outputs[0].mean()) / 255, xy, np.ones(17), None, roi)


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "_REGISTRY", dict(names._REGISTRY))


def test_an_estimator_of_one_class_is_registered_and_used(registry: None) -> None:
    register("middle", MiddleOfEverything)
    model = estimator("middle", threads=3)
    seen = estimate(model, np.full((100, 200, 3), 255, np.uint8), Roi(80, 50, 40))
    assert isinstance(model, MiddleOfEverything) and model.threads == 3
    assert seen.confidence == pytest.approx(1.0)
    assert np.allclose(seen.xy, (80, 50))


@pytest.mark.parametrize("name", ["", "FULL", "openpose"])
def test_an_unknown_name_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(PoseError) as caught:
        estimator(name)
    assert caught.value.code == "pose-unknown-estimator"
    assert "lite, full, heavy" in caught.value.hint


def test_the_setting_chooses_the_estimator() -> None:
    tracker = PoseTracker(load_settings(environ={}, model="lite"))
    assert tracker.model.skeleton is skeleton("blazepose_33")
    assert tracker.model.network.output_shapes == estimator("lite").network.output_shapes  # type: ignore[attr-defined]


def test_a_network_counts_its_calls_and_their_time(capfd: pytest.CaptureFixture[str]) -> None:
    network = Network(weights_path("lite"))
    assert network.input_size == 256
    first, again = (network(np.zeros((1, 256, 256, 3), np.float32)) for _ in range(2))
    assert network.calls == 2 and network.seconds > 0
    assert [a.shape for a in first] == network.output_shapes
    first[0][:] = 1e9
    assert again[0].max() < 1e9, "outputs are copies"
    assert capfd.readouterr().err == "", "the runtime's notices stay off the terminal"
