"""Crops of all pictures of a table, by several processes, and a table of the crops with the way back.

A crop is there as a whole or not at all, and a line of ``crops.jsonl`` follows when it is: a run that was killed goes
on where it was when it is started again. ``crops.csv`` is written at the end.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import IO

from deukgeun.aihub.crop_ray import cropped_on_ray
from deukgeun.aihub.crop_worker import CropOptions, Cropped, Cropper, begin, crop_name, work
from deukgeun.aihub.index import make_index
from deukgeun.aihub.rows import Row, columns, read_rows, values
from deukgeun.errors import AihubError, OutputError
from deukgeun.files import write_text

TABLE, LEFT_OUT, JOURNAL, OPTIONS = "crops.csv", "left_out.csv", "crops.jsonl", "crop.json"
MAP_COLUMNS = ("map_xu", "map_xv", "map_x0", "map_yu", "map_yv", "map_y0")
"""The map of a crop: x = map_xu u + map_xv v + map_x0 and y likewise, u and v in the crop, x and y in 1920 x 1080."""
_BATCH = 32
Told = Callable[[int, int], None]
_Rows = list[tuple[int, Row]]


@dataclass(frozen=True, slots=True)
class CropRun:
    """What a run made: crops in all, how many of them before it, and how many pictures were left out, by why."""

    crops: int
    before: int
    left_out: Mapping[str, int]


def crop_table(
    table: Path, root: Path, out: Path, index: Path, options: CropOptions | None = None,
    workers: int = 1, told: Told = lambda done, total: None, met: Callable[[int], None] = lambda count: None,
    cluster: str = "",
) -> CropRun:  # fmt: skip
    """Cut the person out of every picture of ``table`` and write ``crops.csv`` to ``out``.

    ``index`` keeps what lies where under ``root``; ``told`` hears (done, total) and ``met`` the files met in looking
    for them. ``cluster`` is the address of a Ray cluster, or ``local``; the ``workers`` are then its actors. Raises
    ``aihub-table``, ``aihub-crop-differs``, ``aihub-worker-lost``, ``aihub-cluster``, ``aihub-empty`` if there is not
    one picture, and ``output-not-writable``.
    """
    chosen = options or CropOptions()
    total = sum(1 for _ in read_rows(table))
    _check_options(table, out, chosen)
    make_index(root, index, met).close()
    done = _journal(table, out)
    before = len(done)
    try:
        with (out / JOURNAL).open("a", encoding="utf-8") as journal:
            for each in _cropped(_missing(table, done), (root, index, out, chosen), workers, cluster):
                _note(journal, done, each)
                told(len(done), total)
    except OSError as error:
        raise OutputError("output-not-writable", path=out / JOURNAL, reason=error.strerror or error) from error
    left_out = Counter(each.why.partition(":")[0] for each in done.values() if each.why)
    _write_tables(table, out, done)
    if total == left_out.total():
        raise AihubError("aihub-empty", path=root, what=f"none of the pictures of '{table}'")
    return CropRun(total - left_out.total(), before, left_out)


def _missing(table: Path, done: Mapping[int, Cropped]) -> Iterator[tuple[int, Row]]:
    return ((number, row) for number, row in enumerate(read_rows(table)) if number not in done)


_Place = tuple[Path, Path, Path, CropOptions]


def _cropped(rows: Iterator[tuple[int, Row]], place: _Place, workers: int, cluster: str) -> Iterator[list[Cropped]]:
    if cluster:
        yield from cropped_on_ray(rows, place, workers, cluster)
        return
    if workers > 1:
        yield from _in_processes(rows, place, workers)
        return
    with closing(Cropper(*place)) as cropper:
        while batch := list(islice(rows, _BATCH)):
            yield [cropper.crop(number, row) for number, row in batch]


def _in_processes(rows: Iterator[tuple[int, Row]], place: _Place, workers: int) -> Iterator[list[Cropped]]:
    pool = ProcessPoolExecutor(workers, get_context("spawn"), begin, place)
    running: set[Future[list[Cropped]]] = set()
    try:
        while True:
            while len(running) < 2 * workers and (batch := list(islice(rows, _BATCH))):
                running.add(pool.submit(work, batch))
            if not running:
                return
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                yield future.result()
    except BrokenProcessPool as error:
        raise AihubError("aihub-worker-lost") from error
    finally:
        # To the end: a pool that is still being wound up when the program ends complains about closed pipes.
        pool.shutdown(cancel_futures=True)


def _note(journal: IO[str], done: dict[int, Cropped], batch: Sequence[Cropped]) -> None:
    for each in batch:
        done[each.number] = each
        journal.write(json.dumps(asdict(each), ensure_ascii=False) + "\n")
    journal.flush()


def _journal(table: Path, out: Path) -> dict[int, Cropped]:
    """What an earlier run made; pictures that failed then, and crops that are gone, are tried again."""
    path, done = out / JOURNAL, dict[int, Cropped]()
    if not path.exists():
        return done
    for part in out.rglob(".*.part"):
        part.unlink(missing_ok=True)  # what killed workers left half-written
    for line in path.read_text("utf-8", "replace").splitlines():
        try:
            each = Cropped(**json.loads(line))
        except (ValueError, TypeError):
            continue  # a line that the killed run did not finish
        if not each.why:
            done[each.number] = Cropped(each.number, tuple(each.map))
    rows = enumerate(read_rows(table))
    return {number: done[number] for number, row in rows if number in done and (out / crop_name(row)).exists()}


def _check_options(table: Path, out: Path, options: CropOptions) -> None:
    """A folder holds the crops of one table, made in one way."""
    made = {"table_sha256": hashlib.sha256(table.read_bytes()).hexdigest(), **asdict(options)}
    path = out / OPTIONS
    if path.exists():
        try:
            found = json.loads(path.read_text("utf-8"))
        except ValueError:
            found = {}
        differs = [key for key in made if not isinstance(found, dict) or found.get(key) != made[key]]
        if differs:
            raise AihubError("aihub-crop-differs", path=out, what=", ".join(differs))
        return
    write_text(path, json.dumps(made, indent=2) + "\n")


def _write_tables(table: Path, out: Path, done: Mapping[int, Cropped]) -> None:
    """The table with the crops and their maps behind its columns, and the pictures that there are no crops of."""
    crops, failed = io.StringIO(), io.StringIO()
    crop_writer, failed_writer = (csv.writer(text, lineterminator="\n") for text in (crops, failed))
    crop_writer.writerow((*columns(), "crop", *MAP_COLUMNS))
    failed_writer.writerow(("image", "day", "session", "why"))
    for number, row in enumerate(read_rows(table)):
        each = done[number]
        if each.why:
            failed_writer.writerow((row.image, row.day, row.session, each.why))
        else:
            crop_writer.writerow((*values(row), crop_name(row), *(f"{value:.9g}" for value in each.map)))
    write_text(out / TABLE, crops.getvalue())
    write_text(out / LEFT_OUT, failed.getvalue())
