"""D-FINE and RT-DETR."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from deukgeun.aihub.detectors import detector, detr
from deukgeun.aihub.detectors.detr import from_queries, person_label
from deukgeun.errors import AihubError


def test_queries_become_people_in_pixels() -> None:
    logits = np.full((4, 3), -5.0, np.float32)
    logits[0, 1], logits[1, 1], logits[2, 0], logits[3, 1] = 0.5, 3.0, 4.0, -0.1
    boxes = np.array([[0.5, 0.5, 0.2, 0.4], [0.1, 0.5, 0.4, 0.5], [0.5, 0.5, 1, 1], [0.5, 0.5, 1, 1]], np.float32)
    found = from_queries(logits, boxes, 1, np.zeros((200, 400, 3), np.uint8))
    assert found.boxes == pytest.approx(np.array([[0, 50, 120, 150], [160, 60, 240, 140]]), abs=1e-4)
    assert found.scores == pytest.approx([1 / (1 + np.exp(-3)), 1 / (1 + np.exp(-0.5))])


def test_the_class_of_people_is_found_by_its_name() -> None:
    assert person_label("x", {0: "background", 1: "Person"}) == 1
    with pytest.raises(AihubError, match="no class 'person'"):
        person_label("x", {0: "cat"})


@pytest.mark.parametrize("missing", ["transformers", "torch"])
def test_a_missing_package_is_named(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detr, "find_spec", lambda name: None if name == missing else object())
    with pytest.raises(AihubError) as caught:
        detector("transformers:some/network")
    assert caught.value.code == "aihub-package"
    assert missing in caught.value.hint


@pytest.mark.parametrize("kind", ["DFineConfig", "RTDetrConfig", "RTDetrV2Config"])
def test_a_network_in_a_folder(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's own network with random weights, written and read again: its boxes are those that it gives."""
    torch = pytest.importorskip("torch", reason="D-FINE runs on torch")
    transformers = pytest.importorskip("transformers", reason="D-FINE is one of transformers' networks")
    torch.manual_seed(0)
    config = getattr(transformers, kind)(num_queries=30, id2label={0: "bicycle", 1: "person"})
    network = transformers.AutoModelForObjectDetection.from_config(config).eval()
    network.save_pretrained(tmp_path / "network")
    image = np.random.default_rng(0).integers(0, 255, (320, 320, 3), dtype=np.uint8)
    with torch.inference_mode():
        given = network(pixel_values=torch.from_numpy(image).permute(2, 0, 1)[None].float() / 255)
    shares = given.logits[0, :, 1].sigmoid().numpy()
    least = float(np.median(shares))

    monkeypatch.setattr(detr, "MIN_SCORE", least)
    found = detector(f"transformers:{tmp_path / 'network'}@320").people(image)
    assert len(found) == np.sum(shares >= least) > 5
    assert found.scores == pytest.approx(np.sort(shares[shares >= least])[::-1], abs=1e-5)
    x, y, width, height = given.pred_boxes[0, int(shares.argmax())].numpy() * 320
    best = np.clip([x - width / 2, y - height / 2, x + width / 2, y + height / 2], 0, 320)
    assert found.boxes[0] == pytest.approx(best, abs=0.01)


def test_folders_that_cannot_be_used(tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="D-FINE runs on torch")
    transformers = pytest.importorskip("transformers", reason="D-FINE is one of transformers' networks")
    transformers.BertConfig().save_pretrained(tmp_path / "bert")
    transformers.DFineConfig().save_pretrained(tmp_path / "empty")
    for name, reason in (("nowhere", "nor in the cache"), ("bert", "it is a bert"), ("empty", "that can be run")):
        with pytest.raises(AihubError, match=reason) as caught:
            detector(f"transformers:{tmp_path / name}")
        assert caught.value.code == "aihub-detector-file"
