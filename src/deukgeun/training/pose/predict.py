"""Joints of many crops, in the whole picture, and how far they are from the labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from deukgeun.pose.codecs import normalised
from deukgeun.pose.geometry import Floats, Image
from deukgeun.skeleton import Skeleton
from deukgeun.training.pose.augment import resizing, transformed
from deukgeun.training.pose.crops import CropSample
from deukgeun.training.pose.data import PlainSet, loader, moved
from deukgeun.training.pose.group import Group
from deukgeun.training.pose.hrnet import Hrnet
from deukgeun.training.pose.metrics import squared_errors

FASTER = torch.channels_last
"""How pictures lie in memory: convolutions on a processor take half the time (24 against 43 ms a picture in training,
w18-small, 256 pixels, 2 cores)."""


@dataclass(frozen=True, slots=True)
class Predictions:
    """For N crops: ``joints`` (N, K, 2) and ``squared`` errors (N, K) in the whole picture, ``score`` (N, K), and the
    mean ``loss``.
    """

    joints: Floats
    score: Floats
    squared: Floats
    loss: float


def predict(
    model: Hrnet,
    samples: Sequence[CropSample],
    skeleton: Skeleton,
    group: Group,
    batch: int,
    flip_test: bool = False,
    workers: int = 0,
) -> Predictions:
    """Return the predictions for all crops in their order; the processes of ``group`` share the work."""
    model.eval()
    crops = PlainSet(samples, model.final_layer.codec)
    mine = list(range(group.rank, len(samples), group.world))
    batches = [mine[start : start + batch] for start in range(0, len(mine), batch)]
    found: list[tuple[int, Floats, Floats]] = []
    loss = 0.0
    for pictures, targets, weights, numbers, sides in loader(crops, batches, workers):
        outputs = run(model, pictures.numpy(), group.device)
        loss += _loss(model, outputs, targets, weights, group.device) * len(numbers)
        joints, score = read(model, outputs, pictures.numpy(), skeleton, group.device, flip_test)
        size = pictures.shape[1]
        for number, side, points, sure in zip(numbers.tolist(), sides.tolist(), joints, score, strict=True):
            in_crop = transformed(points, resizing(size, side))
            found.append((number, samples[number].in_picture(in_crop), sure))
    return _together(samples, group.gathered((found, loss)))


def _together(
    samples: Sequence[CropSample], parts: Sequence[tuple[list[tuple[int, Floats, Floats]], float]]
) -> Predictions:
    """Return what all processes found, in the order of the crops."""
    ordered = sorted((each for part, _ in parts for each in part), key=lambda each: each[0])
    joints = np.array([points for _, points, _ in ordered])
    score = np.array([sure for _, _, sure in ordered])
    labels = np.array([sample.joints for sample in samples])
    return Predictions(joints, score, squared_errors(joints, labels), sum(loss for _, loss in parts) / len(samples))


@torch.no_grad()  # type: ignore[untyped-decorator]
def run(model: Hrnet, pictures: Image, device: torch.device) -> tuple[Tensor, ...]:
    """Return the network's outputs for pictures (N, S, S, 3)."""
    given = torch.from_numpy(normalised(pictures)).to(device, memory_format=FASTER)
    outputs: tuple[Tensor, ...] = model(given)
    return outputs


def read(
    model: Hrnet,
    outputs: tuple[Tensor, ...],
    pictures: Image,
    skeleton: Skeleton,
    device: torch.device,
    flip_test: bool,
) -> tuple[Floats, Floats]:
    """Return joints (N, K, 2) in pixels of the pictures and scores (N, K); the flip test averages outputs."""
    codec = model.final_layer.codec
    maps = _arrays(outputs)
    if flip_test:
        mirrored = np.ascontiguousarray(codec.mirror(pictures))
        other = codec.unmirror(_arrays(run(model, mirrored, device)), skeleton.mirror_order)
        maps = [(a + b) / 2 for a, b in zip(maps, other, strict=True)]
    joints, score = codec.decode(maps)
    return joints, score


def _arrays(outputs: tuple[Tensor, ...]) -> list[NDArray[np.float32]]:
    return [output.float().cpu().numpy() for output in outputs]


@torch.no_grad()  # type: ignore[untyped-decorator]
def _loss(
    model: Hrnet, outputs: tuple[Tensor, ...], targets: Sequence[Tensor], weights: Tensor, device: torch.device
) -> float:
    return float(model.final_layer.loss(outputs, moved(targets, device), weights.to(device)))
