"""The truth as JSON text, and as files: all of it in one, or the arrays in an archive beside it."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from deukgeun.files import write_bytes
from deukgeun.synth.truth.values import ClipTruth

_EPOCH = (1980, 1, 1, 0, 0, 0)  # archives of the same truth are the same bytes


def to_json(truth: ClipTruth, indent: int | None = None) -> str:
    """Return the truth as JSON with all arrays in it: pixels to 0.1, metres to 0.001, flags as texts of 0 and 1."""
    return _adapter().dump_json(truth, indent=indent, ensure_ascii=False).decode()


def from_json(text: str | bytes) -> ClipTruth:
    """Return the truth that `to_json` wrote; ``pydantic.ValidationError`` (a ``ValueError``) for anything else."""
    return _adapter().validate_json(text)


def truth_schema() -> dict[str, Any]:
    """Return the JSON schema of `to_json` and of the JSON of `write_truth`."""
    return _adapter().json_schema()


def write_truth(truth: ClipTruth, path: Path, archive: bool = True, indent: int | None = None) -> tuple[Path, ...]:
    """Write the truth to ``path`` (``*.json``), and with ``archive`` its arrays to ``*.npz`` beside it.

    Returns the files, the JSON last: it is written when the archive is whole. Raises ``output-not-writable``.
    """
    store: dict[str, np.ndarray[Any, Any]] | None = {} if archive else None
    text = _adapter().dump_json(truth, indent=indent, ensure_ascii=False, context={"store": store})
    files = [(path.with_suffix(".npz"), _packed(store))] if store is not None else []
    files.append((path, text))
    for file, content in files:
        write_bytes(file, content)
    return tuple(file for file, _ in files)


def read_truth(path: Path) -> ClipTruth:
    """Return the truth that `write_truth` wrote to ``path``; ``ValueError`` for anything else."""
    beside, store = path.with_suffix(".npz"), {}
    if beside.exists():
        with np.load(beside, allow_pickle=False) as archive:
            store = {name: archive[name] for name in archive.files}
    return _adapter().validate_json(path.read_bytes(), context={"store": store})


def _packed(store: dict[str, np.ndarray[Any, Any]]) -> bytes:
    """A compressed ``.npz``: what ``numpy.savez_compressed`` writes, without the time of day."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(store):
            content = io.BytesIO()
            np.lib.format.write_array(content, store[name], allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content.getvalue())
    return target.getvalue()


@cache
def _adapter() -> TypeAdapter[ClipTruth]:
    return TypeAdapter(ClipTruth)
