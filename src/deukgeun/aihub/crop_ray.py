"""Crops by the machines of a Ray cluster: Ray Data deals the pictures out, archive by archive.

Every machine must see the data set, the index and the output folder under the same paths. Only rows of the table and
the maps of crops travel; pictures are read and written where they are cut.
"""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Iterator
from itertools import groupby, islice
from pathlib import Path
from threading import local
from typing import Any

from deukgeun.aihub.crop_worker import CropOptions, Cropped, Cropper
from deukgeun.aihub.rows import Row
from deukgeun.errors import AihubError

LOCAL = "local"
_BATCH, _ROUND = 32, 100_000  # rows of a task, and rows that are dealt out before the next are read
_QUIET = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DATA_DISABLE_PROGRESS_BARS": "1"}

_Rows = list[tuple[int, Row]]
_Place = tuple[Path, Path, Path, CropOptions]


class RayCropper:
    """An actor of the cluster: keeps index and archives open between tasks, for each thread that Ray calls it in."""

    def __init__(self, *place: Any) -> None:
        self.place, self.mine = place, local()

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[bytes]]:
        """Crop the rows of each task of a batch."""
        return {"made": [pickle.dumps(self._cropped(pickle.loads(rows))) for rows in batch["rows"]]}  # noqa: S301

    def _cropped(self, rows: _Rows) -> list[Cropped]:
        if not hasattr(self.mine, "cropper"):
            self.mine.cropper = Cropper(*self.place)
        return [self.mine.cropper.crop(number, row) for number, row in rows]


def cropped_on_ray(
    rows: Iterator[tuple[int, Row]], place: _Place, workers: int, address: str
) -> Iterator[list[Cropped]]:
    """Yield what became of the rows, task by task as they are finished, cut by ``workers`` actors of the cluster.

    ``address`` is that of a cluster, or ``local`` for one on this machine that ends with the work. Raises
    ``aihub-ray-package`` without Ray, and ``aihub-cluster`` if the cluster fails or cannot be reached.
    """
    ray = _ray()
    here = {"num_cpus": workers, "include_dashboard": False} if address == LOCAL else {}
    try:
        ray.init(address=address, logging_level=logging.ERROR, **here)
        while part := list(islice(rows, _ROUND)):
            yield from _dealt_out(ray, part, place, workers)
    except (ray.exceptions.RayError, ConnectionError, ValueError) as error:
        said = str(error).strip() or type(error).__name__
        raise AihubError("aihub-cluster", address=address, reason=said.splitlines()[-1].rstrip(".")) from error
    finally:
        ray.shutdown()


def _dealt_out(ray: Any, rows: _Rows, place: _Place, workers: int) -> Iterator[list[Cropped]]:
    tasks = [{"rows": pickle.dumps(task)} for task in by_archive(rows)]
    pool = ray.data.ActorPoolStrategy(size=min(workers, len(tasks)))
    work = ray.data.from_items(tasks, override_num_blocks=len(tasks)).map_batches(
        RayCropper, batch_size=1, compute=pool, fn_constructor_args=place, num_cpus=1
    )
    for row in work.iter_rows():
        yield pickle.loads(row["made"])  # noqa: S301  made by our own actors


def by_archive(rows: _Rows) -> Iterator[_Rows]:
    """Yield tasks of rows that lie in one archive: there is one of pictures for each day of recording."""
    ordered = sorted(rows, key=lambda each: (each[1].day, each[1].session, each[0]))
    for _, group in groupby(ordered, key=lambda each: each[1].day):
        while task := list(islice(group, _BATCH)):
            yield task


def _ray() -> Any:
    for name, value in _QUIET.items():  # no word of this work leaves the cluster, and the bar is ours
        os.environ.setdefault(name, value)
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise AihubError("aihub-ray-package") from error
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    return ray
