"""A trained network of movements as the file that recognition takes."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
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

Odds = tuple[float, float, float]

UNCALIBRATED = Calibration(1.0, 0.0)


class _Shipped(nn.Module):
    """Networks with their masks before them, giving the mean of their log shares and the first one's embedding."""

    def __init__(self, namers: Sequence[Namer]) -> None:
        super().__init__()
        self.networks = nn.ModuleList([namer.network for namer in namers])
        self.register_buffer("masks", torch.from_numpy(np.stack([namer.mask for namer in namers]).astype("float32")))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        seen = [network.embed(x * mask) for network, mask in zip(self.networks, self.masks, strict=True)]
        scores = [network.head(each) for network, each in zip(self.networks, seen, strict=True)]
        return torch.stack([torch.log_softmax(each, 1) for each in scores]).mean(0), seen[0]


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


def load_namers(folders: Sequence[Path]) -> tuple[list[Namer], tuple[tuple[str, str], ...]]:
    """Return the best states of runs that were trained on the same classes. Raises ``training-checkpoint``."""
    found = [load_namer(folder) for folder in folders]
    namers, classes = [namer for namer, _ in found], found[0][1]
    for folder, (namer, other) in zip(folders, found, strict=True):
        if other != classes or namer.steps != namers[0].steps:
            raise TrainingError("training-checkpoint", path=folder, reason="it has other classes or windows")
    return namers, classes


def calibrated(folders: Sequence[Path], choose: Corpus) -> Calibration:
    """Return how sure the best networks of runs may say they are together, from tracks that they did not learn from.

    Classes that the networks do not have are left out. Raises ``training-checkpoint`` and ``training-no-data``.
    """
    namers, classes = load_namers(folders)
    names = [name for name, _ in classes]
    known = without(choose, {told.name for told in choose.told} - set(names))
    if not len(known):
        raise TrainingError("training-no-data", path=folders[0])
    bodies = [known.track(k) for k in range(len(known))]
    scores = np.mean([namer.log_probabilities(bodies) for namer in namers], axis=0)
    truth = np.array([names.index(told.name) for told in known.told])
    return calibrate(scores, truth, [kind for _, kind in classes])


def export(
    folders: Sequence[Path], out: Path, calibration: Calibration = UNCALIBRATED, log_odds: Odds = (0.0, 0.0, 0.0)
) -> NamerFile:
    """Write the best networks of runs, which answer together, as ONNX and return what the file says of itself.

    The file is run once against the networks before it is there. Raises ``training-checkpoint``, ``training-package``,
    ``training-export`` and ``output-not-writable``.
    """
    need_onnx()
    namers, classes = load_namers(folders)
    steps = namers[0].steps
    told = NamerFile(classes, steps, RATE_HZ, calibration.temperature, calibration.least_known, log_odds)
    shipped = _Shipped(namers).eval()
    noise = torch.randn(2, steps, FEATURES, generator=torch.Generator().manual_seed(0))
    content = described(as_onnx(shipped, noise[:1], INPUT, OUTPUTS), KEY, told.text())
    compare(shipped, content, noise, INPUT, folders[0] / BEST)
    write_bytes(out, content)
    return told
