"""YOLOv3 from files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.aihub.detectors.support_yolo import (
    CFG,
    boxes_by_loops,
    constant_network,
    forward,
    random_numbers,
    write_weights,
)

from deukgeun.aihub.detectors.darknet_layers import Output, parsed_cfg
from deukgeun.aihub.detectors.letterbox import Letterbox
from deukgeun.aihub.detectors.registry import detector
from deukgeun.aihub.detectors.suppress import suppressed
from deukgeun.aihub.detectors.yolo import YoloV3, from_darknet, from_onnx
from deukgeun.aihub.detectors.yolo_outputs import ANCHORS
from deukgeun.errors import AihubError

SIZE = 416
TRUE = np.array([820.0, 240.0, 1100.0, 900.0])  # of the picture
PICTURE = np.zeros((1080, 1920, 3), np.uint8)


def logit(p: float) -> float:
    return float(np.log(p / (1 - p)))


def maps_of(box: np.ndarray) -> list[np.ndarray]:
    """Three maps: ``box`` of the square stands in two neighbouring cells of the coarsest."""
    maps = [np.full((SIZE // s, SIZE // s, 3, 85), -12.0, np.float32) for s in (32, 16, 8)]
    center, span = (box[:2] + box[2:]) / 2 / 32, box[2:] - box[:2]
    column, row = (int(c) for c in center)
    for kind, sure in ((1, 0.95), (0, 0.8)):
        sizes = np.log(span / np.array(ANCHORS[32][kind]))
        cell = [logit(center[0] - column), logit(center[1] - row), *sizes, logit(sure), logit(0.98)]
        maps[0][row, column, kind, :6] = cell
    return maps


def rows_of(box: np.ndarray) -> np.ndarray:
    rows = np.zeros((1, 10647, 85), np.float32)
    rows[0, :, :2] = np.random.default_rng(0).uniform(0, SIZE, (10647, 2))
    rows[0, :, 2:4] = 10
    for at, sure in ((40, 0.95), (41, 0.8)):
        rows[0, at, :6] = [*(box[:2] + box[2:]) / 2, *(box[2:] - box[:2]), sure, 0.98]
    return rows


def written(path: Path, outputs: list[np.ndarray], shape: tuple[int | str, ...] = (1, 3, SIZE, SIZE)) -> Path:
    path.write_bytes(constant_network([np.ascontiguousarray(each, np.float32) for each in outputs], shape))
    return path


square = Letterbox(1920, 1080, SIZE).to_square(TRUE[None])[0]
OUTPUTS = {
    "darknet's": [m.transpose(2, 3, 0, 1).reshape(1, 255, *m.shape[:2]) for m in maps_of(square)],
    "tensorflow's": [m.reshape(1, *m.shape[:2], 255) for m in maps_of(square)],
    "rows": [rows_of(square)],
    "rows and maps": [rows_of(square), *[m.transpose(2, 0, 1, 3)[None] for m in maps_of(square)]],
}


@pytest.mark.parametrize("outputs", OUTPUTS.values(), ids=OUTPUTS.keys())
@pytest.mark.parametrize("shape", [(1, 3, SIZE, SIZE), (1, SIZE, SIZE, 3), ("n", 3, "h", "w"), ("n", "h", "w", 3)])
def test_every_form_of_file_finds_the_person_once(
    tmp_path: Path, outputs: list[np.ndarray], shape: tuple[int | str, ...]
) -> None:
    found = detector(f"yolov3:{written(tmp_path / 'y.onnx', outputs, shape)}").people(PICTURE)
    assert len(found) == 1
    assert found.scores[0] == pytest.approx(0.95 * 0.98, abs=1e-4)
    assert np.abs(found.boxes[0] - TRUE).max() < 0.5


def test_the_network_sees_the_letterbox(tmp_path: Path) -> None:
    """Darknet's own weights, from the file to boxes in a picture, beside the same done cell by cell."""
    network = parsed_cfg(CFG)
    numbers = random_numbers(network, 1)
    path = write_weights(tmp_path / "w.weights", numbers)
    (tmp_path / "w.cfg").write_text(CFG)
    image = np.random.default_rng(1).integers(0, 255, (90, 150, 3), dtype=np.uint8)

    box = Letterbox(150, 90, 64)
    maps = forward(network, numbers, box.tensor(image)[0])
    layers = [layer for layer in network.layers if isinstance(layer, Output)]
    expected = boxes_by_loops(maps, layers, 64, 0.5)
    assert len(expected) > 5
    scores, boxes = np.array([s for s, _ in expected]), np.array([b for _, b in expected])
    kept = suppressed(boxes, scores)
    inside = np.clip(box.to_image(boxes[kept]), 0, [150, 90, 150, 90])
    real = (inside[:, 2] > inside[:, 0]) & (inside[:, 3] > inside[:, 1])

    found = detector(f"yolov3:{path}").people(image)
    assert found.scores == pytest.approx(scores[kept][real], abs=1e-4)
    assert np.abs(found.boxes - inside[real]).max() < 0.05


def test_another_size_is_another_look(tmp_path: Path) -> None:
    network = parsed_cfg(CFG)
    path = write_weights(tmp_path / "w.weights", random_numbers(network))
    (tmp_path / "w.cfg").write_text(CFG)
    here, there = detector(f"yolov3:{path}"), detector(f"yolov3:{path}@96")
    assert isinstance(here, YoloV3)
    assert isinstance(there, YoloV3)
    assert (here.size, there.size) == (64, 96)
    picture = np.random.default_rng(0).integers(0, 256, (40, 40, 3), dtype=np.uint8)
    seen = [each.people(picture).boxes for each in (here, there)]
    assert all(boxes.shape[1] == 4 and np.isfinite(boxes).all() for boxes in seen)


def refused(reason: str, make, *arguments: object) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(AihubError) as caught:
        make(*arguments)
    assert caught.value.code == "aihub-detector-file"
    assert reason in caught.value.message


def test_files_that_cannot_be_used(tmp_path: Path) -> None:
    maps = OUTPUTS["darknet's"]
    (tmp_path / "text.onnx").write_text("no network")
    refused("No such file", from_onnx, tmp_path / "nowhere.onnx")
    refused("not a network", from_onnx, tmp_path / "text.onnx")
    refused("not a picture", from_onnx, written(tmp_path / "a.onnx", maps, (1, 5, SIZE, SIZE)))
    refused("not a picture", from_onnx, written(tmp_path / "b.onnx", maps, (1, 3)))
    refused("not a square", from_onnx, written(tmp_path / "c.onnx", maps, (1, 3, SIZE, 608)))
    refused("416 pixels and no other", from_onnx, written(tmp_path / "d.onnx", maps), 608)
    refused("no multiple of 32", from_onnx, written(tmp_path / "e.onnx", maps, (1, 3, "h", "w")), 600)
    of_another = from_onnx(written(tmp_path / "f.onnx", [np.zeros((1, 100, 7, 7))]))
    refused("shape (1, 100, 7, 7)", of_another.people, PICTURE)


def test_weights_that_cannot_be_used(tmp_path: Path) -> None:
    path = write_weights(tmp_path / "w.weights", np.ones(1000, np.float32))
    refused("No such file", from_darknet, tmp_path / "nowhere.weights")
    refused("fewer than its network has", from_darknet, path)
    refused("no multiple of 32", from_darknet, path, None, 600)
    for text, reason in ((CFG.replace("from=-3", "to=-3"), "lacks the option 'from'"), ("", "begin with [net]")):
        (tmp_path / "w.cfg").write_text(text)
        refused(reason, from_darknet, path, tmp_path / "w.cfg")
