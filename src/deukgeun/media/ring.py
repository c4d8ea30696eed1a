"""Pictures in memory that two processes share."""

from __future__ import annotations

import fcntl
import mmap
import os
import tempfile

import numpy as np
from numpy.typing import NDArray

_SLOTS = 4
_MOST_BYTES = 256 << 20


def slots_for(picture_bytes: int) -> int:
    """Return how many pictures are decoded ahead: 4, or fewer (at least 2) of very large ones."""
    return max(2, min(_SLOTS, _MOST_BYTES // max(1, picture_bytes)))


def anonymous_file() -> int:
    """Return the descriptor of an empty file that has no name."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("deukgeun-ring", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    with tempfile.TemporaryFile() as file:  # systems without memfd
        return os.dup(file.fileno())


def set_size(fd: int, size: int) -> None:
    """Give the file its final size: where it can be sealed, no process can shrink it under the other's hands."""
    os.truncate(fd, size)
    if hasattr(fcntl, "F_ADD_SEALS") and hasattr(os, "memfd_create"):
        fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)


class Ring:
    """``slots`` pictures (height, width, 3) uint8 in the shared file ``fd``, which stays the caller's."""

    def __init__(self, fd: int, width: int, height: int, slots: int) -> None:
        self._map = mmap.mmap(fd, slots * width * height * 3)
        self._pictures: NDArray[np.uint8] | None = np.frombuffer(self._map, np.uint8).reshape(slots, height, width, 3)

    def __getitem__(self, slot: int) -> NDArray[np.uint8]:
        """Return one picture as a view."""
        if self._pictures is None:
            raise ValueError("the ring is closed")
        picture: NDArray[np.uint8] = self._pictures[slot]
        return picture

    def close(self) -> None:
        """Let go of the memory; it is freed when the last view of it is gone."""
        self._pictures = None
