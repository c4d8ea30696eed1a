"""Where a label or a picture lies, in a folder or within an archive, and how its bytes are had without unpacking."""

from __future__ import annotations

import struct
import zlib
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from deukgeun.aihub.zips import LOCAL_HEAD

FILE, PLAIN, DEFLATE, UNREADABLE = 0, 1, 2, 3
"""How the bytes lie: as a file of their own; as they are in an archive; deflated; encrypted or in another packing."""
_OPEN_ARCHIVES = 8
_LIKELY_RATIO = 8  # of a label: room enough at once for most


class UnreadablePlaceError(Exception):
    """The bytes cannot be had: the file is gone, cut short, encrypted or damaged."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where bytes lie: ``container`` is a folder or an archive, ``name`` the file's name or the member's path.

    ``offset`` and ``size`` (bytes) are those within the archive: of a zip's local header, of a tar's content.
    ``in_zip`` tells which; ``crc`` is the zip's checksum of the content, None where there is none.
    """

    container: Path
    name: str
    packing: int = FILE
    offset: int = 0
    size: int = 0
    in_zip: bool = False
    crc: int | None = None

    def __str__(self) -> str:
        return f"{self.container}{'/' if self.packing == FILE else '!'}{self.name}"


class PlaceReader:
    """Reads places one after the other and keeps a few archives open between. A context manager."""

    def __init__(self) -> None:
        self._open: OrderedDict[Path, BinaryIO] = OrderedDict()

    def __enter__(self) -> PlaceReader:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the archives."""
        for file in self._open.values():
            file.close()
        self._open.clear()

    def read(self, place: Place) -> bytes:
        """Return the bytes. Raises `UnreadablePlaceError`, its text saying why."""
        try:
            if place.packing == FILE:
                return (place.container / place.name).read_bytes()
            return self._archived(place)
        except (OSError, zlib.error, struct.error) as error:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise UnreadablePlaceError(reason) from error

    def _archived(self, place: Place) -> bytes:
        if place.packing == UNREADABLE:
            raise UnreadablePlaceError("it is encrypted, or packed in a way that is not read in place")
        file = self._archive(place.container)
        file.seek(place.offset)
        if place.in_zip:
            head = file.read(LOCAL_HEAD)
            if len(head) < LOCAL_HEAD or head[:4] != b"PK\3\4":
                raise UnreadablePlaceError("the archive has nothing where its directory says")
            file.seek(sum(struct.unpack_from("<2H", head, 26)), 1)
        content = file.read(place.size)
        if len(content) < place.size:
            raise UnreadablePlaceError("the archive is cut short")
        if place.packing == DEFLATE:
            content = zlib.decompress(content, -zlib.MAX_WBITS, _LIKELY_RATIO * len(content) + 1)
        if place.crc is not None and zlib.crc32(content) != place.crc:
            raise UnreadablePlaceError("its checksum is wrong")
        return content

    def _archive(self, path: Path) -> BinaryIO:
        file = self._open.get(path)
        if file is None:
            if len(self._open) >= _OPEN_ARCHIVES:
                self._open.popitem(last=False)[1].close()
            file = self._open[path] = path.open("rb")
        self._open.move_to_end(path)
        return file
