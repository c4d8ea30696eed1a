"""From the data set's pictures to sequences of joints: a detector finds the athlete, an estimator the joints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count as counting
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from deukgeun.aihub.clip import Clip
from deukgeun.aihub.collection import Collection
from deukgeun.aihub.detectors.choose import choose_person
from deukgeun.aihub.detectors.people import PersonDetector
from deukgeun.aihub.numbers import slugs
from deukgeun.aihub.places import UnreadablePlaceError
from deukgeun.errors import TrainingError
from deukgeun.pose import PoseEstimator, estimate
from deukgeun.pose.geometry import MARGIN, Image, Roi
from deukgeun.skeleton import map_joints
from deukgeun.training.student.sequences import JOINTS, VIEWS, Sequences

Floats = npt.NDArray[np.floating[Any]]
Told = Callable[[int], None]

PICTURES = 32
_FEWEST_SEEN = 0.5  # of a sequence's pictures must show somebody


@dataclass(slots=True)
class Count:
    """What was met: sequences, those left out, pictures, pictures without a person or that could not be read."""

    sequences: int = 0
    left_out: int = 0
    pictures: int = 0
    without_person: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One view of a clip: its place in the collection, joints (T, 24, 2), exercise, camera, performer."""

    place: tuple[int, int]
    xy: Floats
    exercise: str
    view: str
    performer: str


def gather(
    collection: Collection, detector: PersonDetector, model: PoseEstimator, count: Count, told: Told | None = None
) -> Sequences:
    """Return the joints that ``model`` sees in every whole clip of the collection whose posture is right.

    Pictures without a person are filled in from those around them; sequences with fewer than half are left out, as
    ``count`` tells. Raises ``training-no-data`` where nothing is left.
    """
    return as_sequences(gather_rows(collection, detector, model, count, told), collection.index.root)


def gather_rows(
    collection: Collection, detector: PersonDetector, model: PoseEstimator, count: Count,
    told: Told | None = None, share: tuple[int, int] = (0, 1),
) -> list[Row]:  # fmt: skip
    """Return what `gather` puts together, of every clip or of share (k, n): every n-th, from the k-th on."""
    rows = []
    for place, clip, pictures in _views(collection, *share):
        xy = _sequence(pictures, detector, model, count)
        count.sequences += 1
        count.left_out += xy is None
        if xy is not None:
            rows.append(Row(place, xy, slugs()[clip.exercise.no], VIEWS[place[1]], f"Z{clip.performer}"))
        if told is not None:
            told(count.sequences)
    return rows


def labelled(collection: Collection, count: Count, told: Told | None = None) -> Sequences:
    """Return the joints of the labels themselves, of every view of every clip whose posture is right: no picture is
    needed. Pictures between the labelled ones are filled in from those around them; views with joints that are missing
    are left out. Raises ``training-no-data`` where nothing is left.
    """
    rows = []
    for number, clip in enumerate(collection.clips()):
        if not isinstance(clip, Clip) or not clip.correct or not len(clip):
            continue
        for view, xy in enumerate(clip.xy):
            whole = bool(np.isfinite(xy).all())
            count.sequences, count.left_out = count.sequences + 1, count.left_out + (not whole)
            if whole:
                name = slugs()[clip.exercise.no]
                rows.append(Row((number, view), _evenly(xy), name, VIEWS[view], f"Z{clip.performer}"))
        if told is not None:
            told(count.sequences)
    return as_sequences(rows, collection.index.root)


def _evenly(xy: Floats) -> Floats:
    """Labelled pictures (F, 24, 2) as a whole sequence (32, 24, 2)."""
    place = np.linspace(0, len(xy) - 1, PICTURES)
    columns = xy.reshape(len(xy), -1).T
    filled = [np.interp(place, np.arange(len(xy)), column) for column in columns]
    return np.stack(filled, axis=1).reshape(PICTURES, JOINTS, 2)


def as_sequences(rows: list[Row], root: Path) -> Sequences:
    """Return rows as sequences, as they lie in the collection. Raises ``training-no-data`` for none."""
    if not rows:
        raise TrainingError("training-no-data", path=root)
    rows = sorted(rows, key=lambda row: row.place)
    names = (np.array([getattr(row, name) for row in rows]) for name in ("exercise", "view", "performer"))
    return Sequences(np.stack([row.xy for row in rows]), *names)


def _views(
    collection: Collection, share: int, shares: int
) -> Iterator[tuple[tuple[int, int], Clip, list[Image | None]]]:
    """Yield every view of every whole clip of a share whose posture is right: its place, and its pictures."""
    met = counting()
    for number, clip in enumerate(collection.clips(lambda _: next(met) % shares == share)):
        if not isinstance(clip, Clip) or not clip.correct:
            continue
        there = collection.pictures(clip)
        if there is None or not there.whole(PICTURES):
            continue
        for view in range(len(VIEWS)):
            labelled = next((name for name in clip.pictures[view] if name), "")
            yield (
                (number * shares + share, view),
                clip,
                [_picture(collection, _numbered(labelled, n)) for n in there.frames[view]],
            )


def _numbered(name: str, number: int) -> str:
    """The name of another picture of the same view."""
    return f"{name[: name.rindex('-')]}-{number:07d}.jpg"


def _picture(collection: Collection, name: str) -> Image | None:
    place = collection.picture(name)
    if place is None:
        return None
    try:
        content = np.frombuffer(collection.reader.read(place), np.uint8)
    except UnreadablePlaceError:
        return None
    image = cv2.imdecode(content, cv2.IMREAD_COLOR)
    return None if image is None else np.asarray(image[:, :, ::-1])


def _sequence(
    pictures: list[Image | None], detector: PersonDetector, model: PoseEstimator, count: Count
) -> Floats | None:
    """Return joints (T, 24, 2), those of pictures without a person filled in, or None for too few."""
    found = np.full((len(pictures), JOINTS, 2), np.nan)
    for k, picture in enumerate(pictures):
        xy = None if picture is None else joints_of(picture, detector, model)
        count.pictures += 1
        count.without_person += xy is None
        if xy is not None:
            found[k] = xy
    seen = np.flatnonzero(np.isfinite(found[:, 0, 0]))
    if len(seen) < _FEWEST_SEEN * len(pictures):
        return None
    flat = found.reshape(len(found), -1)
    filled = [np.interp(np.arange(len(flat)), seen, column[seen]) for column in flat.T]
    return np.stack(filled, axis=1).reshape(found.shape)


def joints_of(picture: Image, detector: PersonDetector, model: PoseEstimator) -> Floats | None:
    """Return the athlete's 24 joints (24, 2) in pixels, or None where nobody is found."""
    people = detector.people(picture)
    chosen = choose_person(people, picture.shape[1], picture.shape[0])
    if chosen is None:
        return None
    x0, y0, x1, y1 = people.boxes[chosen]
    roi = Roi((x0 + x1) / 2, (y0 + y1) / 2, max(x1 - x0, y1 - y0) * MARGIN)
    seen = estimate(model, picture, roi)
    # The box of a detector is loose: the square around what was seen in it is what the estimator is used to.
    again = estimate(model, picture, seen.roi)
    return np.asarray(map_joints(again.xy, model.skeleton, "aihub_24", "anatomical"))
