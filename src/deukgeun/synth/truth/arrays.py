"""Arrays inside the truth: rounded, and written as nested lists, or under a name into an archive beside the JSON.

Every kind of array is a pydantic type that checks its shape. When the context of a dump holds a ``store`` (a dict),
the array goes into it and the JSON says ``{"npz": name}``; when the context of a validation holds one, such a
reference is read from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
from pydantic import (
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    PlainValidator,
    SerializationInfo,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

PIXEL_DIGITS, METRE_DIGITS, TURN_DIGITS, TIME_DIGITS = 1, 3, 6, 6
_REFERENCE: dict[str, Any] = {
    "type": "object",
    "properties": {"npz": {"type": "string"}},
    "required": ["npz"],
    "additionalProperties": False,
    "description": "the array of this name in the .npz archive beside the JSON",
}


@dataclass(frozen=True, slots=True)
class _Kind:
    """Float arrays with ``dims`` dimensions, ``last`` of them in the last, written to ``digits`` after the point."""

    digits: int
    dims: int
    last: int | None
    text: str

    def read(self, value: object, info: ValidationInfo) -> Floats:
        array = np.asarray(_from_store(value, info), dtype=np.float64)
        if array.ndim == self.dims and self.last in (None, array.shape[-1]) and np.isfinite(array).all():
            return array
        raise ValueError(f"expected {self.text}, finite, got {array.shape}")

    def write(self, value: Floats, info: SerializationInfo) -> object:
        rounded = np.round(value, self.digits) + 0.0  # without negative zeros
        return _to_store(rounded.astype(_stored_as(self.digits)), info, rounded.tolist)

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(self.write, info_arg=True)
        return core_schema.with_info_plain_validator_function(self.read, serialization=written)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        listed: dict[str, Any] = {"type": "number"}
        for _ in range(self.dims):
            listed = {"type": "array", "items": listed}
        return {"anyOf": [listed, _REFERENCE], "description": self.text}


def _stored_as(digits: int) -> type[np.floating[Any]]:
    """Single precision keeps 0.1 px and 1 mm of anything in a picture or a room, not times."""
    return np.float32 if digits <= METRE_DIGITS else np.float64


def _read_flags(value: object, info: ValidationInfo) -> Bools:
    given = _from_store(value, info)
    if isinstance(given, np.ndarray):
        flags = given.astype(np.bool_)
    elif isinstance(given, list) and all(isinstance(row, str) and set(row) <= {"0", "1"} for row in given):
        flags = np.array([[sign == "1" for sign in row] for row in given], dtype=np.bool_)
    else:
        raise ValueError("expected a list of texts of 0 and 1")
    if flags.ndim != 2:
        raise ValueError(f"expected rows of the same length, got {flags.shape}")
    return flags


def _write_flags(value: Bools, info: SerializationInfo) -> object:
    return _to_store(value, info, lambda: ["".join("1" if flag else "0" for flag in row) for row in value])


def _from_store(value: object, info: ValidationInfo) -> object:
    if not isinstance(value, Mapping):
        return value
    store: Mapping[str, object] = (info.context or {}).get("store", {})
    name = value.get("npz")
    if name not in store:
        raise ValueError(f"the archive beside the JSON holds no array {name!r}")
    return store[str(name)]


def _to_store(array: npt.NDArray[Any], info: SerializationInfo, plain: Callable[[], object]) -> object:
    store: dict[str, object] | None = (info.context or {}).get("store")
    if store is None:
        return plain()
    # Named by content: the same truth gives the same archive, and equal arrays are kept once.
    digest = hashlib.sha256(repr((array.shape, array.dtype.str)).encode() + array.tobytes()).hexdigest()[:16]
    store[digest] = array
    return {"npz": digest}


Times = Annotated[Floats, _Kind(TIME_DIGITS, 1, None, "times (T,) in seconds")]
Pixels = Annotated[Floats, _Kind(PIXEL_DIGITS, 3, 2, "pixels (T, N, 2)")]
Metres = Annotated[Floats, _Kind(METRE_DIGITS, 3, 3, "metres (T, N, 3)")]
Boxes = Annotated[Floats, _Kind(PIXEL_DIGITS, 2, 4, "boxes (T, 4): left, top, right, bottom in pixels")]
Positions = Annotated[Floats, _Kind(METRE_DIGITS, 2, 3, "positions (T, 3) in metres")]
Turns = Annotated[Floats, _Kind(TURN_DIGITS, 3, 3, "rotations (T, 3, 3)")]
Flags = Annotated[
    Bools,
    PlainValidator(_read_flags),
    PlainSerializer(_write_flags),
    WithJsonSchema(
        {
            "anyOf": [{"type": "array", "items": {"type": "string", "pattern": "^[01]*$"}}, _REFERENCE],
            "description": "flags (T, N): one text a frame, 1 for true",
        }
    ),
]
