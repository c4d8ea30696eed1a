"""The configuration of a training run of a pose network."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from deukgeun.pose.codecs import Codec, HeatmapCodec, Method, SimccCodec
from deukgeun.training.pose.augment import Augmentation
from deukgeun.training.pose.hrnet import SMALLEST_STEP, STRIDE

_CHOICES = {
    "head": ("heatmap", "simcc"),
    "schedule": ("constant", "step", "cosine"),
    "decoding": ("dark", "plain"),
    "learn": ("everything", "head"),
}


@dataclass(frozen=True, slots=True)
class PoseConfig:
    """Everything that a run depends on. The first two are tables of crops (``deukgeun.training.pose.crops``).

    ``network`` is a name in ``networks.toml``; ``head`` heatmap or simcc; ``size`` the side of the network's picture in
    pixels, a multiple of 32; ``sigma`` the deviation of the target in cells or classes, 0 for the usual one of the
    size; ``decoding`` dark or plain, for heat maps. ``start`` is a file of weights to begin with, "" for none;
    ``learn`` is everything, or the head alone. ``batch`` is the pictures of a step over all processes. ``schedule`` is
    constant, step (a tenth after 81 % and 95 % of the epochs, the official shares) or cosine. ``half`` allows half
    precision on a GPU; ``bfloat16`` computes in that on a processor, which is about twice as fast where the processor
    knows how (avx512_bf16, amx) and slower elsewhere. ``flip_test`` averages over the mirrored picture when joints are
    predicted. ``augmentation`` is how much crops are changed for training.
    """

    train: str
    val: str
    network: str = "w32"
    head: str = "heatmap"
    size: int = 384
    sigma: float = 0.0
    decoding: str = "dark"
    start: str = ""
    learn: str = "everything"
    epochs: int = 80
    batch: int = 32
    learning_rate: float = 1e-4
    schedule: str = "constant"
    flip_test: bool = False
    half: bool = True
    bfloat16: bool = False
    seed: int = 0
    workers: int = 0
    augmentation: Augmentation = field(default_factory=Augmentation)

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} is one of {', '.join(choices)}, is {getattr(self, name)!r}")
        if min(self.epochs, self.batch, self.size) < 1 or self.size % SMALLEST_STEP:
            raise ValueError(f"epochs and batch are at least 1, and size is a multiple of {SMALLEST_STEP}")
        if self.learning_rate <= 0 or self.sigma < 0 or self.workers < 0 or self.seed < 0:
            raise ValueError("learning_rate is over 0; sigma, workers and seed are not below 0")
        _ = self.codec

    @property
    def codec(self) -> Codec:
        """The codec of the head.

        The usual deviation of a heat map is that of the official configurations, 2 cells for 256 pixels and 3 for 384,
        and not less for smaller pictures. (In one trial on 128 pixels, 2 cells were ahead of 1 for the first epochs, 67
        against 88 px after the second, and not at the end.) That of SimCC, the root of an eighth of the size, goes
        through the values of RTMPose's configurations (4.9 classes for 192 pixels, 5.66 for 256, 6 for 288, 6.93 for
        384).
        """
        if self.head == "simcc":
            return SimccCodec(self.size, 2, self.sigma or round(math.sqrt(self.size / 8), 2))
        method: Method = "dark" if self.decoding == "dark" else "plain"
        return HeatmapCodec(self.size, STRIDE, self.sigma or max(2.0, self.size / 128), method)

    def rate(self, epoch: int) -> float:
        """Return the learning rate of an epoch, counted from 1."""
        done = (epoch - 1) / self.epochs
        if self.schedule == "cosine":
            return self.learning_rate * 0.5 * (1 + math.cos(math.pi * done))
        drops = sum(done >= share for share in (170 / 210, 200 / 210)) if self.schedule == "step" else 0
        return self.learning_rate * 0.1**drops
