"""Sessions of ONNX Runtime with a number of threads that somebody chose."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from deukgeun.errors import ModelError


def session_of(content: bytes, threads: int = 1) -> Any:  # the library has no types
    """Return a network, ready to run on ``threads`` threads. Raises ``ValueError`` for what is none."""
    onnxruntime = import_module("onnxruntime")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors alone: warnings of its optimiser are of no use to anybody here
    try:
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library raises its own exceptions, which it does not name publicly
        raise ValueError("it is not a network that can be run") from error


def open_session(path: Path, threads: int = 1) -> Any:
    """Return the network in a file, ready to run on ``threads`` threads. Raises ``model-file``."""
    try:
        return session_of(path.read_bytes(), threads)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ModelError("model-file", path=path, reason=reason) from error


def described(session: Any, key: str) -> str:
    """Return what a file says of itself under ``key``, or ``null``."""
    return str(session.get_modelmeta().custom_metadata_map.get(key, "null"))
