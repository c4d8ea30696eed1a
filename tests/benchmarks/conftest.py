"""Benchmarks are scripts: their tests import them as they import each other."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from tests.benchmarks.scripts import BENCHMARKS


@pytest.fixture(autouse=True)
def beside_the_scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Import as the scripts do, with their own folder on the path; leave nothing of it behind."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    yield
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", None) or "").startswith(str(BENCHMARKS)):
            del sys.modules[name]
