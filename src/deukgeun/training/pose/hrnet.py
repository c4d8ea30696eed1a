"""HRNet: a network that keeps a branch of high resolution from its first stage to its last.

Source: Sun, Xiao, Liu, Wang, "Deep High-Resolution Representation Learning for Human Pose Estimation", CVPR 2019
(arXiv 1902.09212). The parameters have the names and shapes of the official pose repository, so that its files load as
they are; ``final_layer`` is whatever head is given.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from torch import Tensor, nn

from deukgeun.errors import TrainingError

STRIDE = 4  # pixels of the picture a cell of the branch of high resolution
SMALLEST_STEP = 32  # a picture's side is a multiple of the stride of the lowest branch
_STEM = 64
_EXPANSION = 4
_INITIAL_STD = 0.001  # of every convolution that starts from nothing, as in the official repository


@dataclass(frozen=True, slots=True)
class Shape:
    """How large an HRNet is; the names are those of ``networks.toml``, which explains them."""

    width: int
    stem_planes: int
    stem_blocks: int
    modules: tuple[int, int, int]
    blocks: int

    def __post_init__(self) -> None:
        if min(self.width, self.stem_planes, self.stem_blocks, self.blocks, *self.modules) < 1:
            raise ValueError(f"every size of a network is at least 1: {self}")

    def channels(self, branches: int) -> list[int]:
        """Return the channels of the first ``branches`` branches."""
        return [self.width << branch for branch in range(branches)]


@cache
def shapes() -> dict[str, Shape]:
    """Return the known sizes by name, in the order of ``networks.toml``."""
    rows = tomllib.loads((files("deukgeun.training.pose") / "networks.toml").read_text("utf-8"))
    return {name: Shape(**{**row, "modules": tuple(row["modules"])}) for name, row in rows.items()}


def shape(name: str) -> Shape:
    """Return the size called ``name``. Raises ``training-config``."""
    if name not in shapes():
        known = ", ".join(shapes())
        raise TrainingError("training-config", name="network", reason=f"there is no {name!r}; known: {known}")
    return shapes()[name]


class BasicBlock(nn.Module):
    """Two 3 x 3 convolutions beside a straight way, channels and size unchanged."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = _conv(channels, channels, 3)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = _conv(channels, channels, 3)
        self.bn2 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        inner = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(inner)) + x)


class Bottleneck(nn.Module):
    """A 3 x 3 convolution between two of 1 x 1, beside a straight way; ``planes`` x 4 channels come out."""

    def __init__(self, channels: int, planes: int) -> None:
        super().__init__()
        wide = planes * _EXPANSION
        self.conv1 = _conv(channels, planes, 1)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = _conv(planes, planes, 3)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = _conv(planes, wide, 1)
        self.bn3 = nn.BatchNorm2d(wide)
        self.relu = nn.ReLU(inplace=True)
        same = channels == wide
        self.downsample = None if same else nn.Sequential(_conv(channels, wide, 1), nn.BatchNorm2d(wide))

    def forward(self, x: Tensor) -> Tensor:
        straight = x if self.downsample is None else self.downsample(x)
        inner = self.relu(self.bn1(self.conv1(x)))
        inner = self.relu(self.bn2(self.conv2(inner)))
        return self.relu(self.bn3(self.conv3(inner)) + straight)


class ExchangeModule(nn.Module):
    """Parallel branches, and the sum of all of them, brought to its size, given to each of the first ``outputs``."""

    def __init__(self, channels: Sequence[int], blocks: int, outputs: int) -> None:
        super().__init__()
        self.branches = nn.ModuleList(nn.Sequential(*(BasicBlock(c) for _ in range(blocks))) for c in channels)
        self.fuse_layers = nn.ModuleList(
            nn.ModuleList(_bridge(channels, source, target) for source in range(len(channels)))
            for target in range(outputs)
        )
        self.relu = nn.ReLU(inplace=True)

    def forward(self, branches: list[Tensor]) -> list[Tensor]:
        inner = [branch(x) for branch, x in zip(self.branches, branches, strict=True)]
        return [
            self.relu(_total([bridge(x) for bridge, x in zip(row, inner, strict=True)])) for row in self.fuse_layers
        ]


