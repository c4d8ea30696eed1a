"""The scripts under test."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def script(name: str) -> Any:
    """The benchmark ``name`` as a module."""
    module: ModuleType = importlib.import_module(name)
    return module
