"""The command that looks at a copy, and the sheet of pictures that it draws."""

from __future__ import annotations

import json
import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.aihub.support_aihub import files, naming, write, write_tar
from typer.testing import CliRunner, Result

from deukgeun.aihub.collection import open_collection
from deukgeun.aihub.commands import app
from deukgeun.aihub.sheet import CAPTION, CELL, decoded, draw_label, sheet


def inspect(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["inspect", *map(str, arguments)])


@pytest.fixture(scope="module")
def gym(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("gym")
    sets = [files(naming(t, performer=t), pictures=2) for t in (1, 2, 33, 185)]
    write_tar(root / "all.tar", *sets)
    write(root, {"Day01_x/D01-1-001.json": b"{"})
    return root


def test_the_summary_tells_counts_gaps_and_oddities(gym: Path) -> None:
    result = inspect(gym)
    assert result.exit_code == 0, result.output
    text = " ".join(result.output.split())
    assert "5 2D labels, 4 3D labels, 4 of both; 40 pictures; 4 of 816 types, 4 performers, 1 days" in text
    assert "스탠딩 사이드 크런치 Standing side crunch 1 2 1" in text
    assert "No clips of: 버피 테스트" in text and "맨몸 운동 (4)" in text
    assert re.search(r"\b1 labels that are cut short", text) and re.search(r"\b4 clips that have not 32", text)


def test_the_summary_as_json(gym: Path) -> None:
    value = json.loads(inspect(gym, "--json").output)
    assert value["labels_2d"] == 5 and value["pictures"] == 40 and len(value["missing"]) == 38
    assert value["exercises"][0] == {
        "no": 1, "name": "스탠딩 사이드 크런치", "english": "Standing side crunch", "kind": 1, "clips": 2, "correct": 1,
    }  # fmt: skip
    assert value["pictures_of_a_view"] == [{"pictures": 2, "views": 20}]
    assert {row["code"] for row in value["odd"]} == {"cut_short", "not_32_pictures", "picture_missing"}


def test_an_empty_folder_and_none(tmp_path: Path) -> None:
    assert inspect(tmp_path).exit_code == 5
    assert inspect(tmp_path / "gone").exit_code == 2
    assert inspect(tmp_path, "--sheet", tmp_path / "a.txt").exit_code == 2


def test_the_sheet_has_a_cell_for_each_clip(gym: Path, tmp_path: Path) -> None:
    assert inspect(gym, "--sheet", tmp_path / "out.png", "--pictures", 6, "--quiet").output == ""
    image = cv2.imread(str(tmp_path / "out.png"))
    assert image is not None and image.shape == (CAPTION + CELL[1], 4 * CELL[0], 3)
    with open_collection(gym) as collection:
        assert np.array_equal(sheet(collection, 6), image)
        assert sheet(collection, 3).shape == (CAPTION + CELL[1], 3 * CELL[0], 3)


def test_a_sheet_of_nothing_is_one_grey_cell(tmp_path: Path) -> None:
    with open_collection(tmp_path) as collection:
        assert sheet(collection).shape == (CAPTION + CELL[1], CELL[0], 3)


def test_joints_are_drawn_where_they_are_and_unknown_ones_are_not() -> None:
    image = np.zeros((270, 480, 3), np.uint8)
    xy = np.full((24, 2), np.nan)
    xy[5], xy[7], xy[6], xy[8] = [100, 200], [200, 200], [300, 200], [1e300, 5]
    draw_label(image, xy)
    left, right, between = image[200, 100], image[200, 300], image[200, 150]
    assert left[2] > left[0] and right[0] > right[2] and between.any()
    assert not image[100:150].any() and not image[200, 240:260].any()


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff"])
def test_a_damaged_picture_is_none(content: bytes) -> None:
    assert decoded(content) is None
