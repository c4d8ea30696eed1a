"""Crops that a small network can learn in seconds: a person of 24 joints drawn as coloured spots on a quiet ground."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator

from deukgeun.pose.geometry import Floats, Image
from deukgeun.skeleton import skeleton
from deukgeun.training.pose.crops import CropSample, write_crops
from deukgeun.training.pose.settings import PoseConfig

JOINTS = skeleton("aihub_24")
_PLACES = {  # right and down from the middle, in units of the body's height
    "nose": (0, -0.43), "eye": (0.03, -0.45), "ear": (0.06, -0.44), "neck": (0, -0.33), "shoulder": (0.13, -0.3),
    "elbow": (0.2, -0.15), "wrist": (0.24, 0.0), "palm": (0.26, 0.04), "back": (0, -0.2), "waist": (0, -0.08),
    "hip": (0.08, 0.0), "knee": (0.1, 0.22), "ankle": (0.11, 0.43), "foot": (0.14, 0.47),
}  # fmt: skip
_COLOURS = {part: (40 + 15 * i, 255 - 18 * i, (97 * i) % 256) for i, part in enumerate(_PLACES)}


def body(rng: Generator) -> Floats:
    """Joints (24, 2) of a person who faces the camera: everybody's left is on the right of the picture."""
    places = []
    for joint in JOINTS.joints:
        side, _, part = joint.rpartition("_")
        x, y = _PLACES[part]
        places.append((x * {"left": 1, "right": -1, "": 1}[side], y))
    return np.array(places, float) + rng.normal(0, 0.012, (len(JOINTS), 2))


def picture(joints: Floats, side: int, rng: Generator) -> Image:
    """The person (joints in pixels) in a picture (side, side, 3)."""
    image = np.full((side, side, 3), rng.integers(90, 130), np.uint8)
    for a, b in JOINTS.bones:
        ends = [tuple(map(int, np.rint(joints[each] * 8))) for each in (a, b)]
        cv2.line(image, ends[0], ends[1], (200, 190, 170), max(1, side // 40), cv2.LINE_AA, 3)
    for name, place in zip(JOINTS.joints, joints, strict=True):
        colour = _COLOURS[name.rpartition("_")[2]]
        cv2.circle(image, tuple(map(int, np.rint(place * 8))), side * 8 // 40, colour, -1, cv2.LINE_AA, 3)
    return image


def crops(folder: Path, name: str, count: int, seed: int, side: int = 64) -> Path:
    """Write a table of crops and their pictures, as if cut from 1920 x 1080, and return the table."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    samples = []
    for number in range(count):
        inside = (body(rng) * rng.uniform(0.75, 0.95) + 0.5) * side
        scale = rng.uniform(6.0, 9.0)
        to_picture = np.array([[scale, 0.0, rng.uniform(0, 1000)], [0.0, scale, rng.uniform(0, 400)]])
        path = folder / f"{name}_{number:03d}.png"
        cv2.imwrite(str(path), picture(inside, side, rng)[..., ::-1])
        joints = inside @ to_picture[:, :2].T + to_picture[:, 2]
        samples.append(CropSample(path, to_picture, joints, "squat", "ABCDE"[number % 5], f"Z{number % 4}"))
    table = folder / f"{name}.csv"
    write_crops(table, samples, JOINTS)
    return table


def config(folder: Path, train: int = 16, val: int = 6, **changes: object) -> PoseConfig:
    """A run of seconds on crops of 64 pixels."""
    tables = crops(folder, "train", train, 1), crops(folder, "val", val, 2)
    small = {"network": "w8-tiny", "size": 64, "epochs": 3, "batch": 8, "learning_rate": 0.003}
    return PoseConfig(*map(str, tables), **{**small, **changes})  # type: ignore[arg-type]
