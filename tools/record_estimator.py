"""Records what the pose estimator sees of rendered clips, beside the truth: the material of the error model.

    python tools/record_estimator.py FOLDER --count 10 --workers 2 [--names squat,push_up] [--model full]
    python tools/record_estimator.py FOLDER --count 50 --glimpses 8

Every clip is a random one (athlete, way of doing it, phone, room), drawn at the estimator's own rate, encoded and
decoded like any video, and followed by `PoseTracker`. Finished clips are kept, so that a stopped run goes on. With
``--glimpses`` only so many pictures of each clip are looked at, and the clips are small: many times more clips an hour
tell how depth errors follow from the pose, though not how errors run in time.
"""

from __future__ import annotations

import argparse
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
RATE_HZ, SECONDS = 10.0, 6.0
TRUNK = [11, 12, 23, 24]
BATCH = 50
GLIMPSE_LINES = 540


def record(name: str, seed: int, model: str, bodies: Path, target: Path, keep: Path | None, glimpses: int = 0) -> str:
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
    lines = GLIMPSE_LINES if glimpses else None
    scenario = draw_scenario(seed, name, duration_s=SECONDS, rate_hz=RATE_HZ, lines=lines)
    staging = Staging(bodies, joint_sets=("blazepose_33",))
    with TemporaryDirectory() as folder:
        video = (keep or Path(folder)) / f"{target.stem}.mp4"
        if glimpses:
            recording = glimpsed(scenario, staging, video, model, glimpses)
        else:
            recording = compare(scenario, film(scenario, video, staging).keypoints[0], video, model)
    save(recording, target)
    return f"{target.name}: found in {recording.seen.mean():.0%}, {time.monotonic() - begun:.1f} s"


def glimpsed(scenario, staging, video: Path, model: str, count: int):  # type: ignore[no-untyped-def]
    """The recording of a clip of which ``count`` pictures are looked at.

    Before each of them comes the one before it, so that the tracker looks for the athlete in the right place.
    """
    from deukgeun.media.writer import VideoWriter
    from deukgeun.synth.film import Filming

    chance = np.random.default_rng([scenario.seed, 1])
    edges = np.linspace(1, len(scenario.time_s), count + 1)
    chosen = np.array([int(chance.uniform(low, high)) for low, high in pairwise(edges)])
    frames = sorted({*chosen.tolist(), *(chosen - 1).tolist()})
    camera, unhidden = scenario.camera, np.zeros((len(scenario.time_s), 33), bool)
    with Filming(scenario, staging) as filming:
        with VideoWriter(video, camera.width, camera.height, RATE_HZ, filming.lens.crf) as out:
            for number, frame in enumerate(frames):
                shown = filming.picture(frame)
                out.write(shown.rgb, number / RATE_HZ)
                unhidden[frame] = shown.unhidden
        points = filming.truth(video.name, unhidden).keypoints[0]
    whole = compare(scenario, points, video, model, tuple(frames))
    seen = whole.seen & np.isin(np.arange(len(whole.seen)), chosen)
    keep = seen[:, None, None]
    return replace(
        whole, seen=seen, xy=np.where(keep, whole.xy, 0.0), score=np.where(keep[..., 0], whole.score, 0.0),
        xyz=np.where(keep, whole.xyz, 0.0),
    )  # fmt: skip


def compare(scenario, points, video: Path, model: str, frames: tuple[int, ...] = ()):  # type: ignore[no-untyped-def]
    """The recording of one rendered clip, of which the video may show only the pictures ``frames``.

    Of these poses are as the network gives them: smoothing would mix pictures that are far apart.
    """
    from deukgeun.media import read_frames
    from deukgeun.pose import PoseTracker
    from deukgeun.pose.subject import main_subject
    from deukgeun.settings import load_settings
    from deukgeun.synth.cameras import view_of
    from deukgeun.synth.scenario import facing, film_points
    from deukgeun.synth.tracks.recording import Recording

    tracker = PoseTracker(load_settings(model=model, threads=1), smooth=not frames)
    with read_frames(video, rate_hz=RATE_HZ) as pictures:
        for frame in pictures:
            tracker.update(frame)
    camera = scenario.camera
    tracks = tracker.tracks()
    seen, xy, score, xyz = matched(tracks, points.xy, points.camera_m, camera.focal_px, frames)
    main = main_subject(tracks, camera.width, camera.height)
    taken = main is not None and matched([main], points.xy, points.camera_m, camera.focal_px, frames)[0]
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
        chosen=bool(np.sum(taken) > 0.5 * (len(frames) or len(seen))),
        seen=seen,
        xy=xy,
        score=score,
        xyz=xyz,
    )


def matched(  # type: ignore[no-untyped-def]
    tracks, true_xy: Array, camera_m: Array, focal_px: float, frames: tuple[int, ...] = ()
):
    """The athlete's poses among everybody's: in each picture the nearest one, if its middle is within a trunk's length.

    ``frames`` are the pictures that the video shows, all where there are none. Returns seen (T,), xy (T, K, 2),
    score (T, K), xyz (T, K, 3).
    """
    steps, joints = true_xy.shape[:2]
    seen, xy = np.zeros(steps, bool), np.zeros((steps, joints, 2))
    score, xyz = np.zeros((steps, joints)), np.zeros((steps, joints, 3))
    middle = true_xy[:, TRUNK].mean(axis=1)
    length = np.linalg.norm(camera_m[:, TRUNK[:2]].mean(axis=1) - camera_m[:, TRUNK[2:]].mean(axis=1), axis=-1)
    nearest = focal_px * length / np.maximum(camera_m[:, TRUNK[2:], 2].mean(axis=1), 0.3)
    for track in tracks:
        for k, time_s in enumerate(track.time_s):
            shown = round(time_s * RATE_HZ)
            if shown >= (len(frames) or steps) or abs(time_s - shown / RATE_HZ) > 0.02:
                continue
            at = frames[shown] if frames else shown
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
    parser.add_argument("--glimpses", type=int, default=0, help="look at so many pictures of each clip; 0: at all")
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
                    given.glimpses,
                ): name
                for name, seed, turn in batch
            }  # fmt: skip
            for number, done in enumerate(as_completed(waiting), first + 1):
                error = done.exception()
                text = f"{waiting[done]}: {type(error).__name__}: {error}" if error else done.result()
                print(f"{number}/{len(jobs)} {text}", flush=True)


if __name__ == "__main__":
    main()
