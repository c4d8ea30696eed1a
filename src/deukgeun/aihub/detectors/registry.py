"""Detectors by what the user writes: ``blazepose``, ``yolov3:FILE``, ``transformers:NAME_OR_FOLDER``."""

from __future__ import annotations

import re
from pathlib import Path

from deukgeun.aihub.detectors.people import PersonDetector
from deukgeun.errors import AihubError

KNOWN = (
    "blazepose",
    "yolov3:FILE.weights",
    "yolov3:FILE.onnx",
    "transformers:NAME_OR_FOLDER",
)
_SIZE = re.compile(r"@(\d+)$")


def detector(spec: str, threads: int = 1) -> PersonDetector:
    """Return the detector that ``spec`` names; ``@416`` at its end sets the side in pixels of what the network sees.

    ``yolov3:FILE.weights`` uses ``FILE.cfg`` beside it if that is there. Raises ``aihub-detector`` for another name,
    ``aihub-detector-file`` and ``aihub-package``.
    """
    kind, _, name = spec.partition(":")
    asked = _SIZE.search(name)
    size, name = (int(asked[1]), name[: asked.start()]) if asked else (None, name)
    if kind == "blazepose" and spec == kind:
        from deukgeun.aihub.detectors.blazepose import BlazePosePeople

        return BlazePosePeople(threads)
    if kind == "yolov3" and name:
        return _yolov3(Path(name), size, threads)
    if kind == "transformers" and name:
        from deukgeun.aihub.detectors.detr import Detr

        return Detr(name, size, threads)
    raise AihubError("aihub-detector", name=spec, known=", ".join(KNOWN))


def _yolov3(path: Path, size: int | None, threads: int) -> PersonDetector:
    from deukgeun.aihub.detectors.yolo import from_darknet, from_onnx

    if path.suffix.lower() == ".onnx":
        return from_onnx(path, size, threads)
    cfg = path.with_suffix(".cfg")
    return from_darknet(path, cfg if cfg.is_file() else None, size, threads)
