"""What ``deukgeun doctor`` examines. A check returns what it found; whatever it raises is a fault."""

from __future__ import annotations

import importlib
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from time import perf_counter

from deukgeun.errors import DeukgeunError

# Distribution and module of what the project needs at run time (tested against pyproject.toml).
LIBRARIES = {
    "ai-edge-litert": "ai_edge_litert.interpreter",
    "av": "av",
    "numpy": "numpy",
    "onnxruntime": "onnxruntime",
    "opencv-python-headless": "cv2",
    "pydantic": "pydantic",
    "rich": "rich",
    "scipy": "scipy",
    "typer": "typer",
}
_OLDEST_PYTHON = (3, 11)
_SIDE, _RATE_HZ, _PICTURES = 128, 25, 10


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was examined, whether it is good, and what was found or is wrong."""

    subject: str
    good: bool
    detail: str


def examine() -> list[Finding]:
    """Return the findings of every check, in the order in which one depends on another."""
    return [_finding(subject, check) for subject, check in _checks()]


def _checks() -> Iterator[tuple[str, Callable[[], str]]]:
    from deukgeun.pose.weights import weights_manifest

    yield "python", python
    for name in LIBRARIES:
        yield name, lambda name=name: library(name)  # type: ignore[misc]
    yield "settings", settings_in_force
    for name, weights in weights_manifest().items():
        if weights.shipped:
            yield f"weights {name}", lambda name=name: weights_file(name)  # type: ignore[misc]
    yield "video", video
    for name, weights in weights_manifest().items():
        if weights.shipped:
            yield f"network {name}", lambda name=name: network(name)  # type: ignore[misc]


def _finding(subject: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, True, check())
    except DeukgeunError as error:
        return Finding(subject, False, f"{error} {error.hint}")
    except Exception as error:  # a broken installation may fail in any way: that is what is looked for
        return Finding(subject, False, f"{type(error).__name__}: {error}")


def python() -> str:
    """Return version and machine. Raises ``RuntimeError`` for a Python that is too old."""
    if sys.version_info < _OLDEST_PYTHON:
        raise RuntimeError(f"{platform.python_version()}, needed is {_OLDEST_PYTHON[0]}.{_OLDEST_PYTHON[1]}")
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}, {os.cpu_count()} processors"


def library(name: str) -> str:
    """Return the version of a library, after importing it."""
    importlib.import_module(LIBRARIES[name])
    return metadata.version(name)


def settings_in_force() -> str:
    """Return how many settings differ from their defaults, and which. Raises ``SettingsError``."""
    from deukgeun.cli.settings import facts

    rows = facts(os.environ)
    changed = [f"{row['name']} = {row['value']} ({row['origin']})" for row in rows if row["origin"] != "default"]
    return ", ".join(changed) or f"all {len(rows)} at their defaults"


def weights_file(name: str) -> str:
    """Return the size of a network's file whose checksum is right. Raises ``ModelError``."""
    from deukgeun.pose.weights import weights_path

    return f"{weights_path(name).stat().st_size / 1e6:.1f} MB, checksum right"


def video() -> str:
    """Write a small video, decode it the way that videos of others are, and compare."""
    import numpy as np

    from deukgeun.media import VideoWriter, read_frames

    levels = np.linspace(40, 200, _PICTURES).astype(np.uint8)
    begun = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "self-test.mp4"
        with VideoWriter(path, _SIDE, _SIDE, _RATE_HZ) as out:
            for index, level in enumerate(levels):
                out.write(np.full((_SIDE, _SIDE, 3), level, np.uint8), index / _RATE_HZ)
        with read_frames(path) as reader:
            seen = np.array([frame.image.mean() for frame in reader])
            codec = reader.info.codec
    if len(seen) != _PICTURES or np.abs(seen - levels).max() > 8:
        raise RuntimeError(f"{len(seen)} of {_PICTURES} pictures came back, or with other brightness")
    return f"{codec} written and decoded in a process of its own, {1000 * (perf_counter() - begun):.0f} ms"


def network(name: str) -> str:
    """Run a network once to warm it, once for the time. Raises ``RuntimeError`` for outputs that are no numbers."""
    import numpy as np

    from deukgeun.pose.network import Network
    from deukgeun.pose.weights import weights_path
    from deukgeun.settings import load_settings

    threads = load_settings().integer("threads")
    net = Network(weights_path(name), threads)
    picture = np.zeros((1, net.input_size, net.input_size, 3), np.float32)
    net(picture)
    begun = perf_counter()
    outputs = net(picture)
    took_ms = 1000 * (perf_counter() - begun)
    if not all(np.isfinite(output).all() for output in outputs):
        raise RuntimeError("its output holds values that are no numbers")
    return f"{took_ms:.0f} ms a run, {threads} thread{'s' if threads > 1 else ''}"
