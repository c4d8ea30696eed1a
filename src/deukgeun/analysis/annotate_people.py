"""Skeletons in the replay: where everybody is between the analysed times, and how they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from deukgeun.analysis.annotate_draw import Canvas
from deukgeun.analysis.annotate_scene import Story
from deukgeun.analysis.annotate_text import Colour
from deukgeun.exercises import exercise_name
from deukgeun.pose.track import PoseTrack
from deukgeun.skeleton import Skeleton

Floats = NDArray[np.float64]
Image = NDArray[np.uint8]

_LONGEST_GAP_S = 0.6
_MIN_SCORE = 0.3
_FACE = frozenset({"nose", "eye", "ear", "mouth"})
_LEFT: Colour = (64, 196, 255)
_RIGHT: Colour = (255, 171, 64)
_MIDDLE: Colour = (240, 240, 240)
_OTHERS: Colour = (170, 170, 170)
_SHADOW: Colour = (0, 0, 0)


def pose_at(track: PoseTrack, time_s: float) -> tuple[Floats, Floats] | None:
    """Return ``xy`` (K, 2) in pixels of the video and ``score`` (K,) at a time, linear between the analysed times.

    None where the person is out of sight: before, after, and in gaps of more than 0.6 s (or 2.5 times the usual step).
    """
    if not len(track):
        return None
    step = float(np.median(np.diff(track.time_s))) if len(track) > 1 else 0.1
    after = int(np.searchsorted(track.time_s, time_s))
    before = max(0, after - 1)
    if after == len(track) or after == 0:
        near = abs(time_s - float(track.time_s[min(after, len(track) - 1)])) <= step
        index = min(after, len(track) - 1)
        return (track.xy[index], track.score[index]) if near else None
    span = float(track.time_s[after] - track.time_s[before])
    if span > max(_LONGEST_GAP_S, 2.5 * step):
        return None
    share = (time_s - float(track.time_s[before])) / span
    xy = (1 - share) * track.xy[before] + share * track.xy[after]
    return xy, np.minimum(track.score[before], track.score[after])


def draw_people(
    image: Image, tracks: Sequence[PoseTrack], time_s: float, scale: float, story: Story, lang: str
) -> None:
    """Draw everybody into ``image`` (in place): the main person in colour and last, the others thin and grey, with
    the name and count of what they do. ``scale`` turns pixels of the video into pixels of ``image``.
    """
    for track in sorted(tracks, key=lambda each: each.person == story.main):
        pose = pose_at(track, time_s)
        if pose is None:
            continue
        xy, score = pose
        draw_skeleton(image, track.skeleton, xy * scale, score, track.person == story.main)
        if track.person != story.main:
            _tag(image, xy * scale, score, story, time_s, track.person, lang)


def draw_skeleton(image: Image, joints: Skeleton, xy: Floats, score: Floats, main: bool) -> None:
    """Draw one person: the left side blue, the right side orange. Joints with a score under 0.3 are left out."""
    seen = (score >= _MIN_SCORE) & np.all(np.isfinite(xy), axis=1)
    points = np.clip(np.nan_to_num(xy), -1e4, 1e4)
    unit = max(1, round(min(image.shape[:2]) / (180 if main else 300)))
    bones = [(a, b) for a, b in _drawn_bones(joints) if seen[a] and seen[b]]
    if main:
        for a, b in bones:  # a dark line below the coloured ones: they must be seen on white, too
            _line(image, points, a, b, _SHADOW, unit + 2)
    for a, b in bones:
        _line(image, points, a, b, _colour(joints, a, b) if main else _OTHERS, unit)
    for index in sorted({i for bone in bones for i in bone}) if main else ():
        x, y = points[index]
        cv2.circle(image, (round(x), round(y)), unit + 1, _SHADOW, -1, cv2.LINE_AA)
        cv2.circle(image, (round(x), round(y)), unit, _MIDDLE, -1, cv2.LINE_AA)


@cache
def _drawn_bones(joints: Skeleton) -> tuple[tuple[int, int], ...]:
    """Return the bones without those of the face: they say nothing of the exercise."""
    face = [bool(_FACE & set(name.split("_"))) for name in joints.joints]
    return tuple((a, b) for a, b in joints.bones if not (face[a] and face[b]))


def _colour(joints: Skeleton, a: int, b: int) -> Colour:
    sides = {word for index in (a, b) for word in joints.joints[index].split("_")} & {"left", "right"}
    if len(sides) != 1:
        return _MIDDLE
    return _LEFT if "left" in sides else _RIGHT


def _line(image: Image, points: Floats, a: int, b: int, colour: Colour, thickness: int) -> None:
    start, end = (tuple(round(float(v)) for v in points[i]) for i in (a, b))
    cv2.line(image, start, end, colour, thickness, cv2.LINE_AA)


def _tag(image: Image, xy: Floats, score: Floats, story: Story, time_s: float, person: int, lang: str) -> None:
    """Write over somebody's head what they do and how often they did it."""
    scene = story.at(time_s, person)
    seen = xy[score >= _MIN_SCORE]
    if scene.current is None or not len(seen):
        return
    canvas = Canvas(image, lang)
    text = f"{exercise_name(scene.current.exercise, canvas.lang)} {canvas.amount(scene)[0]}"
    canvas.tag(text, float(seen[:, 0].mean()), float(seen[:, 1].min()))
