"""Labels read: every value, by name, and whatever is odd in them; the quick way gives what the plain way gives."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.aihub.support_aihub import Change, Label, dumped, joints, label, naming, space

from deukgeun.aihub import quick, quick_space
from deukgeun.aihub.clip import BadLabelError, Clip
from deukgeun.aihub.frames import plain_frames
from deukgeun.aihub.labels import read_clip, read_space
from deukgeun.aihub.names import LabelName
from deukgeun.aihub.points import points
from deukgeun.skeleton import skeleton
from deukgeun.synth.writers.aihub_labels import as_text, label_3d

NAME = LabelName(5, 1, 1, False)


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Patterns that other tests have shown do not matter."""
    for module in (quick, quick_space):
        module._patterns.cache_clear()
    yield
    for module in (quick, quick_space):
        module._patterns.cache_clear()


def read(type_no: int = 1, frames: int = 16, change: Change | None = None, path: str = "") -> Clip:
    name = naming(type_no)
    return read_clip(dumped(label(name, frames, change)), LabelName(5, 1, type_no, False), path)


def test_every_value_of_a_label() -> None:
    name = naming()
    clip = read()
    assert clip.name == NAME and clip.exercise.no == 1 and clip.performer == 17 and len(clip) == 16
    assert np.array_equal(clip.xy, joints(name))
    assert clip.active.tolist() == [True] * 16
    assert clip.conditions[0] == ("척추의 중립", True) and len(clip.conditions) == 5 and clip.correct
    assert clip.pictures[2][15] == "Day05_200925_F/1/C/001-1-1-01-Z17_C/001-1-1-01-Z17_C-0000031.jpg"
    assert clip.odd == ()


def test_a_3d_label() -> None:
    name = naming()
    clip = read_space(as_text(label_3d(space(name))), LabelName(5, 1, 1, True))
    assert np.array_equal(clip.cm, space(name)) and clip.odd == ()


SPACE = LabelName(5, 1, 1, True)


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**31), st.integers(0, 4), st.integers(1, 17), st.booleans())
def test_the_quick_way_reads_3d_as_the_plain_way_does(seed: int, digits: int, frames: int, turned: bool) -> None:
    for number in range(3):
        cm = np.round(np.random.default_rng([seed, number]).normal(0, 99, (frames, 24, 3)), digits)
        made = label_3d(cm)
        if turned:
            made = {"frames": [{"pts": dict(reversed(frame["pts"].items()))} for frame in made["frames"]]}
        assert np.array_equal(read_space(dumped(made), SPACE).cm, cm + 0.0)
    assert len(quick_space._patterns()) >= 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"Nose"', b'"Nos"'),
        (b": 1", b": 1e"),
        (b"}, ", b"}, 3, "),
        (b".", b".5."),
        (b"-", b"--"),
        (b"-", b""),
        (b"1", b""),
    ],
)
def test_the_quick_way_is_not_taken_for_another_3d_text(old: bytes, new: bytes) -> None:
    whole = dumped(label_3d(space(naming())))
    read_space(whole, SPACE)
    at = len(whole) // 3
    changed = whole[:at] + whole[at:].replace(old, new, 1)
    assert changed != whole
    try:
        wanted = json.loads(changed)["frames"]
    except ValueError:
        with pytest.raises(BadLabelError):
            read_space(changed, SPACE)
        return
    plain = points([frame["pts"] for frame in wanted], "xyz", set())
    assert np.array_equal(read_space(changed, SPACE).cm, plain, equal_nan=True)


def test_a_3d_label_with_a_joint_missing() -> None:
    made = label_3d(space(naming()))
    del made["frames"][3]["pts"]["Back"]
    for _ in range(2):
        clip = read_space(dumped(made), SPACE)
        assert clip.odd == ("joint_missing",) and np.isnan(clip.cm[3, 20]).all() and np.isnan(clip.cm).sum() == 3


def test_names_decide_the_joints_and_not_their_order() -> None:
    def turn(made: Label) -> None:
        for frame in made["frames"]:
            for view in frame.values():
                view["pts"] = dict(reversed(view["pts"].items()))
                view["pts"] = {key: {"y": at["y"], "x": at["x"]} for key, at in view["pts"].items()}

    for _ in range(2):  # the second one the quick way
        assert np.array_equal(read(change=turn).xy, joints(naming()))


