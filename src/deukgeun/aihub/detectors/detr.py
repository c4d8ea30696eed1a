"""D-FINE and RT-DETR through ``transformers``: detectors that give boxes without anchors and without suppression.

Both take the picture pressed into a square of 640 pixels in 0..1 and give, for each of 300 queries, a logit for every
class and a box (centre x, y, width, height in units of the picture). Source: the image processor that is published
with their weights. Nothing is fetched: the weights are a folder, or were put into the user's cache before.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from deukgeun.aihub.detectors.people import MIN_SCORE, People, people_within
from deukgeun.errors import AihubError
from deukgeun.pose.geometry import Image, sigmoid
from deukgeun.pose.network import Tensor

_KINDS = ("d_fine", "rt_detr", "rt_detr_v2")
_SIZE = 640


class Detr:
    """The detector ``transformers:NAME_OR_FOLDER``."""

    def __init__(self, name: str, size: int | None = None, threads: int = 1) -> None:
        """Load the network. Raises ``aihub-package`` and ``aihub-detector-file``."""
        for package in ("transformers", "torch"):
            if find_spec(package) is None:
                raise AihubError("aihub-package", package=package, detector=f"transformers:{name}")
        self._torch = import_module("torch")
        self._torch.set_num_threads(threads)
        self._model = _model(name)
        self._person = person_label(name, self._model.config.id2label)
        self._size = _SIZE if size is None else size

    def people(self, image: Image) -> People:
        """Return the people of ``image`` (H, W, 3), best first."""
        pressed = cv2.resize(image, (self._size, self._size), interpolation=cv2.INTER_LINEAR)
        tensor = pressed.transpose(2, 0, 1)[None].astype(np.float32) / np.float32(255)
        with self._torch.inference_mode():
            given = self._model(pixel_values=self._torch.from_numpy(tensor))
        return from_queries(given.logits[0].numpy(), given.pred_boxes[0].numpy(), self._person, image)


def from_queries(logits: Tensor, boxes: Tensor, person: int, image: Image) -> People:
    """Return the people among queries: ``logits`` (Q, C), ``boxes`` (Q, 4) of centre and size in 0..1."""
    scores = sigmoid(logits[:, person])
    keep = scores >= MIN_SCORE
    height, width = image.shape[:2]
    values = boxes[keep].astype(np.float64) * [width, height, width, height]
    center, half = values[:, :2], values[:, 2:] / 2
    return people_within(np.concatenate([center - half, center + half], axis=1), scores[keep].astype(np.float64), image)


def person_label(name: str, labels: dict[int, str]) -> int:
    """Return the number of the class of people among a network's ``labels``. Raises ``aihub-detector-file``."""
    for number, label in labels.items():
        if label.lower() == "person":
            return int(number)
    raise _unusable(name, "it knows no class 'person'")


def _model(name: str) -> Any:  # the library's classes are made when they are asked for
    try:
        transformers = import_module("transformers")
        import_module("transformers.utils.logging").disable_progress_bar()
        config = transformers.AutoConfig.from_pretrained(name, local_files_only=True)
        if config.model_type not in _KINDS:
            raise _unusable(name, f"it is a {config.model_type}, not one of {', '.join(_KINDS)}")
        load = transformers.AutoModelForObjectDetection.from_pretrained
        return load(name, local_files_only=True, use_safetensors=True).eval()
    except AihubError:
        raise
    except ImportError as error:
        raise AihubError(
            "aihub-package", package=error.name or "transformers", detector=f"transformers:{name}"
        ) from error
    except Exception as error:  # the library lets through those of several others
        here = (Path(name) / "config.json").is_file()
        reason = "it is not a network that can be run" if here else "it is no folder of a network, nor in the cache"
        raise _unusable(name, reason) from error


def _unusable(name: str, reason: str) -> AihubError:
    return AihubError("aihub-detector-file", path=name, reason=reason)
