"""Equipment as rigid things with a place in the room; how they look is the scene's affair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of ``kind`` (see `equipment.toml` for kinds, their own axes and their sizes).

    pose (T, 4, 4) from the thing's axes to the room, T = 1 when it stands still; ``size`` overrides the sizes of its
    kind, in metres and degrees. ``ends`` (T, 2, 3) is set for cables and ropes alone: the two points they are drawn
    between.
    """

    kind: str
    pose: Array
    size: Mapping[str, float] = field(default_factory=dict)
    ends: Array | None = None

    def __post_init__(self) -> None:
        if self.pose.shape != (len(self.pose), 4, 4):
            raise ValueError(f"pose: expected (T, 4, 4), got {self.pose.shape}")
        if self.ends is not None and self.ends.shape != (len(self.ends), 2, 3):
            raise ValueError(f"ends: expected (T, 2, 3), got {self.ends.shape}")
