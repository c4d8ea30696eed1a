"""What ``import deukgeun`` gives."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version

import pytest

import deukgeun


def test_all_is_sorted_and_complete() -> None:
    assert list(deukgeun.__all__) == sorted(deukgeun.__all__)
    assert set(deukgeun.__all__) == set(deukgeun._HOME)


@pytest.mark.parametrize("name", deukgeun.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    found = getattr(deukgeun, name)
    assert found.__name__ == name
    assert found.__module__.startswith("deukgeun.")
    assert found.__doc__
    assert name in dir(deukgeun)


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing_of_the_kind'"):
        deukgeun.nothing_of_the_kind  # noqa: B018


def test_the_version_is_that_of_the_package() -> None:
    try:
        assert deukgeun.__version__ == version("deukgeun")
    except PackageNotFoundError:
        pytest.skip("the package is used in place, not installed")


def test_importing_it_loads_nothing_heavy_and_says_nothing() -> None:
    """The command line must answer quickly: rooms and their libraries are loaded when first used."""
    heavy = ("numpy", "cv2", "av", "scipy", "onnxruntime", "ai_edge_litert", "pydantic")
    code = f"import sys, deukgeun; dir(deukgeun); print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
