"""The networks of the pose room as files: what is known of each, and a path that has been checked."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from deukgeun.errors import ModelError

__all__ = ["Weights", "verified", "weights_manifest", "weights_path"]

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Weights:
    """One row of ``manifest.toml``: a network's file, origin and licence, and the picture that it takes."""

    name: str
    file: str
    sha256: str
    size_bytes: int
    source: str
    licence: str
    input: str

    @property
    def shipped(self) -> bool:
        """Whether the file comes inside the built package (an npm source), not on request."""
        return self.source.startswith("npm:")


@cache
def weights_manifest() -> dict[str, Weights]:
    """Return every known network by name, in the order of ``manifest.toml``."""
    rows = tomllib.loads((_FOLDER / "manifest.toml").read_text("utf-8"))
    return {name: Weights(name=name, **row) for name, row in rows.items()}


@cache
def weights_path(name: str) -> Path:
    """Return the installed file of the network ``name``, its sha256 checked once a process.

    Raises ``ModelError``: ``model-unknown``, ``model-missing`` or ``model-checksum``.
    """
    if name not in weights_manifest():
        raise ModelError("model-unknown", name=name, known=", ".join(weights_manifest()))
    weights = weights_manifest()[name]
    return verified(weights, _FOLDER / weights.file)


def verified(weights: Weights, path: Path) -> Path:
    """Return ``path`` (installed, fetched or given by hand) if it holds ``weights``.

    Raises ``ModelError``: ``model-missing`` if it is not there, ``model-checksum`` if it is another file.
    """
    try:
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ModelError("model-missing", name=weights.name) from error
    if found != weights.sha256:
        raise ModelError("model-checksum", name=weights.name, found=found, expected=weights.sha256)
    return path
