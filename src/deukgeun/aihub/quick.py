"""The quick way to read a label's frames: all but the digits of a label has been seen before.

Parsing a 2D label of 1,920 points with ``json`` and taking the points out of 1,920 dictionaries takes about 1.1 ms, and
the set has 34,468 of them. But labels differ in digits alone, as they are written by one program: the text without its
digits is one of a few. The first label of each such pattern is parsed, and where its joints' numbers stand among all
runs of digits is kept; for the others, whose text without digits is the same, the runs of digits are read with NumPy.
Whatever does not fit (fractions, signs, joints missing, more than four digits) is parsed as JSON.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.aihub.clip import VIEW_COUNT, BadLabelError
from deukgeun.aihub.frames import Frames, agreed, plain_frames
from deukgeun.aihub.jsontext import load

Whole = npt.NDArray[np.int64]

_DIGITS = b"0123456789"
# "Yes" and "No" differ from label to label as digits do. How many of their letters there are is checked apart.
_LETTERS = b"YesNo"
_VALUE = re.compile(rb"(?<=:)\s*(\d+)(?=\s*[,}])")
_KEY = re.compile(rb'"img_key"\s*:\s*"([^"]*)"')
_ACTIVE = re.compile(rb'"active"\s*:\s*"((?:Yes|No))"')
_RUN = re.compile(rb"\d+")
_LONGEST = 4
_MOST_PATTERNS = 64


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """Where things stand in labels whose text without digits and letters of Yes and No is ``bare``.

    Of the ``runs`` of digits, those at ``joints`` (5, F, 24, 2) are the joints' numbers, and those at ``fixed`` have
    the values and lengths ``fixed_runs`` (2, N). ``active`` (2, F, 5) are runs and how far behind their last digit the
    first letter of Yes or No stands. ``keys`` (4, F, 5) are the first and the last run of a picture's name, and how
    far before and behind them it begins and ends. ``letters`` is how many of Yes and No there are if all say Yes.
    """

    bare: bytes
    runs: int
    joints: Whole
    fixed: Whole
    fixed_runs: Whole
    active: Whole
    keys: Whole
    letters: int


def read_frames(content: bytes) -> tuple[Frames, dict[str, Any]]:
    """Return a 2D label's frames and all else that it says. Raises `BadLabelError`."""
    quick = _quick(content)
    if quick is not None:
        return quick
    label = load(content)
    return plain_frames(label.get("frames")), label


@cache
def _patterns() -> list[Pattern]:
    return []


def _quick(content: bytes) -> tuple[Frames, dict[str, Any]] | None:
    # ``type`` and ``type_info`` stand behind the frames in all labels that are written as the published ones.
    cut = content.rfind(b'"type"', 0, max(content.rfind(b'"type_info"'), 0))
    if cut < 0:
        return None
    head = content[:cut]
    bare = head.translate(None, _DIGITS + _LETTERS)
    known = _patterns()
    pattern = next((each for each in known if each.bare == bare), None)
    if pattern is None:
        if len(known) < _MOST_PATTERNS and (learned := _learn(head, bare)) is not None:
            known.append(learned)
        return None
    try:
        rest = json.loads(b"{" + content[cut:])
    except ValueError:
        return None
    frames = _frames(head, pattern)
    return None if frames is None else (frames, rest)


def _frames(head: bytes, pattern: Pattern) -> Frames | None:
    figures, first, last = _runs(head)
    if len(first) != pattern.runs:
        return None
    fixed = _numbers(figures, first[pattern.fixed], last[pattern.fixed])
    values, lengths = _numbers(figures, first[pattern.joints], last[pattern.joints])
    if not np.array_equal(np.stack(fixed), pattern.fixed_runs) or lengths.max() > _LONGEST:
        return None
    said = figures[last[pattern.active[0]] + pattern.active[1]] == ord("Y") - ord("0")
    letters = len(head) - len(pattern.bare) - int((last - first + 1).sum())
    if letters != pattern.letters - np.count_nonzero(~said):
        return None
    odd: set[str] = set()
    active = said[:, 0] if bool((said == said[:, :1]).all()) else agreed(said.T.tolist(), odd)
    return Frames(values.astype(np.float64), active, _names(head, first, last, pattern), frozenset(odd))


