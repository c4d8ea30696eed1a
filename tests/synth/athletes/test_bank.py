"""The bank of athletes: bodies that could walk into a gym."""

from __future__ import annotations

import numpy as np
import pytest

from deukgeun.skeleton import skeleton
from deukgeun.synth.athletes.bank import athletes, sample_figure
from deukgeun.synth.figure import BONES, PARENTS, Figure

BANK = athletes()
SETS = ("blazepose_33", "coco_17", "aihub_24")


def test_the_bank_holds_as_many_women_as_men_and_names_each_once() -> None:
    names = [figure.name for figure in BANK]
    women = sum(figure.phenotype["gender"] > 0.5 for figure in BANK)
    assert len(set(names)) == len(names) >= 150
    assert abs(women / len(names) - 0.5) < 0.05


def test_statures_and_masses_are_those_of_people() -> None:
    height = np.array([figure.height_m for figure in BANK])
    bmi = np.array([figure.mass_kg for figure in BANK]) / height**2
    female = np.array([figure.phenotype["gender"] > 0.5 for figure in BANK])
    assert 1.46 <= height.min() < 1.56 and 1.86 < height.max() <= 2.0
    assert 0.09 < height[~female].mean() - height[female].mean() < 0.17
    assert 0.05 < height.std() < 0.12
    assert 16.5 < bmi.min() < 19.5 and 30 < bmi.max() < 38.5
    assert 22 < np.median(bmi) < 26


def test_ages_and_proportions_are_spread() -> None:
    age = np.array([figure.phenotype["age"] for figure in BANK])
    leg = np.array([(f.length_m("thigh_l", "shank_l") + f.length_m("shank_l", "foot_l")) / f.height_m for f in BANK])
    assert np.ptp(age) > 0.2
    assert 0.45 < leg.mean() < 0.52 and 0.006 < leg.std() < 0.03


@pytest.mark.parametrize("bone", [bone for bone in BONES if bone.endswith("_l")])
def test_both_sides_are_alike(bone: str) -> None:
    for figure in BANK:
        left, right = figure.joint(bone), figure.joint(f"{bone[:-1]}r")
        assert left[0] > 0 > right[0]
        np.testing.assert_allclose(left * [-1, 1, 1], right, atol=1e-3)


def _order(figure: Figure) -> list[float]:
    chain = ("toes_l", "foot_l", "shank_l", "thigh_l", "spine2", "spine3", "spine4", "chest", "neck", "head")
    return [float(figure.joint(bone)[2]) for bone in chain]


@pytest.mark.parametrize("figure", BANK[::9], ids=lambda figure: figure.name)
class TestEveryBody:
    def test_stands_on_the_floor(self, figure: Figure) -> None:
        soles = [figure.landmark(f"body/{name}_{side}")[2] for name in ("heel", "ball", "toe_tip") for side in "lr"]
        assert max(np.abs(soles)) < 0.004
        assert figure.skin[:, 2].min() > -1e-3
        assert figure.landmark("body/crown")[2] == pytest.approx(figure.height_m, abs=0.006)

    def test_goes_up_from_the_toes_to_the_head(self, figure: Figure) -> None:
        assert np.all(np.diff(_order(figure)) > 0.01)

    def test_names_every_joint_of_every_set(self, figure: Figure) -> None:
        names = set(figure.landmark_points.names)
        assert {f"{name}/{joint}" for name in SETS for joint in skeleton(name).joints} <= names

    def test_has_its_left_joints_on_its_left(self, figure: Figure) -> None:
        for name in figure.landmark_points.names:
            if "left" in name or (name.startswith("body/") and name.endswith("_l")):
                assert figure.landmark(name)[0] > 0, name

    def test_keeps_landmarks_near_the_joint_of_their_bone(self, figure: Figure) -> None:
        reach = np.linalg.norm(figure.landmarks - figure.joints[figure.landmark_points.bone], axis=1)
        assert reach.max() < 0.5
        near = {"shoulder": "upper_arm", "elbow": "forearm", "wrist": "hand", "hip": "thigh", "knee": "shank",
                "ankle": "foot"}  # fmt: skip
        for joint, bone in near.items():
            off = figure.landmark(f"coco_17/left_{joint}") - figure.joint(f"{bone}_l")
            assert np.linalg.norm(off) < 0.07, joint

    def test_grips_on_the_palm_side_of_the_hand(self, figure: Figure) -> None:
        knuckles = (figure.landmark("blazepose_33/left_index") + figure.landmark("blazepose_33/left_pinky")) / 2
        grip, thumb = figure.landmark("body/grip_l"), figure.landmark("blazepose_33/left_thumb")
        out_of_palm = grip - knuckles
        assert 0.015 < np.linalg.norm(out_of_palm) < 0.045
        assert (thumb - knuckles) @ out_of_palm > 0
        inside = 0.4 * figure.joint("hand_l") + 0.6 * knuckles
        assert (figure.landmark("body/palm_l") - inside) @ out_of_palm > 0
        assert (thumb - knuckles) @ (figure.landmark("body/grip_thumb_l") - grip) > 0


def test_aihub_spine_lies_between_hips_and_head() -> None:
    for figure in BANK[::5]:
        place = {
            name: figure.landmark(f"aihub_24/{name}")[2] for name in ("left_hip", "waist", "back", "left_shoulder")
        }
        neck = figure.landmark("aihub_24/neck")[2]
        assert place["left_hip"] < place["waist"] < place["back"] < place["left_shoulder"] < neck
        assert neck < figure.landmark("aihub_24/nose")[2]


def test_skin_covers_the_body_and_moves_with_every_large_bone() -> None:
    figure = BANK[0]
    moved = {BONES[bone] for bone in figure.skin_bone}
    assert len(figure.skin) > 200
    assert {bone for bone in BONES if not bone.startswith(("spine", "neck"))} <= moved
    assert np.ptp(figure.skin[:, 2]) == pytest.approx(figure.height_m, abs=0.03)


def test_the_same_seed_gives_the_same_athlete() -> None:
    first = [sample_figure(np.random.default_rng(5)).name for _ in range(2)]
    many = {sample_figure(np.random.default_rng(seed)).name for seed in range(60)}
    assert first[0] == first[1]
    assert len(many) > 30


def test_parents_are_joined_to_their_children() -> None:
    lengths = [np.linalg.norm(BANK[0].joints[i] - BANK[0].joints[p]) for i, p in enumerate(PARENTS) if p > 0]
    assert max(lengths) < 0.55
