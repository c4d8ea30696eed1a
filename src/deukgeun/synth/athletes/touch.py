"""Where a body touches the world: points of the skin found on a mesh at rest, or bent to where they touch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.spatial.transform import Rotation

from deukgeun.synth.athletes import rig
from deukgeun.synth.athletes.mesh import BodyMesh
from deukgeun.synth.figure import BONE

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
_KEEP = 4


@dataclass(frozen=True, slots=True)
class Surface:
    """A mesh and, for each vertex, the figure's bone that moves it most: ``owner`` (V,)."""

    mesh: BodyMesh
    owner: npt.NDArray[np.int64]
    joints: Array

    def joint(self, bone: str) -> Array:
        """The figure's joint (3,)."""
        joint: Array = self.joints[BONE[bone]]
        return joint

    def on(self, *bones: str) -> Mask:
        """Vertices (V,) that belong to one of the bones."""
        mask: Mask = np.isin(self.owner, [BONE[bone] for bone in bones])
        return mask

    def extreme(self, mask: Mask, towards: tuple[float, float, float], at: Array | None = None) -> Array:
        """The point (3,) of the masked skin farthest in a direction: the mean of the four farthest vertices.

        ``at`` (V, 3) are the vertices' places when they are not those of rest.
        """
        places = (self.mesh.vertices if at is None else at)[mask]
        best = np.argsort(-(places @ np.asarray(towards)))[:_KEEP]
        point: Array = places[best].mean(axis=0)
        return point

    def band(self, axis: int, centre: float, half: float) -> Mask:
        """Vertices whose coordinate on an axis is within ``half`` of ``centre``."""
        mask: Mask = np.abs(self.mesh.vertices[:, axis] - centre) < half
        return mask

    def bent(self, bone: str, axis: Array, angle_deg: float) -> tuple[Array, Array]:
        """The vertices (V, 3) when all that hangs on ``bone`` has turned about its joint, and the rotation (3, 3)."""
        turned = [BONE[bone], *_below(bone)]
        share = np.zeros(len(self.mesh.names))
        share[np.isin(rig.owners(self.mesh.names), turned)] = 1.0
        weight = (share[self.mesh.bone_index] * self.mesh.bone_weight).sum(axis=1)[:, None]
        rotation: Array = Rotation.from_rotvec(np.radians(angle_deg) * axis / np.linalg.norm(axis)).as_matrix()
        centre = self.joint(bone)
        moved = (self.mesh.vertices - centre) @ rotation.T + centre
        return (1 - weight) * self.mesh.vertices + weight * moved, rotation


def _below(bone: str) -> list[int]:
    """The bones beyond one of a limb."""
    limbs = (("clavicle", "upper_arm", "forearm", "hand"), ("thigh", "shank", "foot", "toes"))
    stem, side = bone[:-2], bone[-2:]
    chain = next(limb for limb in limbs if stem in limb)
    return [BONE[f"{name}{side}"] for name in chain[chain.index(stem) + 1 :]]


def surface(mesh: BodyMesh) -> Surface:
    """The mesh with the owner of every vertex: the figure's bone with the largest share in it."""
    owners = rig.owners(mesh.names)
    share = np.zeros((len(mesh.vertices), len(BONE)))
    np.add.at(share, (np.arange(len(share))[:, None], owners[mesh.bone_index]), mesh.bone_weight)
    return Surface(mesh, share.argmax(axis=1), rig.joints(mesh.heads, mesh.names))


def seat(body: Surface, side: str) -> Array:
    """The lowest point of a buttock when the thigh is level before the body; moves with the pelvis."""
    bent, _ = body.bent(f"thigh_{side}", np.array([1.0, 0.0, 0.0]), -90.0)
    hip = body.joint(f"thigh_{side}")
    near = (np.linalg.norm(bent - hip, axis=1) < 0.25) & (bent[:, 1] > hip[1] - 0.06)
    near &= bent[:, 0] * hip[0] > 0.45 * hip[0] ** 2  # under the buttock, not between them
    return body.extreme(near, (0.0, 0.0, -1.0), bent)


def kneecap(body: Surface, side: str) -> Array:
    """What touches the floor under an upright thigh when the shank lies level behind; moves with the shank."""
    bent, rotation = body.bent(f"shank_{side}", np.array([1.0, 0.0, 0.0]), 90.0)
    knee = body.joint(f"shank_{side}")
    point = body.extreme(np.linalg.norm(bent - knee, axis=1) < 0.16, (0.0, 0.0, -1.0), bent)
    back: Array = rotation.T @ (point - knee) + knee
    return back


def elbow(body: Surface, side: str) -> Array:
    """The tip of the elbow bent at a right angle; moves with the forearm."""
    shoulder, joint, hand = (body.joint(f"{bone}_{side}") for bone in ("upper_arm", "forearm", "hand"))
    upper, fore = joint - shoulder, hand - joint
    now_deg = np.degrees(np.arccos(upper @ fore / np.linalg.norm(upper) / np.linalg.norm(fore)))
    bent, rotation = body.bent(f"forearm_{side}", np.cross(upper, fore), 90.0 - float(now_deg))
    along = upper / np.linalg.norm(upper)
    near = np.linalg.norm(bent - joint, axis=1) < 0.1
    point = body.extreme(near, (float(along[0]), float(along[1]), float(along[2])), bent)
    back: Array = rotation.T @ (point - joint) + joint
    return back
