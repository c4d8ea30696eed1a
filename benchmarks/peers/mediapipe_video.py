"""The peer of ``bench.py``: mediapipe's own pose graph over a video that OpenCV decodes.

Runs in an environment of its own (``pip install mediapipe==0.10.21``) and imports nothing of this project. As one
would write it: every picture is grabbed, those of the wanted rate are converted and given to the graph (complexity 1:
the network ``full``), with the defaults of both libraries. Prints how many pictures it took and how many had a pose.

    python mediapipe_video.py VIDEO [--rate 10]
"""

from __future__ import annotations

import argparse

import cv2
import mediapipe as mp


def main() -> None:
    """Go through the video once."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("video")
    parser.add_argument("--rate", type=float, default=10.0)
    given = parser.parse_args()
    video = cv2.VideoCapture(given.video)
    step = video.get(cv2.CAP_PROP_FPS) / given.rate
    index, taken, seen = 0, 0, 0
    with mp.solutions.pose.Pose(model_complexity=1) as pose:
        while video.grab():
            if index >= taken * step:
                _, picture = video.retrieve()
                found = pose.process(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))
                taken, seen = taken + 1, seen + (found.pose_landmarks is not None)
            index += 1
    print(f"{taken} pictures, {seen} with a pose")


if __name__ == "__main__":
    main()
