"""teach and personal: an analysis that looks at no video gives the examples."""

from __future__ import annotations

import json
import types
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Run, make_workout
from tests.support_exercises import course, performed, push_up, squat, stand

from deukgeun.analysis import teaching
from deukgeun.errors import MediaError, PersonalError, PoseError
from deukgeun.pose import PoseTrack
from deukgeun.recognition import RECOGNISER
from deukgeun.recognition.personal import Personal
from deukgeun.recognition.personal_file import read_personal, write_personal

SETS = {
    "squat": performed(squat, course(5, 2.0, before_s=6.0)),
    "push_up": performed(push_up, course(5, 2.0)),
    "short": performed(stand, course(0, before_s=0.5, after_s=0.5)),
    "flat": replace(performed(squat, course(2, 2.0)), xyz=None),
}


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch, run: Run, tmp_path: Path) -> list[tuple[Path, Any]]:
    """Videos named as their sets; which were looked at, with which settings."""
    seen: list[tuple[Path, Any]] = []

    def analyze_video(path: Path, *, settings: Any, progress: Any) -> Any:
        seen.append((path, settings))
        if path.stem not in SETS:
            raise MediaError("media-not-found", path=path)
        tracks: tuple[PoseTrack, ...] = (SETS[path.stem],)
        return types.SimpleNamespace(workout=make_workout(path), tracks=tracks)

    monkeypatch.setattr(teaching, "analyze_video", analyze_video)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return seen


def kept(tmp_path: Path) -> Personal:
    return read_personal(tmp_path / "data" / "deukgeun" / "personal.json")


def test_an_exercise_is_taught_listed_and_forgotten(run: Run, tmp_path: Path) -> None:
    assert "taught no exercise" in run("personal", "list").stdout
    result = run("teach", "Wall  Slide", "squat.mp4")
    assert (result.exit_code, result.stdout) == (0, "learnt: Wall Slide (my:wallslide), examples: 1\n"), result.output
    assert [(e.name, e.measure, e.model) for e in kept(tmp_path)] == [("Wall Slide", "reps", RECOGNISER)]
    assert "Wall Slide" in run("personal", "list").stdout
    assert json.loads(run("personal", "list", "--json").stdout) == [
        {"name": "Wall Slide", "slug": "my:wallslide", "measure": "reps", "examples": 1, "model": RECOGNISER,
         "usable": True}
    ]  # fmt: skip
    assert run("personal", "remove", "wall slide").stdout == "removed: Wall Slide\n"
    assert len(kept(tmp_path)) == 0
    again = run("personal", "remove", "wall slide")
    assert again.exit_code == 2 and "error[personal-unknown]" in again.stderr


def test_further_examples_are_added_and_the_measure_stays(run: Run, tmp_path: Path) -> None:
    assert run("teach", "벽 밀기", "squat.mp4", "push_up.mp4", "--measure", "hold", "-q").stdout == ""
    assert run("teach", "벽밀기", "squat.mp4", "--lang", "ko").stdout == "배움: 벽 밀기 (my:벽밀기), 예시: 2\n"
    assert [(e.name, e.measure, len(e.prototypes)) for e in kept(tmp_path)] == [("벽 밀기", "hold", 2)]
    run("teach", "벽 밀기", "squat.mp4", "--measure", "reps")
    assert [e.measure for e in kept(tmp_path)] == ["reps"]


def test_the_set_is_learnt_not_what_is_before_it() -> None:
    found = teaching.example_in_video(Path("squat.mp4"))
    whole = teaching.example_in_track(SETS["squat"], 10.0, (0.0, 99.0))
    marked = teaching.example_in_track(SETS["squat"], 10.0, (6.0, 12.0))
    assert len(marked) == 5
    assert len(found) < len(whole)


