"""The 41 exercises and 816 types of AI Hub data set 231: which conditions hold in which type.

A type is one exercise done with one combination of its conditions right or wrong: k conditions make 2^k types, and
in the first of them all conditions hold. The data set does not say in which order the others come; here they count in
binary, the first condition being the highest digit and 1 meaning that it does not hold: for three conditions
TTT, TTF, TFT, TFF, FTT, FTF, FFT, FFF.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

KINDS = {1: "맨몸 운동", 2: "바벨/덤벨", 3: "기구"}
POSES = {1: "선 자세", 2: "누운자세", 3: "엎드린자세", 4: "벤치 사용", 5: "기구"}


@dataclass(frozen=True, slots=True)
class AihubExercise:
    """One exercise of the data set; the fields are those of ``exercises.toml``.

    ``name`` is spelled as in the data set; ``types`` are the first and the last type, both included.
    """

    no: int
    name: str
    name_en: str
    kind: int
    pose: int
    types: tuple[int, int]
    layout: str
    ordered: bool
    conditions: tuple[str, ...]

    def __post_init__(self) -> None:
        first, last = self.types
        if last - first + 1 != 2 ** len(self.conditions):
            raise ValueError(f"{self.name}: {len(self.conditions)} conditions do not make types {first} to {last}")

    def values(self, type_no: int) -> tuple[bool, ...]:
        """Return which conditions hold (k,) in one of the exercise's types; ``ValueError`` for another type."""
        if not self.types[0] <= type_no <= self.types[1]:
            raise ValueError(f"{self.name} has the types {self.types[0]} to {self.types[1]}, not {type_no}")
        digits, count = type_no - self.types[0], len(self.conditions)
        return tuple(not digits >> (count - 1 - place) & 1 for place in range(count))

    def type_no(self, values: Sequence[bool]) -> int:
        """Return the type in which just these conditions (k,) hold."""
        if len(values) != len(self.conditions):
            raise ValueError(f"{self.name} has {len(self.conditions)} conditions, got {len(values)}")
        digits = 0
        for holds in values:
            digits = 2 * digits + (not holds)
        return self.types[0] + digits


@cache
def aihub_exercises() -> tuple[AihubExercise, ...]:
    """Return the 41 exercises in the order of their numbers."""
    text = (files("deukgeun.aihub") / "exercises.toml").read_text("utf-8")
    return tuple(_exercise(row) for row in tomllib.loads(text)["exercise"])


def aihub_exercise(type_no: int) -> AihubExercise:
    """Return the exercise that a type (1..816) belongs to; ``ValueError`` if there is no such type."""
    for exercise in aihub_exercises():
        if exercise.types[0] <= type_no <= exercise.types[1]:
            return exercise
    raise ValueError(f"expected a type from 1 to {aihub_exercises()[-1].types[1]}, got {type_no}")


def _exercise(row: dict[str, Any]) -> AihubExercise:
    return AihubExercise(**{**row, "types": tuple(row["types"]), "conditions": tuple(row["conditions"])})
