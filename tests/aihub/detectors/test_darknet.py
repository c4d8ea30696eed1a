"""Darknet's networks and weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from tests.aihub.detectors.support_yolo import CFG, count_of, forward, random_numbers, write_weights

from deukgeun.aihub.detectors.darknet_layers import Convolution, Output, Route, parsed_cfg, yolov3
from deukgeun.aihub.detectors.darknet_weights import PICTURE, onnx_of, read_numbers

TINY = [(16, "2/2"), (32, "2/2"), (64, "2/2"), (128, "2/2"), (256, "2/2"), (512, "2/1")]


def convolution(filters: int, side: int) -> str:
    head = "filters=255\nsize=1\nactivation=linear" if filters == 255 else ""
    usual = f"batch_normalize=1\nfilters={filters}\nsize={side}\nactivation=leaky"
    return f"[convolutional]\nstride=1\npad=1\n{head or usual}\n"


def tiny_yolov3() -> str:
    """The configuration of YOLOv3-tiny, from its table of layers."""
    text = "[net]\nwidth=416\nheight=416\n"
    for filters, pool in TINY:
        size, stride = pool.split("/")
        text += convolution(filters, 3) + f"[maxpool]\nsize={size}\nstride={stride}\n"
    anchors = "10,14, 23,27, 37,58, 81,82, 135,169, 344,319"
    end = f"anchors={anchors}\nclasses=80\n"
    text += convolution(1024, 3) + convolution(256, 1) + convolution(512, 3) + convolution(255, 1)
    text += f"[yolo]\nmask=3,4,5\n{end}[route]\nlayers=-4\n" + convolution(128, 1) + "[upsample]\nstride=2\n"
    return text + "[route]\nlayers=-1, 8\n" + convolution(256, 3) + convolution(255, 1) + f"[yolo]\nmask=0,1,2\n{end}"


def test_yolov3_is_the_published_network() -> None:
    network = yolov3()
    assert len(network.layers) == 107
    assert sum(isinstance(layer, Convolution) for layer in network.layers) == 75
    assert [i for i, layer in enumerate(network.layers) if isinstance(layer, Output)] == [82, 94, 106]
    routes = [layer.layers for layer in network.layers if isinstance(layer, Route)]
    assert routes == [(79,), (85, 61), (91,), (97, 36)]
    assert 4 * count_of(network) + 20 == 248_007_048  # the bytes of the published yolov3.weights


def test_the_tiny_network_is_the_published_one() -> None:
    network = parsed_cfg(tiny_yolov3())
    assert 4 * count_of(network) + 20 == 35_434_956  # the bytes of the published yolov3-tiny.weights
    assert network.size == 416


@pytest.mark.parametrize("seed", range(3))
def test_the_network_in_onnx_does_what_darknet_does(tmp_path: Path, seed: int) -> None:
    network = parsed_cfg(CFG)
    numbers = random_numbers(network, seed)
    picture = np.random.default_rng(seed).uniform(0, 1, (3, 64, 64)).astype(np.float32)
    expected = forward(network, numbers, picture)
    content = onnx_of(network, read_numbers(write_weights(tmp_path / "w.weights", numbers)), 64)
    got = onnxruntime.InferenceSession(content).run(None, {PICTURE: picture[None]})
    assert [each.shape for each in got] == [(1, 21, 8, 8), (1, 21, 16, 16)]
    for here, there in zip(got, expected, strict=True):
        assert np.abs(here[0] - there).max() < 1e-4 * np.abs(there).max()


@pytest.mark.parametrize("version", [(0, 1, 0), (0, 2, 0), (0, 2, 5)])
def test_the_header_is_of_either_length(tmp_path: Path, version: tuple[int, int, int]) -> None:
    numbers = np.arange(7, dtype=np.float32)
    assert read_numbers(write_weights(tmp_path / "w.weights", numbers, version)).tolist() == numbers.tolist()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "too short"),
        (b"\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00", "size"),
        (b"PK\x03\x04" + bytes(40), "header"),
        (b"\x00\x00\x00\x00\x02\x00\x00\x00" + bytes(12 + 5), "size"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "w.weights"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=reason):
        read_numbers(path)


@pytest.mark.parametrize(("change", "reason"), [(-1, "fewer than its network has"), (1, "where its network has")])
def test_weights_of_another_network_are_refused(change: int, reason: str) -> None:
    network = parsed_cfg(CFG)
    with pytest.raises(ValueError, match=reason):
        onnx_of(network, np.ones(count_of(network) + change, np.float32), 64)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("[net]", "[network-of-mine]", "begin with"),
        ("height=64", "height=32", "square"),
        ("[upsample]", "[reorg]", r"layer 12 is of the kind \[reorg\]"),
        ("activation=leaky", "activation=mish", "activation 'mish'"),
        ("from=-3", "from=5", "layer 5 points at layer 5"),
        ("layers = -3", "layers = -30", "points at layer"),
        ("mask = 0,1,2\n", "mask = 0,1,2\nscale_x_y = 1.05\n", "decodes boxes otherwise"),
        ("classes=2", "classes", "no option"),
        ("[yolo]", "[upsample]", r"no \[yolo\]"),
    ],
)
def test_what_a_configuration_says_beyond_yolov3_is_refused(old: str, new: str, reason: str) -> None:
    assert old in CFG
    with pytest.raises(ValueError, match=reason):
        parsed_cfg(CFG.replace(old, new))
