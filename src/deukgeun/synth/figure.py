"""The athlete as the motions see it: bones, points on the skin, and the joints that pose estimators name.

Space is right-handed, in metres: at rest the athlete stands on the floor (z = 0) and looks along -y, with the left
side towards +x. A figure at rest has every bone's rotation equal to the identity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

SIDES = ("l", "r")
_TRUNK = (("pelvis", ""), ("spine1", "pelvis"), ("spine2", "spine1"), ("spine3", "spine2"), ("spine4", "spine3"))
_CHEST = (("chest", "spine4"), ("neck", "chest"), ("head", "neck"))
_ARM = (("clavicle", "chest"), ("upper_arm", "clavicle"), ("forearm", "upper_arm"), ("hand", "forearm"))
_LEG = (("thigh", "pelvis"), ("shank", "thigh"), ("foot", "shank"), ("toes", "foot"))


def _tree() -> tuple[tuple[str, str], ...]:
    limbs: list[tuple[str, str]] = []
    for side in SIDES:
        for name, parent in _ARM + _LEG:
            limbs.append((f"{name}_{side}", parent if parent in ("chest", "pelvis") else f"{parent}_{side}"))
    return _TRUNK + _CHEST + tuple(limbs)


BONES: tuple[str, ...] = tuple(name for name, _ in _tree())
"""The 24 bones, parents before children; a bone's joint is the end nearer to the pelvis."""
PARENTS: tuple[int, ...] = tuple(BONES.index(parent) if parent else -1 for _, parent in _tree())
BONE: dict[str, int] = {name: index for index, name in enumerate(BONES)}


@dataclass(frozen=True, slots=True)
class Points:
    """Named points that move rigidly with a bone: ``names`` (P,), ``bone`` (P,) indices into `BONES`."""

    names: tuple[str, ...]
    bone: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.bone.shape != (len(self.names),):
            raise ValueError(f"bone: expected ({len(self.names)},), got {self.bone.shape}")


@dataclass(frozen=True, slots=True)
class Figure:
    """One athlete at rest, in metres.

    joints (24, 3) in the order of `BONES`; landmarks (L, 3) with ``landmark_points`` naming them; skin (S, 3) points
    on the surface of the body with ``skin_bone`` (S,). ``phenotype`` holds the body model's parameters in 0..1
    (those named "change/..." in -1..1), ``height_m`` and ``mass_kg`` the resulting measures, ``name`` the athlete's
    name in the bank.
    """

    name: str
    phenotype: dict[str, float]
    height_m: float
    mass_kg: float
    joints: Array
    landmarks: Array
    landmark_points: Points
    skin: Array
    skin_bone: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        expected = {
            "joints": (len(BONES), 3),
            "landmarks": (len(self.landmark_points.names), 3),
            "skin_bone": (len(self.skin),),
        }
        for name, shape in expected.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name}: expected {shape}, got {getattr(self, name).shape}")

    def joint(self, bone: str) -> Array:
        """Rest position (3,) of the named bone's joint."""
        position: Array = self.joints[BONE[bone]]
        return position

    def landmark(self, name: str) -> Array:
        """Rest position (3,) of the named landmark; ValueError when there is none."""
        position: Array = self.landmarks[self.landmark_points.names.index(name)]
        return position

    def length_m(self, a: str, b: str) -> float:
        """Distance between the joints of two bones."""
        return float(np.linalg.norm(self.joint(b) - self.joint(a)))


@dataclass(frozen=True, slots=True)
class Posed:
    """A figure in T poses: rotations (T, 24, 3, 3) from rest, in the room; joints (T, 24, 3) in metres."""

    rotations: Array
    joints: Array

    def __post_init__(self) -> None:
        frames = len(self.joints)
        if self.joints.shape != (frames, len(BONES), 3) or self.rotations.shape != (frames, len(BONES), 3, 3):
            raise ValueError(f"expected (T, {len(BONES)}, ...), got {self.rotations.shape}, {self.joints.shape}")

    def carry(self, rest: Array, bone: npt.NDArray[np.int64], figure: Figure) -> Array:
        """Where points (P, 3) at ``rest`` that move with ``bone`` (P,) are in each pose: (T, P, 3)."""
        offset = rest - figure.joints[bone]
        moved: Array = self.joints[:, bone] + np.einsum("tpij,pj->tpi", self.rotations[:, bone], offset)
        return moved

    def landmarks(self, figure: Figure) -> Array:
        """The landmarks of ``figure`` in each pose: (T, L, 3)."""
        return self.carry(figure.landmarks, figure.landmark_points.bone, figure)

    def skin(self, figure: Figure) -> Array:
        """The skin points of ``figure`` in each pose: (T, S, 3)."""
        return self.carry(figure.skin, figure.skin_bone, figure)