@pytest.mark.parametrize(
    ("arguments", "exit_code", "code"),
    [
        (("a", "missing.mp4"), 3, "media-not-found"),
        (("a", "squat.mp4", "short.mp4"), 5, "personal-too-short"),
        (("a", "flat.mp4"), 2, "personal-no-depth"),
        (("...", "squat.mp4"), 2, "personal-name"),
        (("a\x1bb", "squat.mp4"), 2, "personal-name"),
        (("a", *["squat.mp4"] * 4), 2, None),
        (("a",), 2, None),
        (("a", "squat.mp4", "--measure", "miles"), 2, None),
    ],
)
def test_what_cannot_be_taught_leaves_nothing(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], exit_code: int, code: str | None
) -> None:
    result = run("teach", *arguments)
    assert result.exit_code == exit_code, result.output
    assert code is None or f"error[{code}]" in result.stderr
    assert "\x1b" not in result.output
    assert not (tmp_path / "data").exists()


def test_nobody_in_sight_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = types.SimpleNamespace(workout=make_workout(Path("a.mp4")), tracks=())
    monkeypatch.setattr(teaching, "analyze_video", lambda path, **_: nobody)
    with pytest.raises(PoseError, match="pose-no-person"):
        teaching.example_in_video(Path("a.mp4"))
    with pytest.raises(PersonalError, match="personal-no-depth"):
        teaching.example_in_track(SETS["flat"], 10.0)


def test_a_copy_teaches_another_machine(run: Run, tmp_path: Path) -> None:
    run("teach", "one", "squat.mp4")
    run("teach", "two", "push_up.mp4", "--measure", "hold")
    assert run("personal", "export", "copy.json").exit_code == 0
    other = tmp_path / "other.json"
    run("teach", "ONE", "push_up.mp4", "--catalogue", other)
    assert run("personal", "import", "copy.json", "--catalogue", other).stdout == "joined: 2 of copy.json\n"
    assert [(e.name, e.measure, len(e.prototypes)) for e in read_personal(other)] == [("ONE", "reps", 2),
                                                                                      ("two", "hold", 1)]  # fmt: skip
    run("personal", "import", "copy.json", "--catalogue", other)
    assert [len(e.prototypes) for e in read_personal(other)] == [2, 1], "the same again adds nothing"
    absent = run("personal", "import", "none.json")
    assert absent.exit_code == 3 and "error[personal-file]" in absent.stderr


def test_the_setting_names_the_file_and_the_option_wins(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEUKGEUN_PERSONAL_FILE", str(tmp_path / "env.json"))
    run("teach", "a", "squat.mp4")
    run("teach", "b", "squat.mp4", "--catalogue", tmp_path / "option.json")
    assert [e.name for e in read_personal(tmp_path / "env.json")] == ["a"]
    assert [e.name for e in read_personal(tmp_path / "option.json")] == ["b"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("teach", "a", "squat.mp4"),
        ("personal", "list"),
        ("personal", "remove", "a"),
        ("personal", "export", "out.json"),
        ("personal", "import", "good.json"),
    ],
)
def test_a_damaged_file_is_told_of_at_once_and_left_alone(
    run: Run, tmp_path: Path, asked: list[tuple[Path, Any]], arguments: tuple[str, ...]
) -> None:
    path = tmp_path / "data" / "deukgeun" / "personal.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"format": 1, "exerc')
    write_personal(tmp_path / "good.json", Personal())
    result = run(*arguments)
    assert result.exit_code == 3 and "error[personal-file]" in result.stderr
    assert path.read_text() == '{"format": 1, "exerc'
    assert asked == [] and not (tmp_path / "out.json").exists()


def test_what_another_network_learnt_is_listed_as_not_in_use_and_not_mixed(
    run: Run, tmp_path: Path, asked: list[tuple[Path, Any]]
) -> None:
    run("teach", "a", "squat.mp4")
    path = tmp_path / "data" / "deukgeun" / "personal.json"
    path.write_text(path.read_text().replace(RECOGNISER, "movements-0"))
    assert "teach it again" in run("personal", "list").stdout
    result = run("teach", "a", "squat.mp4")
    assert result.exit_code == 2 and "error[personal-other-network]" in result.stderr
    assert len(asked) == 1, "nothing is analysed in vain"
