"""The quick way to read a 3D label: as in `quick`, all but the numbers of a label has been seen before.

Numbers are fractions with signs here, and nothing else in the text has a digit, a point or a minus.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.aihub.clip import Array, BadLabelError
from deukgeun.aihub.jsontext import load
from deukgeun.aihub.points import points

_FIGURES = b"0123456789.-"
_TO_BLANKS = bytes(byte if byte in _FIGURES else ord(" ") for byte in range(256))
_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_MOST_PATTERNS = 32


@dataclass(frozen=True, slots=True, eq=False)
class SpacePattern:
    """The text without its numbers, and which of the numbers are the joints' (F, 24, 3)."""

    bare: bytes
    joints: npt.NDArray[np.int64]


def read_points(content: bytes, odd: set[str]) -> Array:
    """Return the joints (F, 24, 3) of a 3D label. ``odd`` gets what is odd. Raises `BadLabelError`."""
    bare = content.translate(None, _FIGURES)
    known = _patterns()
    pattern = next((each for each in known if each.bare == bare), None)
    found = None if pattern is None else _numbers(content, pattern)
    if found is not None:
        return found
    plain = _plain(content, odd)
    if pattern is None and not odd and len(plain) and len(known) < _MOST_PATTERNS:
        _learn(content, bare, plain)
    return plain


@cache
def _patterns() -> list[SpacePattern]:
    return []


def _numbers(content: bytes, pattern: SpacePattern) -> Array | None:
    tokens = content.translate(_TO_BLANKS).split()
    if len(tokens) != pattern.joints.size:
        return None
    try:
        values = np.fromiter(map(float, tokens), dtype=np.float64, count=len(tokens))
    except ValueError:
        return None  # what is no number, such as 1.2.3
    return values[pattern.joints]


def _plain(content: bytes, odd: set[str]) -> Array:
    frames: Any = load(content).get("frames")
    if not isinstance(frames, Sequence) or isinstance(frames, str):
        raise BadLabelError("not_a_label")
    return points([frame.get("pts") if isinstance(frame, Mapping) else None for frame in frames], "xyz", odd)


def _learn(content: bytes, bare: bytes, plain: Array) -> None:
    """Keep the pattern of a label, if every number in it is a joint's and the quick way reads it as the plain one."""
    order = {found.start(): number for number, found in enumerate(_NUMBER.finditer(content))}
    marked = _NUMBER.sub(lambda found: b"%d" % order[found.start()], content)
    try:
        joints = _plain(marked, set())
    except BadLabelError:
        return
    if joints.shape != plain.shape or sorted(joints.flat) != list(range(len(order))):
        return
    pattern = SpacePattern(bare, joints.astype(np.int64))
    found = _numbers(content, pattern)
    if found is not None and np.array_equal(found, plain):
        _patterns().append(pattern)
