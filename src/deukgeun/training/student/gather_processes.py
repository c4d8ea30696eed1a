"""Sequences of joints gathered by several processes, each taking every n-th clip."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from deukgeun.aihub.collection import Collection, open_collection
from deukgeun.aihub.detectors.people import PersonDetector
from deukgeun.aihub.detectors.registry import detector
from deukgeun.aihub.index import Index
from deukgeun.aihub.places import PlaceReader
from deukgeun.pose import PoseEstimator, estimator
from deukgeun.training.student.gather import Count, Row, Told, as_sequences, gather, gather_rows
from deukgeun.training.student.sequences import Sequences

_SHARES_EACH = 8  # of a process: so that the bar moves, and the last one does not keep the others waiting


@dataclass(frozen=True, slots=True)
class Order:
    """What a process needs to make its share."""

    root: Path
    index: Path
    detector: str
    model: str
    threads: int
    share: tuple[int, int]


def gather_in_processes(
    root: Path, detector_name: str, model: str, threads: int, workers: int, count: Count, told: Told | None = None
) -> Sequences:
    """Return what ``gather`` returns, made by ``workers`` processes, in the same order. Raises as ``gather`` does."""
    if workers == 1:
        with open_collection(root) as collection:
            return gather(collection, *_eyes(detector_name, model, threads), count, told)
    with TemporaryDirectory() as folder:
        index = Path(folder) / "index.sqlite"
        with open_collection(root, index):
            pass
        shares = _SHARES_EACH * workers
        orders = [Order(root, index, detector_name, model, threads, (k, shares)) for k in range(shares)]
        return as_sequences([row for rows in _made(orders, workers, count, told) for row in rows], root)


def _made(orders: list[Order], workers: int, count: Count, told: Told | None) -> Iterator[list[Row]]:
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        for rows, part in pool.map(make_share, orders):
            for name, value in asdict(part).items():
                setattr(count, name, getattr(count, name) + value)
            if told is not None:
                told(count.sequences)
            yield rows


@cache
def _eyes(detector_name: str, model: str, threads: int) -> tuple[PersonDetector, PoseEstimator]:
    """The networks, loaded once in a process."""
    return detector(detector_name, threads), estimator(model, threads)


def make_share(order: Order) -> tuple[list[Row], Count]:
    """Return the rows of one share, and what was met."""
    count, reader = Count(), PlaceReader()
    index = Index(order.root, order.index, read_only=True)
    finder, seer = _eyes(order.detector, order.model, order.threads)
    try:
        return gather_rows(Collection(index, reader), finder, seer, count, share=order.share), count
    finally:
        reader.close()
        index.close()
