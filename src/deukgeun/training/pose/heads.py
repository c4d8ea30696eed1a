"""What stands on HRNet's branch of high resolution: a head gives outputs, its codec says what they mean.

A head is a module that maps features (N, C, S / 4, S / 4) to a tuple of outputs, with a ``codec`` (numpy) that makes
its targets and reads its outputs, and a ``loss``. Heads are interchangeable in ``Hrnet``.
"""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from deukgeun.pose.codecs import Codec, HeatmapCodec, SimccCodec
from deukgeun.training.pose.hrnet import STRIDE

_MAPS_KERNEL, _HIDDEN = 7, 256  # RTMPose's head (arXiv 2303.07399): a 7 x 7 convolution, 256 features a joint


class Head(Protocol):
    """What every head offers beside being a module."""

    codec: Codec

    def __call__(self, features: Tensor) -> tuple[Tensor, ...]:
        """Return the outputs for N pictures."""
        ...

    def loss(self, outputs: tuple[Tensor, ...], targets: tuple[Tensor, ...], weights: Tensor) -> Tensor:
        """Return the mean loss; ``weights`` (N, K) of the joints, 0 for those that are not known."""
        ...


class HeatmapHead(nn.Conv2d):
    """One map a joint by a 1 x 1 convolution; its parameters are the official ``final_layer.weight`` and ``.bias``."""

    def __init__(self, channels: int, joints: int, codec: HeatmapCodec) -> None:
        super().__init__(channels, joints, 1)
        self.codec = codec
        nn.init.normal_(self.weight, std=0.001)
        nn.init.zeros_(self.bias)

    def forward(self, features: Tensor) -> tuple[Tensor]:
        return (super().forward(features),)

    def loss(self, outputs: tuple[Tensor, ...], targets: tuple[Tensor, ...], weights: Tensor) -> Tensor:
        return joints_mse(outputs[0], targets[0], weights)


class SimccHead(nn.Module):
    """Classes along x and along y for each joint; joints look at each other once by attention before they decide.

    After RTMPose (arXiv 2303.07399), with ordinary attention in the place of its gated unit.
    """

    def __init__(self, channels: int, joints: int, codec: SimccCodec, hidden: int = _HIDDEN) -> None:
        super().__init__()
        self.codec = codec
        cells = (codec.size // STRIDE) ** 2
        self.maps = nn.Conv2d(channels, joints, _MAPS_KERNEL, padding=_MAPS_KERNEL // 2)
        self.flat = nn.LayerNorm(cells)
        self.hidden = nn.Linear(cells, hidden, bias=False)
        self.norm = nn.LayerNorm(hidden)
        self.question = nn.Linear(hidden, hidden, bias=False)
        self.key = nn.Linear(hidden, hidden, bias=False)
        self.value = nn.Linear(hidden, hidden, bias=False)
        self.x = nn.Linear(hidden, codec.classes, bias=False)
        self.y = nn.Linear(hidden, codec.classes, bias=False)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        joints = self.hidden(self.flat(self.maps(features).flatten(2)))
        seen = self.norm(joints)
        alike = self.question(seen) @ self.key(seen).transpose(1, 2) / seen.shape[-1] ** 0.5
        joints = joints + torch.softmax(alike, dim=-1) @ self.value(seen)
        return self.x(joints), self.y(joints)

    def loss(self, outputs: tuple[Tensor, ...], targets: tuple[Tensor, ...], weights: Tensor) -> Tensor:
        return simcc_kl(outputs, targets, weights)


def joints_mse(maps: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Return the official JointsMSELoss of maps (N, K, H, W): half the mean square of the weighted difference.

    Joints of weight 0 count in the mean with a difference of 0.
    """
    difference = (maps.float() - targets) * weights[:, :, None, None]
    return 0.5 * difference.square().mean()


def simcc_kl(outputs: tuple[Tensor, ...], targets: tuple[Tensor, ...], weights: Tensor) -> Tensor:
    """Return the mean over pictures, joints and both axes of the weighted KL divergence of logits (N, K, classes)."""
    total = sum(
        functional.kl_div(functional.log_softmax(each.float(), dim=-1), target, reduction="none").sum(dim=-1)
        for each, target in zip(outputs, targets, strict=True)
    )
    return (total * weights).mean() / len(outputs)


def make_head(channels: int, joints: int, codec: Codec) -> Head:
    """Return the head that speaks ``codec``."""
    if isinstance(codec, HeatmapCodec):
        return HeatmapHead(channels, joints, codec)
    if isinstance(codec, SimccCodec):
        return SimccHead(channels, joints, codec)
    raise TypeError(f"no head speaks {codec}")
