"""A sheet of pictures with the labels drawn in, to see at one look whether they fit."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from deukgeun.aihub.clip import HEIGHT, WIDTH, Array, Clip, Unread
from deukgeun.aihub.collection import Collection
from deukgeun.aihub.names import VIEWS
from deukgeun.aihub.places import UnreadablePlaceError
from deukgeun.skeleton import skeleton

Image = npt.NDArray[np.uint8]

CELL, CAPTION = (480, 270), 20
"""Width and height of a picture on the sheet, and the height of the line above it."""
_COLUMNS = 4
_FAR_PX = 1e5  # a point so far out is not drawn
_LEFT, _RIGHT, _MIDDLE = (64, 160, 255), (255, 160, 64), (96, 220, 96)  # blue, green, red
_TEXT, _GREY = (255, 255, 255), 48


def sheet(collection: Collection, count: int = 20) -> Image:
    """Return a sheet of up to ``count`` pictures as an image (H, W, 3) uint8 BGR, each exercise as often as can be.

    One frame of a clip is shown, of another view each time; where the picture is not there, on a grey ground. Left is
    orange, right is blue. The choice does not depend on the order of the files.
    """
    chosen = _chosen(collection.clips(), count)
    cells = [_cell(collection, clip, number % len(VIEWS)) for number, clip in enumerate(chosen)]
    blank: Image = np.full((CAPTION + CELL[1], CELL[0], 3), _GREY, np.uint8)
    columns = min(_COLUMNS, max(len(cells), 1))
    cells += [blank] * (-len(cells) % columns or (0 if cells else 1))
    rows = [np.hstack(cells[at : at + columns]) for at in range(0, len(cells), columns)]
    return np.vstack(rows)


def picture(collection: Collection, path: str) -> Image | None:
    """Return a picture that a label names as (H, W, 3) uint8 BGR; None if it is not there or damaged."""
    place = collection.picture(path)
    if place is None:
        return None
    try:
        return decoded(collection.reader.read(place))
    except UnreadablePlaceError:
        return None


def decoded(content: bytes) -> Image | None:
    """Return a picture's bytes as (H, W, 3) uint8 BGR, None if they are damaged."""
    if not content:
        return None
    image: Any = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
    return image if image is not None else None


def draw_label(image: Image, xy: Array) -> None:
    """Draw joints (24, 2), in pixels of ``image``, into it; unknown ones and those far outside are left out."""
    joints = skeleton("aihub_24")
    known = [bool(np.isfinite(point).all()) and float(np.abs(point).max()) < _FAR_PX for point in xy]
    for start, end in joints.bones:
        if known[start] and known[end]:
            colour = _colour(joints.joints[start], joints.joints[end])
            cv2.line(image, _pixel(xy[start]), _pixel(xy[end]), colour, 2, cv2.LINE_AA)
    for joint in (joint for joint, there in enumerate(known) if there):
        cv2.circle(image, _pixel(xy[joint]), 3, _colour(joints.joints[joint]), -1, cv2.LINE_AA)


def captioned(image: Image, text: str) -> Image:
    """Return an image with a line of text above it."""
    strip = np.zeros((CAPTION, image.shape[1], 3), np.uint8)
    cv2.putText(strip, text, (6, CAPTION - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.45, _TEXT, 1, cv2.LINE_AA)
    return np.vstack([strip, image])


def as_png(image: Image) -> bytes:
    """Return an image (H, W, 3) uint8 BGR as the content of a PNG."""
    done, content = cv2.imencode(".png", image)
    if not done:
        raise ValueError("the sheet cannot be written as PNG")
    return bytes(content.tobytes())


def _chosen(clips: Iterable[Clip | Unread], count: int) -> list[Clip]:
    """A few clips of each exercise, in memory no more than those."""
    kept: dict[int, list[tuple[int, Clip]]] = {}
    for clip in clips:
        if isinstance(clip, Unread) or not len(clip):
            continue
        row = kept.setdefault(clip.exercise.no, [])
        row.append((zlib.crc32(clip.name.stem.encode()), clip))
        row.sort(key=lambda each: each[0])
        del row[count:]
        if len(kept) > 1:
            most = -(-count // len(kept))
            for others in kept.values():
                del others[max(most, 1) :]
    deep = max(map(len, kept.values()), default=0)
    order = [kept[no][place][1] for place in range(deep) for no in sorted(kept) if place < len(kept[no])]
    return sorted(order[:count], key=lambda clip: (clip.exercise.no, clip.name.stem))


def _cell(collection: Collection, clip: Clip, view: int) -> Image:
    frame = len(clip) // 2
    found = picture(collection, clip.pictures[view][frame])
    blank: Image = np.full((CELL[1], CELL[0], 3), _GREY, np.uint8)
    image: Any = blank if found is None else cv2.resize(found, CELL, interpolation=cv2.INTER_AREA)
    scale = np.array([CELL[0] / WIDTH, CELL[1] / HEIGHT])
    draw_label(image, clip.xy[view, frame] * scale)
    form = "right" if clip.correct else "with mistakes"
    return captioned(image, f"{clip.name.stem} {VIEWS[view]} {clip.exercise.name_en}, {form}")


def _pixel(point: Array) -> tuple[int, int]:
    return round(float(point[0])), round(float(point[1]))


def _colour(*joints: str) -> tuple[int, int, int]:
    sides = {word for joint in joints for word in joint.split("_") if word in {"left", "right"}}
    return {frozenset({"left"}): _LEFT, frozenset({"right"}): _RIGHT}.get(frozenset(sides), _MIDDLE)
