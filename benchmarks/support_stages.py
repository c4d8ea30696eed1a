"""What the stages of an analysis cost, each measured by itself: decoding, networks, the pose stage, understanding.

python benchmarks/support_stages.py VIDEO        prints the figures as JSON
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

RATE_HZ = 10.0


@dataclass(frozen=True, slots=True)
class Stages:
    """Costs of one video. ``decode_ms`` is processor time for a second of video, with the conversion of its pictures;
    ``network_ms`` and ``pose_ms`` are for a picture that is analysed; ``understand_share`` is of the whole analysis.
    """

    decode_ms: float
    network_ms: float
    pose_ms: float
    pose_over_networks: float
    start_s: float
    understand_s: float
    understand_share: float

    def rows(self) -> list[tuple[str, str]]:
        """Return the rows of a table."""
        return [
            ("decoding, processor time for a second of video", f"{self.decode_ms:.0f} ms"),
            ("networks, for a picture (the detector's looks included)", f"{self.network_ms:.1f} ms"),
            ("pose stage, for a picture", f"{self.pose_ms:.1f} ms"),
            ("pose stage over its networks", f"{self.pose_over_networks:.2f}x"),
            ("start-up: imports and loading the networks", f"{self.start_s:.2f} s"),
            ("segmenting, naming and counting", f"{self.understand_s:.2f} s, {100 * self.understand_share:.1f} %"),
        ]


def measure_stages(video: Path, duration_s: float) -> Stages:
    """Measure the stages of a video in a process of their own."""
    command = [sys.executable, __file__, str(video), str(duration_s)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Stages(**json.loads(done.stdout))


def _stages(video: Path, duration_s: float) -> Stages:
    started = time.perf_counter()
    from deukgeun.analysis import analyze_video
    from deukgeun.media import frames
    from deukgeun.pose import PoseTracker
    from deukgeun.settings import load_settings

    settings = load_settings(environ={}, rate_hz=RATE_HZ, decode_threads=1)
    tracker = PoseTracker(settings)
    start_s = time.perf_counter() - started
    cpu, pose_s, count = time.process_time(), 0.0, 0
    for _ in frames(video, rate_hz=RATE_HZ, settings=settings):
        count += 1
    decode_s = time.process_time() - cpu
    for frame in frames(video, rate_hz=RATE_HZ, settings=settings):
        before = time.perf_counter()
        tracker.update(frame)
        pose_s += time.perf_counter() - before
    networks_s = tracker.model.network.seconds + tracker.detector.network.seconds  # type: ignore[attr-defined]
    understanding: list[float] = []

    def progress(stage: str, done_s: float, total_s: float | None) -> None:
        if stage == "understand" and not understanding:
            understanding.append(time.perf_counter())

    whole = time.perf_counter()
    analyze_video(video, settings=load_settings(environ={}, rate_hz=RATE_HZ), progress=progress)
    ended = time.perf_counter()
    return Stages(
        decode_ms=1000 * decode_s / duration_s,
        network_ms=1000 * networks_s / count,
        pose_ms=1000 * pose_s / count,
        pose_over_networks=pose_s / networks_s,
        start_s=start_s,
        understand_s=ended - understanding[0],
        understand_share=(ended - understanding[0]) / (ended - whole),
    )


if __name__ == "__main__":
    print(json.dumps(asdict(_stages(Path(sys.argv[1]), float(sys.argv[2])))))
