"""Every error a user can meet, in one tree.

    DeukgeunError
    ├── SettingsError          settings-*       a setting that is unknown or out of range
    ├── MediaError             media-*          a video that cannot be opened, or may not be
    ├── PoseError              pose-*           the estimator, or nobody to be seen
    ├── ModelError             model-*          network weights that are missing or altered
    ├── CatalogueError         catalogue-*      the exercise catalogue
    ├── PersonalError          personal-*       an exercise that a person teaches, or the file of these
    ├── OutputError            output-*         a result that cannot be written
    ├── SynthError             synth-*          the virtual gym: a motion, an athlete or its extra packages
    ├── AihubError             aihub-*          a copy of AI Hub's data set that cannot be read or used
    └── TrainingError          training-*       a training run: its configuration, data, checkpoints or extra packages

An error is raised by its code: ``raise MediaError("media-not-found", path=path)``. Its message, its hint and the
exit code of the command line come from ``errors.toml``, which is also the source of the reference page.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class ErrorEntry:
    """One row of ``errors.toml``: message and hint are ``str.format`` templates."""

    code: str
    message: str
    hint: str
    exit_code: int


@cache
def error_table() -> dict[str, ErrorEntry]:
    """Return every error code with its texts and exit code, in the order of ``errors.toml``."""
    rows = tomllib.loads((files("deukgeun") / "errors.toml").read_text("utf-8"))
    return {code: ErrorEntry(code, row["message"], row["hint"], row["exit_code"]) for code, row in rows.items()}


class DeukgeunError(Exception):
    """An error with a stable ``code``, a ``message`` for people and a ``hint`` of what to do about it."""

    prefix = ""

    def __init__(self, code: str, /, **values: object) -> None:
        entry = error_table()[code]
        if not code.startswith(self.prefix):
            raise ValueError(f"{code} is not a code of {type(self).__name__} ({self.prefix}*)")
        self.code = code
        self.message = entry.message.format(**values)
        self.hint = entry.hint.format(**values)
        self.exit_code = entry.exit_code
        self.values = values
        super().__init__(f"{self.message} [{code}]")

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.code, self.values)


def _rebuild(kind: type[DeukgeunError], code: str, values: dict[str, object]) -> DeukgeunError:
    return kind(code, **values)


class SettingsError(DeukgeunError):
    """A setting that is unknown, or whose value is not of its type or range."""

    prefix = "settings-"


class MediaError(DeukgeunError):
    """A video that cannot be opened, is not allowed, or holds nothing to analyse."""

    prefix = "media-"


class PoseError(DeukgeunError):
    """The pose estimator cannot work, or sees nobody."""

    prefix = "pose-"


class ModelError(DeukgeunError):
    """Network weights that are missing, altered or unknown."""

    prefix = "model-"


class CatalogueError(DeukgeunError):
    """The exercise catalogue, or a name that is not in it."""

    prefix = "catalogue-"


class PersonalError(DeukgeunError):
    """A personal exercise that cannot be learnt or is not there, or the file of them."""

    prefix = "personal-"


class OutputError(DeukgeunError):
    """A result that cannot be written where it was asked for."""

    prefix = "output-"


class SynthError(DeukgeunError):
    """The virtual gym: a motion that is not well written, something it does not have, or a package it lacks."""

    prefix = "synth-"


class AihubError(DeukgeunError):
    """A copy of AI Hub's data set 231 that cannot be read, or holds nothing to use."""

    prefix = "aihub-"


class TrainingError(DeukgeunError):
    """A training run: its configuration, its data, a checkpoint, or a package it lacks."""

    prefix = "training-"
