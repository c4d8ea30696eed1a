"""Following several people through a video, each under one number.

Every person is looked for where they were last (one network call each). The whole picture is searched when
nobody is followed, at a cut, when somebody was lost, and once in a while for newcomers. A person out of sight is
remembered for some seconds and taken up again by place and outfit.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from deukgeun.media import Frame
from deukgeun.pose.cuts import CutDetector
from deukgeun.pose.detector import Detection, PersonDetector
from deukgeun.pose.estimator import PoseEstimate, PoseEstimator, estimate
from deukgeun.pose.geometry import Image, Roi
from deukgeun.pose.people import Person, PersonPose
from deukgeun.pose.registry import estimator
from deukgeun.pose.similarity import outfit, outfit_similarity, pose_similarity, roi_overlap, torso_within
from deukgeun.pose.track import PoseTrack
from deukgeun.settings import Settings, load_settings

_KEEP_CONFIDENCE = 0.5  # the published graph's threshold for "the person is still there"
_SAME_POSE = 0.5  # similarity above which two poses are one body
_SAME_PLACE = 0.6  # overlap above which a detection is taken, unseen, for somebody who is followed already
_SAME_OUTFIT = 0.6
_SAME_OUTFIT_ALONE = 0.3  # where there is nobody else whom it could be
_SAME_SPOT, _SWAP_S = 0.5, 1.0  # nobody else gets to the very same spot so soon, whatever the light does to colours
_SEARCH_AGAIN_S = 0.3  # between searches while somebody is missing
_MIN_POSES = 3  # fewer are a flicker, not a person
_TURNS = (1, 3, 2)  # how the picture is turned when nobody is found upright


class PoseTracker:
    """Feed it pictures in order with ``update``; ``tracks`` returns everybody seen so far.

    Without ``smooth``, joints are as the network gives them in each picture.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        model: PoseEstimator | None = None,
        detector: PersonDetector | None = None,
        smooth: bool = True,
    ) -> None:
        self._settings = settings or load_settings()
        threads = self._settings.integer("threads")
        self.model = model or estimator(self._settings.text("model"), threads)
        self.detector = detector or PersonDetector(threads)
        self._smooth = smooth
        self._people: list[Person] = []
        self._cut = CutDetector()
        self._searched_s = -np.inf
        self._turn = 0

    def update(self, frame: Frame) -> list[PersonPose]:
        """Return everybody in this picture, in pixels of the unscaled video. Times must increase."""
        cut = self._cut(frame.image)
        before = [p for p in self._people if p.active]
        estimates = {} if cut else self._follow(frame, before)
        for person in before:
            person.active = person.number in estimates
        if self._must_search(frame.time_s, cut, len(estimates) < len(before)):
            self._search(frame, estimates, cut)
        return self._commit(frame, estimates)

    def tracks(self) -> list[PoseTrack]:
        """Return a track for everybody seen at least three times, in the order of their appearance."""
        joints = self.model.skeleton
        return [p.track(joints) for p in self._people if len(p.history) >= _MIN_POSES]

    def _follow(self, frame: Frame, people: Iterable[Person]) -> dict[int, PoseEstimate]:
        """Return the estimates of those who are still there, no two of them on one body."""
        found: dict[int, PoseEstimate] = {}
        for person in sorted(people, key=lambda p: -len(p.history)):
            seen = estimate(self.model, frame.image, _scaled(person.roi, frame.scale))
            if self._believable(seen, frame.image) and not self._twin(seen, found.values()):
                found[person.number] = seen
        return found

    def _believable(self, seen: PoseEstimate, image: Image) -> bool:
        """Somebody is there, and enough of them in the picture: the circle around the body meets it.

        Its centre, between the hips, may well lie outside: at a bench or before a mirror half a body is often all.
        """
        height, width = image.shape[:2]
        x, y, reach = seen.roi.center_x, seen.roi.center_y, seen.roi.side / 2
        inside = -reach < x < width + reach and -reach < y < height + reach
        return seen.confidence >= _KEEP_CONFIDENCE and inside and 8 < seen.roi.side < 6 * max(height, width)

    def _twin(self, seen: PoseEstimate, others: Iterable[PoseEstimate]) -> bool:
        joints = self.model.skeleton
        return any(pose_similarity(seen.xy, other.xy, joints) > _SAME_POSE for other in others)

    def _ghost(self, seen: PoseEstimate, others: Iterable[PoseEstimate]) -> bool:
        """Tell whether a newcomer is somebody's twin, or a small body made up from somebody's shirt."""
        joints, known = self.model.skeleton, list(others)
        return self._twin(seen, known) or any(torso_within(seen.xy, other.xy, joints) for other in known)

    def _must_search(self, time_s: float, cut: bool, lost: bool) -> bool:
        if cut or lost or not any(p.active for p in self._people):
            return True
        memory_s = self._settings.number("person_memory_s")
        missing = any(not p.active and time_s - p.last_time_s <= memory_s for p in self._people)
        wait_s = _SEARCH_AGAIN_S if missing else self._settings.number("detect_every_s")
        return bool(time_s - self._searched_s >= wait_s - 1e-6)

    def _search(self, frame: Frame, estimates: dict[int, PoseEstimate], cut: bool) -> None:
        """Add everybody the detector finds who is not followed yet."""
        self._searched_s = frame.time_s
        room = self._settings.integer("max_people") - len(estimates)
        for detection in self._detect(frame.image, nobody=not estimates) if room > 0 else ():
            if room <= 0 or any(roi_overlap(detection.roi, e.roi) > _SAME_PLACE for e in estimates.values()):
                continue
            seen = estimate(self.model, frame.image, detection.roi)
            if self._believable(seen, frame.image) and not self._ghost(seen, estimates.values()):
                person = self._recall(frame, seen, estimates, cut) or self._newcomer(frame, seen)
                estimates[person.number] = seen
                room -= 1

    def _detect(self, image: Image, nobody: bool) -> list[Detection]:
        found = self.detector.detect(image)
        if not found and nobody:
            self._turn = (self._turn + 1) % len(_TURNS)
            found = self.detector.detect(image, _TURNS[self._turn])
        return found

    def _recall(self, frame: Frame, seen: PoseEstimate, estimates: dict[int, PoseEstimate], cut: bool) -> Person | None:
        """Return the person out of sight whom this is: near where they were, or dressed the same."""
        gone = [p for p in self._people if p.number not in estimates]
        wears = outfit(frame.image, seen.xy, self.model.skeleton)
        best, likeness = None, 0.0
        for person in gone:
            marked = self._likeness(person, seen, wears, frame, cut)
            if marked > likeness:
                best, likeness = person, marked
        return best

    def _likeness(self, person: Person, seen: PoseEstimate, wears: object, frame: Frame, cut: bool) -> float:
        """Return how sure it is that ``seen`` is ``person``: 0 for no, up to 2."""
        away_s = frame.time_s - person.last_time_s
        same = 0.5
        if isinstance(wears, np.ndarray) and person.outfit is not None:
            same = outfit_similarity(wears, person.outfit)
        remembered = away_s <= self._settings.number("person_memory_s")
        near = 0.0 if cut else roi_overlap(_scaled(person.roi, frame.scale), seen.roi)
        if near > _SAME_SPOT and away_s <= _SWAP_S:
            return 1.0 + near
        if remembered and near > 0.1 and same > 0.25:
            return near + same
        alone = len(self._people) == 1
        return same if same > (_SAME_OUTFIT_ALONE if alone else _SAME_OUTFIT) else 0.0

    def _newcomer(self, frame: Frame, seen: PoseEstimate) -> Person:
        number = len(self._people) + 1
        person = Person(number, seen.roi, seen.xy, frame.time_s, smooth=self._smooth)
        self._people.append(person)
        return person

    def _commit(self, frame: Frame, estimates: dict[int, PoseEstimate]) -> list[PersonPose]:
        gap_s = self._settings.number("detect_every_s")
        poses = []
        for number, seen in sorted(estimates.items()):
            person = self._people[number - 1]
            if self._searched_s == frame.time_s:
                person.learn_outfit(outfit(frame.image, seen.xy, self.model.skeleton))
            poses.append(person.see(_unscaled(seen, frame.scale), frame.time_s, gap_s))
        return poses


def _scaled(roi: Roi, scale: float) -> Roi:
    return Roi(roi.center_x * scale, roi.center_y * scale, roi.side * scale, roi.rotation)


def _unscaled(seen: PoseEstimate, scale: float) -> PoseEstimate:
    if scale == 1.0:
        return seen
    return PoseEstimate(seen.confidence, seen.xy / scale, seen.score, seen.xyz, _scaled(seen.roi, 1.0 / scale))


def track(frames: Iterable[Frame], settings: Settings | None = None) -> list[PoseTrack]:
    """Return everybody in the pictures, each as a ``PoseTrack`` in pixels of the unscaled video."""
    tracker = PoseTracker(settings)
    for frame in frames:
        tracker.update(frame)
    return tracker.tracks()
