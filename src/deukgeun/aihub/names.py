"""What the names of labels and pictures tell: day, session, type, performer, view, frame.

Names are read from the end, at any depth of folders, in folders and archives alike; the 3-digit type decides which
exercise it is, and nothing else in the name does (type 033 is numbered 02 in one place and 21 in another).
A picture's number in ``bits`` orders the whole data set and is the key that its place is kept under.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

VIEWS = "ABCDE"
"""Cameras A to E, which are ``view1`` to ``view5`` of the labels."""

_PICTURE = re.compile(r"(\d{3})-(\d)-(\d)-(\d{1,2})-Z(\d{1,4})_([A-E])-(\d{1,7})\.jpe?g$", re.IGNORECASE)
_LABEL = re.compile(r"(?:^|/)D(\d{1,2})-(\d{1,2})-(\d{3})(-3d)?\.json$", re.IGNORECASE)
_DAY = re.compile(r"Day(\d{1,2})_", re.IGNORECASE)
_SESSION = re.compile(r"(?:^|/)(\d{1,2})/[A-E]/", re.IGNORECASE)
# What the folders of the three kinds are called: labels' and pictures', in all releases.
_KINDS = {1: ("맨몸", "body"), 2: ("바벨", "덤벨", "babel", "barbell"), 3: ("기구", "furniture")}

DAY_BITS, SESSION_BITS, TYPE_BITS, PERFORMER_BITS, VIEW_BITS, FRAME_BITS = 8, 8, 10, 14, 3, 20
CLIP_SHIFT = PERFORMER_BITS + VIEW_BITS + FRAME_BITS
"""A key shifted right by this is that of day, session and type: what one label is about."""


@dataclass(frozen=True, slots=True)
class PictureName:
    """What a picture is: ``day`` and ``session`` are 0 where its folders do not say; ``view`` 0..4, ``frame`` from 1.

    ``number`` is the exercise's number as the name has it, right or wrong.
    """

    day: int
    session: int
    type_no: int
    performer: int
    view: int
    frame: int
    number: int

    def bits(self) -> int:
        """The picture as one whole number (63 bits), in the order of day, session, type, performer, view, frame."""
        return (clip_bits(self.day, self.session, self.type_no) << CLIP_SHIFT) | self.picture_bits()

    def picture_bits(self) -> int:
        """The lower part of `bits`: performer, view and frame."""
        return ((self.performer << VIEW_BITS | self.view) << FRAME_BITS) | self.frame


@dataclass(frozen=True, slots=True)
class LabelName:
    """What a label is about, as its file's name says; ``space`` is True for 3D (``-3d``)."""

    day: int
    session: int
    type_no: int
    space: bool

    @property
    def stem(self) -> str:
        """``D05-1-001``: the name that a 2D and a 3D label share."""
        return f"D{self.day:02}-{self.session}-{self.type_no:03}"

    def bits(self) -> int:
        """The label as one whole number."""
        return clip_bits(self.day, self.session, self.type_no) << 1 | self.space


def clip_bits(day: int, session: int, type_no: int) -> int:
    """Day, session and type as one whole number."""
    return (day << SESSION_BITS | session) << TYPE_BITS | type_no


def label_of_bits(bits: int) -> LabelName:
    """The label of a number from `LabelName.bits`."""
    clip = bits >> 1
    session = clip >> TYPE_BITS & (1 << SESSION_BITS) - 1
    return LabelName(clip >> TYPE_BITS + SESSION_BITS, session, clip & (1 << TYPE_BITS) - 1, bool(bits & 1))


def picture_name(path: str) -> PictureName | None:
    """Return what a picture's path (of any depth, ``/`` between folders) says; None if it is no picture of the set."""
    folders, _, file = path.rpartition("/")
    found = _PICTURE.match(file)
    if found is None:
        return None
    type_no, _, _, number, performer, letter, frame = found.groups()
    day, session = _day_and_session(folders)
    return PictureName(
        day=day,
        session=session,
        type_no=int(type_no),
        performer=int(performer),
        view=VIEWS.index(letter.upper()),
        frame=int(frame) % (1 << FRAME_BITS),
        number=int(number),
    )


@lru_cache(maxsize=64)
def _day_and_session(folders: str) -> tuple[int, int]:
    days, session = _DAY.findall(folders), _SESSION.search(f"{folders}/")
    return int(days[-1]) if days else 0, int(session[1]) if session else 0


def label_name(path: str) -> LabelName | None:
    """Return what a label's path says; None if it is not named as a label of the set."""
    found = _LABEL.search(path)
    return None if found is None else LabelName(int(found[1]), int(found[2]), int(found[3]), found[4] is not None)


def folder_kind(path: str) -> int | None:
    """Return the kind (1 to 3) that the folders or archives of a path are named for, the innermost first, else None."""
    return _kind(path.rpartition("/")[0])


@lru_cache(maxsize=64)
def _kind(folders: str) -> int | None:
    for part in reversed(unicodedata.normalize("NFC", folders).lower().split("/")):
        kinds = {kind for kind, words in _KINDS.items() if any(word in part for word in words)}
        if len(kinds) == 1:
            return kinds.pop()
    return None


@lru_cache(maxsize=1024)
def clean_text(text: str) -> str:
    """Return a name of the data set as it is compared: NFC, no blanks at the ends, single blanks between words."""
    return " ".join(unicodedata.normalize("NFC", text).split())
