"""What names tell: days, sessions, types and kinds, at any depth and in any Unicode form."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deukgeun.aihub.names import (
    CLIP_SHIFT,
    LabelName,
    PictureName,
    clean_text,
    clip_bits,
    folder_kind,
    label_name,
    label_of_bits,
    picture_name,
)

ROWS = Path(__file__).resolve().parents[3] / "shared" / "data" / "aihub_keypoints" / "train_df.csv"
FILE = "033-1-1-02-Z17_C-0000031.jpg"


@pytest.mark.parametrize(
    ("path", "day", "session", "number"),
    [
        (f"Day05_200925_F/1/C/033-1-1-02-Z17_C/{FILE}", 5, 1, 2),
        (f"013.피트니스자세/1.Training/원시데이터/body_01/Day31_201021_F/9/C/033-1-1-02-Z17_C/{FILE}", 31, 9, 2),
        ("원천데이터/1/C/033-1-1-21-Z17_C/033-1-1-21-Z17_C-0000031.jpg", 0, 1, 21),
        (f"Day04_200924_F.tar/2/C/033-1-1-02-Z17_C/{FILE}", 4, 2, 2),
        (f"Day04_200924_F/{FILE}", 4, 0, 2),
        (FILE.replace(".jpg", ".JPG"), 0, 0, 2),
    ],
)
def test_a_picture_in_every_layout(path: str, day: int, session: int, number: int) -> None:
    assert picture_name(path) == PictureName(day, session, 33, 17, 2, 31, number)


@pytest.mark.parametrize("path", ["a.jpg", "033-1-1-02-Z17_F-0000031.jpg", f"x{FILE}", f"{FILE}.png", "", "/"])
def test_what_is_no_picture_of_the_set(path: str) -> None:
    assert picture_name(path) is None


def test_labels() -> None:
    assert label_name("any/where/D05-1-001.json") == LabelName(5, 1, 1, False)
    assert label_name("D38-10-816-3d.json") == LabelName(38, 10, 816, True)
    assert label_name("037-1-1-01-Z17_C.json") is None
    assert LabelName(5, 1, 1, True).stem == "D05-1-001"


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 999), st.booleans())
def test_a_label_and_its_number(day: int, session: int, type_no: int, space: bool) -> None:
    name = LabelName(day, session, type_no, space)
    assert label_of_bits(name.bits()) == name


@settings(deadline=None)
@given(st.lists(st.tuples(*(st.integers(0, most) for most in (99, 99, 999, 9999, 4, 9999999 % 2**20))), min_size=2))
def test_numbers_of_pictures_sort_as_their_parts_do(parts: list[tuple[int, ...]]) -> None:
    names = [PictureName(*part, number=1) for part in parts]
    assert sorted(parts) == [parts[i] for i in sorted(range(len(parts)), key=lambda i: names[i].bits())] or len(
        set(parts)
    ) < len(parts)
    for name in names:
        assert name.bits() >> CLIP_SHIFT == clip_bits(name.day, name.session, name.type_no)
        assert 0 <= name.bits() < 2**63


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("라벨링데이터/맨몸운동_Labeling_new_220128/Day05_200925_F/D05-1-001.json", 1),
        ("라벨링데이터/바벨_덤벨_Labeling_new_220128/D05-1-001.json", 2),
        ("[라벨링]기구_Labeling/D05-1-001.json", 3),
        ("2.Validation/라벨링데이터/babel_01.zip/D05-1-001.json", 2),
        ("맨몸운동_Labeling/furniture_01/D05-1-001.json", 3),
        ("013.피트니스자세_sample/라벨링데이터/D08-1-033.json", None),
    ],
)
def test_the_kind_that_a_folder_is_named_for(path: str, kind: int | None) -> None:
    assert folder_kind(path) == kind
    assert folder_kind(unicodedata.normalize("NFD", path)) == kind


def test_blanks_and_forms_do_not_matter() -> None:
    assert clean_text("바벨 컬 ") == clean_text(unicodedata.normalize("NFD", " 바벨  컬")) == "바벨 컬"


@pytest.mark.skipif(not ROWS.exists(), reason="the published rows are not beside the project")
def test_all_published_names_are_read() -> None:
    with ROWS.open(encoding="utf-8", newline="") as file:
        names = [picture_name(row["image"]) for row in csv.DictReader(file)]
    assert len(names) > 4000
    assert all(name is not None and name.frame % 2 == 1 for name in names)
