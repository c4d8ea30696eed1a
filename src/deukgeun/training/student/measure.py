"""Figures of pose networks and classifiers, each with its n."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from deukgeun.pose import PoseEstimator, estimate
from deukgeun.pose.geometry import MARGIN, Image, Roi
from deukgeun.skeleton import map_joints, skeleton
from deukgeun.training.pose.crops import CropSample, read_crop
from deukgeun.training.pose.metrics import joint_rmse, keypoint_rmse, pck, squared_errors
from deukgeun.training.student.fit import Student
from deukgeun.training.student.sequences import Sequences

Floats = npt.NDArray[np.floating[Any]]
Names = npt.NDArray[np.str_]

_Z = 1.96
_LOOKS = 2  # a video's tracker looks at a person once a picture; two looks turn the square with somebody who lies


@dataclass(frozen=True, slots=True)
class PoseFigures:
    """Of N pictures: ``joints`` (N, 24, 2) found and ``rmse`` (N,) in pixels of the whole picture, ``of_joint`` (24,),
    ``pck`` at .1 and .2 of the trunk."""

    joints: Floats
    rmse: Floats
    of_joint: Floats
    pck: tuple[float, float]

    def line(self) -> str:
        """The figures in words."""
        low, high = self.interval()
        return (
            f"RMSE mean {self.rmse.mean():.2f} px [{low:.2f}, {high:.2f}], median {np.median(self.rmse):.2f} px, "
            f"PCK@0.1 {self.pck[0]:.3f}, PCK@0.2 {self.pck[1]:.3f} (n = {len(self.rmse)})"
        )

    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the mean, from its standard error."""
        error = _Z * self.rmse.std() / max(len(self.rmse), 1) ** 0.5
        return float(self.rmse.mean() - error), float(self.rmse.mean() + error)


def measure_pose(
    samples: Sequence[CropSample], model: PoseEstimator, told: Callable[[int], None] | None = None
) -> PoseFigures:
    """Return how far what ``model`` sees in crops is from their labels.

    A network of 24 joints looks at the crop itself: whoever cut it out knew where the person is, as in the original
    study. One that was trained on squares turned with the body, with more room around it, first finds such a square.
    """
    found = []
    for done, sample in enumerate(samples, start=1):
        image = read_crop(sample.image)
        seen = estimate(model, image, _square(image, model))
        found.append(sample.in_picture(map_joints(seen.xy, model.skeleton, "aihub_24", "anatomical")))
        if told is not None:
            told(done)
    joints, labels = np.array(found), np.array([sample.joints for sample in samples])
    squared = squared_errors(joints, labels)
    trunk = _trunk(labels)
    return PoseFigures(
        joints, keypoint_rmse(squared), joint_rmse(squared), (pck(squared, trunk, 0.1), pck(squared, trunk, 0.2))
    )


def _square(image: Image, model: PoseEstimator) -> Roi:
    """Where the network looks in a crop: all of it, or what it has found by looking again where it saw the body."""
    side = float(image.shape[0])
    whole = Roi(side / 2, side / 2, side)
    if model.skeleton.name == "aihub_24":
        return whole
    roi = replace(whole, side=side * MARGIN)
    for _ in range(_LOOKS):
        roi = estimate(model, image, roi).roi
    return roi


def _trunk(labels: Floats) -> npt.NDArray[np.float64]:
    """(N,) from between the shoulders to between the hips, in pixels."""
    names = skeleton("aihub_24")
    shoulders, hips = (
        labels[:, list(names.indices(f"left_{part}", f"right_{part}"))].mean(axis=1) for part in ("shoulder", "hip")
    )
    return np.asarray(np.linalg.norm(shoulders - hips, axis=1))


@dataclass(frozen=True, slots=True)
class NameFigures:
    """Of N sequences: the true exercise, the name given, the view."""

    truth: Names
    named: Names
    view: Names

    @property
    def accuracy(self) -> float:
        """The share of right names."""
        return float(np.mean(self.truth == self.named))

    def line(self) -> str:
        """The figures in words."""
        low, high = wilson(int(np.sum(self.truth == self.named)), len(self.truth))
        return f"accuracy {self.accuracy:.3f} [{low:.3f}, {high:.3f}] (n = {len(self.truth)})"

    def by(self, group: Names) -> dict[str, tuple[int, int]]:
        """Right and all, for each value of ``group`` (N,)."""
        right = self.truth == self.named
        return {str(name): (int(right[group == name].sum()), int((group == name).sum())) for name in np.unique(group)}

    def confusion(self) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
        """Names, and counts (C, C): row the truth, column what it was named."""
        names = np.unique(np.concatenate([self.truth, self.named]))
        counts = np.zeros((len(names), len(names)), np.int64)
        np.add.at(counts, (np.searchsorted(names, self.truth), np.searchsorted(names, self.named)), 1)
        return tuple(names.tolist()), counts


def measure_names(sequences: Sequences, student: Student) -> NameFigures:
    """Return what a classifier calls sequences, beside what they are."""
    return NameFigures(sequences.exercise, student.names(sequences), sequences.view)


def wilson(right: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    if not count:
        return 0.0, 1.0
    share, spread = right / count, _Z * _Z / count
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * np.sqrt(share * (1 - share) / count + spread / (4 * count)) / (1 + spread)
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def drawn(sample: CropSample, joints: Floats) -> npt.NDArray[np.uint8]:
    """The crop with labels (green) and what was found (yellow) in it."""
    image = read_crop(sample.image).copy()
    bones = skeleton("aihub_24").bones
    turn, offset = sample.to_picture[:, :2], sample.to_picture[:, 2]
    for points, colour in ((sample.joints, (60, 220, 90)), (joints, (255, 210, 0))):
        inside = (points - offset) @ np.linalg.inv(turn).T
        for a, b in bones:
            if np.isfinite(inside[[a, b]]).all():
                ends = [(round(x), round(y)) for x, y in inside[[a, b]].tolist()]
                cv2.line(image, ends[0], ends[1], colour, 2, cv2.LINE_AA)
    return image
