"""Networks as files of ONNX, written with what the format needs and no package for it.

ONNX is a message of Protocol Buffers: fields of a number and either a varint (kind 0), four bytes (kind 5) or a
length and as many bytes (kind 2). The numbers below are those of ``onnx.proto3``.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

_IR_VERSION = 7
_OPSET = 13
_FLOAT = 1  # TensorProto.DataType
_INTEGER_ATTRIBUTE, _FLOAT_ATTRIBUTE, _TEXT_ATTRIBUTE, _INTEGERS_ATTRIBUTE = 2, 1, 3, 7

Attribute = int | float | str | Sequence[int]


@dataclass(slots=True)
class OnnxGraph:
    """A graph in the making. ``add`` and ``constant`` return the name of what they made."""

    _nodes: list[bytes] = field(default_factory=list)
    _constants: list[bytes] = field(default_factory=list)

    def add(self, kind: str, inputs: Sequence[str], attributes: Mapping[str, Attribute] | None = None) -> str:
        """Append the operator ``kind`` with one output."""
        name = f"{kind}_{len(self._nodes)}"
        fields = [_text(1, each) for each in inputs] + [_text(2, name), _text(4, kind)]
        fields += [_message(5, _attribute(key, value)) for key, value in (attributes or {}).items()]
        self._nodes.append(b"".join(fields))
        return name

    def constant(self, values: NDArray[np.float32]) -> str:
        """Append numbers of any shape."""
        name = f"constant_{len(self._constants)}"
        shape = b"".join(_number(1, size) for size in values.shape)
        raw = np.ascontiguousarray(values, "<f4").tobytes()
        self._constants.append(b"".join([shape, _number(2, _FLOAT), _text(8, name), _message(9, raw)]))
        return name

    def file(self, inputs: Mapping[str, Sequence[int | str]], outputs: Sequence[str]) -> bytes:
        """Return the file: ``inputs`` by name with their shapes, ``outputs`` by name, all of float32.

        A side of a shape that is left open has a name in place of a number.
        """
        graph = [_message(1, node) for node in self._nodes] + [_text(2, "network")]
        graph += [_message(5, constant) for constant in self._constants]
        graph += [_message(11, _value(name, shape)) for name, shape in inputs.items()]
        graph += [_message(12, _value(name, None)) for name in outputs]
        opset = _message(8, _text(1, "") + _number(2, _OPSET))
        return b"".join([_number(1, _IR_VERSION), _text(2, "deukgeun"), _message(7, b"".join(graph)), opset])


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, _INTEGER_ATTRIBUTE)
    if isinstance(value, float):
        return _text(1, name) + _key(2, 5) + struct.pack("<f", value) + _number(20, _FLOAT_ATTRIBUTE)
    if isinstance(value, str):
        return _text(1, name) + _text(4, value) + _number(20, _TEXT_ATTRIBUTE)
    return _text(1, name) + b"".join(_number(8, each) for each in value) + _number(20, _INTEGERS_ATTRIBUTE)


def _value(name: str, shape: Sequence[int | str] | None) -> bytes:
    sizes = b"" if shape is None else _message(2, b"".join(_message(1, _side(side)) for side in shape))
    return _text(1, name) + _message(2, _message(1, _number(1, _FLOAT) + sizes))


def _side(side: int | str) -> bytes:
    return _number(1, side) if isinstance(side, int) else _text(2, side)


def _key(number: int, kind: int) -> bytes:
    return _varint(number << 3 | kind)


def _number(number: int, value: int) -> bytes:
    return _key(number, 0) + _varint(value)


def _text(number: int, value: str) -> bytes:
    return _message(number, value.encode())


def _message(number: int, content: bytes) -> bytes:
    return _key(number, 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    if value < 0:
        raise ValueError(f"expected a number of at least 0, got {value}")
    digits = []
    while value >= 0x80:
        digits.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*digits, value])