def test_the_type_decides_the_exercise() -> None:
    def rename(made: Label) -> None:
        made["type_info"]["exercise"] = "바벨 스쿼트"

    clip = read(33, change=rename)
    assert clip.exercise.no == 2 and clip.odd == ("name_differs",)


def of(key: str, value: object) -> Change:
    return lambda made: made["type_info"].update({key: value})


def at(frame: int, view: int, change: Change) -> Change:
    return lambda made: change(made["frames"][frame][f"view{view}"])


ODD: list[tuple[str, Change]] = [
    ("stray_blanks", of("exercise", "스탠딩 사이드 크런치 ")),
    ("stray_blanks", of("pose", " 선 자세")),
    ("name_not_nfc", of("exercise", unicodedata.normalize("NFD", "스탠딩 사이드 크런치"))),
    ("conditions_missing", of("conditions", [])),
    ("view_missing", lambda made: made["frames"][3].pop("view4")),
    ("view_missing", lambda made: made["frames"][3].update(view4={})),
    ("joint_missing", at(2, 3, lambda view: view["pts"].pop("Nose"))),
    ("joint_missing", at(2, 3, lambda view: view["pts"].update(Nose={"x": 3}))),
    ("joint_missing", at(2, 3, lambda view: view["pts"].update(Nose={"x": None, "y": 4}))),
    ("joint_missing", at(2, 3, lambda view: view["pts"].update(Nose={"x": float("nan"), "y": 4}))),
    ("joint_missing", at(2, 3, lambda view: view.update(pts=[]))),
    ("joint_unknown", at(0, 1, lambda view: view["pts"].update(Tail={"x": 3, "y": 4}))),
    ("point_outside", at(0, 1, lambda view: view["pts"].update(Nose={"x": 3, "y": 1100}))),
    ("point_outside", at(0, 1, lambda view: view["pts"].update(Nose={"x": -3, "y": 4}))),
    ("active_differs", at(0, 1, lambda view: view.update(active="No"))),
    ("active_differs", lambda made: [view.pop("active") for view in made["frames"][0].values()]),
    ("image_name_odd", at(0, 1, lambda view: view.update(img_key="picture.jpg"))),
    ("performers_differ", at(0, 5, lambda view: view.update(img_key=view["img_key"].replace("Z17", "Z18")))),
    ("other_number", at(0, 1, lambda view: view.update(img_key=view["img_key"].replace("1-1-01", "1-1-21")))),
]


@pytest.mark.parametrize(("code", "change"), ODD, ids=[f"{i}-{code}" for i, (code, _) in enumerate(ODD)])
def test_what_is_odd_is_told_and_read(code: str, change: Change) -> None:
    first, again = read(change=change), read(change=change)
    assert code in first.odd and first.odd == again.odd
    assert np.array_equal(first.xy, again.xy, equal_nan=True)
    assert first.exercise.no == 1 and len(first) == 16
    known = np.isfinite(first.xy)
    same = first.xy == joints(naming())
    assert int((known & ~same).sum()) <= (2 if code == "point_outside" else 0)
    assert int((~known).sum()) <= 48


@pytest.mark.parametrize(
    ("frames", "code"),
    [(0, "no_frames"), (11, "frames_13_or_fewer"), (13, "frames_13_or_fewer"), (14, "frames_14_or_15"),
     (15, "frames_14_or_15"), (16, None), (17, "frames_17_or_more")],
)  # fmt: skip
def test_any_number_of_frames(frames: int, code: str | None) -> None:
    clip = read(frames=frames)
    assert clip.xy.shape == (5, frames, 24, 2) and clip.odd == ((code,) if code else ())
    assert clip.performer == (17 if frames else None)


@pytest.mark.parametrize(("type_no", "correct"), [(1, True), (2, False), (62, False), (101, False), (109, False)])
def test_correct_is_what_is_described_so(type_no: int, correct: bool) -> None:
    def all_true(made: Label) -> None:
        if type_no > 2:
            for row in made["type_info"]["conditions"]:
                row["value"] = True

    clip = read(type_no, change=all_true)
    assert clip.correct is correct
    assert ("correct_but_described_wrong" in clip.odd) is (type_no > 2)


@pytest.mark.parametrize(
    ("folder", "odd"),
    [("맨몸운동_Labeling", False), ("기구_Labeling", True), ("babel_01.zip", True), ("sample", False)],
)
def test_the_folder_is_not_trusted(folder: str, odd: bool) -> None:
    clip = read(path=f"{folder}/Day05_200925_F/D05-1-001.json")
    assert clip.exercise.kind == 1 and ("wrong_folder" in clip.odd) is odd


