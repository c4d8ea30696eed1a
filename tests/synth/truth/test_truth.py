"""The truth survives its files to the digits it promises, and refuses what cannot be true."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deukgeun.analysis.workout import ExerciseSet
from deukgeun.errors import OutputError
from deukgeun.motion import Repetition
from deukgeun.skeleton import skeleton
from deukgeun.synth.camera import Camera, look_at
from deukgeun.synth.truth import (
    SCHEMA_VERSION,
    ActivityTruth,
    ClipTruth,
    GeneratorTruth,
    ItemTruth,
    PersonTruth,
    RepetitionTruth,
    SetTruth,
    camera_of,
    camera_truth,
    from_json,
    keypoints_truth,
    read_truth,
    to_json,
    truth_schema,
    write_truth,
)

FRAMES = 12


def clip(seed: int = 0, moving: bool = True) -> ClipTruth:
    """A clip of one athlete and one bystander with random joints around the origin."""
    rng = np.random.default_rng(seed)
    lens = np.array([[0.0, -4.0, 1.0]]) + rng.normal(0, 0.01, (FRAMES if moving else 1, 3))
    camera = Camera(640, 360, 500.0, lens, look_at(lens, np.tile([0.0, 0.0, 0.9], (len(lens), 1)), 2.0), "front_mid")
    points = []
    for person, joints in ((0, "blazepose_33"), (0, "coco_17"), (0, "aihub_24"), (1, "coco_17")):
        room = rng.normal([0, 0, 0.9], [0.6, 0.3, 0.5], (FRAMES, len(skeleton(joints)), 3))
        points.append(keypoints_truth(person, joints, room, camera, rng.random(room.shape[:2]) < 0.7))
    reps = (
        RepetitionTruth(0.05, 0.1, 0.15, 1.0, True, "both"),
        RepetitionTruth(0.17, 0.2, 0.24, 0.55, False, "left"),
    )
    boxes = rng.uniform(0, 300, (FRAMES, 4))
    return ClipTruth(
        schema_version=SCHEMA_VERSION,
        video="clip.mp4",
        width=640,
        height=360,
        fps=30.0,
        duration_s=FRAMES / 30,
        time_s=np.arange(FRAMES) / 30,
        generator=GeneratorTruth("0.1.0", seed, "anny 0.6.2"),
        camera=camera_truth(camera),
        people=(
            PersonTruth(0, "athlete", "f03", {"gender": 0.1, "age": 0.6}, 1.68),
            PersonTruth(1, "bystander", "m11", {}, 1.81),
        ),
        sets=(SetTruth(0, "unknown", "jump_squat", "squat", "barbell", ("knees_in",), 0.04, 0.25, reps, None),),
        background=(ActivityTruth(1, "walking", 0.0, 0.4), ActivityTruth(0, "drinking", 0.3, 0.38)),
        equipment=(
            ItemTruth("barbell", boxes, np.ones((FRAMES, 1), dtype=bool)),
            ItemTruth("wall", boxes[:1], np.zeros((1, 1), dtype=bool)),
        ),
        keypoints=tuple(points),
    )


def assert_same(one: Any, other: Any, slack: dict[str, float]) -> None:
    """Both values are equal, arrays by name within ``slack``."""
    if is_dataclass(one):
        assert type(one) is type(other)
        for field in fields(one):
            mine, theirs = getattr(one, field.name), getattr(other, field.name)
            if isinstance(mine, np.ndarray):
                assert mine.shape == theirs.shape and mine.dtype == theirs.dtype
                assert np.abs(mine.astype(float) - theirs).max() <= slack.get(field.name, 0.0), field.name
            else:
                assert_same(mine, theirs, slack)
    elif isinstance(one, tuple) and one and is_dataclass(one[0]):
        assert len(one) == len(other)
        for mine, theirs in zip(one, other, strict=True):
            assert_same(mine, theirs, slack)
    else:
        assert one == other


SLACK = {
    "xy": 0.0501,
    "box": 0.0501,
    "room_m": 0.000501,
    "camera_m": 0.000501,
    "position_m": 0.000501,
    "rotation": 6e-7,
    "time_s": 6e-7,
}


@settings(deadline=None, max_examples=8)
@given(seed=st.integers(0, 1000), moving=st.booleans())
def test_json_round_trip_within_its_digits(seed: int, moving: bool) -> None:
    truth = clip(seed, moving)
    text = to_json(truth)
    assert_same(truth, from_json(text), SLACK)
    assert to_json(from_json(text)) == text


@pytest.mark.parametrize("archive", [False, True])
def test_files_round_trip(archive: bool, tmp_path: Path) -> None:
    truth, path = clip(), tmp_path / "clip.json"
    written = write_truth(truth, path, archive=archive, indent=2)
    assert written == ((tmp_path / "clip.npz", path) if archive else (path,))
    assert sorted(tmp_path.iterdir()) == sorted(written)
    assert_same(truth, read_truth(path), SLACK)
    assert to_json(read_truth(path)) == to_json(truth)


def test_the_archive_keeps_the_json_short_and_is_the_same_bytes_every_time(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    one = write_truth(clip(), tmp_path / "clip.json")
    again = write_truth(clip(), tmp_path / "again" / "clip.json")
    assert [file.read_bytes() for file in one] == [file.read_bytes() for file in again]
    assert one[1].stat().st_size < len(to_json(clip())) / 5


def test_an_archive_that_is_gone_is_named(tmp_path: Path) -> None:
    archive, path = write_truth(clip(), tmp_path / "clip.json")
    archive.unlink()
    with pytest.raises(ValueError, match="archive beside the JSON"):
        read_truth(path)


def test_numbers_are_written_to_their_digits() -> None:
    written = json.loads(to_json(clip()))
    xy = written["keypoints"][0]["xy"][0][0][0]
    assert xy == round(xy, 1)
    room = written["keypoints"][0]["room_m"][0][0][0]
    assert room == round(room, 3)
    assert set("".join(written["keypoints"][0]["visible"])) == {"0", "1"}


def test_negative_zero_is_not_written() -> None:
    truth = clip()
    still = replace(truth.equipment[1], box=np.array([[-0.01, 0.0, 5.0, -0.04]]))
    written = json.loads(to_json(replace(truth, equipment=(still,))))
    assert json.dumps(written["equipment"][0]["box"]) == "[[0.0, 0.0, 5.0, 0.0]]"


def test_the_names_are_those_of_the_analysis() -> None:
    shared = {"exercise", "start_s", "end_s", "repetitions", "hold_s", "equipment", "person"}
    assert shared <= {field.name for field in fields(ExerciseSet)} & {field.name for field in fields(SetTruth)}
    assert {field.name for field in fields(Repetition)} < {field.name for field in fields(RepetitionTruth)}


def test_the_schema_describes_every_field() -> None:
    schema = truth_schema()
    assert set(schema["properties"]) == {field.name for field in fields(ClipTruth)}
    for name in ("SetTruth", "RepetitionTruth", "PersonTruth", "ItemTruth", "KeypointsTruth", "CameraTruth"):
        assert schema["$defs"][name]["description"]
    points = schema["$defs"]["KeypointsTruth"]["properties"]
    assert "pixels" in points["xy"]["description"] and "flags" in points["visible"]["description"]


def test_a_camera_comes_back_and_projects_the_room_onto_the_pixels() -> None:
    truth = from_json(to_json(clip()))
    camera = camera_of(truth)
    for points in truth.keypoints:
        xy, _ = camera.project(points.room_m)
        assert np.abs(xy - points.xy).max() < 1.0
        assert np.abs(camera.to_camera(points.room_m) - points.camera_m).max() < 0.005


def test_what_is_outside_or_behind_is_neither_in_the_picture_nor_visible() -> None:
    lens = np.array([[0.0, -4.0, 1.0]])
    camera = Camera(640, 360, 500.0, lens, look_at(lens, np.array([[0.0, 0.0, 1.0]])), "")
    room = np.repeat(np.array([[[0.0, 0.0, 1.0]]]), 17, axis=1)
    room[0, 1] = [9.0, 0.0, 1.0]
    room[0, 2] = [0.0, -9.0, 1.0]
    unhidden = np.ones((1, 17), dtype=bool)
    unhidden[0, 3] = False
    points = keypoints_truth(0, "coco_17", room, camera, unhidden)
    assert points.in_picture[0, :4].tolist() == [True, False, False, True]
    assert points.visible[0, :4].tolist() == [True, False, False, False]


def bad(truth: ClipTruth) -> dict[str, dict[str, Any]]:
    """Changes that cannot be true, by the text of the error."""
    first, rep = truth.sets[0], truth.sets[0].repetitions[0]
    points = truth.keypoints[0]

    def reps(**change: Any) -> dict[str, Any]:
        return {"sets": (replace(first, repetitions=(replace(rep, **change),)),)}

    return {
        "share a number": {"people": (truth.people[0], truth.people[0], truth.people[1])},
        "no person": {"people": truth.people[:1]},
        "time_s must rise": {"time_s": truth.time_s[::-1]},
        "SetTruth from": {"sets": (replace(first, end_s=9.0),)},
        "ActivityTruth from": {"background": (ActivityTruth(0, "walking", 0.2, 0.2),)},
        "out of order": reps(peak_s=0.04),
        "out of order or set": reps(start_s=0.01),
        "range_of_motion": reps(range_of_motion=1.4),
        "camera": {"camera": replace(truth.camera, position_m=truth.camera.position_m[:5])},
        "barbell": {"equipment": (replace(truth.equipment[0], box=truth.equipment[0].box[:3]),)},
        "blazepose_33.xy": {"keypoints": (replace(points, xy=points.xy[:, :5]),)},
        "blazepose_33.visible": {"keypoints": (replace(points, visible=points.visible[:5]),)},
    }


@pytest.mark.parametrize("text", bad(clip()))
def test_what_cannot_be_true_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        replace(clip(), **bad(clip())[text])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("xy", [[[1.0, 2.0, 3.0]]]),
        ("xy", [[[1.0, float("nan")]]]),
        ("room_m", "far"),
        ("visible", ["01", "0"]),
        ("visible", ["0a"]),
        ("visible", 3),
        ("joints", "coco_18"),
    ],
)
def test_a_document_of_another_kind_is_refused(key: str, value: object) -> None:
    document = json.loads(to_json(clip()))
    document["keypoints"][0][key] = value
    with pytest.raises(ValueError, match="validation error"):
        from_json(json.dumps(document))


def test_a_truth_that_does_not_hold_is_refused_when_read() -> None:
    document = json.loads(to_json(clip()))
    document["sets"][0]["end_s"] = 99.0
    with pytest.raises(ValueError, match="SetTruth from"):
        from_json(json.dumps(document))


def test_a_folder_is_made_and_what_cannot_be_one_is_an_output_error(tmp_path: Path) -> None:
    _, path = write_truth(clip(), tmp_path / "new" / "clip.json")
    assert path.exists()
    with pytest.raises(OutputError, match="output-not-writable"):
        write_truth(clip(), path / "clip.json")
    assert sorted(file.name for file in tmp_path.rglob("*") if file.is_file()) == ["clip.json", "clip.npz"]
