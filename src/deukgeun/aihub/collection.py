"""A copy of the data set, or a part of it, as a stream of clips; pictures are found by their names, not listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from deukgeun.aihub.clip import VIEW_COUNT, BadLabelError, Clip, SpaceClip, Unread
from deukgeun.aihub.index import Index, make_index
from deukgeun.aihub.index_filler import Told
from deukgeun.aihub.labels import read_clip, read_space
from deukgeun.aihub.names import (
    CLIP_SHIFT,
    FRAME_BITS,
    TYPE_BITS,
    VIEW_BITS,
    LabelName,
    PictureName,
    clip_bits,
    label_of_bits,
    picture_name,
)
from deukgeun.aihub.places import Place, PlaceReader, UnreadablePlaceError

_FRAME, _VIEW = (1 << FRAME_BITS) - 1, (1 << VIEW_BITS) - 1


@dataclass(frozen=True, slots=True)
class ClipPictures:
    """Which pictures of a clip are there: frame numbers by view, sorted; ``known_as`` is how their folders name it."""

    known_as: int
    frames: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return sum(map(len, self.frames))

    def whole(self, count: int) -> bool:
        """Whether every view has just ``count`` pictures."""
        return all(len(view) == count for view in self.frames)


class Collection:
    """Labels and pictures under one folder. Holds one label at a time; ``index`` knows where the others lie."""

    def __init__(self, index: Index, reader: PlaceReader) -> None:
        self.index, self.reader = index, reader
        self._by_type: dict[int, list[int]] = {}  # only filled for tables that do not tell days

    def clips(self, wanted: Callable[[LabelName], bool] = lambda _: True) -> Iterator[Clip | Unread]:
        """Yield every 2D label ``wanted`` by its name, those that cannot be read as `Unread`, as they lie."""
        for bits, place in self.index.labels():
            name = label_of_bits(bits)
            if not wanted(name):
                continue
            try:
                yield read_clip(self.reader.read(place), name, self._path(place))
            except UnreadablePlaceError:
                yield Unread("unreadable", str(place))
            except BadLabelError as error:
                yield Unread(error.code, str(place))

    def space_clips(self) -> Iterator[SpaceClip | Unread]:
        """Yield every 3D label, those that cannot be read as `Unread`."""
        for bits, place in self.index.labels(space=True):
            try:
                yield read_space(self.reader.read(place), label_of_bits(bits))
            except UnreadablePlaceError:
                yield Unread("unreadable", str(place))
            except BadLabelError as error:
                yield Unread(error.code, str(place))

    def space(self, clip: Clip) -> SpaceClip | None:
        """Return the clip's 3D label; None where there is none that can be read."""
        place = self.index.label(clip.name.bits() | 1)
        if place is None:
            return None
        try:
            return read_space(self.reader.read(place), label_of_bits(clip.name.bits() | 1))
        except (UnreadablePlaceError, BadLabelError):
            return None

    def picture(self, path: str) -> Place | None:
        """Return where the picture lies that labels (``img_key``) or tables name; None if it is not there.

        Folders that leave out the day or the session, as in the published sample, are looked in last. Of a path that
        leaves them out itself, the first picture of that name is returned, in the order of days and sessions.
        """
        name = picture_name(path)
        if name is None:
            return None
        clips: Iterable[int] = _known_as(name.day, name.session, name.type_no)
        if not (name.day and name.session):
            clips = chain(clips, self._clips_of(name))
        places = (self.index.picture(clip << CLIP_SHIFT | name.picture_bits()) for clip in clips)
        return next((place for place in places if place is not None), None)

    def pictures(self, clip: Clip) -> ClipPictures | None:
        """Return which pictures of a clip are there; None if there are none."""
        for known_as in _known_as(clip.name.day, clip.name.session, clip.type_no):
            frames: list[list[int]] = [[] for _ in range(VIEW_COUNT)]
            for bits in self.index.clip_frames(known_as):
                if clip.performer is None or bits >> FRAME_BITS + VIEW_BITS == clip.performer:
                    frames[bits >> FRAME_BITS & _VIEW].append(bits & _FRAME)
            if any(frames):
                return ClipPictures(known_as, tuple(map(tuple, frames)))
        return None

    def _clips_of(self, name: PictureName) -> Iterator[int]:
        """The clips of a picture's type on any day, or in any session of its day."""
        if not self._by_type:
            for clip in self.index.picture_clips():
                self._by_type.setdefault(clip & (1 << TYPE_BITS) - 1, []).append(clip)
        for clip in self._by_type.get(name.type_no, ()):
            label = label_of_bits(clip << 1)
            if name.day in (0, label.day) and name.session in (0, label.session):
                yield clip

    def _path(self, place: Place) -> str:
        return f"{place.container.relative_to(self.index.root.parent).as_posix()}/{place.name}"


@contextmanager
def open_collection(root: Path, file: Path | None = None, told: Told = lambda _: None) -> Iterator[Collection]:
    """Open the copy under the folder ``root``; where things lie is kept in ``file``, or forgotten at the end.

    ``told`` hears how many files were met so far. Raises ``aihub-not-found``, ``aihub-changing`` and
    ``output-not-writable``.
    """
    with ExitStack() as stack:
        kept = file or Path(stack.enter_context(TemporaryDirectory())) / "index.sqlite"
        index = stack.enter_context(make_index(root, kept, told))
        yield Collection(index, stack.enter_context(PlaceReader()))


def _known_as(day: int, session: int, type_no: int) -> dict[int, None]:
    """How folders may name a clip, the most exact first."""
    places = ((day, session), (0, session), (day, 0), (0, 0))
    return dict.fromkeys(clip_bits(*place, type_no) for place in places)
