"""The file of personal exercises: it comes back as it was, and what is not one is refused and left alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.recognition.support_personal import learnt

from deukgeun.errors import OutputError, PersonalError
from deukgeun.recognition.personal import Personal
from deukgeun.recognition.personal_file import as_text, parsed, personal_path, read_personal, write_personal
from deukgeun.settings import load_settings

BOTH = Personal((learnt("Wall slide", 1).joined(learnt("Wall slide", 1, seed=6)), learnt("벽 밀기", 2, "hold")))


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "personal.json"
    write_personal(path, BOTH)
    back = read_personal(path)
    assert [(e.name, e.slug, e.measure, e.radius, e.model) for e in back] == [
        (e.name, e.slug, e.measure, e.radius, e.model) for e in BOTH
    ]
    for one, other in zip(back, BOTH, strict=True):
        assert one.prototypes.dtype == np.float32
        np.testing.assert_array_equal(one.prototypes, other.prototypes)
    assert as_text(back) == as_text(BOTH) == path.read_text("utf-8")
    assert "벽 밀기" in path.read_text("utf-8")
    assert [p.name for p in path.parent.iterdir()] == ["personal.json"]


def test_no_file_is_no_exercises_unless_there_must_be_one(tmp_path: Path) -> None:
    assert len(read_personal(tmp_path / "none.json")) == 0
    with pytest.raises(PersonalError, match="it is not there"):
        read_personal(tmp_path / "none.json", may_lack=False)


def changed(**values: object) -> str:
    """A file of one exercise with some fields changed; None takes a field away."""
    whole = json.loads(as_text(Personal((learnt("a", 1),))))
    row = {**whole["exercises"][0], **values}
    return json.dumps({**whole, "exercises": [{k: v for k, v in row.items() if v is not None}]})


DAMAGED = {
    "empty": "",
    "cut off": as_text(BOTH)[:300],
    "other": "[]",
    "no format": '{"exercises": []}',
    "newer": '{"format": 2, "exercises": []}',
    "no list": '{"format": 1, "exercises": {}}',
    "no row": '{"format": 1, "exercises": [3]}',
    "nested": "[" * 100_000,
    "no name": changed(name=None),
    "bad name": changed(name="a\u0000b"),
    "long name": changed(name="x" * 61),
    "measure": changed(measure="miles"),
    "radius": changed(radius="far"),
    "no radius": changed(radius=float("nan")),
    "no prototype": changed(prototypes=[]),
    "not base64": changed(prototypes=["***"]),
    "not floats": changed(prototypes=["AAAA"]),
    "no direction": changed(prototypes=["AAAAAAAAAAA="]),
    "numbers": changed(prototypes=[1]),
    "twice": json.dumps({"format": 1, "exercises": 2 * json.loads(as_text(Personal((learnt("a", 1),))))["exercises"]}),
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_a_coded_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "personal.json"
    path.write_text(text, "utf-8")
    with pytest.raises(PersonalError, match="personal-file") as caught:
        read_personal(path)
    assert str(path) in caught.value.message and ".." not in caught.value.message
    assert path.read_text("utf-8") == text


def test_bytes_that_are_no_text_a_folder_and_a_giant_are_coded_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "x", tmp_path):
        with pytest.raises(PersonalError, match="personal-file"):
            read_personal(path)
    monkeypatch.setattr("deukgeun.recognition.personal_file._LARGEST_BYTES", 2)
    with pytest.raises(PersonalError, match="too large"):
        read_personal(tmp_path / "x")


@settings(max_examples=100, deadline=None)
@given(st.recursive(st.none() | st.floats() | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)))
def test_anything_else_is_refused(value: object) -> None:
    for whole in (value, {"format": 1, "exercises": value}, {"format": 1, "exercises": [value]}):
        text = json.dumps(whole)
        if json.loads(text) == {"format": 1, "exercises": []}:
            continue
        with pytest.raises(ValueError, match=r"."):
            parsed(text)


def test_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError):
        write_personal(tmp_path / "file" / "personal.json", BOTH)


@pytest.mark.parametrize(
    ("named", "environ", "path"),
    [
        ("", {"XDG_DATA_HOME": "/data"}, Path("/data/deukgeun/personal.json")),
        ("", {"XDG_DATA_HOME": ""}, Path("/somewhere/me/.local/share/deukgeun/personal.json")),
        ("/a/b.json", {"XDG_DATA_HOME": "/data"}, Path("/a/b.json")),
        ("~/b.json", {}, Path("/somewhere/me/b.json")),
    ],
)
def test_where_the_file_is(monkeypatch: pytest.MonkeyPatch, named: str, environ: dict[str, str], path: Path) -> None:
    monkeypatch.setenv("HOME", "/somewhere/me")
    assert personal_path(load_settings({}, personal_file=named), environ) == path


def test_the_environment_names_the_file() -> None:
    chosen = load_settings({"DEUKGEUN_PERSONAL_FILE": "/x.json"})
    assert personal_path(chosen, {}) == Path("/x.json")
