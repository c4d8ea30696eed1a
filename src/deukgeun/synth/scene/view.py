"""One instant of a camera, and parts of its picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from deukgeun.synth.scene.mesh import Array

NEARBY_M = 2.0


@dataclass(frozen=True, slots=True)
class View:
    """One instant of a camera: position (3,), rotation (3, 3) from the room, focal length and size in pixels."""

    position_m: Array
    rotation: Array
    focal_px: float
    width: int
    height: int

    def close_to(self, other: View) -> bool:
        """Whether what is `NEARBY_M` away or further lies within a pixel of where the other view has it."""
        turned = float(np.abs(self.rotation - other.rotation).max())
        moved = float(np.abs(self.position_m - other.position_m).max())
        return (turned + moved / NEARBY_M) * self.focal_px < 1.0


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of the picture in whole pixels: ``left <= x < right``, ``top <= y < bottom``."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns of the part."""
        return slice(self.top, self.bottom), slice(self.left, self.right)
