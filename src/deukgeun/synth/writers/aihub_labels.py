"""The labels of AI Hub data set 231: joints in the pictures of five views, and in space.

Joints are named by the data set's spelling, in its order. Pixels are whole numbers of a 1920 x 1080 picture; space is
in centimetres with y up and the floor near 0, x to the left and z ahead of a subject at rest.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.aihub.exercises import KINDS, POSES, AihubExercise
from deukgeun.skeleton import skeleton
from deukgeun.synth.writers.aihub_names import Naming

Array = npt.NDArray[np.float64]

_CM_DIGITS = 4
_WRONG = " (안 됨)"


def room_to_cm(room_m: Array) -> Array:
    """Return points (..., 3) of the room in metres (-y ahead, z up) in the data set's axes, in centimetres."""
    x, y, z = np.moveaxis(room_m, -1, 0)
    return 100.0 * np.stack([x, z, -y], axis=-1)


def label_2d(naming: Naming, exercise: AihubExercise, name: str, xy: Array, active: Sequence[bool]) -> dict[str, Any]:
    """Return the 2D label of labelled joints ``xy`` (5, F, 24, 2), the exercise being spelled ``name``.

    The labelled pictures are the odd ones: entry i belongs to picture 2 i + 1.
    """
    frames = [
        {f"view{view + 1}": _view(naming, view, 2 * i + 1, xy[view, i], on) for view in range(len(xy))}
        for i, on in enumerate(active)
    ]
    return {"frames": frames, "type": f"{naming.type_no:03}", "type_info": _type_info(naming.type_no, exercise, name)}


def label_3d(cm: Array) -> dict[str, Any]:
    """Return the 3D label of labelled joints ``cm`` (F, 24, 3)."""
    return {"frames": [{"pts": _points(np.round(pose, _CM_DIGITS) + 0.0)} for pose in cm]}


def as_text(label: dict[str, Any]) -> bytes:
    """Return a label as the file's content: one line of UTF-8."""
    return json.dumps(label, ensure_ascii=False).encode()


def _view(naming: Naming, view: int, frame: int, xy: Array, active: bool) -> dict[str, Any]:
    points = _points(np.rint(xy).astype(np.int64))
    return {"pts": points, "active": "Yes" if active else "No", "img_key": naming.img_key(view, frame)}


def _points(pose: npt.NDArray[Any]) -> dict[str, dict[str, float]]:
    names = skeleton("aihub_24").labels["aihub"]
    return {name: dict(zip("xyz", point, strict=False)) for name, point in zip(names, pose.tolist(), strict=True)}


def _type_info(type_no: int, exercise: AihubExercise, name: str) -> dict[str, Any]:
    conditions = list(zip(exercise.conditions, exercise.values(type_no), strict=True))
    told = [f"{i} {text}{'' if holds else _WRONG}" for i, (text, holds) in enumerate(conditions, start=1)]
    return {
        "key": f"{type_no:03}",
        "type": KINDS[exercise.kind],
        "pose": POSES[exercise.pose],
        "exercise": name,
        "conditions": [{"condition": text, "value": holds} for text, holds in conditions],
        "description": ", ".join(told),
    }
