"""What a file is, from its own first bytes. Its name is never believed."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from deukgeun.errors import MediaError

HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of ``containers.toml``."""

    name: str
    verdict: str
    offset: int
    magic: tuple[bytes, ...]
    also: tuple[int, bytes] | None

    def matches(self, head: bytes) -> bool:
        """Return whether these first bytes are of this kind."""
        if self.also is not None and not head.startswith(self.also[1], self.also[0]):
            return False
        return head.startswith(self.magic, self.offset)


@dataclass(frozen=True, slots=True)
class Table:
    """``containers.toml``: the kinds by magic bytes, and texts by word."""

    kinds: tuple[Kind, ...]
    texts: tuple[tuple[str, bytes], ...]


@cache
def table() -> Table:
    """Return ``containers.toml``."""
    rows = tomllib.loads((files("deukgeun.media") / "containers.toml").read_text("utf-8"))
    texts = tuple((row["name"], row["word"].encode()) for row in rows["text"])
    return Table(tuple(_kind(row) for row in rows["kind"]), texts)


def _kind(row: dict[str, object]) -> Kind:
    also = row.get("also")
    return Kind(
        name=str(row["name"]),
        verdict=str(row["verdict"]),
        offset=int(str(row["offset"])),
        magic=tuple(bytes.fromhex(word) for word in row["magic"]),  # type: ignore[attr-defined]
        also=(also["offset"], bytes.fromhex(also["magic"])) if isinstance(also, dict) else None,
    )


def sniff(path: str, fd: int) -> str:
    """Return the container of an open file: ``mp4``, ``mov``, ``mkv``, ``webm``, ``avi`` or ``gif``.

    Raises ``media-audio-only``, ``media-forbidden-format`` or ``media-not-video`` for everything else.
    """
    head = os.pread(fd, HEAD_BYTES, 0)
    kind = next((kind for kind in table().kinds if kind.matches(head)), None)
    if kind is None or kind.verdict == "other":
        raise _refusal(path, head)
    if kind.verdict == "audio":
        raise MediaError("media-audio-only", path=path)
    if kind.verdict == "forbidden":
        raise MediaError("media-forbidden-format", path=path, format=kind.name)
    if kind.name == "matroska":
        return "webm" if b"webm" in head[:64] else "mkv"
    return kind.name


def _refusal(path: str, head: bytes) -> MediaError:
    text = head.replace(b"\0", b"").lower()  # UTF-16 playlists read as their ASCII
    name = next((name for name, word in table().texts if word in text), None)
    if name is None or _is_binary(head):
        return MediaError("media-not-video", path=path)
    return MediaError("media-forbidden-format", path=path, format=name)


def _is_binary(head: bytes) -> bool:
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head.replace(b"\0", b""))
    return controls > len(head) // 50


def is_cut_off(container: str, fd: int) -> bool:
    """Return whether the container says that the file should be longer than it is.

    Reads only the sizes of the outermost boxes: ISO/IEC 14496-12 §4.2 (mp4, mov), the Segment of RFC 8794/9559
    (mkv, webm), the RIFF chunk (avi). A gif has no such size.
    """
    size = os.fstat(fd).st_size
    if container in ("mp4", "mov"):
        return _boxes_end(fd, size) > size
    if container in ("mkv", "webm"):
        return _segment_end(os.pread(fd, HEAD_BYTES, 0)) > size
    if container == "avi":
        return int.from_bytes(os.pread(fd, 4, 4), "little") + 8 > size + 1
    return False


def _boxes_end(fd: int, size: int) -> int:
    """Return where the last top-level box says it ends; at most 10,000 are walked."""
    position = 0
    for _ in range(10_000):
        head = os.pread(fd, 16, position)
        if len(head) < 8:
            break
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:], "big")
        if length < 8 or not head[4:8].isalnum():  # 0: to the end of the file; else not a box but trailing bytes
            break
        position += length
        if position > size:
            return position
    return position


def _segment_end(head: bytes) -> int:
    """Return where the Segment says it ends, or 0 when it does not say (live recordings) or is not found."""
    at = head.find(b"\x18\x53\x80\x67")
    if at < 0 or at + 12 >= len(head):
        return 0
    first = head[at + 4]
    width = 9 - first.bit_length()
    if width > 8:
        return 0
    value = int.from_bytes(head[at + 4 : at + 4 + width], "big") & ((1 << 7 * width) - 1)
    return 0 if value == (1 << 7 * width) - 1 else at + 4 + width + value
