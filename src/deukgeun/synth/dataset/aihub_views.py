"""One recording before the five cameras of its day."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

from deukgeun.synth.acts import Act
from deukgeun.synth.camera import Camera
from deukgeun.synth.cameras import LETTERS, aihub_cameras
from deukgeun.synth.figure import BONE
from deukgeun.synth.scenario import Scenario
from deukgeun.synth.writers import aihub_exercise

if TYPE_CHECKING:
    from deukgeun.synth.dataset.aihub import RecordingOrder
    from deukgeun.synth.film import Filming, Scenery, Staging, Wearer

Array = npt.NDArray[np.float64]
Image = npt.NDArray[np.uint8]

_LYING = ("floor", "bench")
_DAY, _SESSION = 31, 32


class Views:
    """The five views of ``act``. Pictures are drawn when they are asked for; use it in a ``with`` block."""

    def __init__(self, order: RecordingOrder, act: Act) -> None:
        self.order, self.act = order, act
        day = np.random.default_rng([order.seed, _DAY, order.day])
        layout = aihub_exercise(order.type_no).layout
        centre = act.posed.joints[:, BONE["pelvis"], :2].mean(axis=0)
        cameras = aihub_cameras(layout, (float(centre[0]), float(centre[1])), _heading(act, layout), day)
        self.cameras = [cameras[letter] for letter in LETTERS]
        self._open: tuple[int, Filming] | None = None
        self._shared: tuple[Staging, tuple[Wearer, ...], Scenery] | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def xy(self) -> Array:
        """The joints of ``aihub_24`` in all views: pixels (5, F, 24, 2)."""
        joints = self.act.joints("aihub_24")
        return np.stack([camera.project(joints)[0] for camera in self.cameras])

    def pictures(self) -> list[list[Callable[[], Image]]]:
        """For each view and moment what draws the picture (1080, 1920, 3)."""
        frames = range(len(self.act.time_s))
        return [[partial(self._picture, view, frame) for frame in frames] for view in range(len(self.cameras))]

    def _picture(self, view: int, frame: int) -> Image:
        return self._filming(view).picture(frame).rgb

    def _filming(self, view: int) -> Filming:
        """The camera that films now: one is open at a time."""
        if self._open is None or self._open[0] != view:
            from deukgeun.synth.film import Filming

            self._stack.close()
            staging, people, place = self._set()
            filming = self._stack.enter_context(
                Filming(self._scenario(self.cameras[view], _DAY), staging, people, place)
            )
            self._open = (view, filming)
        return self._open[1]

    def _set(self) -> tuple[Staging, tuple[Wearer, ...], Scenery]:
        """The room of the day and the athlete in the clothes of the session: the same for all five cameras."""
        if self._shared is None:
            from deukgeun.synth.extra import need_extra
            from deukgeun.synth.film import Staging, scenery, wearers

            need_extra()
            staging = Staging(self.order.bodies, occluder=0.0, room=self.order.room, joint_sets=("aihub_24",))
            all_lenses = replace(
                self.cameras[0],
                position_m=np.concatenate([camera.position_m for camera in self.cameras]),
                rotation=np.concatenate([camera.rotation for camera in self.cameras]),
            )
            people = wearers(self._scenario(self.cameras[0], _SESSION), staging)
            self._shared = staging, people, scenery(self._scenario(self.cameras[0], _DAY), staging, all_lenses)
        return self._shared

    def _scenario(self, camera: Camera, part: int) -> Scenario:
        """The act with the seed of the day or of the session."""
        numbers = [self.order.seed, part, self.order.day, *([self.order.session] if part == _SESSION else [])]
        seed = int(np.random.SeedSequence(numbers).generate_state(1)[0])
        return Scenario(seed, "recording", (self.act,), camera, 1.0)


def _heading(act: Act, layout: str) -> tuple[float, float, float]:
    """Where the athlete looks; for who lies, the way from the feet to the head."""
    if layout not in _LYING:
        return (0.0, -1.0, 0.0)
    joints = act.posed.joints
    feet = (joints[:, BONE["foot_l"]] + joints[:, BONE["foot_r"]]) / 2
    way = (joints[:, BONE["head"]] - feet).mean(axis=0)
    return (float(way[0]), float(way[1]), 0.0)
