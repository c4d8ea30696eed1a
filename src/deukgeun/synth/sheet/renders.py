"""Cells drawn by the stage: one dressed athlete and the things used, in even light."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from deukgeun.synth.acts import Act
from deukgeun.synth.camera import Camera
from deukgeun.synth.film import Staging, Wearer, acted_volume
from deukgeun.synth.scene.layout import random_room
from deukgeun.synth.scene.light import random_light
from deukgeun.synth.scene.stage import Stage
from deukgeun.synth.sheet.page import Draw

Image = npt.NDArray[np.uint8]

NEUTRAL_ROOM = "backdrop"
_NEUTRAL_SEED = 4


def renderer(staging: Staging, seed: int) -> Draw:
    """What draws cells of an act with the stage; ``staging.room`` None is a plain backdrop in even light.

    The athlete is dressed once for all views.
    """
    wearers: dict[int, Wearer] = {}

    def draw(act: Act, camera: Camera) -> list[Image]:
        if id(act) not in wearers:
            wearers.clear()
            wearers[id(act)] = Wearer(act, staging, np.random.default_rng(seed))
        return _cells(act, wearers[id(act)], camera, staging, seed)

    return draw


def _cells(act: Act, wearer: Wearer, camera: Camera, staging: Staging, seed: int) -> list[Image]:
    kind = staging.room or NEUTRAL_ROOM
    chance = np.random.default_rng(_NEUTRAL_SEED if staging.room is None else seed)
    room = random_room(kind, acted_volume((act,)), camera, chance)
    light = random_light(chance, kind == "outdoors")
    with Stage(camera, room, light, [wearer.skin], act.items, np.random.default_rng(seed)) as stage:
        return [stage.picture(k, [wearer.vertices(k)]).rgb.copy() for k in range(len(act.time_s))]
