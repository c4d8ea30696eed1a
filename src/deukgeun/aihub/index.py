"""Where everything lies, kept in one SQLite file: a picture among 5.5 million is found at once, and memory stays flat.

A tar has no directory, so finding out takes a walk over all of its headers. The walk is done once; with the file kept,
only archives and folders that are new are walked over again. A killed walk goes on with the next archive. When
something changed or is gone, everything is walked over anew.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import TracebackType

from deukgeun.aihub.index_filler import PLACE, Filler, Told, stored_place
from deukgeun.aihub.names import CLIP_SHIFT
from deukgeun.aihub.oddities import Tally
from deukgeun.aihub.places import Place
from deukgeun.errors import AihubError, OutputError

_FORMAT = 1
_APPLICATION = 0x41483331  # tells an index from other SQLite files
_SCHEMA = """
CREATE TABLE IF NOT EXISTS containers(id INTEGER PRIMARY KEY, path BLOB UNIQUE, size INTEGER, changed INTEGER,
    is_zip INTEGER, seen INTEGER, notes TEXT);
CREATE TABLE IF NOT EXISTS labels(key INTEGER PRIMARY KEY, container INTEGER, name BLOB, packing INTEGER,
    offset INTEGER, size INTEGER, crc INTEGER);
CREATE TABLE IF NOT EXISTS pictures(key INTEGER PRIMARY KEY, container INTEGER, name BLOB, packing INTEGER,
    offset INTEGER, size INTEGER, crc INTEGER);
CREATE TABLE IF NOT EXISTS walked(notes TEXT);
"""


class Index:
    """The places of labels and pictures under the folder ``root``, by their numbers (`names`). A context manager."""

    def __init__(self, root: Path, file: Path, *, read_only: bool = False) -> None:
        self.root, self.file = root, file
        target = f"{file.resolve().as_uri()}?mode=ro" if read_only else file.resolve().as_uri()
        try:
            self._base = sqlite3.connect(target, uri=True, isolation_level=None)
            if not read_only:
                # A killed process cannot hurt the file; a machine that loses power can, and then it is made anew.
                marks = f"PRAGMA application_id={_APPLICATION}; PRAGMA user_version={_mark(root)};"
                self._base.executescript(f"PRAGMA synchronous=OFF; {marks} {_SCHEMA}")
        except sqlite3.Error as error:
            raise OutputError("output-not-writable", path=file, reason=error) from error

    def __enter__(self) -> Index:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._base.close()

    def labels(self, space: bool = False) -> Iterator[tuple[int, Place]]:
        """Yield (number, place) of the labels, 2D or 3D, as they lie in their containers."""
        rows = self._base.execute(
            f"SELECT t.key, {PLACE} FROM labels t JOIN containers c ON c.id = t.container "  # noqa: S608
            "WHERE (t.key & 1) = ? ORDER BY t.container, t.offset, t.key",
            (int(space),),
        )
        for row in rows:
            yield row[0], stored_place(self.root, row[1:])

    def label(self, bits: int) -> Place | None:
        """Return the place of the label of that number, None if there is none."""
        return self._one("labels", bits)

    def picture(self, bits: int) -> Place | None:
        """Return the place of the picture of that number, None if there is none."""
        return self._one("pictures", bits)

    def clip_frames(self, clip: int) -> Iterator[int]:
        """Yield the lower numbers (`PictureName.picture_bits`) of the pictures of a day, session and type, in order."""
        low, high = clip << CLIP_SHIFT, (clip + 1) << CLIP_SHIFT
        rows = self._base.execute("SELECT key FROM pictures WHERE key >= ? AND key < ? ORDER BY key", (low, high))
        mask = (1 << CLIP_SHIFT) - 1
        for (key,) in rows:
            yield key & mask

    def picture_clips(self) -> Iterator[int]:
        """Yield each day, session and type of which there are pictures, as one number (`names.clip_bits`)."""
        clip = -1
        while True:  # a jump from clip to clip along the key, not a pass over all pictures
            (key,) = self._base.execute(
                "SELECT min(key) FROM pictures WHERE key >= ?", ((clip + 1) << CLIP_SHIFT,)
            ).fetchone()
            if key is None:
                return
            clip = key >> CLIP_SHIFT
            yield clip

    def count(self, table: str) -> int:
        """Return how many ``labels``, ``pictures`` or ``containers`` there are."""
        if table not in {"labels", "pictures", "containers"}:
            raise ValueError(f"there is no table {table!r}")
        return int(self._base.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608

    def only_3d(self) -> Iterator[int]:
        """Yield the number of each 3D label that has no 2D label."""
        rows = self._base.execute(
            "SELECT key FROM labels a WHERE (key & 1) = 1 AND NOT EXISTS "
            "(SELECT 1 FROM labels b WHERE b.key = a.key - 1) ORDER BY key"
        )
        for (key,) in rows:
            yield key

    def oddities(self) -> Tally:
        """Return what was odd about the files themselves."""
        tally = Tally()
        notes = "SELECT notes FROM walked UNION ALL SELECT notes FROM containers WHERE notes IS NOT NULL"
        for (text,) in self._base.execute(notes):
            tally.merge(**json.loads(text))
        return tally

    def update(self, told: Told = lambda _: None) -> None:
        """Walk over the folder and note what is new. ``told`` hears how many files were met so far."""
        for attempt in range(2):
            if Filler(self.root, self._base, told).run():
                return
            if attempt == 0:
                for table in ("containers", "labels", "pictures", "walked"):
                    self._base.execute(f"DELETE FROM {table}")  # noqa: S608
        raise AihubError("aihub-changing", path=self.root)

    def _one(self, table: str, bits: int) -> Place | None:
        row = self._base.execute(
            f"SELECT t.key, {PLACE} FROM {table} t JOIN containers c ON c.id = t.container WHERE t.key = ?",  # noqa: S608
            (bits,),
        ).fetchone()
        return None if row is None else stored_place(self.root, row[1:])


def make_index(root: Path, file: Path, told: Told = lambda _: None) -> Index:
    """Return the index of the folder ``root``, kept in ``file``, brought up to date.

    Raises ``aihub-not-found``, ``output-not-writable`` and ``aihub-changing`` (files change during the walk).
    """
    if not root.is_dir():
        raise AihubError("aihub-not-found", path=root)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError("output-not-writable", path=file, reason=error.strerror) from error
    _drop_other_format(file, root)
    index = Index(root, file)
    index.update(told)
    return index


def _drop_other_format(file: Path, root: Path) -> None:
    """Remove an index of an older format or of another folder: it can be made again. Nothing else is removed."""
    if not file.exists():
        return
    try:
        with closing(sqlite3.connect(file)) as base:
            kind, mark = (base.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
    except sqlite3.DatabaseError as error:
        raise OutputError("output-not-writable", path=file, reason=error) from error
    if kind != _APPLICATION:
        raise OutputError("output-not-writable", path=file, reason="it is there and is no index of AI Hub's files")
    if mark != _mark(root):
        file.unlink()


def _mark(root: Path) -> int:
    """What tells an index of this format and folder: 31 bits."""
    return zlib.crc32(f"{_FORMAT}:{root.resolve()}".encode(errors="surrogateescape")) >> 1
