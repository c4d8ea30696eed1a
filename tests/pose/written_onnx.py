"""Files of ONNX written by hand, so that the runtime is tested where neither torch nor onnx is installed.

Protocol buffers: a field is (number << 3 | kind), a varint (kind 0) or length and bytes (kind 2). The numbers are those
of ``onnx.proto`` (ONNX 1.x).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_FLOAT, _INTS = 1, 7


def _varint(number: int) -> bytes:
    low, rest = number & 127, number >> 7
    return bytes([low | 128]) + _varint(rest) if rest else bytes([low])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes | str) -> bytes:
    content = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _value(name: str, shape: Sequence[int | str]) -> bytes:
    dimensions = b"".join(_bytes(1, _number(1, d) if isinstance(d, int) else _bytes(2, d)) for d in shape)
    tensor = _number(1, _FLOAT) + _bytes(2, dimensions)
    return _bytes(1, name) + _bytes(2, _bytes(1, tensor))


def _tensor(name: str, values: NDArray[np.float32]) -> bytes:
    dimensions = b"".join(_number(1, d) for d in values.shape)
    return dimensions + _number(2, _FLOAT) + _bytes(8, name) + _bytes(9, values.astype("<f4").tobytes())


Floats = NDArray[np.float32]


def strided_convolution(weights: Floats, bias: Floats, size: int, metadata: dict[str, str]) -> bytes:
    """A network that takes pictures (N, 3, size, size) and gives weights (K, 3, 1, 1) at every fourth pixel."""
    strides = _bytes(1, "strides") + b"".join(_number(8, 4) for _ in range(2)) + _number(20, _INTS)
    inputs = b"".join(_bytes(1, name) for name in ("pictures", "w", "b"))
    node = inputs + _bytes(2, "maps") + _bytes(4, "Conv") + _bytes(5, strides)

    graph = _bytes(1, node) + _bytes(2, "spots") + _bytes(5, _tensor("w", weights)) + _bytes(5, _tensor("b", bias))
    graph += _bytes(11, _value("pictures", ["n", 3, size, size]))
    graph += _bytes(12, _value("maps", ["n", len(weights), size // 4, size // 4]))
    described = b"".join(_bytes(14, _bytes(1, key) + _bytes(2, text)) for key, text in metadata.items())
    return _number(1, 8) + _bytes(7, graph) + _bytes(8, _bytes(1, "") + _number(2, 17)) + described
