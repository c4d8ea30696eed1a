"""How alike two poses, two places and two outfits are."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from deukgeun.pose.geometry import Floats, Image, Roi
from deukgeun.skeleton import Skeleton

# COCO's per-joint constants (2 sigma; cocodataset.org, keypoint evaluation), for the joints all our sets share.
_OKS_SIGMA = {
    "shoulder": 0.079,
    "elbow": 0.072,
    "wrist": 0.062,
    "hip": 0.107,
    "knee": 0.087,
    "ankle": 0.089,
}
_COLOUR_BINS = (6, 6, 6)


@cache
def _oks_joints(joints: Skeleton) -> tuple[tuple[int, ...], tuple[float, ...]]:
    named = [(f"{side}_{part}", s) for part, s in _OKS_SIGMA.items() for side in ("left", "right")]
    return tuple(joints.index(name) for name, _ in named), tuple(s for _, s in named)


def pose_similarity(a: Floats, b: Floats, joints: Skeleton) -> float:
    """Return the object keypoint similarity (0..1) of two poses (K, 2) in pixels.

    The object's scale is that of the larger pose's box, so that it is symmetric. Source: COCO keypoint
    evaluation, exp(-d^2 / (2 s^2 k^2)) with k = 2 sigma, averaged over the joints.
    """
    index, sigma = _oks_joints(joints)
    p, q = a[list(index)], b[list(index)]
    area = max(float(np.prod(np.ptp(p, axis=0))), float(np.prod(np.ptp(q, axis=0))), 1.0)
    distance2 = np.sum((p - q) ** 2, axis=1)
    k = 2 * np.asarray(sigma)
    return float(np.mean(np.exp(-distance2 / (2 * area * k**2))))


def torso_within(inner: Floats, outer: Floats, joints: Skeleton, slack: float = 0.15) -> bool:
    """Tell whether the torso of one pose (K, 2) lies inside the box of the other's torso, ``slack`` wider each way."""
    corners = list(joints.indices("left_shoulder", "right_shoulder", "right_hip", "left_hip"))
    low, high = outer[corners].min(axis=0), outer[corners].max(axis=0)
    edge = slack * (high - low)
    return bool(np.all(inner[corners] >= low - edge) and np.all(inner[corners] <= high + edge))


def roi_overlap(a: Roi, b: Roi) -> float:
    """Return the intersection over union (0..1) of the circles inscribed in two regions of interest.

    Circles, because the regions turn with the person: lying down must not look like another place.
    """
    r1, r2 = a.side / 2, b.side / 2
    d = float(np.hypot(a.center_x - b.center_x, a.center_y - b.center_y))
    if d >= r1 + r2:
        return 0.0
    inter = _lens(d, r1, r2)
    return inter / (np.pi * (r1**2 + r2**2) - inter)


def _lens(d: float, r1: float, r2: float) -> float:
    """Return the area common to two circles at distance ``d`` that meet."""
    if d <= abs(r1 - r2):
        return float(np.pi * min(r1, r2) ** 2)
    half1 = np.arccos(np.clip((d**2 + r1**2 - r2**2) / (2 * d * r1), -1, 1))
    half2 = np.arccos(np.clip((d**2 + r2**2 - r1**2) / (2 * d * r2), -1, 1))
    kite = 0.5 * np.sqrt(max((-d + r1 + r2) * (d + r1 - r2) * (d - r1 + r2) * (d + r1 + r2), 0.0))
    return max(float(r1**2 * half1 + r2**2 * half2 - kite), 0.0)  # rounding, where they just touch


def outfit(image: Image, xy: Floats, joints: Skeleton) -> NDArray[np.float32] | None:
    """Return the colours of the torso as a normalised Lab histogram (216,), or None if it is out of the picture."""
    corners = xy[list(joints.indices("left_shoulder", "right_shoulder", "right_hip", "left_hip"))]
    low = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(corners.max(axis=0)).astype(int) + 1, image.shape[1::-1])
    if np.any(high - low < 4):
        return None
    patch = image[low[1] : high[1], low[0] : high[0]]
    mask = np.zeros(patch.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull((corners - low).astype(np.int32)), 255)
    lab = cv2.cvtColor(patch, cv2.COLOR_RGB2LAB)
    lab[..., 1:] = np.clip(lab[..., 1:], 64, 191)  # vivid colours count in the outermost bins
    bins = cv2.calcHist([lab], [0, 1, 2], mask, list(_COLOUR_BINS), [0, 256, 64, 192, 64, 192])
    histogram = np.asarray(bins, np.float32).ravel()
    total = float(histogram.sum())
    return histogram / total if total >= 16 else None


def outfit_similarity(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Return the Bhattacharyya coefficient (0..1) of two outfits."""
    return float(np.sum(np.sqrt(a * b)))
