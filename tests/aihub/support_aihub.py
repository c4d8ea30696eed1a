"""Small copies of the data set for the tests, made by the virtual gym's own writer of its labels and names."""

from __future__ import annotations

import json
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from deukgeun.aihub import aihub_exercise
from deukgeun.aihub.survey import Survey, survey
from deukgeun.synth.writers.aihub_labels import as_text, label_2d, label_3d
from deukgeun.synth.writers.aihub_names import Naming

Label = dict[str, Any]
Change = Callable[[Label], object]


def naming(type_no: int = 1, day: int = 5, session: int = 1, performer: int = 17, **more: Any) -> Naming:
    exercise = aihub_exercise(type_no)
    plain = Naming(
        split="training", type_no=type_no, day=day, session=session, performer=performer,
        kind=exercise.kind, pose=exercise.pose, exercise_no=exercise.no, folder_kind=exercise.kind,
    )  # fmt: skip
    return replace(plain, **more)


def joints(name: Naming, frames: int = 16) -> npt.NDArray[np.float64]:
    """Joints (5, frames, 24, 2) within the picture, other ones in each recording."""
    rng = np.random.default_rng([name.type_no, name.day, name.session, name.performer])
    middle = rng.uniform([700, 400], [1200, 700], (5, 1, 1, 2))
    return np.rint(middle + rng.uniform(-300, 300, (5, frames, 24, 2)))


def space(name: Naming, frames: int = 16) -> npt.NDArray[np.float64]:
    return np.round(np.random.default_rng(name.type_no).normal(90, 50, (frames, 24, 3)), 4)


def label(name: Naming, frames: int = 16, change: Change | None = None) -> Label:
    exercise = aihub_exercise(name.type_no)
    made = label_2d(name, exercise, exercise.name.strip(), joints(name, frames), [True] * frames)
    if change is not None:
        change(made)
    return made


def files(
    name: Naming, frames: int = 16, pictures: int = 0, change: Change | None = None, which: str = "23"
) -> dict[str, bytes]:
    """The files of a recording by their paths: labels (``which``: 2D, 3D or both) and pictures of each view."""
    made: dict[str, bytes] = {}
    if "2" in which:
        made[name.label().as_posix()] = as_text(label(name, frames, change))
    if "3" in which:
        made[name.label("-3d").as_posix()] = as_text(label_3d(space(name, frames)))
    for view in range(5):
        for frame in range(1, pictures + 1):
            made[name.picture(view, frame).as_posix()] = tiny_jpeg(view * 40 + frame)
    return made


@cache
def tiny_jpeg(red: int = 0, width: int = 64, height: int = 36) -> bytes:
    image = np.full((height, width, 3), (40, 80, red), np.uint8)
    return bytes(cv2.imencode(".jpg", image)[1].tobytes())


def write(root: Path, *sets: dict[str, bytes]) -> Path:
    for path, content in merged(sets).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return root


def merged(sets: Iterable[dict[str, bytes]]) -> dict[str, bytes]:
    return {path: content for each in sets for path, content in each.items()}


def write_zip(path: Path, *sets: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, strip: int = 0) -> Path:
    """A zip of the files, without the first ``strip`` folders of their paths."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in merged(sets).items():
            archive.writestr(name.split("/", strip)[-1], content)
    return path


def write_tar(path: Path, *sets: dict[str, bytes], strip: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as archive:
        for name, content in merged(sets).items():
            entry = tarfile.TarInfo(name.split("/", strip)[-1])
            entry.size = len(content)
            archive.addfile(entry, BytesIO(content))
    return path


def surveyed(root: Path) -> Survey:
    from deukgeun.aihub.collection import open_collection

    with open_collection(root) as collection:
        return survey(collection)


def odd(root: Path) -> dict[str, int]:
    """The oddities of a copy by their codes."""
    return {row["code"]: row["count"] for row in surveyed(root).odd.rows()}


def dumped(value: Label, **how: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, **how).encode()
