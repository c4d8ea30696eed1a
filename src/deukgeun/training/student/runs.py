"""Classifiers that were trained: back from a run's folder."""

from __future__ import annotations

import pickle
from pathlib import Path

import torch

from deukgeun.errors import TrainingError
from deukgeun.training.config import from_mapping
from deukgeun.training.sequence.loop import BEST
from deukgeun.training.student.fit import Student, StudentConfig, build


def load_student(folder: Path) -> Student:
    """Return the best state of a run of ``deukgeun train exercise``. Raises ``training-checkpoint``."""
    path = folder / BEST
    try:
        kept = torch.load(path, weights_only=True)
        config = from_mapping(StudentConfig, kept["note"]["config"])
        student = build(config, tuple(kept["note"]["classes"]))
        student.network.load_state_dict(kept["network"])
    except OSError as error:
        raise TrainingError("training-checkpoint", path=path, reason=error.strerror or str(error)) from error
    except (KeyError, TypeError, RuntimeError, pickle.UnpicklingError) as error:
        raise TrainingError("training-checkpoint", path=path, reason="it is not one of ours") from error
    student.network.eval()
    return student
