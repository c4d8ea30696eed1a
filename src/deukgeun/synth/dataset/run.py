"""Many pieces of work by several processes: bounded memory, one failure does not stop the rest, nothing done twice.

State is on disk alone: a piece of work writes its last file when all others are whole, so a killed run is resumed by
starting it again. The manifest has a line of JSON for each finished piece, in the order of their numbers at the end.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Any, Protocol, TypeVar

from deukgeun.errors import DeukgeunError, SynthError
from deukgeun.files import write_bytes

MANIFEST = "manifest.jsonl"
CLIPS_A_WORKER = 60
"""A worker is replaced after so many pieces: what the renderer's libraries keep is given back."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")

Row = dict[str, Any]


class Order(Protocol):
    """A piece of work: its number and what it makes from nothing but itself. It must pickle."""

    @property
    def index(self) -> int:
        """Its number in the data set."""
        ...

    def finished(self) -> Row | None:
        """The manifest's row if it has been done, otherwise None."""
        ...


Work = TypeVar("Work", bound=Order)


@dataclass(frozen=True, slots=True)
class Done:
    """One piece came to its end: ``row`` of the manifest; ``error`` says what went wrong; ``new`` if made now."""

    row: Row
    error: str | None
    new: bool


def run(
    orders: Sequence[Work],
    make: Callable[[Work], Row],
    folder: Path,
    workers: int,
    told: Callable[[Done], None] = lambda _: None,
) -> tuple[Row, ...]:
    """Do all ``orders`` with the function ``make`` in ``workers`` processes and write the manifest to ``folder``.

    ``told`` hears of every piece. Returns the manifest's rows. Raises ``synth-dataset-failed`` at the end if some
    pieces failed, and ``output-not-writable``.
    """
    rows: dict[int, Row] = {}
    failed: list[Done] = []
    clean(folder)
    for done in _all(orders, make, workers):
        if done.error is None:
            rows[int(done.row["index"])] = done.row
        else:
            failed.append(done)
        told(done)
    ordered = tuple(rows[index] for index in sorted(rows))
    write_manifest(folder, ordered)
    if failed:
        raise SynthError("synth-dataset-failed", count=len(failed), all=len(orders), first=failed[0].error)
    return ordered


def write_manifest(folder: Path, rows: Iterable[Row]) -> None:
    """Write the manifest, as a whole or not at all."""
    lines = (json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n" for row in rows)
    write_bytes(folder / MANIFEST, "".join(lines).encode())


def clean(folder: Path) -> None:
    """Remove what killed workers left half-written."""
    if folder.exists():
        for part in folder.rglob(".*.part"):
            part.unlink(missing_ok=True)


def _all(orders: Sequence[Work], make: Callable[[Work], Row], workers: int) -> Iterator[Done]:
    left: list[Work] = []
    for order in orders:
        row = order.finished()
        if row is None:
            left.append(order)
        else:
            yield Done(row, None, False)
    if left:
        yield from _made(left, make, workers)


def _made(orders: Sequence[Work], make: Callable[[Work], Row], workers: int) -> Iterator[Done]:
    waiting = iter(orders)
    with _one_thread_each(), _pool(min(workers, len(orders))) as pool:
        running: dict[Future[Row], Work] = {}
        try:
            while True:
                for order in islice(waiting, 2 * workers - len(running)):
                    running[pool.submit(make, order)] = order
                if not running:
                    return
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    yield _done(future, running.pop(future))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _done(future: Future[Row], order: Order) -> Done:
    try:
        return Done(future.result(), None, True)
    except BrokenProcessPool as error:
        raise SynthError("synth-worker-lost", index=order.index) from error
    except DeukgeunError as error:
        if error.code.startswith("output-"):
            raise  # a full disk fails the rest, too
        return Done({"index": order.index}, f"{order.index}: {error}", True)
    except Exception as error:  # one bad clip must not cost the other thousand
        return Done({"index": order.index}, f"{order.index}: {type(error).__name__}: {error}", True)


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        max(workers, 1), get_context("spawn"), initializer=_begin, max_tasks_per_child=CLIPS_A_WORKER
    )


def _begin() -> None:
    """A worker draws in one thread, for the others have the other cores, and ends with who started it."""
    import cv2

    cv2.setNumThreads(1)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # A killed parent cannot tell its workers, and the pipe they wait on stays open: they hold its other end.
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Numeric libraries read these when they are loaded, so they must be there before a worker starts."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
