"""Networks as files of ONNX that say themselves what they are, run once against the network before they are kept."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from torch import nn

from deukgeun.errors import TrainingError

_OPSET = 17
_LARGEST_ERROR = 1e-3  # of an output, as a share of the largest


def need_onnx() -> None:
    """Return if files can be written. Raises ``training-package``."""
    if find_spec("onnx") is None:
        raise TrainingError("training-package", package="onnx")


def as_onnx(network: nn.Module, example: torch.Tensor, name: str, outputs: Sequence[str]) -> bytes:
    """Return the network as ONNX: any number of examples in under ``name``, its outputs out under theirs."""
    written = io.BytesIO()
    with warnings.catch_warnings():
        # The exporter by tracing is called legacy; the new one asks for packages twenty times the size of this one.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (example,),
            written,
            dynamo=False,
            opset_version=_OPSET,
            input_names=[name],
            output_names=list(outputs),
            dynamic_axes={each: {0: name} for each in [name, *outputs]},
        )
    return written.getvalue()


def described(content: bytes, key: str, text: str) -> bytes:
    """Return the file with a text among its metadata."""
    onnx = import_module("onnx")
    file = onnx.load_model_from_string(content)
    onnx.helper.set_model_props(file, {key: text})
    out: bytes = file.SerializeToString()
    return out


def compare(network: nn.Module, content: bytes, example: torch.Tensor, name: str, source: Path) -> None:
    """Return if the file gives what the network gives. Raises ``training-export`` otherwise."""
    session = import_module("onnxruntime").InferenceSession(content, providers=["CPUExecutionProvider"])
    with torch.no_grad():
        found = network(example)
    wanted = [each.numpy() for each in (found if isinstance(found, tuple) else (found,))]
    for here, there in zip(wanted, session.run(None, {name: example.numpy()}), strict=True):
        error = float(np.abs(here - there).max() / max(float(np.abs(here).max()), 1e-6))
        if not error <= _LARGEST_ERROR:
            raise TrainingError("training-export", path=source, reason=f"its outputs are {error:.1%} off")
