"""Darknet's ``.weights`` files, and the network they belong to as ONNX.

The file is a header and then the numbers of every convolution in order, float32, without names or sizes: with batch
norm the biases, scales, means and variances (as many as filters each) and the kernel (filters, channels, side, side);
without it the biases and the kernel. The header is three int32 (major, minor, revision) and the number of pictures
seen: eight bytes from version 0.2 on, four before. Source: ``load_weights_upto`` and ``load_convolutional_weights`` in
Darknet's ``parser.c``.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deukgeun.aihub.detectors.darknet_layers import (
    Convolution,
    DarknetNetwork,
    Layer,
    Maximum,
    Output,
    Route,
    Shortcut,
    Upsample,
)
from deukgeun.aihub.detectors.onnx_file import OnnxGraph

Numbers = NDArray[np.float32]
PICTURE = "picture"
_EPSILON = 1e-5  # under the root of the variance, as in Darknet's GPU code, with which the weights were trained
_SLOPE = 0.1  # of Darknet's leaky activation
_CHANNELS = 3


@dataclass(slots=True)
class _Reader:
    """Takes numbers in order."""

    numbers: Numbers
    at: int = 0

    def take(self, *shape: int) -> Numbers:
        count = int(np.prod(shape))
        taken = self.numbers[self.at : self.at + count]
        if len(taken) < count:
            raise ValueError(f"it holds {len(self.numbers):,} numbers, fewer than its network has")
        self.at += count
        return taken.reshape(shape)


def read_numbers(path: Path) -> Numbers:
    """Return the numbers of a ``.weights`` file, mapped and not read. Raises ``ValueError`` and ``OSError``."""
    with path.open("rb") as stream:
        head = stream.read(12)
    if len(head) < 12:
        raise ValueError("it is too short for Darknet's weights")
    major, minor, _ = struct.unpack("<3i", head)
    if not (0 <= major < 1000 and 0 <= minor < 1000):
        raise ValueError("its header is not one of Darknet's weights")
    offset = 20 if major * 10 + minor >= 2 else 16
    count, rest = divmod(path.stat().st_size - offset, 4)
    if rest or count <= 0:
        raise ValueError("its size is not one of Darknet's weights")
    return np.memmap(path, np.dtype("<f4"), "r", offset, (count,))


def onnx_of(network: DarknetNetwork, numbers: Numbers, size: int) -> bytes:
    """Return the network with its numbers as ONNX: ``picture`` (1, 3, size, size) in, one output a feature map.

    Batch norm is folded into the kernels. Raises ``ValueError`` if there are not as many numbers as the network has.
    """
    graph, reader, outputs = OnnxGraph(), _Reader(numbers), list[str]()
    made: list[tuple[str, int]] = []  # each layer's value and its channels
    for layer in network.layers:
        before = made[-1] if made else (PICTURE, _CHANNELS)
        made.append(_added(graph, layer, before, made, reader))
        if isinstance(layer, Output):
            outputs.append(before[0])
    if reader.at != len(numbers):
        raise ValueError(f"it holds {len(numbers):,} numbers, where its network has {reader.at:,}")
    return graph.file({PICTURE: (1, _CHANNELS, size, size)}, outputs)


def _added(
    graph: OnnxGraph, layer: Layer, before: tuple[str, int], made: list[tuple[str, int]], reader: _Reader
) -> tuple[str, int]:
    """Append one layer and return its value and channels."""
    name, channels = before
    match layer:
        case Convolution():
            return _convolution(graph, layer, before, reader), layer.filters
        case Shortcut(other):
            return graph.add("Add", [name, made[other][0]]), channels
        case Route(layers):
            values = [made[each] for each in layers]
            joined = graph.add("Concat", [value for value, _ in values], {"axis": 1}) if values[1:] else values[0][0]
            return joined, sum(count for _, count in values)
        case Upsample(times):
            scales = graph.constant(np.array([1, 1, times, times], np.float32))
            how = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
            return graph.add("Resize", [name, "", scales], how), channels
        case Maximum(side, stride):
            low, high = (side - 1) // 2, side - 1 - (side - 1) // 2
            shape = {"kernel_shape": [side] * 2, "strides": [stride] * 2, "pads": [low, low, high, high]}
            return graph.add("MaxPool", [name], shape), channels
        case Output():
            return before


def _convolution(graph: OnnxGraph, layer: Convolution, before: tuple[str, int], reader: _Reader) -> str:
    name, channels = before
    kernel, bias = _folded(layer, channels, reader)
    pad = layer.side // 2 if layer.padded else 0
    shape = {"kernel_shape": [layer.side] * 2, "strides": [layer.stride] * 2, "pads": [pad] * 4}
    name = graph.add("Conv", [name, graph.constant(kernel), graph.constant(bias)], shape)
    return graph.add("LeakyRelu", [name], {"alpha": _SLOPE}) if layer.leaky else name


def _folded(layer: Convolution, channels: int, reader: _Reader) -> tuple[Numbers, Numbers]:
    """Return the kernel (F, C, side, side) and the bias (F,) that do the work of the batch norm as well."""
    shape = (layer.filters, channels, layer.side, layer.side)
    bias = reader.take(layer.filters)
    if not layer.normalised:
        return reader.take(*shape), bias
    scale, mean, variance = (reader.take(layer.filters) for _ in range(3))
    factor = scale / np.sqrt(variance + np.float32(_EPSILON))
    return reader.take(*shape) * factor[:, None, None, None], bias - mean * factor
