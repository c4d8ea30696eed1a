"""A world in which people are where a script says, and an estimator and a detector that see it without error.

The tracker is tested in it for what it decides, apart from what the networks can see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from deukgeun.media import Frame
from deukgeun.pose.detector import Detection
from deukgeun.pose.estimator import PoseEstimate
from deukgeun.pose.geometry import MARGIN, Floats, Image, Roi
from deukgeun.pose.network import Tensor
from deukgeun.skeleton import skeleton

JOINTS = skeleton("blazepose_33")
WIDTH, HEIGHT = 640, 480
RED, BLUE, GREEN = (200, 30, 30), (30, 40, 200), (20, 160, 40)

# (right, up) of the middle of the hips, in torso lengths, for somebody who stands and faces the camera.
_SHAPE = {
    "nose": (0.0, 1.45),
    "shoulder": (0.32, 1.0),
    "elbow": (0.45, 0.45),
    "wrist": (0.5, -0.05),
    "hip": (0.2, 0.0),
    "knee": (0.22, -0.85),
    "ankle": (0.24, -1.7),
}


@dataclass(frozen=True)
class Body:
    """Somebody in one picture: middle of the hips and torso in pixels, degrees from upright, shirt, seen or not."""

    x: float
    y: float
    torso: float = 70.0
    angle_deg: float = 0.0
    shirt: tuple[int, int, int] = RED
    visible: bool = True

    @property
    def roi(self) -> Roi:
        """Where the networks would look."""
        return Roi(self.x, self.y, 2 * 1.9 * self.torso * MARGIN, np.deg2rad(self.angle_deg))

    @property
    def xy(self) -> Floats:
        """All joints (33, 2) in pixels."""
        unit = np.array([_place(name) for name in JOINTS.joints])
        turned = unit * np.array([1.0, -1.0]) @ self.roi.axes.T
        return np.array([self.x, self.y]) + self.torso * turned


def _place(joint: str) -> tuple[float, float]:
    side = -1.0 if joint.startswith("right") else 1.0
    part = joint.split("_")[-1]
    right, up = _SHAPE.get(part, _SHAPE["nose" if part in ("eye", "ear", "inner", "outer") else "wrist"])
    return side * right, up


Script = Callable[[float], Iterable[Body]]


@dataclass
class World:
    """The bodies of the present picture, and what they look like. ``detected`` counts searches of the picture."""

    bodies: list[Body] = field(default_factory=list)
    detected: list[float] = field(default_factory=list)
    turns: list[int] = field(default_factory=list)
    time_s: float = 0.0
    scene: int = 0
    detector_sees: Callable[[Body], bool] = lambda body: True

    def frame(self, time_s: float, bodies: Iterable[Body], scale: float = 1.0) -> Frame:
        """Make these bodies the present ones, and return the picture of them."""
        self.bodies, self.time_s = [body for body in bodies if body.visible], time_s
        image = _scenery(self.scene).copy()
        for body in self.bodies:
            torso = body.xy[list(JOINTS.indices("left_shoulder", "right_shoulder", "right_hip", "left_hip"))]
            cv2.fillConvexPoly(image, torso.astype(np.int32), body.shirt)
        return Frame(time_s, image, scale)


def _scenery(seed: int) -> Image:
    blocks = np.random.default_rng(seed).integers(40, 220, (12, 16, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(blocks, (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST), np.uint8)


class ScriptedEstimator:
    """Sees the body nearest to the middle of the region it is shown, if there is one within half its side."""

    def __init__(self, world: World) -> None:
        self.skeleton = JOINTS
        self._world = world
        self.calls = 0

    def preprocess(self, image: Image, roi: Roi) -> Tensor:
        return np.array([roi.center_x, roi.center_y, roi.side], np.float32)

    def infer(self, tensor: Tensor) -> list[Tensor]:
        self.calls += 1
        return [tensor]

    def postprocess(self, outputs: list[Tensor], roi: Roi) -> PoseEstimate:
        x, y, side = outputs[0]
        near = [(np.hypot(b.x - x, b.y - y), b) for b in self._world.bodies]
        away, body = min(near, key=lambda pair: pair[0], default=(np.inf, Body(float(x), float(y))))
        score: NDArray[np.float64] = np.full(33, 0.9)
        return PoseEstimate(0.99 if away < side / 2 else 0.02, body.xy, score, np.zeros((33, 3)), body.roi)


class ScriptedDetector:
    """Finds every body that the world lets it see, the largest first."""

    def __init__(self, world: World) -> None:
        self._world = world

    def detect(self, image: Image, quarter_turns: int = 0) -> list[Detection]:
        self._world.detected.append(self._world.time_s)
        self._world.turns.append(quarter_turns)
        seen = [body for body in self._world.bodies if self._world.detector_sees(body)]
        return [Detection(0.9, np.zeros((4, 2)), b.roi) for b in sorted(seen, key=lambda b: -b.torso)]
