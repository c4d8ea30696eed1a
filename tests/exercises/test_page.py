"""The reference page says what the catalogue says."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "make_exercises_page.py"


@pytest.mark.skipif(not TOOL.exists(), reason="the tools of the repository are not here")
def test_the_page_is_up_to_date() -> None:
    expected = runpy.run_path(str(TOOL))["page"]()
    assert (ROOT / "docs" / "reference" / "exercises.md").read_text("utf-8") == expected
