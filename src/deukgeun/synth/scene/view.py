"""One instant of a camera, and parts of its picture."""

from __future__ import annotations

from dataclasses import dataclass

from deukgeun.synth.scene.mesh import Array


@dataclass(frozen=True, slots=True)
class View:
    """One instant of a camera: position (3,), rotation (3, 3) from the room, focal length and size in pixels."""

    position_m: Array
    rotation: Array
    focal_px: float
    width: int
    height: int


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
