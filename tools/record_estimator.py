"""Records what the pose estimator sees of rendered clips, beside the truth: the material of the error model.

    python tools/record_estimator.py FOLDER --count 10 --workers 2 [--names squat,push_up] [--model full]

Every clip is a random one (athlete, way of doing it, phone, room), drawn at the estimator's own rate, encoded and
decoded like any video, and followed by `PoseTracker`. Finished clips are kept, so that a stopped run goes on.
"""

from __future__ import annotations

import argparse
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
RATE_HZ, SECONDS = 10.0, 6.0
TRUNK = [11, 12, 23, 24]
BATCH = 50


def record(name: str, seed: int, model: str, bodies: Path, target: Path, keep: Path | None) -> str:
    """Render, estimate and write one clip; says what came of it."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import cv2

    cv2.setNumThreads(1)
    from deukgeun.synth.film import Staging, film
    from deukgeun.synth.scenario import draw_scenario
    from deukgeun.synth.tracks.recording import save

    if target.exists():
        return f"{target.name}: there"
    begun = time.monotonic()
    scenario = draw_scenario(seed, name, duration_s=SECONDS, rate_hz=RATE_HZ)
    with TemporaryDirectory() as folder:
        video = (keep or Path(folder)) / f"{target.stem}.mp4"
        truth = film(scenario, video, Staging(bodies, joint_sets=("blazepose_33",)))
        recording = compare(scenario, truth, video, model)
    save(recording, target)
    return f"{target.name}: found in {recording.seen.mean():.0%}, {time.monotonic() - begun:.1f} s"


def compare(scenario, truth, video: Path, model: str):  # type: ignore[no-untyped-def]
    """The recording of one rendered clip."""
    from deukgeun.media import read_frames
    from deukgeun.pose import PoseTracker
    from deukgeun.pose.subject import main_subject
    from deukgeun.settings import load_settings
    from deukgeun.synth.cameras import view_of
    from deukgeun.synth.scenario import facing, film_points
    from deukgeun.synth.tracks.recording import Recording

    tracker = PoseTracker(load_settings(model=model, threads=1))
    with read_frames(video, rate_hz=RATE_HZ) as frames:
        for frame in frames:
            tracker.update(frame)
    camera, points = scenario.camera, truth.keypoints[0]
    tracks = tracker.tracks()
    seen, xy, score, xyz = matched(tracks, points.xy, points.camera_m, camera.focal_px)
    main = main_subject(tracks, camera.width, camera.height)
    act = scenario.acts[0]
    azimuth, elevation, view = view_of(camera, np.array(facing(act)), film_points(act).mean(axis=(0, 1)))
    return Recording(
        label=scenario.label,
        view=view,
        posture=act.posture,
        width=camera.width,
        height=camera.height,
        focal_px=camera.focal_px,
        rate_hz=RATE_HZ,
        azimuth_deg=azimuth,
        elevation_deg=elevation,
        camera_m=points.camera_m,
        true_xy=points.xy,
        unhidden=points.visible,
        inside=points.in_picture,
        chosen=main is not None and bool(matched([main], points.xy, points.camera_m, camera.focal_px)[0].mean() > 0.5),
        seen=seen,
        xy=xy,
        score=score,
        xyz=xyz,
    )


def matched(tracks, true_xy: Array, camera_m: Array, focal_px: float):  # type: ignore[no-untyped-def]
    """The athlete's poses among everybody's: in each picture the nearest one, if its middle is within a trunk's length.

    Returns seen (T,), xy (T, K, 2), score (T, K), xyz (T, K, 3).
    """
    steps, joints = true_xy.shape[:2]
    seen, xy = np.zeros(steps, bool), np.zeros((steps, joints, 2))
    score, xyz = np.zeros((steps, joints)), np.zeros((steps, joints, 3))
    middle = true_xy[:, TRUNK].mean(axis=1)
    length = np.linalg.norm(camera_m[:, TRUNK[:2]].mean(axis=1) - camera_m[:, TRUNK[2:]].mean(axis=1), axis=-1)
    nearest = focal_px * length / np.maximum(camera_m[:, TRUNK[2:], 2].mean(axis=1), 0.3)
    for track in tracks:
        for k, time_s in enumerate(track.time_s):
            at = round(time_s * RATE_HZ)
            if at >= steps or abs(time_s - at / RATE_HZ) > 0.02:
                continue
            off = float(np.linalg.norm(track.xy[k, TRUNK].mean(axis=0) - middle[at]))
            if off < nearest[at]:
                nearest[at] = off
                seen[at], xy[at], score[at], xyz[at] = True, track.xy[k], track.score[k], track.xyz[k]
    return seen, xy, score, xyz


def main() -> None:
    """Record ``--count`` clips of each name."""
    from deukgeun.synth.repertoire import names

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--names", default="")
    parser.add_argument("--model", default="full")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="keep the videos here")
    given = parser.parse_args()
    chosen = given.names.split(",") if given.names else list(names())
    for folder in (given.folder, given.folder / "bodies", given.keep):
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
    jobs = [
        (name, int(np.random.SeedSequence([given.seed, turn, number]).generate_state(1)[0]), turn)
        for turn in range(given.count)
        for number, name in enumerate(chosen)
    ]
    for first in range(0, len(jobs), BATCH * given.workers):  # new processes now and then: VTK and torch grow
        batch = jobs[first : first + BATCH * given.workers]
        with ProcessPoolExecutor(given.workers, mp_context=get_context("spawn")) as pool:
            waiting = {
                pool.submit(
                    record, name, seed, given.model, given.folder / "bodies",
                    given.folder / f"{name}-{turn:03d}.npz", given.keep,
                ): name
                for name, seed, turn in batch
            }  # fmt: skip
            for number, done in enumerate(as_completed(waiting), first + 1):
                error = done.exception()
                text = f"{waiting[done]}: {type(error).__name__}: {error}" if error else done.result()
                print(f"{number}/{len(jobs)} {text}", flush=True)


if __name__ == "__main__":
    main()
