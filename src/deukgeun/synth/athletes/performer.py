"""An athlete ready to be drawn: dressed, and skinned frame by frame."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from deukgeun.synth.athletes.mesh import rest_mesh
from deukgeun.synth.athletes.outfit.dressing import dress
from deukgeun.synth.athletes.outfit.wardrobe import Look
from deukgeun.synth.athletes.skinning import Rig, Skin, rig_of, skin_of
from deukgeun.synth.figure import Figure

Array = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Performer:
    """A dressed athlete: faces (F, 3), albedo (V, 3) linear and occlusion (V,) of a surface that `surface` poses.

    The surface is open at hems and necks: whoever draws it has to light both of its sides.
    """

    figure: Figure
    faces: npt.NDArray[np.int64]
    albedo: Floats
    occlusion: Floats
    look: Look
    rig: Rig
    skin: Skin

    def surface(self, rotations: Array, joints: Array, grip: Array) -> Floats:
        """The vertices (V, 3) in one pose: rotations (24, 3, 3), joints (24, 3) of `Posed`, grip (2,) of left and
        right hand, 0 flat .. 1 closed round a bar.
        """
        return self.skin.posed(self.rig.transforms(rotations, joints, grip))


def performer(figure: Figure, folder: Path, rng: np.random.Generator) -> Performer:
    """The figure dressed at random; its bare body is kept in ``folder`` (see `rest_mesh`)."""
    mesh = rest_mesh(figure, folder)
    dressed = dress(figure, mesh, rng)
    return Performer(
        figure=figure,
        faces=dressed.faces,
        albedo=dressed.albedo.astype(np.float32),
        occlusion=dressed.occlusion.astype(np.float32),
        look=dressed.look,
        rig=rig_of(mesh),
        skin=skin_of(dressed.vertices, dressed.weights),
    )
