"""A scenario becomes a video and its truth: dressed people in a room, picture by picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from deukgeun import __version__
from deukgeun.media.writer import VideoWriter
from deukgeun.synth.acts import Act
from deukgeun.synth.athletes.mesh import rest_mesh
from deukgeun.synth.athletes.outfit.dressing import dress
from deukgeun.synth.athletes.skinning import Rig, rig_of, skin_of
from deukgeun.synth.athletes.skinning import Skin as Following
from deukgeun.synth.scenario import Scenario
from deukgeun.synth.scene.layout import Volume, random_kind, random_room
from deukgeun.synth.scene.light import random_light
from deukgeun.synth.scene.people import Skin
from deukgeun.synth.scene.photo import Photo, random_lens
from deukgeun.synth.scene.stage import Stage
from deukgeun.synth.scene.things import boxes
from deukgeun.synth.scene.visibility import visible
from deukgeun.synth.truth import (
    SCHEMA_VERSION,
    CameraTruth,
    ClipTruth,
    GeneratorTruth,
    ItemTruth,
    JointSet,
    KeypointsTruth,
    PersonTruth,
    camera_truth,
    keypoints_truth,
    write_truth,
)  # fmt: skip

Array = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]

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


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture (H, W, 3) at ``time_s``, and for each act which joints of each set are not hidden: (A, S) of (K,)."""

    time_s: float
    rgb: Bytes
    unhidden: tuple[tuple[npt.NDArray[np.bool_], ...], ...]


class Wearer:
    """A dressed athlete who can be put in any pose of an act."""

    def __init__(self, act: Act, staging: Staging, rng: np.random.Generator) -> None:
        mesh = rest_mesh(act.figure, staging.bodies)
        dressed = dress(act.figure, mesh, rng)
        self.act = act
        self.rig: Rig = rig_of(mesh)
        self.follows: Following = skin_of(dressed.vertices, dressed.weights)
        self.skin = Skin(dressed.faces, dressed.albedo.astype(np.float32), dressed.occlusion.astype(np.float32))

    def vertices(self, frame: int) -> npt.NDArray[np.float32]:
        """The surface (V, 3) at one picture."""
        posed = self.act.posed
        moves = self.rig.transforms(posed.rotations[frame], posed.joints[frame], self.act.grip[frame])
        return self.follows.posed(moves)


def acted_volume(acts: Sequence[Act]) -> Volume:
    """What acts and their things need of the room."""
    points = [act.posed.joints.reshape(-1, 3) for act in acts]
    points += [thing.pose[:, :3, 3] for act in acts for thing in act.items]
    every = np.concatenate(points)
    low, high = every.min(axis=0) - _AROUND_M, every.max(axis=0) + _AROUND_M
    low[2] = 0.0
    return Volume(low, high)


def pictures(scenario: Scenario, staging: Staging) -> Iterator[Shown]:
    """Draw the scenario, one picture after the other."""
    stream = [np.random.default_rng([scenario.seed, part]) for part in range(5)]
    people = [Wearer(act, staging, stream[_OUTFIT]) for act in scenario.acts]
    kind = staging.room or random_kind(stream[_ROOM])
    room = random_room(kind, acted_volume(scenario.acts), scenario.camera, stream[_ROOM], staging.occluder)
    light = random_light(stream[_ROOM], kind == "outdoors")
    things = [thing for act in scenario.acts for thing in act.items]
    photo = Photo(random_lens(stream[_LENS]), scenario.camera.width, scenario.camera.height, stream[_LENS])
    joints = [[act.joints(name) for name in staging.joint_sets] for act in scenario.acts]
    places = [[scenario.camera.project(each) for each in sets] for sets in joints]
    skins = [person.skin for person in people]
    with Stage(scenario.camera, room, light, skins, things, stream[_ITEMS]) as stage:
        for frame, time_s in enumerate(scenario.time_s):
            picture = stage.picture(frame, [person.vertices(frame) for person in people])
            unhidden = tuple(
                tuple(visible(picture.depth[None], xy[frame, None], far[frame, None])[0] for xy, far in sets)
                for sets in places
            )
            yield Shown(float(time_s), photo.take(picture.rgb), unhidden)


def film(
    scenario: Scenario,
    video: Path,
    staging: Staging,
    progress: Callable[[float, float], None] | None = None,
) -> ClipTruth:
    """Write the scenario to ``video`` (mp4) and its truth beside it (.json and .npz), which is returned.

    ``progress`` is told the seconds done and in all. Raises ``output-not-writable``.
    """
    camera, hidden = scenario.camera, []
    lasts_s = float(scenario.time_s[-1])
    with VideoWriter(video, camera.width, camera.height, scenario.rate_hz) as out:
        for shown in pictures(scenario, staging):
            out.write(shown.rgb, shown.time_s)
            hidden.append(shown.unhidden)
            if progress is not None:
                progress(shown.time_s, lasts_s)
    truth = truth_of(scenario, video.name, staging, hidden)
    write_truth(truth, video.with_suffix(".json"))
    return truth


def truth_of(
    scenario: Scenario,
    video: str,
    staging: Staging,
    unhidden: list[tuple[tuple[npt.NDArray[np.bool_], ...], ...]],
) -> ClipTruth:
    """Everything that is in the video, from the scenario and what the depth buffer showed."""
    acts, camera = scenario.acts, scenario.camera
    chance = np.random.default_rng([scenario.seed, _ITEMS])
    return ClipTruth(
        schema_version=SCHEMA_VERSION,
        video=video,
        width=camera.width // 2 * 2,
        height=camera.height // 2 * 2,
        fps=scenario.rate_hz,
        duration_s=len(scenario.time_s) / scenario.rate_hz,
        time_s=scenario.time_s,
        generator=GeneratorTruth(__version__, scenario.seed, BODY_MODEL),
        camera=_camera(scenario),
        people=tuple(
            PersonTruth(
                number,
                "bystander" if number else "athlete",
                act.figure.name,
                dict(act.figure.phenotype),
                act.figure.height_m,
            )
            for number, act in enumerate(acts)
        ),
        sets=tuple(each for act in acts for each in act.sets),
        background=tuple(each for act in acts for each in act.background),
        equipment=tuple(_item(thing.kind, boxes(thing, camera, chance)) for act in acts for thing in act.items),
        keypoints=tuple(
            _keypoints(number, act, scenario, name, np.array([frame[number][k] for frame in unhidden]))
            for number, act in enumerate(acts)
            for k, name in enumerate(staging.joint_sets)
        ),
    )


def _camera(scenario: Scenario) -> CameraTruth:
    return camera_truth(scenario.camera)


def _item(kind: str, box: Array) -> ItemTruth:
    seen: npt.NDArray[np.bool_] = np.asarray(~np.isnan(box).any(axis=1, keepdims=True))
    return ItemTruth(kind, np.where(seen, box, 0.0), seen)


def _keypoints(
    number: int, act: Act, scenario: Scenario, name: JointSet, unhidden: npt.NDArray[np.bool_]
) -> KeypointsTruth:
    return keypoints_truth(number, name, act.joints(name), scenario.camera, unhidden)
