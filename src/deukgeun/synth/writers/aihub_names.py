"""Folders and file names of AI Hub data set 231, as in the released training and validation parts.

013.피트니스자세/1.Training/라벨링데이터/맨몸운동_Labeling_new_220128/Day05_200925_F/D05-1-001.json, D05-1-001-3d.json
013.피트니스자세/1.Training/원시데이터/body_01/Day05_200925_F/1/A/001-1-1-01-Z17_A/001-1-1-01-Z17_A-0000001.jpg
013.피트니스자세/2.Validation/라벨링데이터/body_01/Day32_201022_F/...
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import Literal

from deukgeun.synth.cameras import LETTERS

Split = Literal["training", "validation"]

ROOT = "013.피트니스자세"
_SPLITS = {"training": "1.Training", "validation": "2.Validation"}
_LABELS, _PICTURES = "라벨링데이터", "원시데이터"
_LABEL_FOLDERS = {1: "맨몸운동_Labeling_new_220128", 2: "바벨_덤벨_Labeling_new_220128", 3: "기구_Labeling"}
_ARCHIVES = {1: "body_01", 2: "babel_01", 3: "furniture_01"}
_FIRST_DAY = date(2020, 9, 21)  # Day04 is 200924 and Day05 is 200925


@dataclass(frozen=True, slots=True)
class Naming:
    """What the names of one recording are made of: ``type_no`` 1..816, ``day``, ``session`` and ``performer`` from 1.

    ``kind``, ``pose`` and ``exercise_no`` stand in the pictures' names; ``folder_kind`` decides the folder, and is the
    kind but for recordings that lie in the wrong one.
    """

    split: Split
    type_no: int
    day: int
    session: int
    performer: int
    kind: int
    pose: int
    exercise_no: int
    folder_kind: int

    def __post_init__(self) -> None:
        for name, most in (("type_no", 816), ("day", 99), ("session", 9), ("performer", 999), ("exercise_no", 99)):
            if not 1 <= getattr(self, name) <= most:
                raise ValueError(f"{name}: expected 1 to {most}, got {getattr(self, name)}")

    @property
    def day_folder(self) -> str:
        """``Day05_200925_F``: the days count on from the first without a pause."""
        return f"Day{self.day:02}_{_FIRST_DAY + timedelta(days=self.day - 1):%y%m%d}_F"

    @property
    def clip(self) -> str:
        """``001-1-1-01-Z17``: type, kind, pose, exercise and performer."""
        return f"{self.type_no:03}-{self.kind}-{self.pose}-{self.exercise_no:02}-Z{self.performer}"

    @property
    def stem(self) -> str:
        """``D05-1-001``: day, session and type."""
        return f"D{self.day:02}-{self.session}-{self.type_no:03}"

    def label(self, suffix: str = "") -> PurePosixPath:
        """Path of the 2D label under the data set's folder; with the suffix ``-3d`` that of the 3D label."""
        folder = (_LABEL_FOLDERS if self.split == "training" else _ARCHIVES)[self.folder_kind]
        return PurePosixPath(ROOT, _SPLITS[self.split], _LABELS, folder, self.day_folder, f"{self.stem}{suffix}.json")

    def img_key(self, view: int, frame: int) -> str:
        """The picture of view 0..4 (A to E) and frame 1.. as the labels name it."""
        clip = f"{self.clip}_{LETTERS[view]}"
        return f"{self.day_folder}/{self.session}/{LETTERS[view]}/{clip}/{clip}-{frame:07}.jpg"

    def picture(self, view: int, frame: int) -> PurePosixPath:
        """Path of that picture under the data set's folder."""
        archive = _ARCHIVES[self.folder_kind]
        return PurePosixPath(ROOT, _SPLITS[self.split], _PICTURES, archive, self.img_key(view, frame))
