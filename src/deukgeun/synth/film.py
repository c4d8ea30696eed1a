"""A scenario becomes a video and its truth: dressed people in a room, picture by picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from deukgeun import __version__
from deukgeun.media.writer import VideoWriter
from deukgeun.skeleton import skeleton
from deukgeun.synth.acts import Act
from deukgeun.synth.athletes.performer import performer
from deukgeun.synth.camera import Camera
from deukgeun.synth.scenario import Scenario
from deukgeun.synth.scene.layout import Volume, random_kind, random_room
from deukgeun.synth.scene.light import Light, random_light
from deukgeun.synth.scene.moment import between
from deukgeun.synth.scene.people import Skin
from deukgeun.synth.scene.photo import Photo, random_lens
from deukgeun.synth.scene.room import Room
from deukgeun.synth.scene.stage import Stage
from deukgeun.synth.scene.visibility import slacks, visible
from deukgeun.synth.shutter import moments
from deukgeun.synth.truth import (
    SCHEMA_VERSION,
    ClipTruth,
    GeneratorTruth,
    ItemTruth,
    JointSet,
    KeypointsTruth,
    PersonTruth,
    Role,
    camera_truth,
    keypoints_truth,
    write_truth,
)  # fmt: skip

Array = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

BODY_MODEL = "anny 0.6"
JOINT_SETS: tuple[JointSet, ...] = ("blazepose_33", "coco_17", "aihub_24")
_AROUND_M = 0.3
# One stream of chance for each part of the scene, so that a change of one leaves the others as they were.
_OUTFIT, _ROOM, _ITEMS, _LENS = range(1, 5)


@dataclass(frozen=True, slots=True)
class Staging:
    """How scenes are dressed: ``bodies`` is the folder where meshes are kept; ``occluder`` the probability that a
    piece of furniture stands before the athlete; ``room`` a kind of room or None for any.
    """

    bodies: Path
    occluder: float = 0.06
    room: str | None = None
    joint_sets: tuple[JointSet, ...] = JOINT_SETS


class Wearer:
    """A dressed athlete who can be put in any pose of an act."""

    def __init__(self, act: Act, staging: Staging, rng: np.random.Generator) -> None:
        self.act = act
        self._performer = performer(act.figure, staging.bodies, rng)
        dressed = self._performer
        self.skin = Skin(dressed.faces, dressed.albedo, dressed.occlusion)
        self._surfaces: dict[int, npt.NDArray[np.float32]] = {}

    def vertices(self, frame: float) -> npt.NDArray[np.float32]:
        """The surface (V, 3) at one picture, or on the straight way from one picture to the next."""
        last = len(self.act.time_s) - 1
        at = min(max(frame, 0.0), float(last))
        low = int(at)
        if at == low:
            return self._surface(low)
        return between(np.stack([self._surface(low), self._surface(low + 1)]), at - low)

    def _surface(self, frame: int) -> npt.NDArray[np.float32]:
        """The surface at a picture; the last three are kept, for pictures exposed from one to the next."""
        if frame not in self._surfaces:
            posed = self.act.posed
            while len(self._surfaces) > 2:
                del self._surfaces[min(self._surfaces)]
            made = self._performer.surface(posed.rotations[frame], posed.joints[frame], self.act.grip[frame])
            self._surfaces[frame] = made
        return self._surfaces[frame]


def acted_volume(acts: Sequence[Act]) -> Volume:
    """What acts and their things need of the room."""
    points = [act.posed.joints.reshape(-1, 3) for act in acts]
    points += [thing.pose[:, :3, 3] for act in acts for thing in act.items]
    every = np.concatenate(points)
    low, high = every.min(axis=0) - _AROUND_M, every.max(axis=0) + _AROUND_M
    low[2] = 0.0
    return Volume(low, high)


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture (H, W, 3) at ``time_s``, and which joints (K,) are not hidden: see `Filming.joint_sets`."""

    time_s: float
    rgb: Bytes
    unhidden: Flags


@dataclass(frozen=True, slots=True)
class Scenery:
    """A room and its light."""

    room: Room
    light: Light


def scenery(scenario: Scenario, staging: Staging, camera: Camera | None = None) -> Scenery:
    """Somewhere to act the scenario, round its own camera or another one (whose positions may be several lenses)."""
    chance = np.random.default_rng([scenario.seed, _ROOM])
    kind = staging.room or random_kind(chance)
    free = acted_volume(scenario.acts)
    room = random_room(kind, free, camera or scenario.camera, chance, staging.occluder)
    return Scenery(room, random_light(chance, kind == "outdoors"))


def wearers(scenario: Scenario, staging: Staging) -> tuple[Wearer, ...]:
    """All athletes of the scenario, dressed."""
    chance = np.random.default_rng([scenario.seed, _OUTFIT])
    return tuple(Wearer(act, staging, chance) for act in scenario.acts)


