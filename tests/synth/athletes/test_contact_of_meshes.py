"""The skin that is drawn keeps out of floor and pads too: motions only know sparse points of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from deukgeun.synth.athletes import rig
from deukgeun.synth.athletes.bank import athletes
from deukgeun.synth.athletes.skinning import rig_of, skin_of
from deukgeun.synth.figure import BONE
from deukgeun.synth.motions.definition import find
from deukgeun.synth.motions.enact import enact
from deukgeun.synth.motions.pads import pads
from deukgeun.synth.motions.plan import draw_effort
from deukgeun.synth.motions.props import items

FLOOR_M, HANDS_M, PAD_M = 0.01, 0.02, 0.03
CASES = ("push_up", "plank", "leg_raise_lying", "lunge_forward", "bench_press", "chest_fly_incline", "leg_extension")


@pytest.fixture(scope="module")
def bodies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("anny", reason="bodies are made by the gym's packages")
    return tmp_path_factory.mktemp("bodies")


@pytest.mark.parametrize("name", CASES)
def test_drawn_bodies_stay_out_of_floor_and_pads(name: str, bodies: Path) -> None:
    from deukgeun.synth.athletes.mesh import rest_mesh

    figure, rng = athletes()[12], np.random.default_rng(8)
    motion = find(name)
    done = enact(
        motion,
        figure,
        rng,
        lambda _: draw_effort(rng, 1, hold_s=2.0 if motion.measure == "hold" else 0.0),
        lambda plan: np.linspace(0.0, 0.999 * plan.duration_s, 10),
    ).performance
    mesh = rest_mesh(figure, bodies)
    weights = np.zeros((len(mesh.vertices), len(mesh.names)))
    np.add.at(weights, (np.arange(len(weights))[:, None], mesh.bone_index), mesh.bone_weight)
    hands = np.isin(rig.owners(mesh.names)[weights.argmax(axis=1)], [BONE["hand_l"], BONE["hand_r"]])
    drawn = np.isin(np.arange(len(hands)), mesh.faces)
    bones, skin = rig_of(mesh), skin_of(mesh.vertices, weights)
    poses = zip(done.posed.rotations, done.posed.joints, done.grip, strict=True)
    at = np.stack([skin.posed(bones.transforms(*pose)) for pose in poses]).astype(np.float64)
    assert at[:, drawn & ~hands, 2].min() > -FLOOR_M
    assert at[:, drawn & hands, 2].min() > -HANDS_M
    for pad in (each for item in items(done) for each in pads(item)):
        own = pad.own(at[:, drawn & ~hands])
        sides = np.minimum(pad.width_m / 2 - np.abs(own[..., 0]), pad.length_m / 2 - np.abs(own[..., 1]))
        assert (np.minimum(sides, -own[..., 2]) * (own[..., 2] + pad.thickness_m > 0)).max() < PAD_M
