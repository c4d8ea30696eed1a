"""The directory of a zip read entry by entry, beside Python's own reader."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deukgeun.aihub.places import DEFLATE, PLAIN, UNREADABLE, Place, PlaceReader, UnreadablePlaceError
from deukgeun.aihub.walk import walk
from deukgeun.aihub.zips import DamagedZipError, zip_entries


def made(
    members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"", wide: bool = False
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            with archive.open(name, "w", force_zip64=wide) as file:
                file.write(content)
        archive.comment = comment
    return buffer.getvalue()


@settings(deadline=None, max_examples=25)
@given(
    st.dictionaries(st.text("abc가나/.", min_size=1).filter(lambda t: not t.endswith("/")), st.binary(), max_size=5),
    st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
    st.binary(max_size=30),
    st.booleans(),
)
def test_entries_are_those_that_python_reads(
    members: dict[str, bytes], method: int, comment: bytes, wide: bool
) -> None:
    content = made(members, method, comment, wide)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        wanted = [(i.filename, i.header_offset, i.compress_size, i.compress_type, i.CRC) for i in archive.infolist()]
    found = [(e.name, e.offset, e.size, e.method, e.crc) for e in zip_entries(io.BytesIO(content))]
    assert found == wanted


def test_sizes_and_places_beyond_32_bits_are_read() -> None:
    """A directory as it is behind 5 GB, by hand: the numbers stand in the extra field."""
    wide = struct.pack("<2H3Q", 1, 24, 7_000_000_000, 6_000_000_000, 5_000_000_000)
    big = 0xFFFFFFFF
    entry = struct.pack("<4s6H3I5H2I", b"PK\1\2", 45, 45, 0x800, 8, 0, 0, 99, big, big, 5, 28, 0, 0, 0, 0, big)
    directory = entry + b"a.jpg" + wide
    end64 = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, len(directory), 0)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, len(directory), 1)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    (found,) = zip_entries(io.BytesIO(directory + end64 + locator + end))
    assert (found.name, found.offset, found.size, found.crc) == ("a.jpg", 5_000_000_000, 6_000_000_000, 99)


def test_korean_names_of_an_old_windows_are_read() -> None:
    name = "맨몸운동/D05-1-001.json"
    old = name.encode("cp949")
    content = made({"x" * len(old): b"{}"}).replace(b"x" * len(old), old)
    assert [entry.name for entry in zip_entries(io.BytesIO(content))] == [name]


@pytest.mark.parametrize("kept", [0, 10, 200, -1, -40])
def test_a_zip_that_is_cut_short_is_told(kept: int) -> None:
    content = made({f"{i}.json": b"{}" * 50 for i in range(9)}, zipfile.ZIP_STORED)[:kept]
    with pytest.raises(DamagedZipError):
        list(zip_entries(io.BytesIO(content)))


def places(path: Path) -> list[Place]:
    found = walk(path.parent, lambda _: True, lambda *_: None, lambda *_: None)
    return [place for place in found if isinstance(place, Place)]


@pytest.mark.parametrize(("method", "packing"), [(zipfile.ZIP_STORED, PLAIN), (zipfile.ZIP_DEFLATED, DEFLATE)])
def test_members_are_read_in_place(tmp_path: Path, method: int, packing: int) -> None:
    members = {"a/1.json": b"one" * 99, "a/2.json": b"", "b/3.jpg": bytes(range(256))}
    (tmp_path / "a.zip").write_bytes(made(members, method))
    found = places(tmp_path / "a.zip")
    assert {place.packing for place in found} == {packing}
    with PlaceReader() as reader:
        assert {place.name: reader.read(place) for place in found} == members


@pytest.mark.parametrize(("method", "at"), [(zipfile.ZIP_STORED, 50), (zipfile.ZIP_DEFLATED, 45)])
def test_a_damaged_member_is_told(tmp_path: Path, method: int, at: int) -> None:
    content = bytearray(made({"a.json": b"0123456789" * 90}, method))
    content[at] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(content)
    (place,) = places(tmp_path / "a.zip")
    with PlaceReader() as reader, pytest.raises(UnreadablePlaceError):
        reader.read(place)


def test_other_packings_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(made({"a.json": b"{}"}, zipfile.ZIP_BZIP2))
    (place,) = places(tmp_path / "a.zip")
    assert place.packing == UNREADABLE
    with PlaceReader() as reader, pytest.raises(UnreadablePlaceError, match="not read in place"):
        reader.read(place)


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with PlaceReader() as reader, pytest.raises(UnreadablePlaceError, match="No such file"):
        reader.read(Place(tmp_path, "gone.json"))
