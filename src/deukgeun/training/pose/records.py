"""What a run leaves in its folder, each file there as a whole or not at all.

``config.json`` and ``versions.json`` (what it was made with, and the sha256 of what it was made from); ``start.json``,
what became of every parameter of the file that it started from; ``history.csv``, a row an epoch; ``last.pt``, to go on
from; ``best.pt`` and ``epoch_001.pt``, ``epoch_006.pt``, ..., to use.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch

from deukgeun.errors import TrainingError
from deukgeun.files import write_bytes
from deukgeun.skeleton import Skeleton, skeleton
from deukgeun.training.config import as_mapping, from_mapping
from deukgeun.training.pose.heads import make_head
from deukgeun.training.pose.hrnet import Hrnet, shape
from deukgeun.training.pose.settings import PoseConfig
from deukgeun.training.pose.weights import Account, read_file

Row = dict[str, float]
LAST, BEST, HISTORY = "last.pt", "best.pt", "history.csv"
_PACKAGES = ("deukgeun", "torch", "numpy", "opencv-python-headless")
_MAY_DIFFER = ("workers",)  # of no influence on the result
_EVERY = 5  # epochs between snapshots: 1, 6, 11, ... as the study had them
SKELETON = "aihub_24"


def is_snapshot(epoch: int, epochs: int) -> bool:
    """Tell whether the weights of an epoch are kept: 1, 6, 11, ... and the last."""
    return epoch % _EVERY == 1 or epoch == epochs


def build(config: PoseConfig, joints: Skeleton | None = None) -> Hrnet:
    """Return a new network as the configuration says."""
    size = shape(config.network)
    return Hrnet(size, make_head(size.width, len(joints or skeleton(SKELETON)), config.codec))


def begin(folder: Path, config: PoseConfig, account: Account | None = None) -> None:
    """Write what the run is made with. Raises ``output-not-writable`` and ``training-data``."""
    sources = {name: getattr(config, name) for name in ("train", "val", "start") if getattr(config, name)}
    made = {
        "packages": {name: version(name) for name in _PACKAGES},
        "python": platform.python_version(),
        "sha256": {name: _sha256(Path(path)) for name, path in sources.items()},
    }
    write_bytes(folder / "config.json", json.dumps(as_mapping(config), indent=2).encode() + b"\n")
    write_bytes(folder / "versions.json", json.dumps(made, indent=2).encode() + b"\n")
    if account is not None:
        write_bytes(folder / "start.json", json.dumps(asdict(account), indent=2).encode() + b"\n")


def resumed(folder: Path, config: PoseConfig) -> dict[str, Any] | None:
    """Return the state to go on from, or None for a new run.

    Raises ``training-checkpoint`` if the run was begun with another configuration or other data.
    """
    path = folder / LAST
    if not path.exists():
        return None
    state = read_file(path)
    here, there = as_mapping(config), as_mapping(from_mapping(PoseConfig, state["config"]))
    differing = [name for name in here if here[name] != there[name] and name not in _MAY_DIFFER]
    if differing:
        names = ", ".join(differing)
        raise TrainingError("training-checkpoint", path=path, reason=f"its run has another {names}")
    then = json.loads((folder / "versions.json").read_text("utf-8"))["sha256"]
    changed = [name for name, digest in then.items() if _sha256(Path(here[name])) != digest]
    if changed:
        reason = f"since then these files changed: {', '.join(changed)}"
        raise TrainingError("training-checkpoint", path=path, reason=reason)
    return state


def save(folder: Path, name: str, state: Mapping[str, Any]) -> None:
    """Write a checkpoint. Raises ``output-not-writable``."""
    packed = io.BytesIO()
    torch.save(dict(state), packed)
    write_bytes(folder / name, packed.getvalue())


def write_history(folder: Path, rows: Sequence[Row]) -> None:
    """Write the rows so far. Raises ``output-not-writable``."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: f"{value:.6g}" for name, value in row.items()} for row in rows)
    write_bytes(folder / HISTORY, text.getvalue().encode())


def load_trained(path: Path) -> tuple[Hrnet, PoseConfig, dict[str, Any]]:
    """Return the network of a checkpoint of ours, its configuration, and what else is in the file.

    Raises ``training-checkpoint`` and ``training-config``.
    """
    state = read_file(path)
    if not {"model", "config", "epoch"} <= set(state):
        raise TrainingError("training-checkpoint", path=path, reason="it is not the checkpoint of a run of ours")
    config = from_mapping(PoseConfig, state["config"])
    model = build(config)
    try:
        model.load_state_dict(state["model"])
    except RuntimeError as error:
        raise TrainingError("training-checkpoint", path=path, reason=str(error).split("\n")[0]) from error
    model.eval()
    return model, config, {key: value for key, value in state.items() if key not in ("model", "config")}


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise TrainingError("training-data", path=path, reason=error.strerror or str(error)) from error
