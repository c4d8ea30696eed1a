"""A video file on disk: found, opened once, sniffed and hashed."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from deukgeun.errors import MediaError
from deukgeun.media.limits import Limits, check_bytes
from deukgeun.media.sniff import is_cut_off, sniff

_HASH_BYTES = 1 << 20


class Source:
    """An open video file. ``fd`` stays open until ``close``; everything is read from it, so it cannot change kind.

    Raises ``media-not-found``, ``-directory``, ``-not-readable``, ``-empty``, ``-too-large``, ``-not-video``,
    ``-audio-only`` and ``-forbidden-format``.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path = path
        self.fd = _open(path)
        try:
            self.size_bytes = os.fstat(self.fd).st_size
            if not self.size_bytes:
                raise MediaError("media-empty", path=path)
            check_bytes(str(path), self.size_bytes, limits)
            self.container = sniff(str(path), self.fd)
            self.cut_off = is_cut_off(self.container, self.fd)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file; again does nothing."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def sha256(self) -> str:
        """Return the SHA-256 of the whole file in hexadecimal, read in pieces."""
        digest = hashlib.sha256()
        position = 0
        while piece := os.pread(self.fd, _HASH_BYTES, position):
            digest.update(piece)
            position += len(piece)
        return digest.hexdigest()


def _open(path: Path) -> int:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a named pipe must not hold us here
    except FileNotFoundError as error:
        raise MediaError("media-not-found", path=path) from error
    except (OSError, ValueError) as error:
        raise MediaError("media-not-readable", path=path, reason=_reason(error)) from error
    kind = os.fstat(fd).st_mode
    if stat.S_ISREG(kind):
        return fd
    os.close(fd)
    if stat.S_ISDIR(kind):
        raise MediaError("media-directory", path=path)
    raise MediaError("media-not-readable", path=path, reason="it is not a file")


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
