"""Networks that name a sequence: (N, T, F) numbers in, (N, C) scores out.

All but the LSTM see the numbers and how they change; all but the LSTM end in statistics over time, so that it does not
matter where in the window a repetition begins. ``embed`` returns what the last layer decides from.

===============  ======================================================================================
lstm             the student project's: many to one, the last step decides
tcn              temporal convolutions, each in a channel, and mixing of channels between (ConvNeXt)
transformer      self-attention over steps
graph            convolutions over the body's joints and over time (after ST-GCN++), for joints (T, K x D)
statistics       percentiles, spread and speed of every number, then one hidden layer
linear           the same without the hidden layer
===============  ======================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import torch
from torch import Tensor, nn
from torch.nn import functional

_SPEED = 3.0  # makes changes from step to step about as large as the numbers themselves at 10 steps a second
_HEAD_DROPOUT = 0.3


class LastStepLstm(nn.Module):
    """Long short-term memory, many to one (Hochreiter and Schmidhuber 1997); the student project's classifier."""

    def __init__(self, features: int, classes: int, width: int = 128, depth: int = 2, dropout: float = 0.2) -> None:
        super().__init__()
        self.body = nn.LSTM(features, width, depth, batch_first=True, dropout=dropout if depth > 1 else 0.0)
        self.head = nn.Linear(width, classes)

    def embed(self, x: Tensor) -> Tensor:
        """(N, T, F) to (N, width): the last step's state."""
        out: Tensor = self.body(x)[0][:, -1]
        return out

    def forward(self, x: Tensor) -> Tensor:
        """(N, T, F) to (N, C)."""
        out: Tensor = self.head(self.embed(x))
        return out


class Pooled(nn.Module):
    """A body over time, (N, T, F) to (N, T', width), whose mean, maximum and spread a linear layer decides from."""

    def __init__(self, steps: nn.Module, width: int, classes: int) -> None:
        super().__init__()
        self.steps = steps
        self.head = nn.Sequential(nn.LayerNorm(3 * width), nn.Dropout(_HEAD_DROPOUT), nn.Linear(3 * width, classes))

    def embed(self, x: Tensor) -> Tensor:
        """(N, T, F) to (N, 3 width)."""
        y = self.steps(x)
        spread = torch.sqrt(y.var(1, unbiased=False) + 1e-5)
        return torch.cat([y.mean(1), y.amax(1), spread], 1)

    def forward(self, x: Tensor) -> Tensor:
        """(N, T, F) to (N, C)."""
        out: Tensor = self.head(self.embed(x))
        return out


def with_speed(x: Tensor) -> Tensor:
    """(N, T, F) to (N, T, 2F): the numbers and their changes."""
    change = functional.pad(x[:, 1:] - x[:, :-1], (0, 0, 1, 0)) * _SPEED
    return torch.cat([x, change], 2)


