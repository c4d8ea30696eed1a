"""A trained network as a file that ``deukgeun analyze --model hrnet:FILE`` takes."""

from __future__ import annotations

import io
import warnings
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch

from deukgeun.errors import TrainingError
from deukgeun.files import write_bytes
from deukgeun.pose.codecs import Codec
from deukgeun.pose.hrnet import KEY, NetworkFile
from deukgeun.training.pose.hrnet import Hrnet
from deukgeun.training.pose.records import SKELETON, load_trained

_OPSET = 17
_LARGEST_ERROR = 1e-3  # of an output, as a share of the largest


def export(checkpoint: Path, out: Path) -> NetworkFile:
    """Write the network of a checkpoint of ours as ONNX and return what the file says of itself.

    The file is run once against the network before it is there. Raises ``training-checkpoint``, ``training-package``,
    ``training-export`` and ``output-not-writable``.
    """
    if find_spec("onnx") is None:
        raise TrainingError("training-package", package="onnx")
    model, config, rest = load_trained(checkpoint)
    least = float(rest.get("row", {}).get("least_score", 0.0))
    told = NetworkFile(config.codec.metadata(), SKELETON, config.network, round(least, 4))
    content = _described(_onnx(model, config.codec), told)
    _compare(model, content, config.codec.size, checkpoint)
    write_bytes(out, content)
    return told


def _onnx(model: Hrnet, codec: Codec) -> bytes:
    """Return the network as ONNX: any number of pictures in, the head's outputs out."""
    example = torch.zeros(1, 3, codec.size, codec.size)
    outputs = [f"output_{number}" for number in range(len(model(example)))]
    written = io.BytesIO()
    with warnings.catch_warnings():
        # The exporter by tracing is called legacy; the new one asks for packages twenty times the size of this one.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (example,),
            written,
            dynamo=False,
            opset_version=_OPSET,
            input_names=["pictures"],
            output_names=outputs,
            dynamic_axes={name: {0: "pictures"} for name in ["pictures", *outputs]},
        )
    return written.getvalue()


def _described(content: bytes, told: NetworkFile) -> bytes:
    """Return the file with the description among its metadata."""
    onnx = import_module("onnx")
    file = onnx.load_model_from_string(content)
    onnx.helper.set_model_props(file, {KEY: told.text()})
    described: bytes = file.SerializeToString()
    return described


def _compare(model: Hrnet, content: bytes, size: int, checkpoint: Path) -> None:
    pictures = np.random.default_rng(0).normal(0, 1, (2, 3, size, size)).astype(np.float32)
    session = import_module("onnxruntime").InferenceSession(content, providers=["CPUExecutionProvider"])
    with torch.no_grad():
        wanted = [each.numpy() for each in model(torch.from_numpy(pictures))]
    for here, there in zip(wanted, session.run(None, {"pictures": pictures}), strict=True):
        error = float(np.abs(here - there).max() / max(float(np.abs(here).max()), 1e-6))
        if not error <= _LARGEST_ERROR:
            reason = f"its outputs are {error:.1%} off"
            raise TrainingError("training-export", path=checkpoint, reason=reason)