def _names(head: bytes, first: Whole, last: Whole, pattern: Pattern) -> tuple[tuple[str, ...], ...]:
    text = head.decode("latin-1")  # a letter a byte; names beyond ASCII are not learned
    begins, ends = first[pattern.keys[0]] - pattern.keys[2], last[pattern.keys[1]] + pattern.keys[3]
    return tuple(
        tuple(text[i:j] for i, j in zip(begins[:, view].tolist(), ends[:, view].tolist(), strict=True))
        for view in range(VIEW_COUNT)
    )


def _runs(head: bytes) -> tuple[npt.NDArray[np.uint8], Whole, Whole]:
    """Return the bytes less 48, and the places of the first and the last digit (N,) of each run of digits."""
    figures = np.frombuffer(head, dtype=np.uint8) - np.uint8(48)
    digit = figures < 10
    digit[[0, -1]] = False  # the text of an object does not begin or end with one
    edges = np.flatnonzero(digit[1:] != digit[:-1])
    return figures, edges[::2] + 1, edges[1::2]


def _numbers(figures: npt.NDArray[np.uint8], first: Whole, last: Whole) -> tuple[npt.NDArray[np.int16], Whole]:
    """Return the values of runs of digits, of the last four digits where there are more, and the runs' lengths."""
    lengths = last - first + 1
    values = figures[last].astype(np.int16)  # four digits fit
    for place in range(1, _LONGEST):
        values += figures[last - place] * (lengths > place) * np.int16(10**place)
    return values, lengths


def _learn(head: bytes, bare: bytes) -> Pattern | None:
    """Return the pattern of a label, None if it is not one whose every number can be told by its place."""
    runs = [run.span() for run in _RUN.finditer(head)]
    at = {begin: number for number, (begin, _) in enumerate(runs)}
    marks = {at[found.start(1)] for found in _VALUE.finditer(head)}
    marked = _VALUE.sub(lambda found: b"%d" % at[found.start(1)], head)
    try:
        frames, plain = (plain_frames(load(_closed(text)).get("frames")) for text in (marked, head))
    except BadLabelError:
        return None
    count, keys, said = len(plain.active), list(_KEY.finditer(head)), list(_ACTIVE.finditer(head))
    if plain.odd - {"active_differs"} or not count or b"\\" in head or not head.isascii():
        return None
    if frames.xy.size != len(marks) or {*frames.xy.flat} != marks or {len(keys), len(said)} != {count * VIEW_COUNT}:
        return None
    spans = [[at[run.start()] for run in _RUN.finditer(head, *key.span(1))] for key in keys]
    if not all(spans):
        return None
    pattern = _pattern(head, bare, runs, frames.xy.astype(np.int64), said, list(zip(keys, spans, strict=True)))
    return pattern if _agrees(_frames(head, pattern), plain) else None


def _pattern(
    head: bytes, bare: bytes, runs: list[tuple[int, int]], joints: Whole,
    said: list[re.Match[bytes]], keys: list[tuple[re.Match[bytes], list[int]]],
) -> Pattern:  # fmt: skip
    firsts, lasts = np.array([begin for begin, _ in runs]), np.array([end - 1 for _, end in runs])
    before = [int(np.searchsorted(firsts, found.start(1))) - 1 for found in said]
    behind = [found.start(1) - int(lasts[run]) for found, run in zip(said, before, strict=True)]
    ends = [
        (span[0], span[-1], int(firsts[span[0]]) - key.start(1), key.end(1) - int(lasts[span[-1]]))
        for key, span in keys
    ]
    fixed = np.array(sorted(set(range(len(runs))) - {*joints.flat} - {run for _, span in keys for run in span}))
    fixed = fixed.astype(np.int64)
    figures, first, last = _runs(head)
    return Pattern(
        bare=bare, runs=len(runs), joints=joints, fixed=fixed,
        fixed_runs=np.stack(_numbers(figures, first[fixed], last[fixed])),
        active=np.array([before, behind]).reshape(2, -1, VIEW_COUNT),
        keys=np.array(ends).T.reshape(4, -1, VIEW_COUNT),
        letters=len(head) - len(bare) - int((last - first + 1).sum()) + sum(found[1] == b"No" for found in said),
    )  # fmt: skip


def _closed(head: bytes) -> bytes:
    return head.rstrip().removesuffix(b",") + b"}"


def _agrees(quick: Frames | None, plain: Frames) -> bool:
    """Whether the quick way reads the label that it was learned from as the plain way does."""
    return (
        quick is not None
        and np.array_equal(quick.xy, plain.xy)
        and np.array_equal(quick.active, plain.active)
        and quick.pictures == plain.pictures
    )
