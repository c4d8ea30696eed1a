"""Work for the data set's runner that costs nothing: workers import it by name."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from deukgeun.errors import OutputError
from deukgeun.synth.dataset import Row


@dataclass(frozen=True, slots=True)
class Note:
    """Writes one small file; number `bad` fails, `full` finds the disk full, `slow` takes an hour."""

    index: int
    folder: Path
    bad: int = -1
    full: int = -1
    slow: int = -1

    @property
    def path(self) -> Path:
        return self.folder / f"{self.index:03}.txt"

    def finished(self) -> Row | None:
        return {"index": self.index, "threads": "1"} if self.path.exists() else None


def make_note(order: Note) -> Row:
    if order.index == order.bad:
        raise ValueError("it cannot be made")
    if order.index == order.full:
        raise OutputError("output-not-writable", path=order.path, reason="no space")
    if order.index == order.slow:
        order.path.with_suffix(".pid").write_text(str(os.getpid()))
        time.sleep(3600)
    with order.path.open("x") as file:  # "x": making it twice would fail
        file.write(str(os.getpid()))
    return {"index": order.index, "threads": os.environ["OMP_NUM_THREADS"]}
