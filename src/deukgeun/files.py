"""Files that are there as a whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from deukgeun.errors import OutputError


def write_bytes(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path``, making its folders. Raises ``output-not-writable``.

    A reader, or a second run after the first was killed, sees the whole file or none.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise OutputError("output-not-writable", path=path, reason=error.strerror or error) from error


def write_text(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8. Raises ``output-not-writable``."""
    write_bytes(path, text.encode())
