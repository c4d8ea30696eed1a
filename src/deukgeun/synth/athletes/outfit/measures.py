"""What a tailor measures on a body: heights of its parts, and for every vertex where along arm and leg it lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from deukgeun.synth.athletes.mesh import BodyMesh

Array = npt.NDArray[np.float64]
SIDES = (("L", 1.0), ("R", -1.0))
_ARM = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")


@dataclass(frozen=True, slots=True)
class Measures:
    """Heights in metres of hip joint, knee, ankle, neck, shoulder, bust and crown, half the shoulders' width, and for
    each vertex (V,): ``arm`` its share in the arms, ``shoulder`` in the shoulder caps, ``head`` in head and neck,
    ``leg`` in the legs, ``foot`` in the feet, ``along`` 0 at the shoulder, 1 at the elbow, 2 at the wrist (-1 off the
    arms).
    """

    hip_m: float
    knee_m: float
    ankle_m: float
    neck: Array
    shoulder_m: float
    half_width_m: float
    bust_m: float
    crown_m: float
    arm: Array
    shoulder: Array
    head: Array
    leg: Array
    foot: Array
    along: Array


def _share(mesh: BodyMesh, weights: Array, *prefixes: str) -> Array:
    columns = [i for i, name in enumerate(mesh.names) if name.startswith(prefixes)]
    share: Array = weights[:, columns].sum(axis=1)
    return share


def _along(mesh: BodyMesh, arm: Array) -> Array:
    v = mesh.vertices
    out = np.full(len(v), -1.0)
    for side, sign in SIDES:
        mine = (arm > 0.25) & (v[:, 0] * sign > 0)
        top, elbow, wrist = (mesh.head(f"{bone}.{side}") for bone in ("upperarm01", "lowerarm01", "wrist"))
        upper = (v - top) @ (elbow - top) / np.sum((elbow - top) ** 2)
        fore = 1 + (v - elbow) @ (wrist - elbow) / np.sum((wrist - elbow) ** 2)
        out[mine] = np.where((upper > 0.85) & (fore > 1), np.maximum(fore, 0.9), upper)[mine]
    return out


def measure(mesh: BodyMesh, weights: Array) -> Measures:
    """The measures of a body at rest with dense weights (V, B)."""
    v = mesh.vertices
    arm = _share(mesh, weights, *_ARM)
    chest = (np.abs(v[:, 0]) < 0.16) & (np.abs(v[:, 2] - mesh.head("spine01")[2]) < 0.09) & (arm < 0.1)
    return Measures(
        hip_m=float(mesh.head("upperleg01.L")[2]),
        knee_m=float(mesh.head("lowerleg01.L")[2]),
        ankle_m=float(mesh.head("foot.L")[2]),
        neck=mesh.head("neck01"),
        shoulder_m=float(mesh.head("upperarm01.L")[2]),
        half_width_m=float(mesh.head("upperarm01.L")[0]),
        bust_m=float(v[chest][v[chest][:, 1].argmin()][2]),
        crown_m=float(v[:, 2].max()),
        arm=arm,
        shoulder=_share(mesh, weights, "shoulder01"),
        head=_share(mesh, weights, "head", "neck", "eye"),
        leg=_share(mesh, weights, "upperleg", "lowerleg", "foot", "toe"),
        foot=_share(mesh, weights, "foot", "toe"),
        along=_along(mesh, arm),
    )
