"""The Workout as values and as JSON: nothing is lost on the way there and back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from deukgeun.analysis import (
    Alternative,
    ExerciseSet,
    Notice,
    PersonSeen,
    Provenance,
    Repetition,
    Rest,
    Workout,
    workout_schema,
)
from deukgeun.analysis.workout import SCHEMA_VERSION
from deukgeun.media import VideoInfo

VIDEO = VideoInfo(
    path=Path("운동/2026-11-22 스쿼트.mp4"),
    sha256="ab" * 32,
    size_bytes=123,
    container="mp4",
    codec="h264",
    width=1080,
    height=1920,
    rotation_deg=90,
    duration_s=None,
    fps_mean=29.97,
    recorded_at=datetime(2026, 11, 22, 7, 30, tzinfo=UTC),
    has_audio=True,
)
SQUATS = ExerciseSet(
    exercise="bodyweight_squat",
    start_s=1.5,
    end_s=9.25,
    repetitions=(Repetition(1.5, 2.5, 3.5, 1.0), Repetition(4.0, 5.0, 9.25, 0.93)),
    hold_s=None,
    confidence=0.81,
    alternatives=(Alternative("barbell_squat", 0.1), Alternative("unknown", 0.05)),
    equipment=None,
    person=1,
)
PLANK = ExerciseSet("plank", 20.0, 50.5, (), 30.5, 0.9, (), None, 1)
WORKOUT = Workout(
    schema_version=SCHEMA_VERSION,
    video=VIDEO,
    analysed_s=60.0,
    sets=(SQUATS, PLANK),
    rests=(Rest(9.25, 20.0, 1),),
    people=(PersonSeen(1, 0.0, 60.0, 59.2, True), PersonSeen(2, 3.0, 8.0, 4.0, False)),
    warnings=(Notice("media-truncated", "잘린 파일"),),
    made_by=Provenance("0.1.0", "blazepose-full", "cd" * 32, "table-1", 10.0),
)

seconds = st.floats(0, 1e5, allow_nan=False)
share = st.floats(0, 1)
slugs = st.sampled_from(["bodyweight_squat", "plank", "unknown"])
repetition_values = st.builds(Repetition, seconds, seconds, seconds, share)
set_values = st.builds(
    ExerciseSet,
    slugs,
    seconds,
    seconds,
    st.lists(repetition_values, max_size=3).map(tuple),
    st.none() | seconds,
    share,
    st.lists(st.builds(Alternative, slugs, share), max_size=3).map(tuple),
    st.none() | st.just("barbell"),
    st.integers(1, 9),
)


@given(st.lists(set_values, max_size=3).map(tuple), st.text(max_size=20), st.none() | seconds)
@settings(deadline=None, max_examples=40)
def test_json_gives_the_workout_back(sets: tuple[ExerciseSet, ...], message: str, duration_s: float | None) -> None:
    made = replace(
        WORKOUT, sets=sets, warnings=(Notice("pose-partly-seen", message),), video=replace(VIDEO, duration_s=duration_s)
    )
    assert Workout.from_json(made.to_json()) == made
    assert Workout.from_json(made.to_json(indent=None).encode()) == made


def test_the_json_names_what_others_read() -> None:
    plain = json.loads(WORKOUT.to_json())
    assert plain == WORKOUT.to_dict()
    assert plain["schema_version"] == 1
    first = plain["sets"][0]
    assert {
        "exercise",
        "start_s",
        "end_s",
        "repetitions",
        "hold_s",
        "confidence",
        "alternatives",
        "equipment",
        "person",
    } == set(first)
    assert {"start_s", "end_s"} <= set(first["repetitions"][0])
    assert first["alternatives"][0] == {"exercise": "barbell_squat", "confidence": 0.1}
    assert plain["sets"][1]["hold_s"] == 30.5
    assert plain["rests"] == [{"start_s": 9.25, "end_s": 20.0, "person": 1}]


def test_json_is_readable_korean_on_request_in_one_line() -> None:
    assert "스쿼트" in WORKOUT.to_json()
    assert "\n" in WORKOUT.to_json()
    assert "\n" not in WORKOUT.to_json(indent=None)


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "no json", '{"schema_version": 1}', WORKOUT.to_json().replace('"sets"', '"Sets"')],
    ids=["empty", "no keys", "a list", "not json", "one key", "a key misspelt"],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Workout.from_json(text)


def resolve(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    return schema["$defs"][node["$ref"].rsplit("/", 1)[-1]] if "$ref" in node else node


def assert_described(schema: dict[str, Any], node: dict[str, Any], value: Any) -> None:
    """Check every key of ``value`` against the schema (the few keywords that it uses)."""
    node = resolve(schema, node)
    if "anyOf" in node:
        kinds = {option.get("type") for option in node["anyOf"]}
        assert value is not None or "null" in kinds
    elif node["type"] == "object":
        assert set(node["required"]) <= set(value) <= set(node["properties"])
        for key, part in value.items():
            assert_described(schema, node["properties"][key], part)
    elif node["type"] == "array":
        assert isinstance(value, list)
        for part in value:
            assert_described(schema, node["items"], part)
    else:
        types: dict[str, type | tuple[type, ...]] = {
            "string": str,
            "integer": int,
            "number": (int, float),
            "boolean": bool,
        }
        assert isinstance(value, types[node["type"]])


def test_the_schema_describes_every_key_of_a_workout() -> None:
    schema = workout_schema()
    assert_described(schema, schema, json.loads(WORKOUT.to_json()))


def test_the_schema_misses_no_required_key_silently() -> None:
    schema = workout_schema()
    plain = json.loads(WORKOUT.to_json())
    del plain["sets"][0]["confidence"]
    with pytest.raises(AssertionError):
        assert_described(schema, schema, plain)
