"""Crops cut by a Ray cluster are those that one machine cuts."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from tests.aihub.support_aihub import files, naming, write_zip

from deukgeun.aihub import crop as crops
from deukgeun.aihub.crop import crop_table
from deukgeun.aihub.crop_ray import by_archive
from deukgeun.aihub.crop_worker import CropOptions
from deukgeun.aihub.rows import Row, write_rows
from deukgeun.errors import AihubError


def rows(days: list[int]) -> list[tuple[int, Row]]:
    return [(k, Row(f"{k}.jpg", np.zeros((24, 2)), "A", "burpee", day, 1)) for k, day in enumerate(days)]


def test_a_task_holds_rows_of_one_archive() -> None:
    tasks = list(by_archive(rows([5, 6] * 50 + [7])))
    assert [len(task) for task in tasks] == [32, 18, 32, 18, 1]
    assert all(len({row.day for _, row in task}) == 1 for task in tasks)
    assert sorted(number for task in tasks for number, _ in task) == list(range(101))


def test_without_ray_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(AihubError, match="aihub-ray-package"):
        list(crops.cropped_on_ray(iter(rows([5])), (tmp_path, tmp_path, tmp_path, CropOptions()), 1, "local"))


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_is_not_there_is_told(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="the extra `batch` is not installed")
    with pytest.raises(AihubError, match="aihub-cluster"):
        list(crops.cropped_on_ray(iter(rows([5])), (tmp_path, tmp_path, tmp_path, CropOptions()), 1, "nowhere"))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Ray's own, of the packages it brings
def test_a_cluster_makes_what_one_process_makes(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="the extra `batch` is not installed")
    root, table = tmp_path / "data", tmp_path / "table.csv"
    for day in (5, 6):
        write_zip(root / f"Day0{day}.zip", files(naming(1, day=day), pictures=32))
    joints = np.random.default_rng(0).uniform([600, 200], [1300, 900], (24, 2))
    names = [naming(1, day=day).picture(view, 1) for day in (5, 6) for view in range(5)]
    write_rows(table, [Row(path.name, joints, path.parts[-3], "burpee", int(path.parts[-5][3:5]), 1) for path in names])
    for out, cluster in (("one", ""), ("ray", "local")):
        done = crop_table(
            table, root, tmp_path / out, tmp_path / "index.sqlite", CropOptions(side=64), workers=2, cluster=cluster
        )
        assert (done.crops, done.before, done.left_out) == (10, 0, {})
    made = {path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*")}
    assert len(made) >= 12
    for path in made - {Path(crops.JOURNAL)}:
        assert (tmp_path / "ray" / path).read_bytes() == (tmp_path / "one" / path).read_bytes()
