"""The truth of a clip: what is in a rendered video, exactly.

Names and times are those of ``deukgeun.analysis.Workout`` where both have them, so that a result can be held against
the truth field by field. Times are seconds from the video's first picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from deukgeun.synth.truth.arrays import Boxes, Flags, Metres, Pixels, Positions, Times, Turns
from deukgeun.synth.truth.checks import check

SCHEMA_VERSION = 1
UNKNOWN = "unknown"

Role = Literal["athlete", "bystander"]
Side = Literal["left", "right", "both"]
JointSet = Literal["blazepose_33", "coco_17", "aihub_24"]


@dataclass(frozen=True, slots=True)
class RepetitionTruth:
    """From the start position to the far end (``peak_s``) and back.

    ``range_of_motion`` (0..1) is the way made as a share of the full movement's; ``complete`` is False for one that
    was begun and given up. ``side`` is the side that worked.
    """

    start_s: float
    peak_s: float
    end_s: float
    range_of_motion: float
    complete: bool
    side: Side


@dataclass(frozen=True, slots=True)
class SetTruth:
    """One set by one person. ``exercise`` is a slug of the catalogue, or ``unknown`` for what is not in it.

    ``motion`` names what was done, also where the catalogue does not know it (``plank_jack``); ``movement`` and
    ``equipment`` are as in the catalogue. ``mistakes`` names the faults shown. ``hold_s`` is the time held for
    exercises measured in seconds, otherwise None.
    """

    person: int
    exercise: str
    motion: str
    movement: str
    equipment: str | None
    mistakes: tuple[str, ...]
    start_s: float
    end_s: float
    repetitions: tuple[RepetitionTruth, ...]
    hold_s: float | None


@dataclass(frozen=True, slots=True)
class ActivityTruth:
    """Something that is no exercise: ``name`` as in the motions (``walking``, ``drinking``)."""

    person: int
    name: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class PersonTruth:
    """Somebody in the video. ``phenotype`` holds the body model's parameters (0..1), ``figure`` the bank's name."""

    person: int
    role: Role
    figure: str
    phenotype: dict[str, float]
    height_m: float


@dataclass(frozen=True, slots=True)
class CameraTruth:
    """The camera: ``focal_px`` of the video's pixels, principal point in the middle of the picture.

    ``position_m`` (T, 3), ``rotation`` (T, 3, 3) from the room to the camera (x right, y down, z away from the lens);
    T is 1 for a camera that stands still. ``view`` names the viewpoint.
    """

    focal_px: float
    position_m: Positions
    rotation: Turns
    view: str


@dataclass(frozen=True, slots=True)
class ItemTruth:
    """A piece of equipment: ``box`` (T, 4) left, top, right, bottom in pixels, not cut at the picture's edge.

    T is 1 where neither it nor the camera moves. ``seen`` (T, 1) is False where nothing of it shows.
    """

    kind: str
    box: Boxes
    seen: Flags


@dataclass(frozen=True, slots=True)
class KeypointsTruth:
    """The joints of one person in one joint set of ``deukgeun.skeleton``, in its order.

    ``xy`` (T, K, 2) pixels, ``room_m`` (T, K, 3) in the room's axes (x to the left of an athlete at rest, -y ahead, z
    up), ``camera_m`` (T, K, 3) in the camera's. ``visible`` (T, K): nothing stands before it (from the depth buffer);
    ``in_picture`` (T, K): it falls inside the picture.
    """

    person: int
    joints: JointSet
    xy: Pixels
    room_m: Metres
    camera_m: Metres
    visible: Flags
    in_picture: Flags


@dataclass(frozen=True, slots=True)
class GeneratorTruth:
    """What made the video: the same version and seed make it again. ``body`` names the body model."""

    version: str
    seed: int
    body: str


@dataclass(frozen=True, slots=True)
class ClipTruth:
    """A video and everything in it. ``video`` is the file's name, ``time_s`` (T,) when each picture is shown.

    ``fps`` is the nominal rate; the times say what holds. Checked on creation: references to people, the order of
    times, the number of frames of every array.
    """

    schema_version: int
    video: str
    width: int
    height: int
    fps: float
    duration_s: float
    time_s: Times
    generator: GeneratorTruth
    camera: CameraTruth
    people: tuple[PersonTruth, ...]
    sets: tuple[SetTruth, ...]
    background: tuple[ActivityTruth, ...]
    equipment: tuple[ItemTruth, ...]
    keypoints: tuple[KeypointsTruth, ...]

    def __post_init__(self) -> None:
        check(self)
