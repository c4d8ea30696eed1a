"""Who the video is about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deukgeun.pose.geometry import Floats
from deukgeun.pose.track import PoseTrack

_LIMB_ENDS = ("nose", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee")


def main_subject(tracks: Sequence[PoseTrack], width: int, height: int) -> PoseTrack | None:
    """Return the track of the person whom the video is about, or None without tracks.

    The score is a product of how long they are in the picture, how large, how central, and how much they move
    to and fro: somebody who trains in the background of somebody who walks past wins, and being first counts
    for nothing.
    """
    return max(tracks, key=lambda t: subject_score(t, width, height), default=None)


def subject_score(track: PoseTrack, width: int, height: int) -> float:
    """Return the weight of a person as the main subject; the unit is arbitrary."""
    box = np.ptp(track.xy, axis=1)
    size = float(np.median(np.hypot(box[:, 0], box[:, 1]))) / float(np.hypot(width, height))
    middle = np.median(track.xy.mean(axis=1), axis=0)
    off = np.abs(middle / np.array([width, height]) - 0.5)
    central = float(np.exp(-2.0 * np.sum(off**2) / 0.25))
    return seen_s(track) * size * central * (0.2 + oscillation(track))


def seen_s(track: PoseTrack, longest_gap_s: float = 0.5) -> float:
    """Return for how many seconds the person was in sight; longer gaps do not count."""
    steps = np.diff(track.time_s)
    return float(steps[steps <= longest_gap_s].sum()) + 0.05


def oscillation(track: PoseTrack) -> float:
    """Return how much the person moves to and fro in place: path over net displacement, in body sizes a second.

    Walking through the picture has a long path but it leads somewhere, and its limbs move about the hips in
    small arcs; repetitions have a path that comes back to where it was.
    """
    if len(track) < 4:
        return 0.0
    points = track.xy[:, list(track.skeleton.indices(*_LIMB_ENDS))]
    size = float(np.median(np.linalg.norm(np.ptp(points, axis=1), axis=1))) + 1e-6
    points = _lowpass(points / size)
    path = np.linalg.norm(np.diff(points, axis=0), axis=2).sum(axis=0)
    net = np.linalg.norm(points[-1] - points[0], axis=1)
    returned = np.maximum(path - 2.0 * net, 0.0) / max(seen_s(track), 0.5)
    return float(np.clip(np.mean(np.sort(returned)[-4:]), 0.0, 1.0))


def _lowpass(points: Floats, width: int = 3) -> Floats:
    kernel = np.ones(width) / width
    smoothed: Floats = np.apply_along_axis(lambda v: np.convolve(v, kernel, "valid"), 0, points)
    return smoothed