class Hrnet(nn.Module):
    """Pictures (N, 3, S, S) in, what ``head`` makes of the features (N, width, S / 4, S / 4) out."""

    def __init__(self, size: Shape, head: nn.Module) -> None:
        super().__init__()
        self.size = size
        self.conv1 = _conv(3, _STEM, 3, stride=2)
        self.bn1 = nn.BatchNorm2d(_STEM)
        self.conv2 = _conv(_STEM, _STEM, 3, stride=2)
        self.bn2 = nn.BatchNorm2d(_STEM)
        self.relu = nn.ReLU(inplace=True)
        wide = size.stem_planes * _EXPANSION
        inputs = [_STEM] + [wide] * (size.stem_blocks - 1)
        self.layer1 = nn.Sequential(*(Bottleneck(channels, size.stem_planes) for channels in inputs))
        self.transition1 = _transition([wide], size.channels(2))
        self.stage2 = _stage(size, 2)
        self.transition2 = _transition(size.channels(2), size.channels(3))
        self.stage3 = _stage(size, 3)
        self.transition3 = _transition(size.channels(3), size.channels(4))
        self.stage4 = _stage(size, 4)
        initialise(self)
        self.final_layer = head

    def features(self, pictures: Tensor) -> Tensor:
        """Return the branch of high resolution (N, width, S / 4, S / 4)."""
        x = self.relu(self.bn1(self.conv1(pictures)))
        x = self.relu(self.bn2(self.conv2(x)))
        branches = [self.layer1(x)]
        for transition, stage in (
            (self.transition1, self.stage2),
            (self.transition2, self.stage3),
            (self.transition3, self.stage4),
        ):
            # A new branch, and in the first stage every branch, is made from the lowest one there is.
            sources = branches + [branches[-1]] * (len(transition) - len(branches))
            branches = stage([step(x) for step, x in zip(transition, sources, strict=True)])
        return branches[0]

    def forward(self, pictures: Tensor) -> tuple[Tensor, ...]:
        outputs: tuple[Tensor, ...] = self.final_layer(self.features(pictures))
        return outputs


def initialise(module: nn.Module) -> None:
    """Draw every convolution from a normal distribution of deviation 0.001, biases 0, as the official repository does.

    The batch normalisation after each makes up for the small scale.
    """
    for each in module.modules():
        if isinstance(each, nn.Conv2d):
            nn.init.normal_(each.weight, std=_INITIAL_STD)
            if each.bias is not None:
                nn.init.zeros_(each.bias)


def train_only_head(model: Hrnet, alone: bool) -> None:
    """Let the final layer alone learn, or everything."""
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(not alone or name.startswith("final_layer."))


def set_training(model: Hrnet, head_alone: bool) -> None:
    """Put the model into training; what does not learn keeps its running means, too, and so stays as it was loaded."""
    model.train(not head_alone)
    model.final_layer.train()


def _conv(inputs: int, outputs: int, kernel: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)


def _conv_norm(inputs: int, outputs: int, stride: int = 1, relu: bool = True) -> nn.Sequential:
    last = [nn.ReLU(inplace=True)] if relu else []
    return nn.Sequential(_conv(inputs, outputs, 3, stride), nn.BatchNorm2d(outputs), *last)


def _transition(before: Sequence[int], after: Sequence[int]) -> nn.ModuleList:
    """Return what leads from the branches of one stage to those of the next, which has one more."""
    known = [nn.Identity() if a == b else _conv_norm(a, b) for a, b in zip(before, after, strict=False)]
    return nn.ModuleList([*known, nn.Sequential(_conv_norm(before[-1], after[-1], stride=2))])


def _bridge(channels: Sequence[int], source: int, target: int) -> nn.Module:
    """Return what brings one branch to the size of another: up by repetition, down by strided convolutions."""
    if source == target:
        return nn.Identity()
    inputs, outputs = channels[source], channels[target]
    if source > target:
        up = nn.Upsample(scale_factor=2 ** (source - target), mode="nearest")
        return nn.Sequential(_conv(inputs, outputs, 1), nn.BatchNorm2d(outputs), up)
    steps = [inputs] * (target - source) + [outputs]
    last = target - source - 1
    return nn.Sequential(*(_conv_norm(a, b, 2, relu=n < last) for n, (a, b) in enumerate(pairwise(steps))))


def _stage(size: Shape, branches: int) -> nn.Sequential:
    """Return the exchange modules of a stage; the very last gives the branch of high resolution alone."""
    count = size.modules[branches - 2]
    outputs = [branches] * (count - 1) + [1 if branches == 4 else branches]
    return nn.Sequential(*(ExchangeModule(size.channels(branches), size.blocks, each) for each in outputs))


def _total(parts: Sequence[Tensor]) -> Tensor:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def parameters(model: nn.Module) -> int:
    """Return how many parameters there are."""
    return sum(parameter.numel() for parameter in model.parameters())
