"""The numbers that a network sees: what they must not depend on, and what they must."""

from __future__ import annotations

import numpy as np
import pytest

from deukgeun.motion import channels, on_grid
from deukgeun.pose import PoseTrack
from deukgeun.recognition.representation import (
    AT,
    FEATURES,
    JOINTS,
    MIRRORED,
    PARTS,
    Body,
    K,
    body_of,
    features,
    mirrored,
)
from deukgeun.skeleton import skeleton

T = 40
TURN_FREE = ("angles", "space", "scores")


def somebody(seed: int = 0, people: int = 3) -> Body:
    """Bodies of roughly human shape that stand, face the viewer, and move a little."""
    rng = np.random.default_rng(seed)
    place = {"nose": (0, 0.7, 0.15), "ear": (0.08, 0.7, 0), "shoulder": (0.2, 0.5, 0), "elbow": (0.3, 0.25, 0),
             "wrist": (0.35, 0.05, 0.1), "index": (0.36, -0.05, 0.1), "hip": (0.13, 0, 0), "knee": (0.15, -0.45, 0.05),
             "ankle": (0.16, -0.9, 0), "heel": (0.16, -0.95, -0.04), "foot_index": (0.18, -0.95, 0.14)}  # fmt: skip
    rest = np.array([_sided(place, name) for name in JOINTS])
    wander = np.cumsum(rng.normal(0, 0.01, (people, T, K, 3)), axis=1)
    xyz = rest + wander
    xyz -= (xyz[:, :, [AT["left_hip"]]] + xyz[:, :, [AT["right_hip"]]]) / 2
    xy = xyz[..., :2] * 300 + 400
    return Body(xyz.astype(np.float32), xy.astype(np.float32), rng.uniform(0.3, 1, (people, T, K)).astype(np.float32))


def _sided(place: dict[str, tuple[float, ...]], name: str) -> tuple[float, ...]:
    if name == "nose":
        return place[name]
    side, part = name.split("_", 1)
    x, y, z = place[part]
    return (x if side == "left" else -x, y, z)


def turned(body: Body, angle: float) -> Body:
    """The same bodies in space, turned about the vertical; the picture as it was."""
    c, s = np.cos(angle), np.sin(angle)
    return Body((body.xyz @ np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]])).astype(np.float32), body.xy, body.score)


@pytest.mark.parametrize("angle", [0.4, 1.6, 3.0, -2.2])
@pytest.mark.parametrize("part", TURN_FREE)
def test_turning_about_the_vertical_changes_nothing_in_space(angle: float, part: str) -> None:
    body = somebody()
    there, here = features(turned(body, angle))[..., PARTS[part]], features(body)[..., PARTS[part]]
    assert np.abs(there - here).max() < 1e-3


def test_size_and_place_change_nothing() -> None:
    body = somebody()
    other = Body(body.xyz * 1.3, body.xy * 0.4 + 77, body.score)
    assert np.abs(features(other) - features(body)).max() < 1e-2


def test_gravity_is_kept() -> None:
    body = somebody()
    lying = Body(body.xyz[..., [1, 0, 2]] * np.array([1, -1, 1], np.float32), body.xy, body.score)
    trunk = PARTS["angles"].start + 42
    assert features(body)[..., trunk].mean() < -0.9
    assert abs(features(lying)[..., trunk].mean()) < 0.1


def test_the_mirror_changes_sides_over_and_nothing_else() -> None:
    body = somebody()
    here, there = features(body), features(mirrored(body))
    left, right = slice(0, 21), slice(21, 42)
    assert np.abs(here[..., left] - there[..., right]).max() < 1e-4
    assert np.array_equal(features(mirrored(mirrored(body))), here)
    assert np.array_equal(here[..., PARTS["scores"]][..., list(MIRRORED)], there[..., PARTS["scores"]])


def test_which_end_stays_is_seen() -> None:
    """Of a body that goes up and down as a whole the picture's paths move and nothing else does."""
    body = somebody()
    way = np.sin(np.arange(T) / 4)[None, :, None, None] * np.array([0, 60.0])
    moved = Body(body.xyz, (body.xy + way).astype(np.float32), body.score)
    apart = np.abs(features(moved) - features(body)).max(axis=(0, 1))
    assert apart[PARTS["paths"]].max() > 0.2
    assert max(apart[PARTS[p]].max() for p in ("angles", "space", "picture", "scores")) < 1e-3


def test_angles_are_the_channels_of_motion() -> None:
    rng = np.random.default_rng(1)
    track = PoseTrack(
        np.arange(30) / 10, rng.normal(0, 90, (30, 33, 2)), np.ones((30, 33)), rng.normal(0, 0.4, (30, 33, 3)),
        skeleton("blazepose_33"), 0,
    )  # fmt: skip
    movement = on_grid(track, 10.0)
    found, known = features(body_of(movement))[0], channels(movement)
    assert found.shape == (30, FEATURES)
    for column, name in ((0, "elbow_l"), (1, "knee_l"), (21, "elbow_r"), (28, "thigh_r")):
        np.testing.assert_allclose((found[:, column] + 1) * 90, known.series[name], atol=0.05)
    for column, name in ((11, "wrist_height_l"), (46, "hands_apart"), (49, "hip_drop")):
        np.testing.assert_allclose(found[:, column], known.series[name], rtol=0.01, atol=0.02)


def test_wild_joints_are_kept_in_bounds() -> None:
    body = somebody()
    wild = body.xyz.copy()
    wild[0, 3, AT["left_wrist"]] = 1e4
    assert np.isfinite(features(Body(wild, body.xy, body.score))).all()
    still = Body(np.zeros_like(wild), np.zeros_like(body.xy), body.score)
    assert np.isfinite(features(still)).all()


def test_shapes_are_checked() -> None:
    with pytest.raises(ValueError, match="expected"):
        Body(np.zeros((1, T, K, 2)), np.zeros((1, T, K, 2)), np.zeros((1, T, K)))
