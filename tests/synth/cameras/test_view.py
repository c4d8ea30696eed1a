"""The name of a viewpoint follows from where the lens is around the athlete."""

from __future__ import annotations

import numpy as np
import pytest

from deukgeun.synth.camera import Camera, look_at
from deukgeun.synth.cameras import view_name, view_of

CHEST = np.array([0.4, -0.3, 1.2])


def seen_from(azimuth_deg: float, height_m: float, facing_deg: float = -90.0, aim: tuple[float, ...] = ()) -> Camera:
    angle = np.radians(facing_deg + azimuth_deg)
    lens = np.array([CHEST[0] + 3 * np.cos(angle), CHEST[1] + 3 * np.sin(angle), height_m])
    target = np.array(aim) if aim else CHEST
    return Camera(1280, 720, 1000.0, lens[None], look_at(lens[None], target[None]), "")


@pytest.mark.parametrize(
    ("azimuth_deg", "name"),
    [
        (0, "front"),
        (20, "front"),
        (-20, "front"),
        (45, "front_oblique_left"),
        (-45, "front_oblique_right"),
        (90, "side_left"),
        (-90, "side_right"),
        (140, "rear_oblique_left"),
        (-140, "rear_oblique_right"),
        (180, "back"),
        (-170, "back"),
    ],
)
@pytest.mark.parametrize(("height_m", "height"), [(0.2, "low"), (1.0, "mid"), (2.0, "high")])
@pytest.mark.parametrize("facing_deg", [-90.0, 30.0])
def test_side_and_height(azimuth_deg: float, name: str, height_m: float, height: str, facing_deg: float) -> None:
    camera = seen_from(azimuth_deg, height_m, facing_deg)
    facing = np.array([np.cos(np.radians(facing_deg)), np.sin(np.radians(facing_deg)), 0.4])
    azimuth, elevation, view = view_of(camera, facing)
    assert view == f"{name}_{height}"
    assert abs((azimuth - azimuth_deg + 180) % 360 - 180) < 1e-6
    assert elevation == pytest.approx(np.degrees(np.arctan2(height_m - CHEST[2], 3)))


def test_the_left_hand_of_an_athlete_seen_from_the_left_is_the_nearer_one() -> None:
    camera = seen_from(90, 1.0)
    hands = CHEST + np.array([[0.5, 0, 0], [-0.5, 0, 0]])  # left is +x for an athlete who looks along -y
    _, depth = camera.project(hands[None])
    assert depth[0, 0] < depth[0, 1]
    assert view_of(camera, np.array([0.0, -1.0, 0.0]))[2].startswith("side_left")


def test_an_athlete_at_the_edge_of_the_picture_is_judged_by_where_they_are() -> None:
    aside = seen_from(30, 1.0, aim=(CHEST[0] + 1.5, CHEST[1], 1.2))
    facing = np.array([0.0, -1.0, 0.0])
    assert view_of(aside, facing, CHEST)[0] == pytest.approx(30)
    assert abs(view_of(aside, facing)[0] - 30) > 15


def test_a_moving_camera_is_judged_by_its_middle() -> None:
    one, other = seen_from(0, 1.0), seen_from(90, 1.0)
    pose = [(c.position_m[0], c.rotation[0]) for c in (one, other, one)]
    camera = Camera(1280, 720, 1000.0, np.stack([p for p, _ in pose]), np.stack([r for _, r in pose]), "")
    assert view_of(camera, np.array([0.0, -1.0, 0.0]))[2] == "side_left_mid"


def test_a_vertical_facing_is_refused() -> None:
    with pytest.raises(ValueError, match="horizontal"):
        view_of(seen_from(0, 1.0), np.array([0.0, 0.0, 1.0]))


def test_names_go_around_without_a_gap() -> None:
    names = [view_name(float(a), 1.0) for a in range(-720, 721)]
    assert len(set(names)) == 8
    assert names[0] == names[-1] == "front_mid"
