"""What one worker does: find a picture in its archive, cut the person out and write the crop."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import parent_process
from pathlib import Path
from threading import Thread
from typing import Any

import cv2

from deukgeun.aihub.box import MARGIN_PX, SIDE, cut_out, scaled_to_label, scaled_to_size, square_around, to_picture
from deukgeun.aihub.clip import WIDTH
from deukgeun.aihub.collection import Collection
from deukgeun.aihub.index import Index
from deukgeun.aihub.places import PlaceReader, UnreadablePlaceError
from deukgeun.aihub.rows import Row
from deukgeun.aihub.sheet import decoded
from deukgeun.files import write_bytes


@dataclass(frozen=True, slots=True)
class CropOptions:
    """Pixels of a crop's side, of the margin (in 1920 x 1080), and the quality (1 to 100) of the JPEG."""

    side: int = SIDE
    margin_px: float = MARGIN_PX
    quality: int = 95


@dataclass(frozen=True, slots=True)
class Cropped:
    """What became of row ``number``: the six numbers of its map to 1920 x 1080, or ``why`` there is no crop."""

    number: int
    map: tuple[float, ...] = ()
    why: str = ""


class Cropper:
    """Cuts out of the pictures that an index knows, into the folder ``out``."""

    def __init__(self, root: Path, index: Path, out: Path, options: CropOptions) -> None:
        self.collection = Collection(Index(root, index, read_only=True), PlaceReader())
        self.out, self.options = out, options

    def close(self) -> None:
        """Close index and archives."""
        self.collection.reader.close()
        self.collection.index.close()

    def crop(self, number: int, row: Row) -> Cropped:
        """Write the crop of a row. Raises ``output-not-writable``; a picture that fails is told in what is returned."""
        place = self.collection.picture(row.path)
        if place is None:
            return Cropped(number, why="picture not there")
        try:
            image = decoded(self.collection.reader.read(place))
        except UnreadablePlaceError as error:
            return Cropped(number, why=f"picture cannot be read: {error}")
        if image is None:
            return Cropped(number, why="picture is damaged")
        size = image.shape[1], image.shape[0]
        margin_px = self.options.margin_px * size[0] / WIDTH
        square = square_around(scaled_to_size(row.xy, size), margin_px, size)
        content: Any = cv2.imencode(
            ".jpg", cut_out(image, square, self.options.side), [cv2.IMWRITE_JPEG_QUALITY, self.options.quality]
        )[1]
        write_bytes(self.out / crop_name(row), content.tobytes())
        transform = scaled_to_label(to_picture(square, self.options.side), size)
        return Cropped(number, tuple(float(f"{value:.9g}") for value in transform.ravel().tolist()))


def crop_name(row: Row) -> str:
    """Return the crop's path under the output folder: ``Day05-1/001-1-1-01-Z17_A-0000001.jpg``."""
    return f"Day{row.day:02}-{row.session}/{row.image}"


_mine: list[Cropper] = []


def begin(root: Path, index: Path, out: Path, options: CropOptions) -> None:
    """Make a worker ready: one thread, as the others have the other cores, and an end with whoever started it."""
    cv2.setNumThreads(1)
    Thread(target=_end_with_parent, daemon=True).start()
    _mine.append(Cropper(root, index, out, options))


def work(rows: Sequence[tuple[int, Row]]) -> list[Cropped]:
    """Crop some rows in the process that `begin` made ready."""
    return [_mine[0].crop(number, row) for number, row in rows]


def _end_with_parent() -> None:
    # A killed parent cannot tell its workers, and the pipe they wait on stays open: they hold its other end.
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
