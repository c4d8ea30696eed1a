"""Corrections of labels by a table: which clip, view or picture shows another exercise, or is to be left out."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

from deukgeun.aihub.names import PictureName, label_name, picture_name
from deukgeun.aihub.numbers import exercise_number
from deukgeun.errors import AihubError

DROP = 0
_DROPPED = {"", "-", "drop"}


@dataclass(slots=True)
class Corrections:
    """Exercise numbers, or `DROP`, by what they are about; ``used`` tells which were of use.

    The keys are labels (``D05-1-001``), clips (``001-1-1-01-Z17``), views (``001-1-1-01-Z17_A``) or pictures
    (``001-1-1-01-Z17_A-0000001.jpg``); the most exact one holds.
    """

    rows: dict[str, int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def exercise(self, stem: str, image: str) -> int | None:
        """Return the number that a picture's exercise is corrected to, `DROP`, or None where nothing is said."""
        view = image.rpartition("-")[0]
        for key in (image, view, view.rpartition("_")[0], stem):
            if key in self.rows:
                self.used.add(key)
                return self.rows[key]
        return None

    @property
    def unused(self) -> tuple[str, ...]:
        """Corrections that no picture met."""
        return tuple(sorted(set(self.rows) - self.used))


def read_corrections(path: Path | None) -> Corrections:
    """Return the corrections of a CSV with the columns ``what`` and ``exercise`` (others are for notes).

    An empty exercise, ``-`` or ``drop`` leaves the pictures out. Raises ``aihub-table`` and ``aihub-exercise``.
    """
    found = Corrections()
    if path is None:
        return found
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not {"what", "exercise"} <= set(reader.fieldnames or ()):
                raise AihubError("aihub-table", path=path, reason="it has no columns 'what' and 'exercise'")
            for number, row in enumerate(reader, start=2):
                what, exercise = (row["what"] or "").strip(), (row["exercise"] or "").strip()
                if not _is_known(what):
                    reason = f"line {number}: '{what}' is no label, clip, view or picture"
                    raise AihubError("aihub-table", path=path, reason=reason)
                found.rows[what] = DROP if exercise.lower() in _DROPPED else exercise_number(exercise)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise AihubError("aihub-table", path=path, reason=getattr(error, "strerror", None) or error) from error
    return found


def _is_known(what: str) -> bool:
    made: list[PictureName | None] = [picture_name(what + rest) for rest in ("", "-1.jpg", "_A-1.jpg")]
    return any(made) or label_name(f"{what}.json") is not None
