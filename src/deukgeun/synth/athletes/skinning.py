"""From a pose of the 24 bones to all bones of the body model, and to the skin (linear blend skinning)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from deukgeun.synth import rotation
from deukgeun.synth.athletes import rig
from deukgeun.synth.athletes.hands import Hand, hand
from deukgeun.synth.athletes.mesh import BodyMesh
from deukgeun.synth.figure import BONE, BONES, PARENTS, SIDES

Array = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]

# The twist of a limb is spread over its two bones, or else the skin at its root would be wrung. A share of the turn
# of the upper arm goes into the deltoid, as shoulder blade and muscle follow a raised arm.
_UPPER_SHARE = 0.5
_FORE_SHARE = (0.3, 0.75)
_DELTOID_SHARE = 0.4
_NECK_SHARE = {"neck02": 1 / 3, "neck03": 2 / 3}


@dataclass(frozen=True, slots=True)
class Rig:
    """The bones of one body and what moves them; made by `rig_of`.

    heads (B, 3) at rest, parents (B,), ``owner`` (B,) indices into `BONES`, ``leads`` (B,) those bones whose joint is
    the joint of their owner (and is put where the pose says).
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    heads: Array
    owner: npt.NDArray[np.int64]
    leads: npt.NDArray[np.bool_]
    axes: Array
    hands: tuple[Hand, Hand]

    def transforms(self, rotations: Array, joints: Array, grip: Array) -> Floats:
        """Where each bone carries rest positions in one pose, (B, 12): nine of the rotation, three of the shift.

        rotations (24, 3, 3) and joints (24, 3) as in `Posed`; ``grip`` (2,) left and right, 0 flat .. 1 closed round
        a bar.
        """
        turned = rotations[self.owner].copy()
        self._spread_twist(turned, rotations)
        self._bend_neck(turned, rotations)
        for fingers, closed, side in zip(self.hands, grip, SIDES, strict=True):
            turned[fingers.bones] = rotations[BONE[f"hand_{side}"]] @ fingers.turned(float(closed))
        heads = self._heads(turned, rotations, joints)
        shift = heads - np.einsum("bij,bj->bi", turned, self.heads)
        return np.concatenate([turned.reshape(-1, 9), shift], axis=1).astype(np.float32)

    def _at(self, name: str) -> int:
        return self.names.index(name)

    def _spread_twist(self, turned: Array, rotations: Array) -> None:
        for side in SIDES:
            suffix = f".{side.upper()}"
            for limb, above, bone in (("upper_arm", "clavicle", "upperarm"), ("thigh", "pelvis", "upperleg")):
                core, base = BONE[f"{limb}_{side}"], rotations[BONE[above if above == "pelvis" else f"{above}_{side}"]]
                axis = self.axes[core]
                local = base.T @ rotations[core]
                back = rotation.about(axis, -(1 - _UPPER_SHARE) * rotation.twist_deg(local, axis))
                turned[self._at(f"{bone}01{suffix}")] = rotations[core] @ back
                if limb == "upper_arm":
                    untwisted = local @ rotation.about(axis, -rotation.twist_deg(local, axis))
                    turned[self._at(f"shoulder01{suffix}")] = base @ rotation.part(untwisted, _DELTOID_SHARE)
            fore = BONE[f"forearm_{side}"]
            twist = rotation.twist_deg(rotations[fore].T @ rotations[BONE[f"hand_{side}"]], self.axes[fore])
            for bone, share in zip(("lowerarm01", "lowerarm02"), _FORE_SHARE, strict=True):
                turned[self._at(f"{bone}{suffix}")] = rotations[fore] @ rotation.about(self.axes[fore], share * twist)

    def _bend_neck(self, turned: Array, rotations: Array) -> None:
        for name, share in _NECK_SHARE.items():
            turned[self._at(name)] = rotation.between(rotations[BONE["neck"]], rotations[BONE["head"]], share)

    def _heads(self, turned: Array, rotations: Array, joints: Array) -> Array:
        """Where the joints of all bones are (B, 3): given, or carried by the parent."""
        out = np.zeros_like(self.heads)
        lead = np.flatnonzero(self.leads)
        out[lead] = joints[self.owner[lead]]
        for bone in np.flatnonzero(~self.leads):
            parent = self.parents[bone]
            # A limb's second bone is carried by the whole turn of the limb, not by the first bone's part of its twist.
            core = self.owner[parent]
            whole = rotations[core] if core == self.owner[bone] and "finger" not in self.names[bone] else turned[parent]
            out[bone] = out[parent] + whole @ (self.heads[bone] - self.heads[parent])
        return out


def rig_of(mesh: BodyMesh) -> Rig:
    """The bones of a body at rest."""
    owner = rig.owners(mesh.names)
    joints = rig.joints(mesh.heads, mesh.names)
    first = {core: int(np.flatnonzero(owner == core)[0]) for core in range(len(BONES))}
    lead = [bone for core, bone in first.items() if not BONES[core].startswith("toes")]
    leads = np.zeros(len(mesh.names), dtype=bool)
    leads[lead] = True
    axes = np.zeros((len(BONES), 3))
    for child, parent in enumerate(PARENTS):
        if parent >= 0:
            axes[parent] = rotation.unit(joints[child] - joints[parent])
    return Rig(mesh.names, mesh.parents, mesh.heads, owner, leads, axes, (hand(mesh, "L"), hand(mesh, "R")))


@dataclass(frozen=True, slots=True)
class Skin:
    """A surface that follows bones: rest vertices (V, 3) float32, sparse weights (V, B)."""

    vertices: Floats
    weights: Any

    def posed(self, transforms: Floats) -> Floats:
        """Vertices (V, 3) float32 in the pose of `Rig.transforms` (B, 12)."""
        blended = self.weights @ transforms
        x, y, z = self.vertices[:, 0:1], self.vertices[:, 1:2], self.vertices[:, 2:3]
        moved: Floats = blended[:, 0:9:3] * x + blended[:, 1:9:3] * y + blended[:, 2:9:3] * z + blended[:, 9:]
        return moved


def skin_of(vertices: Array, weights: Array, keep: int = 5) -> Skin:
    """A skin from dense weights (V, B): the ``keep`` largest of each vertex, summing to 1."""
    order = np.argsort(-weights, axis=1)[:, :keep]
    value = np.take_along_axis(weights, order, axis=1)
    value = value / value.sum(axis=1, keepdims=True)
    row = np.repeat(np.arange(len(weights)), keep)
    sparse = csr_matrix((value.ravel(), (row, order.ravel())), shape=weights.shape, dtype=np.float32)
    sparse.eliminate_zeros()
    return Skin(np.ascontiguousarray(vertices, dtype=np.float32), sparse)
