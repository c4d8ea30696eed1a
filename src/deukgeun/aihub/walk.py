"""Everything that a copy of the data set holds, one after the other: folders at any depth, zip and tar read in place.

Nothing is listed as a whole but the subfolders and archives of one folder at a time.
"""

from __future__ import annotations

import os
import re
import tarfile
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from deukgeun.aihub.places import DEFLATE, FILE, PLAIN, UNREADABLE, Place
from deukgeun.aihub.zips import DEFLATED, STORED, DamagedZipError, ZipEntry, zip_entries

Note = Callable[[str, str], None]
_WANTED = (".json", ".jpg", ".jpeg")
_PACKED = re.compile(
    r"\.(tgz|7z|rar|egg|alz|tar\.(gz|bz2|xz|zst)|z\d\d|(zip|tar)\.\d+|(zip|tar)\.part\d+|part\d+)$", re.I
)
_PACKINGS = {STORED: PLAIN, DEFLATED: DEFLATE}


@dataclass(frozen=True, slots=True)
class Container:
    """A folder with labels or pictures, or an archive; ``size`` (0 for folders) and ``changed_ns`` tell its state."""

    path: Path
    size: int
    changed_ns: int


def walk(root: Path, wanted: Callable[[Container], bool], note: Note, inside: Note) -> Iterator[Container | Place]:
    """Yield each container and, behind it, the places of its labels and pictures, if it is ``wanted``.

    Names do not matter yet, only their endings. ``note`` hears the codes of oddities and where they are, ``inside``
    those within the archive that came last.
    """
    stack: list[tuple[Path, tuple[tuple[int, int], ...]]] = [(root, (_identity(root),))]
    while stack:
        folder, above = stack.pop()
        folders: list[Path] = []
        archives: list[Path] = []
        yield from _folder(folder, folders, archives, wanted, note)
        for path in sorted(archives):
            yield from _archive(path, wanted, note, inside)
        for path in sorted(folders, reverse=True):
            identity = _identity(path)
            if identity not in above:  # a link to a folder above would never end
                stack.append((path, (*above, identity)))


def _identity(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError:
        return 0, 0
    return state.st_dev, state.st_ino


def _folder(
    folder: Path, folders: list[Path], archives: list[Path], wanted: Callable[[Container], bool], note: Note
) -> Iterator[Container | Place]:
    taken: bool | None = None
    _check_form(str(folder), note)
    try:
        with os.scandir(folder) as found:
            for entry in found:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir():
                    folders.append(folder / entry.name)
                elif entry.name.lower().endswith(_WANTED):
                    if taken is None:
                        container = Container(folder, 0, folder.stat().st_mtime_ns)
                        taken = wanted(container)
                        yield container
                    if taken:
                        yield Place(folder, entry.name, FILE)
                else:
                    _sort_in(folder / entry.name, archives, note)
    except OSError as error:
        note("folder_unreadable", f"{folder}: {error.strerror}")


def _sort_in(path: Path, archives: list[Path], note: Note) -> None:
    name = path.name.lower()
    if name.endswith((".zip", ".tar")):
        archives.append(path)
    elif _PACKED.search(name):
        note("archive_packed", str(path))


def _archive(path: Path, wanted: Callable[[Container], bool], note: Note, inside: Note) -> Iterator[Container | Place]:
    try:
        state = path.stat()
        container = Container(path, state.st_size, state.st_mtime_ns)
        taken = wanted(container)
        yield container
        if taken:
            yield from (_zip if path.suffix.lower() == ".zip" else _tar)(path, inside)
    except (DamagedZipError, tarfile.TarError, EOFError) as error:
        inside("archive_damaged", f"{path}: {error}")
    except OSError as error:
        note("folder_unreadable", f"{path}: {error.strerror or error}")


def _zip(path: Path, note: Note) -> Iterator[Place]:
    with path.open("rb") as file:
        for entry in zip_entries(file):
            if _is_wanted(entry.name):
                _check_form(entry.name, note)
                yield _zipped(path, entry)


def _zipped(path: Path, entry: ZipEntry) -> Place:
    packing = UNREADABLE if entry.encrypted else _PACKINGS.get(entry.method, UNREADABLE)
    return Place(path, entry.name.replace("\\", "/"), packing, entry.offset, entry.size, True, entry.crc)


def _tar(path: Path, note: Note) -> Iterator[Place]:
    size = path.stat().st_size
    with tarfile.open(path, "r:") as archive:
        while (member := archive.next()) is not None:
            archive.members.clear()  # type: ignore[attr-defined]  # otherwise every header stays in memory
            if not member.isfile() or not _is_wanted(member.name):
                continue
            if member.offset_data + member.size > size:
                note("archive_damaged", f"{path}: cut short in {member.name}")
                return
            _check_form(member.name, note)
            yield Place(path, member.name, PLAIN, member.offset_data, member.size)
        if not _ends_at(path, archive.offset):
            note("archive_damaged", f"{path}: it has no end")


def _ends_at(path: Path, offset: int) -> bool:
    """Whether a tar has the empty block there that ends it: ``tarfile`` takes what is cut short for ended."""
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(tarfile.BLOCKSIZE) == bytes(tarfile.BLOCKSIZE)


def _is_wanted(name: str) -> bool:
    return name.lower().endswith(_WANTED) and not name.rpartition("/")[2].startswith(".")


def _check_form(name: str, note: Note) -> None:
    if not unicodedata.is_normalized("NFC", name):
        note("not_nfc", name)
