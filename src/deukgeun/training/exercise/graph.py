"""A graph network over the body's joints, after ST-GCN++ (Yan et al. 2018; Duan et al. 2022).

Each block mixes joints along the bones (to itself, towards the trunk, away from it, by an adjacency that is learnt
further), then looks along time with several dilations. The numbers of a joint are its place in space and in the
picture, its score, and how these change; the parts that do not belong to one joint (angles, paths) are left aside.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from deukgeun.recognition.representation import AT, FEATURES, PARTS, K
from deukgeun.training.sequence.networks import Pooled, with_speed

_CENTRE_OUT = (
    ("nose", "left_ear"), ("nose", "right_ear"), ("left_shoulder", "nose"), ("right_shoulder", "nose"),
    ("left_hip", "left_shoulder"), ("right_hip", "right_shoulder"),
    *(
        (f"{side}_{a}", f"{side}_{b}")
        for side in ("left", "right")
        for a, b in (("shoulder", "elbow"), ("elbow", "wrist"), ("wrist", "index"), ("hip", "knee"), ("knee", "ankle"),
                     ("ankle", "heel"), ("ankle", "foot_index"))
    ),
)  # fmt: skip
_ACROSS = (("left_hip", "right_hip"), ("left_shoulder", "right_shoulder"))
_OF_A_JOINT = 6  # space, picture, score


def adjacency() -> Tensor:
    """Return (3, K, K): each joint to itself, along the bones outward, and inward, rows adding up to 1.

    Hips and shoulders are linked across both ways: a body and its mirror image are the same to it.
    """
    out = np.zeros((3, K, K), np.float32)
    out[0] = np.eye(K)
    for inner, outer in _CENTRE_OUT:
        out[1, AT[outer], AT[inner]] = out[2, AT[inner], AT[outer]] = 1
    for left, right in _ACROSS:
        out[1:, AT[left], AT[right]] = out[1:, AT[right], AT[left]] = 1
    out[1:] /= np.maximum(out[1:].sum(axis=2, keepdims=True), 1)
    return torch.from_numpy(out)


class _Block(nn.Module):
    """Joints mixed along the bones, then three dilations of time: (N, T, K, W) to the same."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.ways = nn.Parameter(adjacency())
        self.mix, self.norm = nn.Linear(3 * width, width), nn.LayerNorm(width)
        self.time, self.last = nn.Linear(3 * 3 * width, width), nn.LayerNorm(width)

    def forward(self, x: Tensor) -> Tensor:
        near = torch.einsum("wkj,ntjc->ntkwc", self.ways, x).flatten(3)
        x = x + functional.relu(self.norm(self.mix(near)))
        steps = x.shape[1]
        seen = []
        for dilation in (1, 2, 3):
            wide = functional.pad(x, (0, 0, 0, 0, dilation, dilation))
            seen += [wide[:, k * dilation : k * dilation + steps] for k in range(3)]
        out: Tensor = x + functional.relu(self.last(self.time(torch.cat(seen, 3))))
        return out


class _Steps(nn.Module):
    """(N, T, F) to (N, T / 2 x K, width): every joint at every second step."""

    def __init__(self, width: int, depth: int, dropout: float) -> None:
        super().__init__()
        self.stem = nn.Linear(4 * _OF_A_JOINT, width)
        self.blocks = nn.Sequential(*[_Block(width) for _ in range(depth)])
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        shape = (*x.shape[:2], K, -1)
        joints = torch.cat([x[:, :, PARTS[name]].reshape(shape) for name in ("space", "picture", "scores")], 3)
        moving = with_speed(joints.flatten(2)).reshape(*x.shape[:2], 2, K, _OF_A_JOINT).transpose(2, 3).flatten(3)
        half = moving.shape[1] // 2
        pairs = moving[:, : 2 * half].reshape(x.shape[0], half, 2, K, -1).transpose(2, 3).flatten(3)
        out: Tensor = self.drop(self.blocks(self.stem(pairs))).flatten(1, 2)
        return out


def graph(features: int, classes: int, width: int = 32, depth: int = 3, dropout: float = 0.1) -> Pooled:
    """Return a graph network of ``width`` channels a joint; ``features`` are those of the representation."""
    if features != FEATURES:
        raise ValueError(f"the graph knows the {FEATURES} numbers of the representation, not {features}")
    return Pooled(_Steps(width, depth, dropout), width, classes)
