"""People as one surface: who stands among them."""

from __future__ import annotations

import numpy as np
import pytest

from deukgeun.synth.scene.mesh import Mesh
from deukgeun.synth.scene.people import Bodies, Skin
from deukgeun.synth.scene.solids import box

STANDING, LYING = box((-0.2, -0.1, 0.0), (0.2, 0.1, 1.7)), box((-0.2, -0.8, 0.0), (0.2, 0.8, 0.3))


@pytest.mark.parametrize(
    ("people", "upright"),
    [([], True), ([STANDING], True), ([LYING], False), ([STANDING, LYING], False), ([STANDING, STANDING], True)],
)
def test_one_who_lies_is_enough(people: list[Mesh], upright: bool) -> None:
    skins = tuple(Skin(mesh.faces, mesh.albedo, np.ones(len(mesh.points), np.float32)) for mesh in people)
    points = np.concatenate([np.zeros((0, 3), np.float32), *(mesh.points for mesh in people)])
    thing = np.array([[0.0, 0.0, 2.5]], np.float32)
    assert Bodies(skins).all_upright(np.concatenate([points, thing])) is upright
