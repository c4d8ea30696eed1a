"""Write recordings in the layout of AI Hub data set 231: five views of 32 pictures, and the labels of the odd ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from deukgeun.aihub.exercises import aihub_exercise
from deukgeun.files import write_bytes
from deukgeun.synth.writers.aihub_labels import as_text, label_2d, label_3d
from deukgeun.synth.writers.aihub_names import Naming, Split
from deukgeun.synth.writers.aihub_oddities import OTHER_NUMBER, Odd

Array = npt.NDArray[np.float64]
Image = npt.NDArray[np.uint8]
Picture = Image | Callable[[], Image]

VIEWS, PICTURES, JOINTS = 5, 32, 24
WIDTH, HEIGHT = 1920, 1080
_JPEG_QUALITY = 92
_FEWEST, _MOST = 25, 34  # pictures that the real set has in a view


@dataclass(frozen=True, slots=True)
class Recording:
    """One type by one performer in front of five cameras, F pictures long: 32, in rare cases 25 to 34.

    ``xy`` (5, F, 24, 2) are the joints of ``aihub_24`` in pixels of a 1920 x 1080 picture, ``cm`` (F, 24, 3) in the
    axes of `room_to_cm`. ``pictures`` [view][frame] are (1080, 1920, 3) uint8 RGB, or functions that draw them when
    they are needed; None writes labels alone. ``active`` (F,) is False for pictures before and after the exercise.
    """

    type_no: int
    day: int
    session: int
    performer: int
    xy: Array
    cm: Array
    pictures: Sequence[Sequence[Picture]] | None = None
    active: Sequence[bool] | None = None

    def __post_init__(self) -> None:
        frames = len(self.cm)
        shapes = (self.xy.shape, self.cm.shape)
        if shapes != ((VIEWS, frames, JOINTS, 2), (frames, JOINTS, 3)) or not _FEWEST <= frames <= _MOST:
            raise ValueError(f"expected (5, F, 24, 2) and (F, 24, 3), F from {_FEWEST} to {_MOST}, got {shapes}")
        if self.pictures is not None and [len(view) for view in self.pictures] != [frames] * VIEWS:
            raise ValueError(f"expected {VIEWS} views of {frames} pictures")
        if self.active is not None and len(self.active) != frames:
            raise ValueError(f"active: expected {frames}, got {len(self.active)}")


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a recording: its labels' paths, whether it was there already, and what is odd in it."""

    labels: tuple[Path, ...]
    skipped: bool
    odd: tuple[str, ...]


def write_recording(root: Path, recording: Recording, split: Split = "training", odd: Odd | None = None) -> Written:
    """Write one recording under the folder ``root``. Raises ``output-not-writable``.

    Labels are written last: a recording whose labels are there is finished and skipped. Of one that was cut short,
    the pictures that are there are kept and not drawn again.
    """
    strange = odd or Odd()
    naming = naming_of(recording, split, strange)
    labels = _labels(root, naming, strange)
    if finished(root, naming, strange):
        return Written(tuple(labels.values()), True, strange.names())
    _write_pictures(root, naming, recording, strange)
    texts = _texts(naming, recording, strange)
    for suffix, path in labels.items():
        write_bytes(path, texts[suffix])
    return Written(tuple(labels.values()), False, strange.names())


def naming_of(recording: Recording, split: Split = "training", odd: Odd | None = None) -> Naming:
    """Return what a recording's files are named by."""
    exercise, strange = aihub_exercise(recording.type_no), odd or Odd()
    return Naming(
        split=split,
        type_no=recording.type_no,
        day=recording.day,
        session=recording.session,
        performer=recording.performer,
        kind=exercise.kind,
        pose=exercise.pose,
        exercise_no=OTHER_NUMBER if strange.other_number else exercise.no,
        folder_kind=strange.wrong_folder or exercise.kind,
    )


def finished(root: Path, naming: Naming, odd: Odd | None = None) -> bool:
    """Whether all labels of a recording are there: then all of its pictures are, too."""
    return all(path.exists() for path in _labels(root, naming, odd or Odd()).values())


def write_listing(path: Path, written: Iterable[Written]) -> None:
    """Write which recordings were made odd, and how, as lines of JSON, in the order of their labels.

    Recordings that were skipped are listed as well, so that a resumed run lists what an unbroken one does.
    """
    rows = sorted((row.labels[0].name, list(row.odd)) for row in written if row.odd)
    lines = [json.dumps({"label": label, "odd": odd}) + "\n" for label, odd in rows]
    write_bytes(path, "".join(lines).encode())


def _labels(root: Path, naming: Naming, odd: Odd) -> dict[str, Path]:
    suffixes = {"2d": ("",), "3d": ("-3d",), None: ("-3d", "")}[odd.only]
    return {suffix: root / naming.label(suffix) for suffix in suffixes}


def _frames_kept(recording: Recording, odd: Odd) -> int:
    """How many pictures there are: all of them, too, where no entry is left in the labels."""
    return min(len(recording.cm), 2 * odd.entries) if odd.entries else len(recording.cm)


def _write_pictures(root: Path, naming: Naming, recording: Recording, odd: Odd) -> None:
    for view, pictures in enumerate(recording.pictures or ()):
        for i in range(_frames_kept(recording, odd)):
            path = root / naming.picture(view, i + 1)
            if not path.exists():
                picture = pictures[i]
                write_bytes(path, _jpeg(picture() if callable(picture) else picture))


def _texts(naming: Naming, recording: Recording, odd: Odd) -> dict[str, bytes]:
    """The content of both labels, by the suffix of their names."""
    exercise = aihub_exercise(recording.type_no)
    labelled = range(0, _frames_kept(recording, odd), 2)[: odd.entries]
    name = exercise.name.rstrip() + " " if odd.trailing_blank else exercise.name
    active = [True] * len(recording.cm) if recording.active is None else recording.active
    flags = [bool(active[i]) for i in labelled]
    flat = label_2d(naming, exercise, name, recording.xy[:, labelled], flags)
    return {"": as_text(flat), "-3d": as_text(label_3d(recording.cm[labelled]))}


def _jpeg(image: Image) -> bytes:
    if image.shape != (HEIGHT, WIDTH, 3) or image.dtype != np.uint8:
        raise ValueError(f"expected a picture ({HEIGHT}, {WIDTH}, 3) uint8, got {image.shape} {image.dtype}")
    done, content = cv2.imencode(
        ".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    )
    if not done:
        raise ValueError("the picture cannot be written as JPEG")
    return content.tobytes()