WHOLE = dumped(label(naming()))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b" \n\0\0", "empty_file"),
        (WHOLE[:40], "cut_short"),
        (WHOLE[: len(WHOLE) // 2], "cut_short"),
        (WHOLE[:-1], "cut_short"),
        (b"<html>", "not_json"),
        (b"\xff\xd8\xff\xe0", "not_json"),
        (WHOLE.replace(b'"x"', b"x", 1), "not_json"),
        (WHOLE + b"}", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"[]", "not_a_label"),
        (b"{}", "not_a_label"),
        (b'{"frames": "many"}', "not_a_label"),
        (dumped(label(naming(2))), "type_differs"),
        (WHOLE.replace(b'"key": "001"', b'"key": "one"'), "type_differs"),
    ],
)
def test_what_is_no_label(content: bytes, code: str) -> None:
    read_clip(WHOLE, NAME)  # its pattern is known: the quick way must see it, too
    with pytest.raises(BadLabelError) as caught:
        read_clip(content, NAME)
    assert caught.value.code == code


@pytest.mark.parametrize("content", [b"", b"{}", b'{"frames": 3}', b'{"frames": [{"pts": {}'])
def test_what_is_no_3d_label(content: bytes) -> None:
    with pytest.raises(BadLabelError):
        read_space(content, LabelName(5, 1, 1, True))


def test_a_type_that_there_is_not() -> None:
    with pytest.raises(BadLabelError, match="no_such_type"):
        read_clip(WHOLE.replace(b'"001"', b'"817"'), LabelName(5, 1, 817, False))


def flags(pattern: list[bool]) -> Change:
    def change(made: Label) -> None:
        for frame, on in zip(made["frames"], pattern, strict=False):
            for view in frame.values():
                view["active"] = "Yes" if on else "No"

    return change


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.booleans(), min_size=16, max_size=16),
    st.sampled_from([{}, {"indent": 1}, {"separators": (",", ":")}, {"sort_keys": True}, {"ensure_ascii": True}]),
    st.integers(1, 9),
)
def test_the_quick_way_reads_what_the_plain_way_does(on: list[bool], how: dict[str, Any], session: int) -> None:
    how = {"ensure_ascii": False, **how}
    for type_no in (1, 2, 185):
        made = label(naming(type_no, session=session, performer=session * 11), change=flags(on))
        content = json.dumps(made, **how).encode()
        plain, (fast, rest) = plain_frames(made["frames"]), quick.read_frames(content)
        assert np.array_equal(fast.xy, plain.xy) and np.array_equal(fast.active, plain.active)
        assert (fast.pictures, fast.odd) == (plain.pictures, plain.odd)
        assert rest["type_info"] == made["type_info"]


def test_one_pattern_serves_labels_that_differ_in_digits_and_activity(monkeypatch: pytest.MonkeyPatch) -> None:
    read()
    monkeypatch.setattr(quick, "plain_frames", None)  # would be called for whatever is not read the quick way
    for type_no, on in ((2, [True] * 16), (32, [False] * 3 + [True] * 13)):
        assert read(type_no, change=flags(on)).active.tolist() == on


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"view3"', b'"view2"'),
        (b'"Nose"', b'"Nos"'),
        (b'"Nose"', b'"nose"'),
        (b'"active": "Yes"', b'"active": "Ye"'),
        (b'"x": ', b'"x": 0.'),
        (b'"x": ', b'"x": -'),
        (b'"x": ', b'"x": 10000'),
    ],
)
def test_the_quick_way_is_not_taken_for_another_text(old: bytes, new: bytes) -> None:
    read_clip(WHOLE, NAME)
    at = len(WHOLE) // 3
    changed = WHOLE[:at] + WHOLE[at:].replace(old, new, 1)
    assert changed != WHOLE
    fast = read_clip(changed, NAME)
    plain = plain_frames(json.loads(changed)["frames"])
    assert np.array_equal(fast.xy, plain.xy, equal_nan=True) and np.array_equal(fast.active, plain.active)


def test_joints_stand_in_the_order_of_the_joint_set() -> None:
    made = label(naming())
    nose = made["frames"][4]["view2"]["pts"]["Nose"]
    assert read().xy[1, 4, skeleton("aihub_24").index("nose")].tolist() == [nose["x"], nose["y"]]
