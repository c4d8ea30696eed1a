"""A trained network of movements as the file that recognition takes."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from deukgeun.errors import TrainingError
from deukgeun.files import write_bytes
from deukgeun.recognition.network import INPUT, KEY, OUTPUTS, NamerFile
from deukgeun.recognition.representation import FEATURES
from deukgeun.training.config import from_mapping
from deukgeun.training.exercise.calibrate import Calibration, calibrate
from deukgeun.training.exercise.corpus import RATE_HZ, Corpus, without
from deukgeun.training.exercise.fit import ExerciseConfig, Namer, build
from deukgeun.training.onnx_file import as_onnx, compare, described, need_onnx
from deukgeun.training.sequence.loop import BEST

UNCALIBRATED = Calibration(1.0, 0.0)


class _Shipped(nn.Module):
    """The network with its mask before it, giving scores and the embedding."""

    def __init__(self, namer: Namer) -> None:
        super().__init__()
        self.network = namer.network
        self.register_buffer("mask", torch.from_numpy(namer.mask.astype("float32")))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        embedding = self.network.embed(x * self.mask)
        return self.network.head(embedding), embedding


def load_namer(folder: Path) -> tuple[Namer, tuple[tuple[str, str], ...]]:
    """Return the best state of a run of ``deukgeun train movements``, and its classes with their kinds.

    Raises ``training-checkpoint``.
    """
    path = folder / BEST
    try:
        kept = torch.load(path, weights_only=True)
        config = from_mapping(ExerciseConfig, kept["note"]["config"])
        classes = tuple((str(name), str(kind)) for name, kind in kept["note"]["classes"])
        namer = build(config, [name for name, _ in classes])
        namer.network.load_state_dict(kept["network"])
    except OSError as error:
        raise TrainingError("training-checkpoint", path=path, reason=error.strerror or str(error)) from error
    except (KeyError, TypeError, ValueError, RuntimeError, pickle.UnpicklingError) as error:
        raise TrainingError("training-checkpoint", path=path, reason="it is not one of ours") from error
    namer.network.eval()
    return namer, classes


def calibrated(folder: Path, choose: Corpus) -> Calibration:
    """Return how sure a run's best network may say it is, from tracks that it did not learn from.

    Classes that the network does not have are left out. Raises ``training-checkpoint`` and ``training-no-data``.
    """
    namer, classes = load_namer(folder)
    known = without(choose, {told.name for told in choose.told} - set(namer.classes))
    if not len(known):
        raise TrainingError("training-no-data", path=folder)
    scores = namer.log_probabilities([known.track(k) for k in range(len(known))])
    truth = np.array([namer.classes.index(told.name) for told in known.told])
    return calibrate(scores, truth, [kind for _, kind in classes])


def export(folder: Path, out: Path, calibration: Calibration = UNCALIBRATED) -> NamerFile:
    """Write a run's best network as ONNX and return what the file says of itself.

    The file is run once against the network before it is there. Raises ``training-checkpoint``, ``training-package``,
    ``training-export`` and ``output-not-writable``.
    """
    need_onnx()
    namer, classes = load_namer(folder)
    told = NamerFile(classes, namer.steps, RATE_HZ, calibration.temperature, calibration.least_known)
    shipped = _Shipped(namer).eval()
    noise = torch.randn(2, namer.steps, FEATURES, generator=torch.Generator().manual_seed(0))
    content = described(as_onnx(shipped, noise[:1], INPUT, OUTPUTS), KEY, told.text())
    compare(shipped, content, noise, INPUT, folder / BEST)
    write_bytes(out, content)
    return told
