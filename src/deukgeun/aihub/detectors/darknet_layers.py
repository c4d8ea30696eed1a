"""A Darknet network as a list of layers: from a ``.cfg`` file, or YOLOv3 as it was published.

Layers point at others by their absolute number. Only what the YOLOv3 family uses is known: convolutions, additions,
joins, enlargement, maximum, and the layers that mark a feature map as an output.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from deukgeun.aihub.detectors.yolo_outputs import ANCHORS

Options = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Convolution:
    """``filters`` of ``side`` x ``side`` every ``stride`` pixels; ``normalised``: batch norm; ``leaky``: slope 0.1."""

    filters: int
    side: int
    stride: int = 1
    normalised: bool = True
    leaky: bool = True
    padded: bool = True


@dataclass(frozen=True, slots=True)
class Shortcut:
    """What the layer before gives, and what layer ``other`` gives, added."""

    other: int


@dataclass(frozen=True, slots=True)
class Route:
    """The channels of ``layers`` one after the other."""

    layers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Upsample:
    """Every pixel ``times`` x ``times``."""

    times: int


@dataclass(frozen=True, slots=True)
class Maximum:
    """The largest of ``side`` x ``side`` pixels every ``stride`` pixels; ``side - 1`` pixels of padding in all."""

    side: int
    stride: int


@dataclass(frozen=True, slots=True)
class Output:
    """The layer before is a feature map: ``anchors`` (width, height in pixels of the square) and ``classes``."""

    anchors: tuple[tuple[float, float], ...]
    classes: int


Layer = Convolution | Shortcut | Route | Upsample | Maximum | Output


@dataclass(frozen=True, slots=True)
class DarknetNetwork:
    """``layers`` in order, and the ``size`` in pixels of the square they were configured for."""

    layers: tuple[Layer, ...]
    size: int


def yolov3(classes: int = 80, size: int = 608) -> DarknetNetwork:
    """Return YOLOv3: Darknet-53 and three heads (arXiv 1804.02767, table 1; 107 layers, 75 of them convolutions)."""
    layers: list[Layer] = [Convolution(32, 3)]
    ends = []
    for width, blocks in ((64, 1), (128, 2), (256, 8), (512, 8), (1024, 4)):
        layers.append(Convolution(width, 3, 2))
        for _ in range(blocks):
            layers += [Convolution(width // 2, 1), Convolution(width, 3), Shortcut(len(layers) - 1)]
        ends.append(len(layers) - 1)
    for width, stride, end in ((512, 32, None), (256, 16, ends[3]), (128, 8, ends[2])):
        if end is not None:
            layers += [Route((len(layers) - 4,)), Convolution(width, 1), Upsample(2), Route((len(layers) + 2, end))]
        layers += [Convolution(width, 1), Convolution(2 * width, 3)] * 3
        anchors = ANCHORS[stride]
        layers += [Convolution(len(anchors) * (5 + classes), 1, 1, False, False), Output(anchors, classes)]
    return DarknetNetwork(tuple(layers), size)


def parsed_cfg(text: str) -> DarknetNetwork:
    """Return the network of a ``.cfg`` file's ``text``. Raises ``ValueError`` for what is not known here."""
    sections = list(_sections(text))
    if not sections or sections[0][0] not in ("net", "network"):
        raise ValueError("it does not begin with [net]")
    net, rest = sections[0][1], sections[1:]
    if (width := int(net.get("width", "416"))) != int(net.get("height", "416")):
        raise ValueError("its picture is not a square")
    layers = tuple(_layer(kind, options, number) for number, (kind, options) in enumerate(rest))
    if not any(isinstance(layer, Output) for layer in layers):
        raise ValueError("it has no [yolo] layer")
    return DarknetNetwork(layers, width)


def _sections(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each section's name and its options; ``#`` and ``;`` begin a comment."""
    name, options = "", dict[str, str]()
    for line in text.splitlines():
        line = line.split("#")[0].split(";")[0].strip()
        if line.startswith("["):
            if name:
                yield name, options
            name, options = line.strip("[] ").lower(), {}
        elif line:
            key, equals, value = line.partition("=")
            if not equals:
                raise ValueError(f"its line {line!r} is no option")
            options[key.strip()] = value.strip()
    if name:
        yield name, options


def _layer(kind: str, options: Options, number: int) -> Layer:
    if kind not in _KINDS:
        raise ValueError(f"its layer {number} is of the kind [{kind}], which YOLOv3 does not have")
    return _KINDS[kind](options, number)


def _convolution(options: Options, number: int) -> Layer:
    activation = options.get("activation", "logistic")
    if activation not in ("leaky", "linear"):
        raise ValueError(f"its layer {number} has the activation {activation!r}")
    if options.get("groups", "1") != "1":
        raise ValueError(f"its layer {number} has groups")
    normalised = options.get("batch_normalize", "0") == "1"
    side, stride = int(options.get("size", "1")), int(options.get("stride", "1"))
    padded = options.get("pad", "0") == "1"
    return Convolution(int(options.get("filters", "1")), side, stride, normalised, activation == "leaky", padded)


def _shortcut(options: Options, number: int) -> Layer:
    if options.get("activation", "linear") != "linear":
        raise ValueError(f"its layer {number} adds with the activation {options['activation']!r}")
    return Shortcut(_absolute(options["from"], number))


def _route(options: Options, number: int) -> Layer:
    if "groups" in options:
        raise ValueError(f"its layer {number} has groups")
    return Route(tuple(_absolute(each, number) for each in options["layers"].split(",")))


def _absolute(value: str, number: int) -> int:
    """Return a layer's number from one that may count back from ``number``."""
    other = int(value)
    other += number if other < 0 else 0
    if not 0 <= other < number:
        raise ValueError(f"its layer {number} points at layer {other}")
    return other


def _upsample(options: Options, number: int) -> Layer:
    return Upsample(int(options.get("stride", "2")))


def _maximum(options: Options, number: int) -> Layer:
    stride = int(options.get("stride", "1"))
    return Maximum(int(options.get("size", str(stride))), stride)


def _output(options: Options, number: int) -> Layer:
    values = [float(each) for each in options["anchors"].split(",")]
    every = list(zip(values[::2], values[1::2], strict=True))
    mask = [int(each) for each in options["mask"].split(",")]
    if float(options.get("scale_x_y", "1")) != 1.0 or options.get("new_coords", "0") != "0":
        raise ValueError(f"its layer {number} decodes boxes otherwise than YOLOv3")
    return Output(tuple(every[index] for index in mask), int(options.get("classes", "20")))


_KINDS: dict[str, Callable[[Options, int], Layer]] = {
    "convolutional": _convolution,
    "shortcut": _shortcut,
    "route": _route,
    "upsample": _upsample,
    "maxpool": _maximum,
    "yolo": _output,
}
