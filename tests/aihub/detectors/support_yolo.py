"""Small networks and their weights, and Darknet's arithmetic written out plainly to compare with."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deukgeun.aihub.detectors.darknet_layers import (
    Convolution,
    DarknetNetwork,
    Maximum,
    Output,
    Route,
    Shortcut,
    Upsample,
)
from deukgeun.aihub.detectors.onnx_file import OnnxGraph

Numbers = NDArray[np.float32]

CFG = """
[net]
# every kind of layer
width=64
height=64
channels=3
[convolutional]
batch_normalize=1
filters=4
size=3
stride=1
pad=1
activation=leaky
[maxpool]
size=2
stride=2
[convolutional]
batch_normalize=1
filters=6
size=3
stride=2
pad=1
activation=leaky
[convolutional]
batch_normalize=1
filters=3
size=1
stride=1
pad=1
activation=leaky
[convolutional]
batch_normalize=1
filters=6
size=3
stride=1
pad=1
activation=leaky
[shortcut]
from=-3
activation=linear
[maxpool]
size=2
stride=1
[convolutional]
batch_normalize=1
filters=8
size=3
stride=2
pad=1
activation=leaky
[convolutional]
size=1
stride=1
pad=1
filters=21
activation=linear
[yolo]
mask = 3,4,5
anchors = 4,6, 9,7, 8,15, 20,30, 26,18, 40,44
classes=2
num=6
[route]
layers = -3
[convolutional]
batch_normalize=1
filters=4
size=1
stride=1
pad=1
activation=leaky
[upsample]
stride=2
[route]
layers = -1, 6
[convolutional]
size=1
stride=1
pad=1
filters=21
activation=linear ; the finer map
[yolo]
mask = 0,1,2
anchors = 4,6, 9,7, 8,15, 20,30, 26,18, 40,44
classes=2
num=6
"""


def channels_of(network: DarknetNetwork) -> list[int]:
    """The channels that each layer gives."""
    given: list[int] = []
    for layer in network.layers:
        before = given[-1] if given else 3
        if isinstance(layer, Convolution):
            given.append(layer.filters)
        elif isinstance(layer, Route):
            given.append(sum(given[each] for each in layer.layers))
        else:
            given.append(before)
    return given


def count_of(network: DarknetNetwork) -> int:
    """How many numbers its weights file holds."""
    given = [3, *channels_of(network)]
    convolutions = [(c, given[i]) for i, c in enumerate(network.layers) if isinstance(c, Convolution)]
    return sum(c.filters * (before * c.side**2 + (4 if c.normalised else 1)) for c, before in convolutions)


def write_weights(path: Path, numbers: Numbers, version: tuple[int, int, int] = (0, 2, 0)) -> Path:
    """Write a file as Darknet does: the count of pictures has eight bytes from version 0.2 on."""
    seen = struct.pack("<q" if version >= (0, 2, 0) else "<i", 32_013_312)
    path.write_bytes(struct.pack("<3i", *version) + seen + numbers.astype("<f4").tobytes())
    return path


def random_numbers(network: DarknetNetwork, seed: int = 0) -> Numbers:
    """Weights as they may be: variances above 0."""
    rng = np.random.default_rng(seed)
    parts, given = [], [3, *channels_of(network)]
    for i, layer in enumerate(network.layers):
        if isinstance(layer, Convolution):
            parts.append(rng.normal(0, 0.5, layer.filters))
            if layer.normalised:
                parts += [rng.uniform(0.5, 2, layer.filters), rng.normal(0, 0.5, layer.filters)]
                parts.append(rng.uniform(0.2, 3, layer.filters))
            parts.append(rng.normal(0, 1, layer.filters * given[i] * layer.side**2) / layer.side)
    return np.concatenate(parts).astype(np.float32)


def forward(network: DarknetNetwork, numbers: Numbers, picture: Numbers) -> list[Numbers]:
    """The feature maps (C, S, S) that Darknet's arithmetic gives for ``picture`` (3, S, S), in float64."""
    values, outputs, at = [], [], 0
    rest = numbers.astype(np.float64)
    for layer in network.layers:
        x = values[-1] if values else picture.astype(np.float64)
        if isinstance(layer, Convolution):
            x, at = _convolve(layer, x, rest, at)
        elif isinstance(layer, Shortcut):
            x = x + values[layer.other]
        elif isinstance(layer, Route):
            x = np.concatenate([values[each] for each in layer.layers])
        elif isinstance(layer, Upsample):
            x = x.repeat(layer.times, 1).repeat(layer.times, 2)
        elif isinstance(layer, Maximum):
            x = _largest(layer, x)
        elif isinstance(layer, Output):
            outputs.append(x)
        values.append(x)
    assert at == len(rest)
    return outputs


def _convolve(layer: Convolution, x: Numbers, rest: Numbers, at: int) -> tuple[Numbers, int]:
    n, count = layer.filters, 4 if layer.normalised else 1
    rows = rest[at : at + count * n].reshape(count, n)
    at += count * n
    kernel = rest[at : at + n * len(x) * layer.side**2].reshape(n, len(x), layer.side, layer.side)
    pad = layer.side // 2
    wide = np.pad(x, ((0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(wide, (layer.side, layer.side), (1, 2))
    y = np.einsum("nchw,cyxhw->nyx", kernel, windows[:, :: layer.stride, :: layer.stride])
    if layer.normalised:
        _, scales, means, variances = (row[:, None, None] for row in rows)
        y = (y - means) / np.sqrt(variances + 1e-5) * scales
    y = y + rows[0][:, None, None]
    return np.where(y > 0, y, 0.1 * y) if layer.leaky else y, at + kernel.size


def _largest(layer: Maximum, x: Numbers) -> Numbers:
    before, after = (layer.side - 1) // 2, layer.side - 1 - (layer.side - 1) // 2
    wide = np.pad(x, ((0, 0), (before, after), (before, after)), constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(wide, (layer.side, layer.side), (1, 2))
    return windows[:, :: layer.stride, :: layer.stride].max(axis=(3, 4))


def boxes_by_loops(
    maps: list[Numbers], layers: list[Output], size: int, min_score: float
) -> list[tuple[float, list[float]]]:
    """Darknet's ``get_yolo_box``, one cell after the other: (score, x0, y0, x1, y1 of the square)."""
    found = []
    for values, layer in zip(maps, layers, strict=True):
        side = values.shape[1]
        for k, (width, height) in enumerate(layer.anchors):
            block = values[k * (5 + layer.classes) : (k + 1) * (5 + layer.classes)]
            for row in range(side):
                for column in range(side):
                    x, y, w, h, objectness, person = block[:6, row, column]
                    score = 1 / (1 + np.exp(-objectness)) / (1 + np.exp(-person))
                    if score >= min_score:
                        cx, cy = (
                            (column + 1 / (1 + np.exp(-x))) / side * size,
                            (row + 1 / (1 + np.exp(-y))) / side * size,
                        )
                        bw, bh = np.exp(w) * width, np.exp(h) * height
                        found.append((score, [cx - bw / 2, cy - bh / 2, cx + bw / 2, cy + bh / 2]))
    return found


def constant_network(outputs: list[Numbers], shape: tuple[int | str, ...]) -> bytes:
    """A network that gives ``outputs`` whatever the picture is."""
    graph = OnnxGraph()
    return graph.file({"input": shape}, [graph.add("Identity", [graph.constant(each)]) for each in outputs])
