"""What is odd in the real data set, for a reader to be tried on: at which rate, and in which recording.

=================  ====================================================================================
missing_frames     13 or 15 entries (and 26 or 30 pictures) in place of 16, or no entry at all
trailing_blank     the exercise's name ends in a blank
wrong_folder       labels and pictures lie in another kind's folder; ``type_info`` is right
other_number       type 033 has the number 21 in the names of its pictures, as on two days of the real set
only_2d, only_3d   the other one of the two labels is missing
=================  ====================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

_ENTRIES, _SHARES = (15, 13, 0), (0.5, 0.3, 0.2)
_OTHER_NUMBER_TYPE, OTHER_NUMBER = 33, 21


@dataclass(frozen=True, slots=True)
class OddRates:
    """The share (0..1) of recordings that are odd in each way; ``other_number`` is of those of type 033."""

    missing_frames: float = 0.0
    trailing_blank: float = 0.0
    wrong_folder: float = 0.0
    other_number: float = 0.0
    only_2d: float = 0.0
    only_3d: float = 0.0

    def __post_init__(self) -> None:
        rates = {field.name: getattr(self, field.name) for field in fields(self)}
        if any(not 0.0 <= rate <= 1.0 for rate in rates.values()) or self.only_2d + self.only_3d > 1.0:
            raise ValueError(f"rates must be shares, are {rates}")


@dataclass(frozen=True, slots=True)
class Odd:
    """What is odd in one recording: ``entries`` is the number of labelled frames left, None for all of them."""

    entries: int | None = None
    trailing_blank: bool = False
    wrong_folder: int | None = None
    other_number: bool = False
    only: str | None = None

    def names(self) -> tuple[str, ...]:
        """The rows of the table above that hold."""
        holds = {
            "missing_frames": self.entries is not None,
            "trailing_blank": self.trailing_blank,
            "wrong_folder": self.wrong_folder is not None,
            "other_number": self.other_number,
            "only_2d": self.only == "2d",
            "only_3d": self.only == "3d",
        }
        return tuple(name for name, odd in holds.items() if odd)


def draw_odd(rng: np.random.Generator, rates: OddRates, type_no: int, kind: int) -> Odd:
    """Return what is odd in a recording of ``type_no`` and ``kind`` (1..3)."""
    missing, blank, folder, number, only = rng.random(5)
    entries = int(rng.choice(_ENTRIES, p=_SHARES))
    other = int(rng.choice([code for code in (1, 2, 3) if code != kind]))
    alone = "2d" if only < rates.only_2d else "3d" if only < rates.only_2d + rates.only_3d else None
    return Odd(
        entries=entries if missing < rates.missing_frames else None,
        trailing_blank=bool(blank < rates.trailing_blank),
        wrong_folder=other if folder < rates.wrong_folder else None,
        other_number=bool(type_no == _OTHER_NUMBER_TYPE and number < rates.other_number),
        only=alone,
    )
