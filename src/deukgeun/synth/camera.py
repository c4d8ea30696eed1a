"""A pinhole camera that may move: where a point of the room falls in the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
NEAR_M = 0.05


@dataclass(frozen=True, slots=True)
class Camera:
    """``width`` x ``height`` pixels, focal length in pixels, principal point in the middle of the picture.

    position_m (T, 3) and rotation (T, 3, 3) from the room to the camera, whose axes are x to the right of the
    picture, y down and z away from the lens; T is 1 for a camera that stands still. ``view`` names the viewpoint
    (see the module that made it).
    """

    width: int
    height: int
    focal_px: float
    position_m: Array
    rotation: Array
    view: str

    def __post_init__(self) -> None:
        frames = len(self.position_m)
        if self.position_m.shape != (frames, 3) or self.rotation.shape != (frames, 3, 3):
            raise ValueError(f"expected (T, 3) and (T, 3, 3), got {self.position_m.shape}, {self.rotation.shape}")

    def to_camera(self, points: Array) -> Array:
        """Room points (T, N, 3) in the camera's axes (T, N, 3), in metres."""
        seen: Array = np.einsum("tij,tnj->tni", self.rotation, points - self.position_m[:, None])
        return seen

    def project(self, points: Array) -> tuple[Array, Array]:
        """Pixels (T, N, 2) and depths in metres (T, N) of room points (T, N, 3).

        A point behind the lens is drawn as if it lay `NEAR_M` before it; its depth tells (it is below `NEAR_M`).
        """
        seen = self.to_camera(points)
        depth = seen[..., 2]
        centre = np.array([self.width / 2, self.height / 2])
        xy: Array = centre + self.focal_px * seen[..., :2] / np.maximum(depth, NEAR_M)[..., None]
        return xy, depth


def look_at(position_m: Array, target_m: Array, roll_deg: Array | float = 0.0) -> Array:
    """Rotations (T, 3, 3) from the room to cameras at (T, 3) that look at (T, 3), upright but for ``roll_deg``.

    A positive roll turns the picture clockwise.
    """
    ahead = target_m - position_m
    z = ahead / np.linalg.norm(ahead, axis=-1, keepdims=True)
    right = np.cross(z, np.array([0.0, 0.0, 1.0]))
    x = right / np.linalg.norm(right, axis=-1, keepdims=True)
    y = np.cross(z, x)
    angle = np.radians(np.broadcast_to(np.asarray(roll_deg, dtype=np.float64), len(z)))[:, None]
    rolled_x = np.cos(angle) * x - np.sin(angle) * y
    rolled_y = np.sin(angle) * x + np.cos(angle) * y
    return np.stack([rolled_x, rolled_y, z], axis=1)
