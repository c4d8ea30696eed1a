"""Crops as batches of tensors.

What is done to a crop is drawn from (seed, epoch, its number), and the order of an epoch from (seed, epoch): no state
is kept between epochs, so that a run goes on after a kill as if nothing had happened, whichever process reads what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from deukgeun.pose.codecs import Codec, normalised
from deukgeun.pose.geometry import Floats
from deukgeun.skeleton import Skeleton
from deukgeun.training.pose.augment import Augmentation, augmented, resizing, transformed, warped
from deukgeun.training.pose.crops import CropSample, read_crop

_SHUFFLE, _CHANGE = 1, 2  # streams of random numbers that must not be the same


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """The crops of one epoch, changed at random; an item is (picture (3, S, S), targets, weights (K,), number)."""

    samples: Sequence[CropSample]
    codec: Codec
    skeleton: Skeleton
    how: Augmentation
    seed: int
    epoch: int

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, number: int) -> tuple[Any, ...]:
        sample = self.samples[number]
        rng = np.random.default_rng([_CHANGE, self.seed, self.epoch, number])
        crop = read_crop(sample.image)
        picture, joints = augmented(crop, sample.in_crop, self.codec.size, self.how, self.skeleton, rng)
        return (normalised(picture[None])[0], *_targets(self.codec, joints), number)


@dataclass(frozen=True, slots=True)
class PlainSet:
    """The crops as they are, scaled to the network's size.

    An item is (picture (S, S, 3) in bytes, targets, weights (K,), number, side of the crop in pixels).
    """

    samples: Sequence[CropSample]
    codec: Codec

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, number: int) -> tuple[Any, ...]:
        sample = self.samples[number]
        crop = read_crop(sample.image)
        side = crop.shape[0]
        matrix = resizing(side, self.codec.size)
        picture = crop if side == self.codec.size else warped(crop, matrix, self.codec.size)
        return (picture, *_targets(self.codec, transformed(sample.in_crop, matrix)), number, side)


def _targets(codec: Codec, joints: Floats) -> tuple[Any, ...]:
    known = np.asarray(np.isfinite(joints).all(axis=1), np.float64)
    maps, weights = codec.encode(joints, known)
    return maps, weights


def plan(count: int, batch: int, seed: int, epoch: int, rank: int = 0, world: int = 1) -> list[list[int]]:
    """Return the batches (each of ``batch`` / ``world``) that process ``rank`` reads in an epoch.

    All processes together take the batches that one process alone would take. Crops that fill no batch wait for another
    epoch, which has another order; where there are fewer than one batch, the batch is smaller.
    """
    size = min(batch, count) // world * world
    if size == 0:
        return []
    order = np.random.default_rng([_SHUFFLE, seed, epoch]).permutation(count)
    share = size // world
    whole = order[: count // size * size].reshape(-1, world, share)
    return [numbers.tolist() for numbers in whole[:, rank]]


def loader(crops: TrainingSet | PlainSet, batches: list[list[int]], workers: int) -> DataLoader[Any]:
    """Return the batches as tensors, read by ``workers`` processes beside this one."""
    return DataLoader(crops, batch_sampler=batches, num_workers=workers, worker_init_fn=_one_thread)


def _one_thread(_: int) -> None:
    """The processes are parallel already: a thread pool in each would only get in the way."""
    cv2.setNumThreads(0)
    torch.set_num_threads(1)


def moved(parts: Sequence[Tensor], device: torch.device) -> tuple[Tensor, ...]:
    """Return the tensors on ``device``."""
    return tuple(part.to(device, non_blocking=True) for part in parts)
