"""Every exercise has its picture, and the pages show them."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from deukgeun.exercises import catalogue

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures" / "exercises"
GALLERY = ROOT / "docs" / "reference" / "gallery.md"
LARGEST_BYTES = 1_900_000  # all of them together

pytestmark = pytest.mark.skipif(not GALLERY.exists(), reason="the documentation of the repository is not here")


@pytest.mark.parametrize("slug", catalogue())
def test_every_exercise_has_a_picture_with_somebody_in_every_cell(slug: str) -> None:
    image = cv2.imdecode(np.frombuffer((PICTURES / f"{slug}.webp").read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    height, width = image.shape[:2]
    assert width == 8 * height and height >= 100
    for cell in np.split(image, 8, axis=1):
        assert cell.std() > 8


def test_the_page_shows_every_picture_and_no_other() -> None:
    shown = re.findall(r"\]\(\.\./pictures/exercises/(\w+)\.webp\)", GALLERY.read_text("utf-8"))
    assert shown == list(catalogue())
    assert {path.stem for path in PICTURES.glob("*.webp")} == set(catalogue())


def test_the_catalogues_page_leads_to_them() -> None:
    page = (ROOT / "docs" / "reference" / "exercises.md").read_text("utf-8")
    assert all(f"(gallery.md#{slug})" in page for slug in catalogue())


def test_all_pictures_together_are_small() -> None:
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < LARGEST_BYTES
