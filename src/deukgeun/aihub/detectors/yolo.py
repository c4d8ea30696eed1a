"""YOLOv3, the detector of the original study: Darknet's own weights or a file of ONNX, run by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from deukgeun.aihub.detectors.darknet_layers import DarknetNetwork, Output, parsed_cfg, yolov3
from deukgeun.aihub.detectors.darknet_weights import onnx_of, read_numbers
from deukgeun.aihub.detectors.letterbox import Letterbox
from deukgeun.aihub.detectors.people import MIN_SCORE, People, people_within
from deukgeun.aihub.detectors.suppress import suppressed
from deukgeun.aihub.detectors.yolo_outputs import Candidates, candidates, cells_of, from_map, joined
from deukgeun.errors import AihubError
from deukgeun.onnx_session import session_of
from deukgeun.pose.geometry import Image
from deukgeun.pose.network import Tensor

Decode = Callable[[Sequence[Tensor], int, float], Candidates]
_LARGEST_STRIDE = 32
_USUAL_SIZE = 416  # of a file of ONNX that takes any size


class YoloV3:
    """The detector ``yolov3:FILE``. ``size`` is the side in pixels of the square that the network sees."""

    def __init__(self, content: bytes, path: Path, decode: Decode, size: int | None, threads: int = 1) -> None:
        """Load a network of ONNX, read from ``path``. Raises ``aihub-detector-file``."""
        self._path, self._decode = path, decode
        self._session = _session(content, path, threads)
        taken = self._session.get_inputs()
        if len(taken) != 1:
            raise _unusable(path, f"it takes {len(taken)} inputs, where YOLOv3 takes a picture")
        self._input, shape = taken[0].name, list(taken[0].shape)
        self._channels_last = len(shape) == 4 and shape[3] == 3
        self.size = _size(path, shape, self._channels_last, size)

    def people(self, image: Image) -> People:
        """Return the people of ``image`` (H, W, 3), best first. Raises ``aihub-detector-file`` for foreign outputs."""
        box = Letterbox(image.shape[1], image.shape[0], self.size)
        found = self._candidates(box.tensor(image))
        kept = suppressed(found.boxes, found.scores)
        return people_within(box.to_image(found.boxes[kept]), found.scores[kept], image)

    def _candidates(self, tensor: Tensor) -> Candidates:
        given = np.ascontiguousarray(tensor.transpose(0, 2, 3, 1)) if self._channels_last else tensor
        outputs = [np.asarray(each, np.float32) for each in self._session.run(None, {self._input: given})]
        try:
            return self._decode(outputs, self.size, MIN_SCORE)
        except ValueError as error:
            raise _unusable(self._path, error) from error


def from_onnx(path: Path, size: int | None = None, threads: int = 1) -> YoloV3:
    """Return the YOLOv3 of a file of ONNX: three feature maps, or rows of decoded boxes.

    Raises ``aihub-detector-file``, also from ``people`` if the outputs turn out to be of another kind.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unusable(path, error.strerror or error) from error
    return YoloV3(content, path, candidates, size, threads)


def from_darknet(path: Path, cfg: Path | None = None, size: int | None = None, threads: int = 1) -> YoloV3:
    """Return the network of Darknet's ``.weights``: YOLOv3 with 80 classes, or what the file ``cfg`` describes.

    Raises ``aihub-detector-file``.
    """
    network = yolov3() if cfg is None else _configured(cfg)
    side = _size(path, (1, 3, None, None), False, network.size if size is None else size)
    try:
        content = onnx_of(network, read_numbers(path), side)
    except (OSError, ValueError) as error:
        raise _unusable(path, (error.strerror or error) if isinstance(error, OSError) else error) from error
    outputs = [layer for layer in network.layers if isinstance(layer, Output)]
    return YoloV3(content, path, partial(_with_anchors, outputs), side, threads)


def _configured(cfg: Path) -> DarknetNetwork:
    try:
        return parsed_cfg(cfg.read_text("utf-8"))
    except OSError as error:
        raise _unusable(cfg, error.strerror or error) from error
    except KeyError as error:
        raise _unusable(cfg, f"a layer lacks the option {error}") from error
    except (ValueError, IndexError) as error:
        raise _unusable(cfg, error) from error


def _with_anchors(layers: Sequence[Output], outputs: Sequence[Tensor], size: int, min_score: float) -> Candidates:
    maps = [cells_of(output, len(layer.anchors)) for output, layer in zip(outputs, layers, strict=True)]
    return joined([from_map(c, layer.anchors, size, min_score) for c, layer in zip(maps, layers, strict=True)])


def _size(path: Path, shape: Sequence[object], channels_last: bool, wanted: int | None) -> int:
    """Return the side of the picture that goes in: the file's own, or the wanted one if the file leaves it open."""
    if len(shape) != 4 or (isinstance(shape[3 if channels_last else 1], int) and 3 not in (shape[1], shape[3])):
        raise _unusable(path, f"it takes {shape}, which is not a picture")
    height, width = (side if isinstance(side, int) else None for side in (shape[1:3] if channels_last else shape[2:]))
    if height != width:
        raise _unusable(path, f"it takes {shape}, which is not a square")
    if height is not None and wanted not in (None, height):
        raise _unusable(path, f"it takes pictures of {height} pixels and no other size")
    size = height or wanted or _USUAL_SIZE
    if size % _LARGEST_STRIDE:
        raise _unusable(path, f"{size} pixels are no multiple of {_LARGEST_STRIDE}")
    return size


def _session(content: bytes, path: Path, threads: int) -> Any:  # the library has no types
    try:
        return session_of(content, threads)
    except ValueError as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, reason: object) -> AihubError:
    return AihubError("aihub-detector-file", path=path, reason=reason)
