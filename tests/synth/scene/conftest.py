"""A camera, a capsule of a person and an empty room for the scene's tests."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from deukgeun.synth.camera import Camera, look_at
from deukgeun.synth.scene.layout import Volume, random_room
from deukgeun.synth.scene.light import Light, random_light
from deukgeun.synth.scene.mesh import Mesh
from deukgeun.synth.scene.people import Skin
from deukgeun.synth.scene.room import Room
from deukgeun.synth.scene.solids import pad


@pytest.fixture
def camera() -> Camera:
    position = np.array([[2.4, -2.6, 1.3]])
    return Camera(480, 270, 400.0, position, look_at(position, np.array([[0.0, 0.0, 0.8]]), 2.0), "test")


@pytest.fixture
def dummy() -> Mesh:
    """A standing capsule 1.7 m tall."""
    return pad((0.4, 0.3, 1.7), 0.14, 24).at(0, 0, 0.86).painted((0.5, 0.3, 0.2))


@pytest.fixture
def skin(dummy: Mesh) -> Skin:
    return Skin(dummy.faces, dummy.albedo, np.ones(len(dummy.points), np.float32))


@pytest.fixture
def free() -> Volume:
    return Volume(np.array([-0.8, -0.8, 0.0]), np.array([0.8, 0.8, 2.0]))


@pytest.fixture
def light() -> Light:
    return random_light(np.random.default_rng(1))


@pytest.fixture
def room(free: Volume, camera: Camera) -> Room:
    return random_room("studio", free, camera, np.random.default_rng(2))


@pytest.fixture
def standing() -> npt.NDArray[np.float64]:
    """The pose (1, 4, 4) of a thing 0.9 m to the left of the middle."""
    pose = np.eye(4)
    pose[0, 3] = 0.9
    return pose[None]
