"""Crops are read with their labels and their place in the whole picture, or refused with the reason."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from deukgeun.aihub.crop import MAP_COLUMNS
from deukgeun.aihub.rows import Row, columns, values
from deukgeun.errors import TrainingError
from deukgeun.skeleton import skeleton
from deukgeun.training.pose.crops import CropSample, read_crop, read_crops, write_crops
from deukgeun.training.pose.metrics import joint_rmse, keypoint_rmse, pck, squared_errors

JOINTS = skeleton("aihub_24")


def sample(folder: Path, seed: int = 0) -> CropSample:
    rng = np.random.default_rng(seed)
    matrix = np.array([[2.5, 0.0, 100.25], [0.0, 2.5, -30.5]])
    joints = rng.uniform(0, 1000, (24, 2)).round(3)
    joints[seed % 24] = np.nan
    return CropSample(folder / f"{seed}.jpg", matrix, joints, "스탠딩 니업", "C", f"Z{seed}")


def test_what_is_written_is_read(tmp_path: Path) -> None:
    wanted = [sample(tmp_path, seed) for seed in range(3)]
    write_crops(tmp_path / "train.csv", wanted, JOINTS)
    found = read_crops(tmp_path / "train.csv", JOINTS)
    for a, b in zip(wanted, found, strict=True):
        assert (a.image, a.exercise, a.angle, a.performer) == (b.image, b.exercise, b.angle, b.performer)
        np.testing.assert_array_equal(a.joints, b.joints)
        np.testing.assert_array_equal(a.to_picture, b.to_picture)


def test_the_table_of_cut_out_pictures_is_read(tmp_path: Path) -> None:
    """As ``deukgeun aihub crop`` writes it: its columns, and the performer in the picture's name."""
    wanted = np.arange(48.0).reshape(24, 2)
    row = Row("001-1-1-01-Z17_C-0000003.jpg", wanted, "C", "standing_side_crunch", 5, 1)
    table = tmp_path / "crops.csv"
    with table.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*columns(), "crop", *MAP_COLUMNS])
        writer.writerow([*values(row), "1/C/a.jpg", "2", "0", "10.5", "0", "2", "20"])
    (found,) = read_crops(table, JOINTS)
    np.testing.assert_array_equal(found.joints, wanted)
    assert found.in_picture(np.array([1.0, 3.0])) == pytest.approx([12.5, 26.0])
    assert found.image == tmp_path / "1" / "C" / "a.jpg"
    assert (found.exercise, found.angle, found.performer) == ("standing_side_crunch", "C", "Z17")


def test_joints_are_found_in_the_crop_and_lead_back(tmp_path: Path) -> None:
    one = sample(tmp_path)
    np.testing.assert_allclose(one.in_picture(one.in_crop), one.joints)
    assert one.in_crop[5] == pytest.approx((one.joints[5] - [100.25, -30.5]) / 2.5)


def broken(table: Path, old: str, new: str) -> None:
    table.write_text(table.read_text("utf-8").replace(old, new), "utf-8")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("nose_x", "snout_x", "1 columns are missing: nose_x"),
        ("map_", "m_", "6 columns are missing: map_xu, map_xv, map_x0, ..."),
        ("2.5", "two", "line 2"),
        ("2.5", "0.0", "line 2: to_picture maps the crop to a line"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(old: str, new: str, reason: str, tmp_path: Path) -> None:
    table = tmp_path / "train.csv"
    write_crops(table, [sample(tmp_path)], JOINTS)
    broken(table, old, new)
    with pytest.raises(TrainingError, match=reason):
        read_crops(table, JOINTS)


def test_an_empty_or_absent_table_is_refused(tmp_path: Path) -> None:
    write_crops(tmp_path / "none.csv", [], JOINTS)
    with pytest.raises(TrainingError, match="no crop"):
        read_crops(tmp_path / "none.csv", JOINTS)
    with pytest.raises(TrainingError, match="No such file"):
        read_crops(tmp_path / "absent.csv", JOINTS)


def test_pictures_come_in_red_green_blue(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.full((8, 8, 3), (0, 0, 200), np.uint8))
    assert (read_crop(tmp_path / "a.png") == [200, 0, 0]).all()


@pytest.mark.parametrize("content", [None, b"", b"no picture", "wide"])
def test_what_is_no_square_picture_is_refused(content: bytes | str | None, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    if content == "wide":
        cv2.imwrite(str(path), np.zeros((8, 9, 3), np.uint8))
    elif isinstance(content, bytes):
        path.write_bytes(content)
    with pytest.raises(TrainingError) as caught:
        read_crop(path)
    assert caught.value.code == "training-data"


@pytest.mark.parametrize("shapes", [((3, 2), (24, 2)), ((2, 3), (24, 3)), ((2, 3), (48,))])
def test_wrong_shapes_are_refused(shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    with pytest.raises(ValueError, match="to_picture"):
        CropSample(Path("a.jpg"), np.ones(shapes[0]), np.ones(shapes[1]))


def test_rmse_is_the_root_of_the_mean_squared_distance_over_labelled_joints() -> None:
    labels = np.zeros((3, 24, 2))
    labels[1, 12:] = np.nan
    labels[2] = np.nan
    found = np.tile([3.0, 4.0], (3, 24, 1))
    found[0, 0] = [0.0, 13.0]
    squared = squared_errors(found, labels)
    assert keypoint_rmse(squared)[:2] == pytest.approx([np.sqrt((23 * 25 + 169) / 24), 5.0])
    assert np.isnan(keypoint_rmse(squared)[2])
    assert joint_rmse(squared)[0] == pytest.approx(np.sqrt((169 + 25) / 2))
    assert pck(squared, np.array([30.0, 20.0, 1.0]), 0.2) == pytest.approx(23 / 36)
    assert np.isnan(pck(squared[2:], np.array([30.0])))
