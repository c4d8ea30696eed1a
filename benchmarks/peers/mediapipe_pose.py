"""The peer of ``pose_reference.py``: mediapipe's own pose graph over one clip.

Runs in an environment of its own (``pip install mediapipe==0.10.21``) and imports nothing of this project. Reads
``frames.npy`` (N, H, W, 3) uint8 RGB and ``times.npy`` (N,) seconds from a folder; writes an npz with ``xy`` (N, 33, 2)
pixels (NaN where nobody was found), ``visibility`` (N, 33), and ``wall_s`` and ``cpu_s`` (N,) of every picture.

    python mediapipe_pose.py FOLDER OUT.npz [--smooth] [--core 0]
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

_JOINTS = 33


def main() -> None:
    """Parse the arguments, run, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--smooth", action="store_true")
    parser.add_argument("--core", type=int, default=0)
    given = parser.parse_args()
    os.sched_setaffinity(0, {given.core})  # before the import: thread pools size themselves by it
    _run(given.folder, given.out, given.smooth)


def _run(folder: Path, out: Path, smooth: bool) -> None:
    import mediapipe as mp
    import numpy as np

    frames = np.load(folder / "frames.npy", mmap_mode="r")
    times = np.load(folder / "times.npy")
    count, height, width = frames.shape[:3]
    xy = np.full((count, _JOINTS, 2), np.nan)
    visibility = np.zeros((count, _JOINTS))
    wall_s, cpu_s = np.zeros(count), np.zeros(count)
    # Static mode off, complexity 1 (the network `full`) and the default thresholds of 0.5.
    with mp.solutions.pose.Pose(model_complexity=1, smooth_landmarks=smooth) as pose:
        for index in range(count):
            image = np.array(frames[index])
            _tell_time(pose, float(times[index]))
            wall, cpu = time.perf_counter(), time.process_time()
            result = pose.process(image)
            wall_s[index], cpu_s[index] = time.perf_counter() - wall, time.process_time() - cpu
            if result.pose_landmarks:
                points = result.pose_landmarks.landmark
                xy[index] = [(p.x * width, p.y * height) for p in points]
                visibility[index] = [p.visibility for p in points]
    np.savez(out, xy=xy, visibility=visibility, wall_s=wall_s, cpu_s=cpu_s)


def _tell_time(pose: object, time_s: float) -> None:
    """Give the graph the picture's own time: its Python binding pretends 30 pictures a second, whatever they are.

    ``process`` adds 33,333 microseconds to this counter and stamps the picture with it.
    """
    pose._simulated_timestamp = round(time_s * 1e6) + 1  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
