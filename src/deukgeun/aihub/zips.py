"""The directory of a zip archive, read entry by entry: an archive of a million pictures costs no memory.

``zipfile`` keeps an object for every entry, some 500 bytes each. Layout: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.12
(entries), 4.3.14 to 4.3.16 (ends) and 4.5.3 (64-bit sizes).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

STORED, DEFLATED = 0, 8
LOCAL_HEAD = 30
_ENTRY = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")
_LONGEST_COMMENT = 0xFFFF
_BIG, _UTF8, _ENCRYPTED = 0xFFFFFFFF, 0x800, 0x1


class DamagedZipError(Exception):
    """The archive has no directory, or one that is cut short."""


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """One file in a zip: ``offset`` of its local header, ``size`` in the archive, ``method`` (0 stored, 8 deflated)."""

    name: str
    offset: int
    size: int
    method: int
    crc: int
    encrypted: bool


def zip_entries(file: BinaryIO) -> Iterator[ZipEntry]:
    """Yield the entries of a zip's directory, folders left out. Raises `DamagedZipError`."""
    start, count = _directory(file)
    file.seek(start)
    for _ in range(count):
        head = file.read(_ENTRY.size)
        if len(head) < _ENTRY.size or head[:4] != b"PK\1\2":
            raise DamagedZipError("its directory is cut short")
        row = _ENTRY.unpack(head)
        flags, method, crc, packed, plain = row[3], row[4], *row[7:10]
        name, extra = file.read(row[10]), file.read(row[11])
        file.seek(row[12], 1)
        _, packed, offset = _wide(extra, plain, packed, row[16])
        if not name.endswith(b"/"):
            yield ZipEntry(_text(name, flags), offset, packed, method, crc, bool(flags & _ENCRYPTED))


def _directory(file: BinaryIO) -> tuple[int, int]:
    """Where the directory begins, and how many entries it has."""
    length = file.seek(0, 2)
    tail = min(length, _END.size + _LONGEST_COMMENT)
    file.seek(length - tail)
    block = file.read(tail)
    at = block.rfind(b"PK\5\6")
    if at < 0 or len(block) - at < _END.size:
        raise DamagedZipError("it has no directory: it is cut short, or no zip archive")
    end = _END.unpack_from(block, at)
    count, start = end[4], end[6]
    if count == 0xFFFF or start == _BIG or end[5] == _BIG:
        start, count = _directory64(file, length - tail + at, start, count)
    if start >= length and count:
        raise DamagedZipError("its directory lies behind its end")
    return start, count


def _directory64(file: BinaryIO, end_at: int, start: int, count: int) -> tuple[int, int]:
    file.seek(max(end_at - _LOCATOR.size, 0))
    locator = file.read(_LOCATOR.size)
    if locator[:4] != b"PK\6\7":
        return start, count  # just so many entries, and no more
    file.seek(_LOCATOR.unpack(locator)[2])
    end = file.read(_END64.size)
    if len(end) < _END64.size or end[:4] != b"PK\6\6":
        raise DamagedZipError("its 64-bit directory is not where it says")
    row = _END64.unpack(end)
    return row[9], row[7]


def _wide(extra: bytes, *sizes: int) -> tuple[int, ...]:
    """The sizes, those that did not fit in 32 bits replaced by the 64-bit ones of the extra field 1."""
    if _BIG not in sizes:
        return sizes
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            values = iter(struct.unpack_from(f"<{length // 8}Q", extra, at + 4))
            return tuple(next(values, size) if size == _BIG else size for size in sizes)
        at += 4 + length
    return sizes


def _text(name: bytes, flags: int) -> str:
    """A name in UTF-8, or in the code page of a Korean Windows where the archive was made without saying so."""
    if not flags & _UTF8:
        for encoding in ("utf-8", "cp949"):
            try:
                return name.decode(encoding)
            except UnicodeDecodeError:
                continue
    return name.decode("utf-8", "replace")
