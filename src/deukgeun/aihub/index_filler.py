"""Fills the tables of the index in one walk over the folder: what is new is added, in transactions by container."""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from deukgeun.aihub.names import label_name, picture_name
from deukgeun.aihub.oddities import Tally
from deukgeun.aihub.places import FILE, Place, PlaceReader, UnreadablePlaceError
from deukgeun.aihub.walk import Container, walk

Told = Callable[[int], None]
"""Hears how many files were met so far."""
_BATCH = 4000
_ROW = "(key, container, name, packing, offset, size, crc) VALUES (?, ?, ?, ?, ?, ?, ?)"
PLACE = "c.path, t.name, t.packing, t.offset, t.size, c.is_zip, t.crc"
"""The columns that `stored_place` takes, from labels or pictures ``t`` and containers ``c``."""
_Row = tuple[int, int, bytes | None, int, int, int, int | None]


def stored_place(root: Path, row: Sequence[Any]) -> Place:
    """Return the place of a row of `PLACE` under the folder ``root``."""
    path, name, packing, offset, size, is_zip, crc = row
    return Place(root / os.fsdecode(path), os.fsdecode(name or b""), packing, offset, size, bool(is_zip), crc)


class Filler:
    """One walk. ``run`` returns False where a container that was known has changed or is gone: nothing of it holds."""

    def __init__(self, root: Path, base: sqlite3.Connection, told: Told) -> None:
        self._root, self._base, self._told = root, base, told
        self._outside, self._inside = Tally(), Tally()
        self._pictures: list[_Row] = []
        self._container: Container | None = None
        self._id = 0
        self._met = self._uncommitted = 0
        self._reader = PlaceReader()

    def run(self) -> bool:
        """Walk to the end, or to the first container that is not as it was."""
        self._base.execute("UPDATE containers SET seen = 0")
        self._base.execute("BEGIN")
        try:
            with self._reader:
                for found in walk(self._root, self._is_new, self._outside.add, self._note_inside):
                    self._take(found)
            self._close_container()
            gone = self._base.execute("SELECT 1 FROM containers WHERE NOT seen").fetchone()
            self._base.execute("DELETE FROM walked")
            self._base.execute("INSERT INTO walked VALUES (?)", (json.dumps(asdict(self._outside)),))
            self._base.execute("COMMIT")
        except _ChangedError:
            self._base.execute("ROLLBACK")
            return False
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        return gone is None

    def _note_inside(self, code: str, where: str) -> None:
        self._inside.add(code, where)

    def _path(self, container: Container) -> bytes:
        return os.fsencode(container.path.relative_to(self._root))

    def _is_new(self, container: Container) -> bool:
        path = self._path(container)
        row = self._base.execute("SELECT size, changed FROM containers WHERE path = ?", (path,)).fetchone()
        if row is None:
            return True
        if row != (container.size, container.changed_ns):
            raise _ChangedError
        self._base.execute("UPDATE containers SET seen = 1 WHERE path = ?", (path,))
        return False

    def _take(self, found: Container | Place) -> None:
        if isinstance(found, Container):
            self._close_container()
            if self._base.execute("SELECT 1 FROM containers WHERE path = ?", (self._path(found),)).fetchone() is None:
                self._container = found
                (last,) = self._base.execute("SELECT coalesce(max(id), 0) FROM containers").fetchone()
                self._id = last + 1
                self._write_container()
            return
        self._met += 1
        if self._met % _BATCH == 0:
            self._told(self._met)
        if found.name.lower().endswith(".json"):
            self._take_label(found)
        else:
            self._take_picture(found)

    def _write_container(self) -> None:
        container = self._container
        if container is not None:
            row = (self._id, self._path(container), container.size, container.changed_ns)
            is_zip = container.path.suffix.lower() == ".zip"
            self._base.execute("INSERT INTO containers VALUES (?, ?, ?, ?, ?, 1, NULL)", (*row, is_zip))

    def _close_container(self) -> None:
        """What a container holds becomes known with it, or, after a kill, not at all."""
        if self._container is not None:
            self._flush()
            if self._inside.counts:
                notes = json.dumps(asdict(self._inside))
                self._base.execute("UPDATE containers SET notes = ? WHERE id = ?", (notes, self._id))
            if self._uncommitted > _BATCH or self._container.size:
                self._base.execute("COMMIT")
                self._base.execute("BEGIN")
                self._uncommitted = 0
        self._container, self._inside = None, Tally()

    def _full_name(self, place: Place) -> str:
        """The path from the root's own name on: it may be that of a day."""
        return f"{self._root.resolve().name}/{place.container.relative_to(self._root).as_posix()}/{place.name}"

    def _row(self, key: int, place: Place) -> _Row:
        name = None if place.packing != FILE and not place.name.lower().endswith(".json") else os.fsencode(place.name)
        return key, self._id, name, place.packing, place.offset, place.size, place.crc

    def _take_picture(self, place: Place) -> None:
        name = picture_name(self._full_name(place))
        if name is None:
            self._inside.add("other_picture", str(place))
            return
        self._pictures.append(self._row(name.bits(), place))
        if len(self._pictures) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        before = self._base.total_changes
        self._base.executemany(f"INSERT OR IGNORE INTO pictures {_ROW}", self._pictures)
        again = len(self._pictures) - (self._base.total_changes - before)
        if again and self._container is not None:
            self._inside.add("picture_twice", str(self._container.path), again)
        self._uncommitted += len(self._pictures)
        self._pictures.clear()

    def _take_label(self, place: Place) -> None:
        name = label_name(place.name)
        if name is None:
            self._inside.add("other_json", str(place))
            return
        self._uncommitted += 1
        done = self._base.execute(f"INSERT OR IGNORE INTO labels {_ROW}", self._row(name.bits(), place))
        if not done.rowcount:
            self._inside.add("twice" if self._is_same(name.bits(), place) else "twice_differs", str(place))

    def _is_same(self, key: int, place: Place) -> bool:
        row = self._base.execute(
            f"SELECT {PLACE} FROM labels t JOIN containers c ON c.id = t.container WHERE t.key = ?",  # noqa: S608
            (key,),
        ).fetchone()
        return self._checksum(stored_place(self._root, row)) == self._checksum(place)

    def _checksum(self, place: Place) -> int | None:
        if place.crc is not None:
            return place.crc
        try:
            return zlib.crc32(self._reader.read(place))
        except UnreadablePlaceError:
            return None


class _ChangedError(Exception):
    """A container is not what it was when it was walked over."""
