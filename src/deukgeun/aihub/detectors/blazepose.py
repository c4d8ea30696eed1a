"""BlazePose's own detector behind the interface: a square around the whole person."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from deukgeun.aihub.detectors.people import People, people_within
from deukgeun.aihub.detectors.suppress import suppressed
from deukgeun.pose.detector import Detection, PersonDetector
from deukgeun.pose.geometry import Floats, Image

# The network is weak on bodies that lie across the picture, and sometimes takes a part of one for somebody small: it
# always sees the picture upright and on its side. The other two ways round are for when both show nobody.
_TURNS = ((0, 1), (3, 2))


class BlazePosePeople:
    """The detector ``blazepose``.

    The network finds the middle of the hips and a point on the circle around the whole body. The box is the upright
    square around that circle, cut off at the picture's edges: as wide as the person is long, whichever way they lie.
    """

    def __init__(self, threads: int = 1) -> None:
        self._detector = PersonDetector(threads)

    def people(self, image: Image) -> People:
        """Return the people of ``image`` (H, W, 3), best first."""
        for turns in _TURNS:
            if found := [each for turn in turns for each in self._detector.detect(image, turn)]:
                return _people(found, image)
        return People(np.zeros((0, 4)), np.zeros(0))


def _people(found: Sequence[Detection], image: Image) -> People:
    boxes = np.array([square_around(each) for each in found])
    scores = np.array([each.score for each in found])
    kept = suppressed(boxes, scores)
    return people_within(boxes[kept], scores[kept], image)


def square_around(found: Detection) -> Floats:
    """Return the box (4,) around the circle that ``found`` says holds the whole body."""
    center, on_circle = found.points[0], found.points[1]
    radius = float(np.hypot(*(on_circle - center)))
    box: Floats = np.concatenate([center - radius, center + radius])
    return box
