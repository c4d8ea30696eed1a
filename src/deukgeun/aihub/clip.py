"""What one label says: a clip of one type, five views of F labelled pictures, or the same in space."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deukgeun.aihub.exercises import AihubExercise
from deukgeun.aihub.names import LabelName

Array = npt.NDArray[np.float64]

VIEW_COUNT, JOINTS = 5, 24
WIDTH, HEIGHT = 1920, 1080
"""Pixels of the pictures that the labels are about."""


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """A 2D label: one performer doing one type of an exercise before five cameras, F labelled frames.

    ``xy`` (5, F, 24, 2) are the joints of ``aihub_24`` in pixels of a 1920 x 1080 picture, views A to E; NaN where a
    view or a joint is missing. ``active`` (F,) tells what is part of the exercise. ``pictures`` has, for each view, F
    paths as in ``img_key``, empty where there is none. ``conditions`` are (text, holds) as the label has them.
    ``correct`` is True where all conditions hold and the description tells of no mistake. ``performer`` is None where
    no picture is named. ``odd`` are the codes (`oddities`) of what is odd in it.
    """

    name: LabelName
    exercise: AihubExercise
    performer: int | None
    conditions: tuple[tuple[str, bool], ...]
    correct: bool
    xy: Array
    active: npt.NDArray[np.bool_]
    pictures: tuple[tuple[str, ...], ...]
    odd: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        frames = len(self.active)
        if self.xy.shape != (VIEW_COUNT, frames, JOINTS, 2):
            raise ValueError(f"xy: expected (5, {frames}, 24, 2), got {self.xy.shape}")
        if [len(view) for view in self.pictures] != [frames] * VIEW_COUNT:
            raise ValueError(f"pictures: expected 5 views of {frames}")

    def __len__(self) -> int:
        return len(self.active)

    @property
    def type_no(self) -> int:
        """The type, 1 to 816."""
        return self.name.type_no


@dataclass(frozen=True, slots=True, eq=False)
class SpaceClip:
    """A 3D label: ``cm`` (F, 24, 3) are the joints in centimetres, y up, the floor near 0; NaN where one is missing."""

    name: LabelName
    cm: Array
    odd: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.cm.ndim != 3 or self.cm.shape[1:] != (JOINTS, 3):
            raise ValueError(f"cm: expected (F, 24, 3), got {self.cm.shape}")

    def __len__(self) -> int:
        return len(self.cm)


@dataclass(frozen=True, slots=True)
class Unread:
    """A label that could not be read: the code of why (`oddities`), and where it lies."""

    code: str
    where: str


class BadLabelError(Exception):
    """A label cannot be used; ``code`` is that of the oddity."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
