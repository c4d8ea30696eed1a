"""Render `samples/squats_pushups.mp4` and the truth beside it.

The athlete is the parametric body of the PyPI package `anny` (Apache-2.0, CC0 shapes), moved by our own key poses
and inverse kinematics, lit by `sample/light.py`, drawn off screen by `pyvista`. The same seed gives the same motion,
room and grain. It needs a virtual environment of its own, since the product needs none of these:

    python -m venv gym && gym/bin/pip install torch anny pyvista av opencv-python-headless scipy
    gym/bin/python tools/render_sample.py --out samples/

About eight minutes on one core. `--body FILE` keeps the body between runs; `--sheet FILE --every SECONDS` draws a
contact sheet instead of the video, to look at before rendering.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sample import stage, video
from sample.body import load_body
from sample.choreography import Rep, Workout
from sample.outfit import dress
from sample.rig import Rig

Image = npt.NDArray[np.uint8]

NAME = "squats_pushups"
FPS = 30
QUALITY = 24


def exercise_set(slug: str, reps: tuple[Rep, ...]) -> dict[str, object]:
    """The truth of one set: it lasts from its first repetition's start to its last one's end."""
    return {
        "exercise": slug,
        "start_s": round(reps[0].start_s, 3),
        "end_s": round(reps[-1].end_s, 3),
        "repetitions": [
            {"start_s": round(r.start_s, 3), "peak_s": round(r.peak_s, 3), "end_s": round(r.end_s, 3)} for r in reps
        ],
    }


def truth(workout: Workout, frames: int, seed: int) -> dict[str, object]:
    """What the video shows; times in seconds of its presentation time stamps."""
    return {
        "video": f"{NAME}.mp4",
        "width": stage.WIDTH,
        "height": stage.HEIGHT,
        "fps": FPS,
        "duration_s": round(frames / FPS, 3),
        "sets": [exercise_set("bodyweight_squat", workout.squats), exercise_set("push_up", workout.push_ups)],
        "camera": {**stage.CAMERA, "axes": "x to the athlete's left, -y forward, z up; metres"},
        "generator": {"script": "tools/render_sample.py", "seed": seed, "body": "anny"},
    }


def pictures(workout: Workout, scene: stage.Stage, times_s: npt.NDArray[np.float64]) -> Iterator[Image]:
    """The frames at `times_s`."""
    for number, time_s in enumerate(times_s):
        posed = workout.rig.solve(workout.pose(float(time_s)))
        yield scene.picture(workout.rig.skin(posed, scene.person.vertices, scene.person.weights))
        if number % 60 == 0:
            print(f"{time_s:5.1f} s", flush=True)


def contact_sheet(path: Path, frames: list[Image], columns: int = 5) -> None:
    """Frames side by side, each at a third of its size."""
    import cv2

    small = [cv2.resize(f, None, fx=1 / 3, fy=1 / 3, interpolation=cv2.INTER_AREA) for f in frames]
    small += [np.zeros_like(small[0])] * (-len(small) % columns)
    rows = [np.hstack(small[i : i + columns]) for i in range(0, len(small), columns)]
    cv2.imwrite(str(path), np.vstack(rows)[..., ::-1])


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("samples"), help="folder for the video and its truth")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--body", type=Path, help="an .npz file that keeps the body between runs")
    parser.add_argument("--sheet", type=Path, help="draw this contact sheet instead of the video")
    parser.add_argument("--every", type=float, default=1.0, help="seconds between the sheet's pictures")
    parser.add_argument("--start", type=float, default=0.0, help="first second of the sheet")
    parser.add_argument("--end", type=float, default=1e9, help="last second of the sheet")
    return parser.parse_args()


def main() -> None:
    """Render the sheet or the video."""
    args = arguments()
    body = load_body(args.body)
    workout = Workout(Rig(body), args.seed)
    scene = stage.Stage(dress(body), args.seed)
    if args.sheet:
        times = np.arange(args.start, min(args.end, workout.duration_s), args.every)
        contact_sheet(args.sheet, list(pictures(workout, scene, times)))
        return
    frames = round(workout.duration_s * FPS)
    args.out.mkdir(parents=True, exist_ok=True)
    video.write(args.out / f"{NAME}.mp4", pictures(workout, scene, np.arange(frames) / FPS), FPS, QUALITY)
    text = json.dumps(truth(workout, frames, args.seed), indent=2)
    (args.out / f"{NAME}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
