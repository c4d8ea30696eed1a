"""Does the pose estimator see the gym's athletes? Shares of pictures and joints, by exercise and by view."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from deukgeun.skeleton import skeleton
from deukgeun.synth.tracks.recording import Recording, load

Array = npt.NDArray[np.float64]

IN_VIEW = 0.8
PCK = 0.2
# The joints that PCK is usually taken over: COCO's, without the points of the face beside nose and ears.
JOINTS = (
    "nose", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist",
    "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
)  # fmt: skip
INDEX = [skeleton("blazepose_33").joints.index(name) for name in JOINTS]
_TRUNK = [[11, 12], [23, 24]]


@dataclass(frozen=True, slots=True)
class Sight:
    """One clip: pictures with at least `IN_VIEW` of the joints in them, how many of these were found, and the share
    of right joints (PCK@0.2 of the trunk) over them, nan where none was found.
    """

    recording: Recording
    name: str
    in_view: int
    found: int
    pck: float
    pck_unhidden: float


def of(recording: Recording, name: str) -> Sight:
    """Score one recording."""
    shown = recording.inside[:, INDEX].mean(axis=1) >= IN_VIEW
    both = shown & recording.seen
    trunk = np.linalg.norm(
        recording.true_xy[:, _TRUNK[0]].mean(axis=1) - recording.true_xy[:, _TRUNK[1]].mean(axis=1), axis=-1
    )
    # A trunk that points at the lens is short in the picture: its length in space, seen at the hips, is taken.
    length = np.linalg.norm(
        recording.camera_m[:, _TRUNK[0]].mean(axis=1) - recording.camera_m[:, _TRUNK[1]].mean(axis=1), axis=-1
    )
    depth = recording.camera_m[:, _TRUNK[1], 2].mean(axis=1)
    trunk = np.maximum(trunk, recording.focal_px * length / np.maximum(depth, 0.3))
    error = np.linalg.norm(recording.xy[:, INDEX] - recording.true_xy[:, INDEX], axis=-1) / trunk[:, None]
    right = (error < PCK)[both]
    inside, seen = recording.inside[:, INDEX][both], recording.unhidden[:, INDEX][both]
    return Sight(recording, name, int(shown.sum()), int(both.sum()), _mean(right[inside]), _mean(right[inside & seen]))


def _mean(values: npt.NDArray[np.bool_]) -> float:
    return float(values.mean()) if values.size else float("nan")


def read(folder: Path) -> list[Sight]:
    """Score every recording of a folder."""
    return [of(load(path), path.stem) for path in sorted(folder.glob("*.npz"))]


def found_share(clips: Iterable[Sight]) -> float:
    """Share of the pictures in view in which the athlete was found."""
    rows = list(clips)
    total = sum(each.in_view for each in rows)
    return sum(each.found for each in rows) / total if total else float("nan")


def median_pck(clips: Iterable[Sight]) -> float:
    """Median over clips."""
    values = [each.pck for each in clips if not np.isnan(each.pck)]
    return float(np.median(values)) if values else float("nan")


def by(clips: Sequence[Sight], key: Callable[[Sight], str]) -> dict[str, list[Sight]]:
    """Group clips."""
    out: dict[str, list[Sight]] = {}
    for each in clips:
        out.setdefault(key(each), []).append(each)
    return out


def table_of(groups: dict[str, list[Sight]]) -> list[list[str]]:
    """Rows: name, clips, pictures in view, found, median PCK@0.2, of unhidden joints."""
    return [
        [
            name,
            str(len(clips)),
            str(sum(c.in_view for c in clips)),
            f"{found_share(clips):.1%}",
            f"{median_pck(clips):.3f}",
            f"{np.nanmedian([c.pck_unhidden for c in clips] or [np.nan]):.3f}",
        ]
        for name, clips in sorted(groups.items(), key=lambda item: median_pck(item[1]))
    ]
