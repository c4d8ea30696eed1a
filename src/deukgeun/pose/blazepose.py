"""BlazePose landmarks: 33 joints in the picture and in metres, for one region of interest.

The outputs and constants are those of the published graph ``pose_landmark``: 39 points of (x, y, z, visibility,
presence) in pixels of the 256 x 256 input, of which 33 are joints and two are the alignment points for the next
region of interest; a 64 x 64 heat map for each of them; 39 points in metres.
"""

from __future__ import annotations

import numpy as np

from deukgeun.pose.estimator import PoseEstimate
from deukgeun.pose.geometry import Floats, Image, Roi, roi_from_alignment, sigmoid
from deukgeun.pose.network import Network, Tensor
from deukgeun.pose.weights import weights_path
from deukgeun.skeleton import skeleton

_POINTS = 39
_JOINTS = 33
_CENTER, _TIP = 33, 34
_KERNEL = 7
_MIN_PEAK = 0.5


class BlazePose:
    """The estimator behind ``lite``, ``full`` and ``heavy``: one interface, three sizes of network."""

    def __init__(self, variant: str, threads: int = 1) -> None:
        self.skeleton = skeleton("blazepose_33")
        self.network = Network(weights_path(variant), threads)
        self._order = _output_order(self.network)

    def preprocess(self, image: Image, roi: Roi) -> Tensor:
        """Return the person's square as (1, 256, 256, 3) in 0..1.

        Beyond the picture's border its edge goes on, as in the published graph; the detector sees black there.
        """
        tensor: Tensor = roi.crop(image, self.network.input_size, "edge").astype(np.float32)
        tensor *= 1.0 / 255.0
        return tensor[None]

    def infer(self, tensor: Tensor) -> list[Tensor]:
        """Return landmarks (1, 195), flag (1, 1), heat maps (1, 64, 64, 39) and world points (1, 117)."""
        outputs = self.network(tensor)
        return [outputs[index] for index in self._order]

    def postprocess(self, outputs: list[Tensor], roi: Roi) -> PoseEstimate:
        """Return the joints in pixels and metres; the score of a joint is its visibility times its presence."""
        landmarks, flag, heat, world = outputs
        points = landmarks.reshape(_POINTS, 5).astype(np.float64)
        unit = refine(points[:, :2] / self.network.input_size, heat[0])
        score = np.prod(sigmoid(landmarks.reshape(_POINTS, 5)[:_JOINTS, 3:]), axis=1).astype(np.float64)
        xy = roi.to_image(unit)
        xyz = world.reshape(_POINTS, 3)[:_JOINTS].astype(np.float64)
        xyz[:, :2] = xyz[:, :2] @ roi.axes.T
        following = roi_from_alignment(xy[_CENTER], xy[_TIP])
        return PoseEstimate(float(flag[0, 0]), xy[:_JOINTS], score, xyz, following)


def _output_order(network: Network) -> list[int]:
    """Return the places of (landmarks, flag, heat map, world): told apart by size, not by generated names."""
    sizes = [int(np.prod(shape)) for shape in network.output_shapes]
    return [sizes.index(wanted) for wanted in (_POINTS * 5, 1, 64 * 64 * _POINTS, _POINTS * 3)]


def refine(unit: Floats, heat: Tensor) -> Floats:
    """Return ``unit`` (P, 2), each point moved to the centre of mass of its heat map nearby.

    ``heat`` (H, W, P) holds logits. The window is 7 x 7 cells around the regressed point; a point stays as it is
    where it lies outside the map or the peak in the window is below 0.5.
    """
    height, width, count = heat.shape
    column = np.floor(unit[:, 0] * width).astype(int)
    row = np.floor(unit[:, 1] * height).astype(int)
    inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    reach = np.arange(_KERNEL) - _KERNEL // 2
    rows, columns = row[:, None] + reach, column[:, None] + reach
    valid = ((rows >= 0) & (rows < height))[:, :, None] & ((columns >= 0) & (columns < width))[:, None, :]
    safe_rows, safe_columns = np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)
    window = heat[safe_rows[:, :, None], safe_columns[:, None, :], np.arange(count)[:, None, None]]
    mass = np.where(valid, sigmoid(window), 0.0)
    total = mass.sum(axis=(1, 2))
    use = inside & (mass.max(axis=(1, 2)) >= _MIN_PEAK) & (total > 0)
    x = (mass.sum(axis=1) * columns).sum(axis=1) / np.maximum(total, 1e-9) / width
    y = (mass.sum(axis=2) * rows).sum(axis=1) / np.maximum(total, 1e-9) / height
    return np.where(use[:, None], np.stack([x, y], axis=1), unit)
