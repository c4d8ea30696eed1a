"""Read a label: strict about what decides (the type), tolerant about the rest, and explicit about all that is odd.

The schema is that of the published labels: ``frames`` with five views of joints by name, ``active`` and ``img_key``,
then ``type`` and ``type_info``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from deukgeun.aihub.clip import HEIGHT, WIDTH, BadLabelError, Clip, SpaceClip
from deukgeun.aihub.exercises import KINDS, AihubExercise, aihub_exercise
from deukgeun.aihub.frames import Frames
from deukgeun.aihub.names import LabelName, clean_text, folder_kind, picture_name
from deukgeun.aihub.quick import read_frames
from deukgeun.aihub.quick_space import read_points

DESCRIBED_WRONG = frozenset({62, 101, 109})
"""Types whose conditions are all true in the data set while their description tells of a mistake."""
_FEW, _USUAL = 13, 16


def read_clip(content: bytes, name: LabelName, path: str = "") -> Clip:
    """Return what a 2D label says. ``name`` is what its file is named for, ``path`` where it lies (for its folder).

    Raises `BadLabelError` for what is not a label, or not one of the type it is named for.
    """
    frames, rest = read_frames(content)
    info = rest.get("type_info")
    info = info if isinstance(info, Mapping) else {}
    exercise = _exercise(name, rest, info)
    odd = set(frames.odd)
    conditions = _conditions(info)
    if not conditions:
        odd.add("conditions_missing")
    performer = _pictures(frames, exercise, odd)
    _texts(info, exercise, odd)
    _place(path, info, exercise, odd)
    correct = bool(conditions) and all(holds for _, holds in conditions)
    if correct and name.type_no in DESCRIBED_WRONG:
        correct = False
        odd.add("correct_but_described_wrong")
    _counts(frames, odd)
    return Clip(
        name=name, exercise=exercise, performer=performer, conditions=conditions, correct=correct,
        xy=frames.xy, active=frames.active, pictures=frames.pictures, odd=tuple(sorted(odd)),
    )  # fmt: skip


def read_space(content: bytes, name: LabelName) -> SpaceClip:
    """Return what a 3D label says. Raises `BadLabelError`."""
    odd: set[str] = set()
    exercise_of(name)
    cm = read_points(content, odd)
    return SpaceClip(name, cm, tuple(sorted(odd)))


def exercise_of(name: LabelName) -> AihubExercise:
    """Return the exercise of a label's type. Raises `BadLabelError` for a type that there is not."""
    try:
        return aihub_exercise(name.type_no)
    except ValueError:
        raise BadLabelError("no_such_type") from None


def _exercise(name: LabelName, rest: Mapping[str, Any], info: Mapping[str, Any]) -> AihubExercise:
    told = {str(value).strip() for value in (rest.get("type"), info.get("key")) if value is not None}
    if any(not text.isdecimal() or int(text) != name.type_no for text in told):
        raise BadLabelError("type_differs")
    return exercise_of(name)


def _conditions(info: Mapping[str, Any]) -> tuple[tuple[str, bool], ...]:
    rows = info.get("conditions")
    rows = rows if isinstance(rows, Sequence) and not isinstance(rows, str) else ()
    told = [row for row in rows if isinstance(row, Mapping)]
    return tuple((clean_text(str(row.get("condition", ""))), _truth(row.get("value"))) for row in told)


def _truth(value: object) -> bool:
    return value is True or str(value).strip().lower() in {"true", "1", "yes"}


def _pictures(frames: Frames, exercise: AihubExercise, odd: set[str]) -> int | None:
    """The performer whom the pictures' names tell; only the first of a view is looked at closely."""
    performers: list[int] = []
    clip = ""
    for path in (view[0] for view in frames.pictures if view):
        if clip and path.rpartition("/")[2].startswith(clip):
            continue  # as in the view before
        found = picture_name(path)
        if found is None:
            odd.add("image_name_odd")
            continue
        clip = path.rpartition("/")[2].partition("_")[0] + "_"
        performers.append(found.performer)
        if found.number != exercise.no:
            odd.add("other_number")
    if len(set(performers)) > 1:
        odd.add("performers_differ")
    return performers[0] if performers else None


def _texts(info: Mapping[str, Any], exercise: AihubExercise, odd: set[str]) -> None:
    for key in ("type", "pose", "exercise"):
        text = info.get(key)
        if not isinstance(text, str):
            continue
        if not unicodedata.is_normalized("NFC", text):
            odd.add("name_not_nfc")
        if " ".join(text.split()) != text:
            odd.add("stray_blanks")
    if "exercise" in info and clean_text(str(info["exercise"])) != clean_text(exercise.name):
        odd.add("name_differs")


def _place(path: str, info: Mapping[str, Any], exercise: AihubExercise, odd: set[str]) -> None:
    told = clean_text(str(info.get("type", ""))).replace(" ", "")
    kinds = {text.replace(" ", ""): kind for kind, text in KINDS.items()}
    lies_in = folder_kind(path)
    if lies_in is not None and lies_in != kinds.get(told, exercise.kind):
        odd.add("wrong_folder")


def _counts(frames: Frames, odd: set[str]) -> None:
    count = len(frames.active)
    if not count:
        odd.add("no_frames")
    elif count <= _FEW:
        odd.add("frames_13_or_fewer")
    elif count < _USUAL:
        odd.add("frames_14_or_15")
    elif count > _USUAL:
        odd.add("frames_17_or_more")
    xy = frames.xy
    if count and not (xy.min() >= 0 and xy[..., 0].max() <= WIDTH and xy[..., 1].max() <= HEIGHT):
        known = xy[np.isfinite(xy).all(axis=-1)]  # the comparisons above also fail where a joint is unknown
        if bool(((known < 0) | (known > (WIDTH, HEIGHT))).any()):
            odd.add("point_outside")
