"""Crops of one person each, with joints labelled in the whole picture: what training and evaluation read.

The table is ``crops.csv`` as ``deukgeun aihub crop`` writes it: ``image``, the picture's file name; x and y of each
joint in the 1920 x 1080 picture (empty where not labelled); ``angle`` and ``exercise``; ``crop``, its file relative to
the table; and the map from pixels of the crop to the picture, x = map_xu u + map_xv v + map_x0 and y likewise. The
performer is in a column of that name, or else in the name of the picture.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from deukgeun.aihub.crop import MAP_COLUMNS
from deukgeun.aihub.names import picture_name
from deukgeun.aihub.rows import columns
from deukgeun.errors import TrainingError
from deukgeun.pose.geometry import Floats, Image
from deukgeun.skeleton import Skeleton
from deukgeun.training.pose.augment import transformed

_NAMED = ("image", "angle", "exercise", "crop")


@dataclass(frozen=True, slots=True)
class CropSample:
    """One crop: a square picture at ``image``, ``to_picture`` (2, 3) from its pixels to those of the whole picture, and
    ``joints`` (K, 2) there, NaN where not labelled. The words are for reports and splits.
    """

    image: Path
    to_picture: Floats
    joints: Floats
    exercise: str = ""
    angle: str = ""
    performer: str = ""

    def __post_init__(self) -> None:
        if self.to_picture.shape != (2, 3) or self.joints.ndim != 2 or self.joints.shape[1] != 2:
            raise ValueError(
                f"to_picture is (2, 3), is {self.to_picture.shape}; joints are (K, 2), {self.joints.shape}"
            )
        if abs(float(np.linalg.det(self.to_picture[:, :2]))) < 1e-12:
            raise ValueError("to_picture maps the crop to a line")

    @property
    def in_crop(self) -> Floats:
        """The joints (K, 2) in pixels of the crop."""
        turn, offset = self.to_picture[:, :2], self.to_picture[:, 2]
        return (self.joints - offset) @ np.linalg.inv(turn).T

    def in_picture(self, points: Floats) -> Floats:
        """Return points (..., 2) of the crop in the whole picture."""
        return transformed(points, self.to_picture)


def read_crop(path: Path) -> Image:
    """Return the picture (S, S, 3), RGB. Raises ``training-data``."""
    try:
        packed = np.fromfile(path, np.uint8)
    except OSError as error:
        raise TrainingError("training-data", path=path, reason=error.strerror or str(error)) from error
    image = cv2.imdecode(packed, cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION) if packed.size else None
    if image is None or image.shape[0] != image.shape[1]:
        reason = "it is not a picture" if image is None else f"it is not square: {image.shape[1]} x {image.shape[0]}"
        raise TrainingError("training-data", path=path, reason=reason)
    return np.ascontiguousarray(image[..., ::-1], np.uint8)


def read_crops(table: Path, joints: Skeleton) -> tuple[CropSample, ...]:
    """Return the crops of a table, in its order. Raises ``training-data`` if it lacks a column or holds none."""
    try:
        with table.open(encoding="utf-8", newline="") as stream:
            rows = csv.DictReader(stream)
            _need_columns(table, rows.fieldnames or (), joints)
            samples = tuple(_sample(table, row, number, joints) for number, row in enumerate(rows, start=2))
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError("training-data", path=table, reason=str(error)) from error
    if not samples:
        raise TrainingError("training-data", path=table, reason="there is no crop in it")
    return samples


def write_crops(table: Path, samples: Iterable[CropSample], joints: Skeleton) -> None:
    """Write the table that ``read_crops`` reads; the crops lie in its folder or below."""
    with table.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*_NAMED, "performer", *_joint_columns(joints), *MAP_COLUMNS])
        for sample in samples:
            crop = sample.image.relative_to(table.parent).as_posix()
            words = [sample.image.name, sample.angle, sample.exercise, crop, sample.performer]
            points = ["" if np.isnan(value) else f"{value:.10g}" for value in sample.joints.ravel()]
            writer.writerow([*words, *points, *map(repr, sample.to_picture.ravel().tolist())])


def _joint_columns(joints: Skeleton) -> list[str]:
    """AI Hub's tables have names of their own for some joints."""
    if joints.name == "aihub_24":
        return [name for name in columns() if name.endswith(("_x", "_y"))]
    return [f"{joint}_{axis}" for joint in joints.joints for axis in "xy"]


def _need_columns(table: Path, found: Sequence[str], joints: Skeleton) -> None:
    missing = [name for name in (*_NAMED, *_joint_columns(joints), *MAP_COLUMNS) if name not in found]
    if missing:
        shown = ", ".join(missing[:3]) + (", ..." if len(missing) > 3 else "")
        raise TrainingError("training-data", path=table, reason=f"{len(missing)} columns are missing: {shown}")


def _sample(table: Path, row: dict[str, str], number: int, joints: Skeleton) -> CropSample:
    try:
        points = [float(row[name]) if row[name] else np.nan for name in _joint_columns(joints)]
        matrix = np.array([float(row[name]) for name in MAP_COLUMNS]).reshape(2, 3)
        words = (row["exercise"], row["angle"], row.get("performer") or _performer(row["image"]))
        return CropSample(table.parent / row["crop"], matrix, np.array(points).reshape(-1, 2), *words)
    except (ValueError, TypeError) as error:
        raise TrainingError("training-data", path=table, reason=f"line {number}: {error}") from error


def _performer(image: str) -> str:
    name = picture_name(image)
    return f"Z{name.performer}" if name else ""
