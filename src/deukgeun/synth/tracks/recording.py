"""What the estimator saw of a rendered clip, beside what was there: the material of the error model."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

JOINTS = 33


@dataclass(frozen=True, slots=True)
class Recording:
    """One athlete in one clip, T pictures at ``rate_hz``, 33 BlazePose joints.

    True: ``camera_m`` (T, 33, 3) metres in the camera's axes (x right, y down, z away), ``true_xy`` (T, 33, 2) pixels,
    ``unhidden`` and ``inside`` (T, 33). Estimated: ``seen`` (T,), and where it is True ``xy`` (T, 33, 2) pixels,
    ``score`` (T, 33), ``xyz`` (T, 33, 3) metres from between the hips; elsewhere these are zero.
    ``chosen`` says whether the athlete, and nobody and nothing else, was taken for the main subject.
    """

    label: str
    view: str
    posture: str
    width: int
    height: int
    focal_px: float
    rate_hz: float
    azimuth_deg: float
    elevation_deg: float
    camera_m: Array
    true_xy: Array
    unhidden: Flags
    inside: Flags
    chosen: bool
    seen: Flags
    xy: Array
    score: Array
    xyz: Array

    def __post_init__(self) -> None:
        frames = len(self.seen)
        shapes = {"camera_m": 3, "xyz": 3, "true_xy": 2, "xy": 2}
        for name, size in shapes.items():
            if getattr(self, name).shape != (frames, JOINTS, size):
                raise ValueError(f"{name}: expected {(frames, JOINTS, size)}, got {getattr(self, name).shape}")
        for name in ("unhidden", "inside", "score"):
            if getattr(self, name).shape != (frames, JOINTS):
                raise ValueError(f"{name}: expected {(frames, JOINTS)}, got {getattr(self, name).shape}")


def save(recording: Recording, path: Path) -> None:
    """Write a recording as a compressed archive of single precision."""
    values = {f.name: np.asarray(getattr(recording, f.name)) for f in fields(recording)}
    small = {n: v.astype(np.float32) if v.dtype == np.float64 and v.ndim else v for n, v in values.items()}
    part = path.with_name(f".{path.name}.part.npz")
    np.savez_compressed(part, allow_pickle=False, **small)
    part.replace(path)


def load(path: Path) -> Recording:
    """Read what `save` wrote."""
    with np.load(path) as raw:
        values = {name: raw[name] for name in raw.files}
    out = {n: (v.astype(np.float64) if v.dtype == np.float32 else v) for n, v in values.items()}
    return Recording(**{n: (v.item() if v.ndim == 0 else v) for n, v in out.items()})
