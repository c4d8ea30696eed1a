"""A trained network as a file that ``deukgeun analyze --model hrnet:FILE`` takes."""

from __future__ import annotations

from pathlib import Path

import torch

from deukgeun.files import write_bytes
from deukgeun.pose.hrnet import KEY, NetworkFile
from deukgeun.training.onnx_file import as_onnx, compare, described, need_onnx
from deukgeun.training.pose.records import SKELETON, load_trained

_INPUT = "pictures"


def export(checkpoint: Path, out: Path) -> NetworkFile:
    """Write the network of a checkpoint of ours as ONNX and return what the file says of itself.

    The file is run once against the network before it is there. Raises ``training-checkpoint``, ``training-package``,
    ``training-export`` and ``output-not-writable``.
    """
    need_onnx()
    model, config, rest = load_trained(checkpoint)
    least = float(rest.get("row", {}).get("least_score", 0.0))
    told = NetworkFile(config.codec.metadata(), SKELETON, config.network, round(least, 4))
    size = config.codec.size
    example = torch.zeros(1, 3, size, size)
    outputs = [f"output_{number}" for number in range(len(model(example)))]
    content = described(as_onnx(model, example, _INPUT, outputs), KEY, told.text())
    noise = torch.randn(2, 3, size, size, generator=torch.Generator().manual_seed(0))
    compare(model, content, noise, _INPUT, checkpoint)
    write_bytes(out, content)
    return told
