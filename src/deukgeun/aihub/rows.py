"""One labelled picture as a row of a table, in the columns of the original study."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from deukgeun.aihub.clip import JOINTS, Array
from deukgeun.aihub.names import VIEWS, picture_name
from deukgeun.aihub.numbers import slugs
from deukgeun.errors import AihubError
from deukgeun.files import write_text
from deukgeun.skeleton import skeleton

# The published table of labels names four joints otherwise than the labels themselves do.
_TABLE_NAMES = {
    "back": "spine2(back)", "waist": "spine1(waist)", "left_foot": "left_instep", "right_foot": "right_instep",
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A picture: its file's ``image`` name, ``xy`` (24, 2) px in 1920 x 1080, the camera ``angle`` A to E, the
    ``exercise`` (slug of the catalogue), and the ``day`` and ``session`` that its file is found by (0: unknown)."""

    image: str
    xy: Array
    angle: str
    exercise: str
    day: int = 0
    session: int = 0

    def __post_init__(self) -> None:
        if self.xy.shape != (JOINTS, 2):
            raise ValueError(f"xy: expected (24, 2), got {self.xy.shape}")

    @property
    def path(self) -> str:
        """The picture's path as labels have it: ``Day05_/1/A/...``, as far as it is needed to find it."""
        folder = f"Day{self.day:02}_/" if self.day else ""
        return f"{folder}{self.session}/{self.angle}/{self.image}" if self.session else f"{folder}{self.image}"

    @property
    def performer(self) -> int:
        """The performer whom the picture's name tells; 0 if it is not named as one of the set."""
        name = picture_name(self.image)
        return name.performer if name else 0


@cache
def columns() -> tuple[str, ...]:
    """Return the names of the columns: image, 24 x and y, angle, exercise; and day and session behind them."""
    names = [_TABLE_NAMES.get(joint, joint) for joint in skeleton("aihub_24").joints]
    return ("image", *(f"{name}_{axis}" for name in names for axis in "xy"), "angle", "exercise", "day", "session")


def values(row: Row) -> list[str]:
    """Return a row as the texts of its columns."""
    numbers = [f"{value:.10g}" for value in row.xy.ravel().tolist()]
    return [row.image, *numbers, row.angle, row.exercise, str(row.day), str(row.session)]


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Write a table, as a whole or not at all. Raises ``output-not-writable``."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns())
    writer.writerows(values(row) for row in rows)
    write_text(path, text.getvalue())


def read_rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a table; ``angle``, ``exercise``, ``day`` and ``session`` may be missing.

    Raises ``aihub-table`` for a table that cannot be read or lacks the other columns.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in columns()[: 1 + 2 * JOINTS] if name not in (reader.fieldnames or ())]
            if missing:
                raise AihubError("aihub-table", path=path, reason=f"it has no column '{missing[0]}'")
            for number, row in enumerate(reader, start=2):
                yield _row(row, path, number)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise AihubError("aihub-table", path=path, reason=reason) from error


def _row(row: dict[str, str | None], path: Path, number: int) -> Row:
    name = picture_name(row["image"] or "")
    try:
        numbers = [float(row[column] or "nan") for column in columns()[1 : 1 + 2 * JOINTS]]
        day, session = (int(row.get(column) or 0) for column in ("day", "session"))
    except ValueError as error:
        raise AihubError("aihub-table", path=path, reason=f"line {number}: {error}") from error
    if name is None or not all(map(math.isfinite, numbers)):
        what = "its picture is not named as one of the data set" if name is None else "a joint has no number"
        raise AihubError("aihub-table", path=path, reason=f"line {number}: {what}")
    return Row(
        image=(row["image"] or "").rpartition("/")[2],
        xy=np.array(numbers).reshape(JOINTS, 2),
        angle=row.get("angle") or VIEWS[name.view],
        exercise=row.get("exercise") or _exercise(name.type_no),
        day=day or name.day,
        session=session or name.session,
    )


def _exercise(type_no: int) -> str:
    from deukgeun.aihub.exercises import aihub_exercise

    try:
        return slugs()[aihub_exercise(type_no).no]
    except ValueError:
        return ""