class _Stem(nn.Module):
    """Numbers and changes to ``width`` channels at half the rate; whole numbers are dropped in training."""

    def __init__(self, features: int, width: int, dropout: float) -> None:
        super().__init__()
        self.drop = nn.Dropout1d(dropout)
        self.mix, self.halve = nn.Linear(2 * features, width), nn.Linear(2 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        # What is dropped is dropped for the whole window: a factor for each number.
        kept = self.drop(torch.ones(x.shape[0], 2 * x.shape[2], 1))[:, None, :, 0] if self.training else 1.0
        y = self.mix(with_speed(x) * kept)
        steps = y.shape[1] // 2
        out: Tensor = self.halve(y[:, : 2 * steps].reshape(y.shape[0], steps, -1))
        return out


class _Along(nn.Module):
    """A convolution along time in each channel apart, 5 steps wide, written as five sums: many times faster in training
    on a processor than the grouped convolution."""

    taps = 5

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.dilation = dilation
        self.weight = nn.Parameter(torch.randn(self.taps, width) / self.taps**0.5)

    def forward(self, x: Tensor) -> Tensor:
        reach = self.taps // 2 * self.dilation
        wide = functional.pad(x, (0, 0, reach, reach))
        parts = [wide[:, k * self.dilation : k * self.dilation + x.shape[1]] * w for k, w in enumerate(self.weight)]
        return torch.stack(parts).sum(0)


class _Block(nn.Module):
    """One block after ConvNeXt (Liu et al. 2022): a wide look along time in each channel, then channels mixed."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.along, self.norm = _Along(width, dilation), nn.LayerNorm(width)
        self.widen, self.narrow = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.narrow(functional.gelu(self.widen(self.norm(self.along(x)))))
        return out


def tcn(features: int, classes: int, width: int = 128, depth: int = 4, dropout: float = 0.1) -> Pooled:
    """Return a temporal convolutional network."""
    blocks = [_Block(width, 1 if i < depth // 2 else 2) for i in range(depth)]
    return Pooled(nn.Sequential(_Stem(features, width, dropout), *blocks), width, classes)


class _Attention(nn.Module):
    """A small transformer encoder (Vaswani et al. 2017, norm first) with sines for the place in time."""

    def __init__(self, width: int, depth: int, dropout: float) -> None:
        super().__init__()
        layer = nn.TransformerEncoderLayer(width, 4, 2 * width, dropout, batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(layer, depth, enable_nested_tensor=False)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.blocks(x + _places(x.shape[1], x.shape[2]))
        return out


def transformer(features: int, classes: int, width: int = 128, depth: int = 3, dropout: float = 0.1) -> Pooled:
    """Return a small transformer."""
    steps = nn.Sequential(_Stem(features, width, dropout), _Attention(width, depth, dropout))
    return Pooled(steps, width, classes)


def _places(steps: int, width: int) -> Tensor:
    """(T, W) sines and cosines of the step."""
    rate = torch.exp(torch.arange(0, width, 2) * (-torch.log(torch.tensor(100.0)) / width))
    angle = torch.arange(steps)[:, None] * rate
    return torch.cat([angle.sin(), angle.cos()], 1)


class Statistics(nn.Module):
    """Percentiles, spread and speed of every number over the window, and one hidden layer; none for ``width`` 0."""

    def __init__(self, features: int, classes: int, width: int = 256, depth: int = 1, dropout: float = 0.3) -> None:
        super().__init__()
        inner = 6 * features
        hidden = [nn.Dropout(0.2), nn.Linear(inner, width), nn.ReLU(), nn.Dropout(dropout)] if width else []
        self.body = nn.Sequential(nn.BatchNorm1d(inner), *hidden)
        self.head = nn.Linear(width or inner, classes)

    def embed(self, x: Tensor) -> Tensor:
        """(N, T, F) to (N, width)."""
        ordered = x.sort(dim=1).values
        last = int(x.shape[1]) - 1  # a plain number: a file is made for windows of one length
        low, mid, high = (ordered[:, round(share * last)] for share in (0.1, 0.5, 0.9))
        speed = (x[:, 1:] - x[:, :-1]).abs().mean(1) * _SPEED
        spread = torch.sqrt(x.var(1, unbiased=False) + 1e-5)
        out: Tensor = self.body(torch.cat([low, mid, high, high - low, spread, speed], 1))
        return out

    def forward(self, x: Tensor) -> Tensor:
        """(N, T, F) to (N, C)."""
        out: Tensor = self.head(self.embed(x))
        return out


def _linear(features: int, classes: int, **_: float) -> nn.Module:
    return Statistics(features, classes, width=0)


NETWORKS: Mapping[str, Callable[..., nn.Module]] = MappingProxyType(
    {"lstm": LastStepLstm, "tcn": tcn, "transformer": transformer, "statistics": Statistics, "linear": _linear}
)
"""By name: ``NETWORKS[name](features, classes, width=..., depth=..., dropout=...)``."""
