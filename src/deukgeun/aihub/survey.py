"""What a copy of the data set holds: counted in one pass over its labels, whatever its size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from deukgeun.aihub.clip import VIEW_COUNT, Clip, Unread
from deukgeun.aihub.collection import ClipPictures, Collection
from deukgeun.aihub.exercises import KINDS, aihub_exercises
from deukgeun.aihub.names import clean_text, clip_bits, label_of_bits, picture_name
from deukgeun.aihub.oddities import Tally

PICTURES = 32
"""Pictures of a clip and view, but for rare ones (25 to 34)."""


@dataclass(slots=True)
class Survey:
    """Counts. ``clips`` and ``correct`` are by exercise number; ``frames`` counts labels by their number of frames,
    ``pictures`` views by their number of pictures."""

    root: str
    labels_2d: int = 0
    labels_3d: int = 0
    pictures: int = 0
    pairs: int = 0
    clips: Counter[int] = field(default_factory=Counter)
    correct: Counter[int] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)
    performers: Counter[int] = field(default_factory=Counter)
    types: set[int] = field(default_factory=set)
    frames: Counter[int] = field(default_factory=Counter)
    views: Counter[int] = field(default_factory=Counter)
    odd: Tally = field(default_factory=Tally)

    @property
    def kinds(self) -> dict[int, int]:
        """Clips of each kind, 1 to 3."""
        sums = dict.fromkeys(KINDS, 0)
        for exercise in aihub_exercises():
            sums[exercise.kind] += self.clips[exercise.no]
        return sums

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of exercises without a clip."""
        return tuple(clean_text(each.name) for each in aihub_exercises() if not self.clips[each.no])

    def to_json(self) -> dict[str, Any]:
        """Return all counts as a value that JSON can hold."""
        return {
            "folder": self.root,
            "labels_2d": self.labels_2d, "labels_3d": self.labels_3d, "pairs": self.pairs, "pictures": self.pictures,
            "exercises": [
                {"no": each.no, "name": clean_text(each.name), "english": each.name_en, "kind": each.kind,
                 "clips": self.clips[each.no], "correct": self.correct[each.no]}
                for each in aihub_exercises()
            ],
            "missing": list(self.missing),
            "kinds": [{"kind": kind, "name": KINDS[kind], "clips": count} for kind, count in self.kinds.items()],
            "days": _rows("day", self.days),
            "performers": _rows("performer", self.performers),
            "types": len(self.types),
            "frames": _rows("frames", self.frames),
            "pictures_of_a_view": _rows("pictures", self.views),
            "odd": self.odd.rows(),
        }  # fmt: skip


def survey(collection: Collection, told: Callable[[int, int], None] = lambda done, total: None) -> Survey:
    """Count everything. ``told`` hears how many labels of how many were read."""
    index = collection.index
    found = Survey(str(index.root), pictures=index.count("pictures"), odd=index.oddities())
    total, lengths, seen = index.count("labels"), dict[int, int](), set[int]()
    for clip in collection.clips():
        found.labels_2d += 1
        told(found.labels_2d, total)
        if isinstance(clip, Unread):
            found.odd.add(clip.code, clip.where)
        else:
            lengths[clip.name.bits()] = len(clip)
            _count(found, clip, collection.pictures(clip) if found.pictures else None, seen)
    _count_space(found, collection, lengths, total, told)
    for clip_number in index.picture_clips():
        if clip_number not in seen:
            found.odd.add("pictures_without_label", label_of_bits(clip_number << 1).stem)
    return found


def _rows(name: str, counts: Counter[int]) -> list[dict[str, int]]:
    return [{name: key, "clips" if name != "pictures" else "views": counts[key]} for key in sorted(counts)]


def _count(found: Survey, clip: Clip, pictures: ClipPictures | None, seen: set[int]) -> None:
    stem = clip.name.stem
    found.clips[clip.exercise.no] += 1
    found.correct[clip.exercise.no] += clip.correct
    found.days[clip.name.day] += 1
    found.types.add(clip.type_no)
    found.frames[len(clip)] += 1
    if clip.performer is not None:
        found.performers[clip.performer] += 1
    for code in clip.odd:
        found.odd.add(code, stem)
    if pictures is not None:
        seen.add(pictures.known_as)
        _count_pictures(found, clip, pictures)
    elif found.pictures:
        seen.add(clip_bits(clip.name.day, clip.name.session, clip.type_no))
        found.odd.add("labels_without_pictures", stem)


def _count_pictures(found: Survey, clip: Clip, pictures: ClipPictures) -> None:
    stem = clip.name.stem
    found.views.update(map(len, pictures.frames))
    if not pictures.whole(PICTURES):
        found.odd.add("not_32_pictures", stem)
    if len(clip) and all((len(view) + 1) // 2 == len(clip) for view in pictures.frames):
        found.odd.add("half_labelled", stem)
    if not all(labelled_there(clip, pictures, view) for view in range(VIEW_COUNT)):
        found.odd.add("picture_missing", stem)


def labelled_there(clip: Clip, pictures: ClipPictures, view: int) -> bool:
    """Whether all labelled pictures of a view that have a readable name are there."""
    names = map(picture_name, clip.pictures[view])
    there = set(pictures.frames[view])
    return all(name is None or name.frame in there for name in names)


def _count_space(
    found: Survey, collection: Collection, lengths: dict[int, int], total: int, told: Callable[[int, int], None]
) -> None:
    for clip in collection.space_clips():
        found.labels_3d += 1
        told(found.labels_2d + found.labels_3d, total)
        if isinstance(clip, Unread):
            found.odd.add(clip.code, clip.where)
            continue
        for code in clip.odd:
            found.odd.add(code, f"{clip.name.stem}-3d")
        flat = lengths.pop(clip.name.bits() & ~1, None)
        if flat is not None:
            found.pairs += 1
            if flat != len(clip):
                found.odd.add("frames_differ", clip.name.stem)
    for bits in lengths:
        if collection.index.label(bits | 1) is None:
            found.odd.add("only_2d", label_of_bits(bits).stem)
    for bits in collection.index.only_3d():
        found.odd.add("only_3d", label_of_bits(bits).stem)