class Filming:
    """A scenario before its camera: use it in a ``with`` block. People and scenery can be given, to use them again."""

    def __init__(
        self,
        scenario: Scenario,
        staging: Staging,
        people: Sequence[Wearer] | None = None,
        place: Scenery | None = None,
    ) -> None:
        self.scenario, self.staging, camera = scenario, staging, scenario.camera
        self.people = wearers(scenario, staging) if people is None else people
        where = scenery(scenario, staging) if place is None else place
        self.things = [thing for act in scenario.acts for thing in act.items]
        chance = np.random.default_rng([scenario.seed, _LENS])
        self.lens = random_lens(chance)
        self._photo = Photo(self.lens, camera.width, camera.height, chance)
        self._moments = moments(scenario.acts, camera, self.lens.shutter_s)
        self._slack_m = np.concatenate([slacks(skeleton(name).joints) for _, _, name in self.joint_sets()])
        joints = np.concatenate([act.joints(name) for _, act, name in self.joint_sets()], axis=1)
        self._xy, self._far_m = camera.project(joints)
        skins = [person.skin for person in self.people]
        items = np.random.default_rng([scenario.seed, _ITEMS])
        self._stage = Stage(camera, where.room, where.light, skins, self.things, items)

    def __enter__(self) -> Filming:
        return self

    def __exit__(self, *_: object) -> None:
        self._stage.close()

    def joint_sets(self) -> Iterator[tuple[int, Act, JointSet]]:
        """Number, act and joint set, in the order of `Shown.unhidden`."""
        for number, act in enumerate(self.scenario.acts):
            for name in self.staging.joint_sets:
                yield number, act, name

    def pictures(self) -> Iterator[Shown]:
        """Draw the scenario, one picture after the other."""
        for frame in range(len(self.scenario.time_s)):
            yield self.picture(frame)

    def picture(self, frame: int) -> Shown:
        """Draw one picture; the first one drawn sets the exposure."""
        drawn = self._stage.exposed(
            [(float(at), [person.vertices(float(at)) for person in self.people]) for at in self._moments[frame]]
        )
        at = slice(frame, frame + 1)
        unhidden = visible(drawn.depth[None], self._xy[at], self._far_m[at], self._slack_m)[0]
        return Shown(float(self.scenario.time_s[frame]), self._photo.take(drawn.rgb), unhidden)

    def truth(self, video: str, unhidden: Flags) -> ClipTruth:
        """Everything that is in the video named so, with what the pictures showed: (T, K)."""
        scenario, camera = self.scenario, self.scenario.camera
        return ClipTruth(
            schema_version=SCHEMA_VERSION,
            video=video,
            width=camera.width // 2 * 2,
            height=camera.height // 2 * 2,
            fps=scenario.rate_hz,
            duration_s=len(scenario.time_s) / scenario.rate_hz,
            time_s=scenario.time_s,
            generator=GeneratorTruth(__version__, scenario.seed, BODY_MODEL),
            camera=camera_truth(camera),
            people=tuple(_person(number, act) for number, act in enumerate(scenario.acts)),
            sets=tuple(each for act in scenario.acts for each in act.sets),
            background=tuple(each for act in scenario.acts for each in act.background),
            equipment=tuple(_item(thing.kind, self._stage.boxes(n)) for n, thing in enumerate(self.things)),
            keypoints=tuple(self._keypoints(unhidden)),
        )

    def _keypoints(self, unhidden: Flags) -> Iterator[KeypointsTruth]:
        start = 0
        for number, act, name in self.joint_sets():
            end = start + len(skeleton(name))
            yield keypoints_truth(number, name, act.joints(name), self.scenario.camera, unhidden[:, start:end])
            start = end


def film(
    scenario: Scenario,
    video: Path,
    staging: Staging,
    progress: Callable[[float, float], None] | None = None,
) -> ClipTruth:
    """Write the scenario to ``video`` (mp4) and its truth beside it (.json and .npz), which is returned.

    ``progress`` is told the seconds done and in all. Raises ``output-not-writable``. The truth is written last: where
    it is, the video is whole.
    """
    camera, unhidden = scenario.camera, []
    lasts_s = float(scenario.time_s[-1])
    with Filming(scenario, staging) as filming:
        with VideoWriter(video, camera.width, camera.height, scenario.rate_hz, filming.lens.crf) as out:
            for shown in filming.pictures():
                out.write(shown.rgb, shown.time_s)
                unhidden.append(shown.unhidden)
                if progress is not None:
                    progress(shown.time_s, lasts_s)
        truth = filming.truth(video.name, np.array(unhidden))
    write_truth(truth, video.with_suffix(".json"))
    return truth


def _person(number: int, act: Act) -> PersonTruth:
    role: Role = "bystander" if number else "athlete"
    return PersonTruth(number, role, act.figure.name, dict(act.figure.phenotype), act.figure.height_m)


def _item(kind: str, box: Array) -> ItemTruth:
    seen: Flags = np.asarray(~np.isnan(box).any(axis=1, keepdims=True))
    return ItemTruth(kind, np.where(seen, box, 0.0), seen)
