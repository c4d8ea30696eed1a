"""Crops: where the box lies, that the map leads back, archives read in place, and runs that were stopped."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.aihub.support_aihub import files, naming, write, write_tar, write_zip
from typer.testing import CliRunner

from deukgeun.aihub import crop as crops
from deukgeun.aihub.box import (
    Square,
    apply,
    cut_out,
    inverse,
    scaled_to_label,
    scaled_to_size,
    square_around,
    to_picture,
)
from deukgeun.aihub.commands import app
from deukgeun.aihub.crop import MAP_COLUMNS, crop_table
from deukgeun.aihub.crop_worker import CropOptions, Cropper
from deukgeun.aihub.rows import Row, read_rows, write_rows
from deukgeun.errors import AihubError

SMALL = CropOptions(side=48)


@settings(deadline=None, max_examples=80)
@given(st.lists(st.floats(-3000, 5000), min_size=48, max_size=48), st.floats(0, 40))
def test_the_square_holds_all_joints_in_the_picture_and_the_margin(numbers: list[float], margin_px: float) -> None:
    xy = np.array(numbers).reshape(24, 2)
    square = square_around(xy, margin_px)
    inside = np.clip(xy, 0, [1919, 1079])
    low, high = inside.min(axis=0) - margin_px, inside.max(axis=0) + margin_px
    edge = np.array([square.left, square.top])
    assert (low >= edge - 1.001).all() and (high <= edge + square.side - 1 + 1.001).all()
    assert float((high - low).max()) <= square.side < float((high - low).max()) + 1.001
    assert np.abs((low + high) / 2 - (edge + (square.side - 1) / 2)).max() <= 0.5 + 1e-9


def test_the_original_studys_box() -> None:
    """A person 300 by 500 px: 10 px around makes 320 by 520, squared on the longer side about the middle."""
    xy = np.full((24, 2), [900.0, 400.0])
    xy[0], xy[1] = [800.0, 300.0], [1100.0, 800.0]
    square = square_around(xy)
    assert square.side == 520 and abs(square.left + 259.5 - 950) <= 0.5 and abs(square.top + 259.5 - 550) <= 0.5


SQUARES = [Square(100, 50, 200), Square(-60, -30, 400), Square(1700, 900, 300), Square(3, 3, 9)]


@pytest.mark.parametrize("square", SQUARES)
def test_a_point_of_the_picture_is_where_the_map_says(square: Square) -> None:
    """A blurred dot is cut out; its centre in the crop, mapped back, is where it was in the picture."""
    spread = max(square.side / 96, 1.0)
    edge = np.array([square.left, square.top])
    low, high = np.maximum(edge, 0), np.minimum(edge + square.side, [1920, 1080]) - 1
    middle, reach = (low + high) / 2, np.maximum((high - low) / 2 - 5 * spread, 0)
    v, u = np.mgrid[0:1080, 0:1920]
    rows, columns = np.mgrid[0:96, 0:96]
    for at in middle + reach * np.random.default_rng(0).uniform(-1, 1, (4, 2)):
        image = np.zeros((1080, 1920, 3), np.uint8)
        image[..., 1] = np.rint(255 * np.exp(-((u - at[0]) ** 2 + (v - at[1]) ** 2) / (2 * spread**2)))
        found = cut_out(image, square, 96).astype(np.float64)[..., 1]
        centre = np.array([(found * columns).sum(), (found * rows).sum()]) / found.sum()
        assert np.abs(apply(to_picture(square, 96), centre) - at).max() < 0.1 * spread


def test_beyond_the_border_it_is_black_and_proportions_stay() -> None:
    image = np.full((1080, 1920, 3), 200, np.uint8)
    found = cut_out(image, Square(-100, 980, 200), 100)
    assert found.shape == (100, 100, 3)
    assert (found[:49, 51:] == 200).all() and not found[51:].any() and not found[:, :49].any()


@settings(deadline=None, max_examples=30)
@given(
    st.integers(-500, 1900), st.integers(-500, 1000), st.integers(1, 2500), st.sampled_from([(1920, 1080), (640, 360)])
)
def test_maps_there_and_back(left: int, top: int, side: int, size: tuple[int, int]) -> None:
    transform = scaled_to_label(to_picture(Square(left, top, side)), size)
    xy = np.random.default_rng(0).uniform(0, 1000, (24, 2))
    assert np.allclose(apply(transform, apply(inverse(transform), xy)), xy, atol=1e-6)
    corners = apply(transform, np.array([[-0.5, -0.5], [383.5, 383.5]]))
    wanted = np.array([[left, top], [left + side, top + side]]) * [1920 / size[0], 1080 / size[1]] - 0.5
    assert np.allclose(corners, wanted)
    assert np.allclose(scaled_to_size(apply(transform, xy), size), apply(to_picture(Square(left, top, side)), xy))


@pytest.fixture
def data(tmp_path: Path) -> tuple[Path, Path]:
    """A copy with pictures in a tar and a zip, and a table of 40 of them."""
    root = tmp_path / "data"
    sets = [files(naming(1), pictures=32), files(naming(185, day=6), pictures=32)]
    write_tar(root / "Day05.tar", sets[0])
    write_zip(root / "Day06.zip", sets[1])
    table = tmp_path / "table.csv"
    rng = np.random.default_rng(0)
    names = [naming(1).picture(v, f) for v in range(5) for f in (1, 3, 5, 7)]
    names += [naming(185, day=6).picture(v, f) for v in range(5) for f in (1, 3, 5, 7)]
    joints = rng.uniform([600, 200], [1300, 900], (len(names), 24, 2))
    rows = [
        Row(path.name, xy, path.parts[-3], "burpee", int(path.parts[-5][3:5]), 1)
        for path, xy in zip(names, joints, strict=True)
    ]
    write_rows(table, rows)
    return root, table


def run(data: tuple[Path, Path], out: Path, **more: Any) -> Any:
    root, table = data
    return crop_table(table, root, out, out.parent / "index.sqlite", SMALL, **more)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_crops_of_pictures_in_archives(data: tuple[Path, Path], tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    done = run(data, tmp_path / "out", told=lambda *each: told.append(each))
    assert (done.crops, done.before, done.left_out) == (40, 0, {}) and told[-1] == (40, 40)
    rows = read(tmp_path / "out/crops.csv")
    assert [row["image"] for row in rows] == [row.image for row in read_rows(data[1])]
    for row, label in zip(rows, read_rows(data[1]), strict=True):
        image = cv2.imread(str(tmp_path / "out" / row["crop"]))
        assert image is not None and image.shape == (48, 48, 3)
        transform = np.array([float(row[name]) for name in MAP_COLUMNS]).reshape(2, 3)
        inside = apply(inverse(transform), label.xy)
        assert inside.min() >= -0.6 and inside.max() <= 47.6  # all joints lie in their crop
        reach = inside.max(axis=0) - inside.min(axis=0)
        assert reach.max() > 43  # and fill it
    red = [int(cv2.imread(str(tmp_path / "out" / row["crop"]))[24, 24, 2]) for row in rows[:20:4]]
    assert red == pytest.approx([1, 41, 81, 121, 161], abs=6)  # each view's own picture


def test_crops_can_be_read_as_a_table_again(data: tuple[Path, Path], tmp_path: Path) -> None:
    run(data, tmp_path / "out")
    again, first = list(read_rows(tmp_path / "out/crops.csv")), list(read_rows(data[1]))
    assert [repr(row.xy) for row in again] == [repr(row.xy) for row in first]


def test_a_table_like_the_published_one_tells_no_days(data: tuple[Path, Path], tmp_path: Path) -> None:
    run(data, tmp_path / "out")
    with data[1].open(encoding="utf-8", newline="") as file:
        short = [line[:49] for line in csv.reader(file)]
    with data[1].open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(short)
    assert run(data, tmp_path / "short").crops == 40
    rows, wanted = read(tmp_path / "short/crops.csv"), read(tmp_path / "out/crops.csv")
    assert [[row[name] for name in MAP_COLUMNS] for row in rows] == [
        [row[name] for name in MAP_COLUMNS] for row in wanted
    ]


def test_what_cannot_be_cropped_is_told_and_the_rest_is_made(data: tuple[Path, Path], tmp_path: Path) -> None:
    root, _ = data
    (root / "Day06.zip").unlink()
    damaged = naming(185, day=6).picture(0, 1).as_posix()
    write(root, {damaged: b"no picture", naming(185, day=6).picture(0, 3).as_posix(): b""})
    done = run(data, tmp_path / "out")
    assert done.crops == 20 and done.left_out == {"picture is damaged": 2, "picture not there": 18}
    assert {row["why"] for row in read(tmp_path / "out/left_out.csv")} == set(done.left_out)
    (root / "Day05.tar").unlink()
    with pytest.raises(AihubError, match="aihub-empty"):
        run(data, tmp_path / "empty")


def test_a_stopped_run_goes_on(data: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = run(data, tmp_path / "whole")
    made: list[int] = []
    real = Cropper.crop

    def stopping(self: Cropper, number: int, row: Row) -> Any:
        if len(made) == 35:
            raise KeyboardInterrupt
        made.append(number)
        return real(self, number, row)

    monkeypatch.setattr(Cropper, "crop", stopping)
    with pytest.raises(KeyboardInterrupt):
        run(data, tmp_path / "out")
    monkeypatch.setattr(Cropper, "crop", real)
    journal = tmp_path / "out/crops.jsonl"
    journal.write_text(journal.read_text("utf-8") + '{"number": 39, "ma', "utf-8")
    (tmp_path / "out/Day05-1/.x.jpg.1.part").write_bytes(b"half")
    done = run(data, tmp_path / "out")
    assert (done.crops, done.before) == (whole.crops, 32)
    assert (tmp_path / "out/crops.csv").read_bytes() == (tmp_path / "whole/crops.csv").read_bytes()
    assert not list((tmp_path / "out").rglob("*.part"))


def test_a_crop_that_is_gone_is_made_again(data: tuple[Path, Path], tmp_path: Path) -> None:
    run(data, tmp_path / "out")
    gone = tmp_path / "out" / read(tmp_path / "out/crops.csv")[7]["crop"]
    gone.unlink()
    assert run(data, tmp_path / "out").before == 39 and gone.exists()


def test_a_folder_holds_crops_of_one_kind(data: tuple[Path, Path], tmp_path: Path) -> None:
    run(data, tmp_path / "out")
    root, table = data
    with pytest.raises(AihubError, match="side"):
        crop_table(table, root, tmp_path / "out", tmp_path / "index.sqlite", CropOptions(side=64))
    write_rows(table, list(read_rows(table))[:3])
    with pytest.raises(AihubError, match="table_sha256"):
        run(data, tmp_path / "out")


def test_several_processes_make_what_one_makes(data: tuple[Path, Path], tmp_path: Path) -> None:
    run(data, tmp_path / "one")
    run(data, tmp_path / "two", workers=2)
    for path in (tmp_path / "one").rglob("*.*"):
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert path.name == crops.JOURNAL or other.read_bytes() == path.read_bytes()


def test_a_lost_process_is_told(data: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crops, "begin", os.abort)  # takes no arguments: each process ends as it begins
    with pytest.raises(AihubError, match="aihub-worker-lost"):
        run(data, tmp_path / "out", workers=2)
    monkeypatch.undo()
    assert run(data, tmp_path / "out", workers=1).crops == 40


KILLED = """
import sys
from pathlib import Path
from deukgeun.aihub.commands import app
if __name__ == "__main__":
    app(sys.argv[1:])
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
def test_a_killed_command_leaves_no_process_and_goes_on(data: tuple[Path, Path], tmp_path: Path) -> None:
    import psutil

    root, table = data
    many = [row for _ in range(40) for row in read_rows(table)]
    write_rows(table, many)
    script = tmp_path / "run.py"
    script.write_text(KILLED, "utf-8")
    arguments = ["crop", str(table), str(root), str(tmp_path / "out"), "--workers", "2", "--side", "48"]
    process = subprocess.Popen([sys.executable, str(script), *arguments], stdout=subprocess.DEVNULL)
    journal = tmp_path / "out/crops.jsonl"
    deadline = time.monotonic() + 60
    while (not journal.exists() or journal.stat().st_size < 500) and time.monotonic() < deadline:
        time.sleep(0.01)
    children = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGKILL)
    process.wait()
    made = len(journal.read_text("utf-8").splitlines())
    assert 0 < made < len(many)
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not alive
    result = CliRunner().invoke(app, [*arguments[:-4], "--workers", "1", "--side", "48"])
    assert result.exit_code == 0 and f"{len(many)} crops" in result.output
    assert len(read(tmp_path / "out/crops.csv")) == len(many)
    assert json.loads((tmp_path / "out/crop.json").read_text("utf-8"))["side"] == 48
