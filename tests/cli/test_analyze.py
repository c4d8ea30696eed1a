"""`deukgeun analyze`: what is written where, in which language, and with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Calls, Run, make_workout

from deukgeun.analysis.workout import Workout
from deukgeun.errors import DeukgeunError, MediaError, ModelError, PoseError

EN = """workout.mp4 | 2026-03-02 (Mon) | 1:30 | 720x1280 | Bodyweight squat | 12 reps | 0:05 - 0:29 | 0:15 | 91%
 | Goblet squat 7% | Plank | 0:31 held | 2 sets, 12 reps, 0:55 at work, 0:15 at rest | person 3 (main)"""
KO = """2026-03-02 (월) | 맨몸 스쿼트 | 12회 | 고블릿 스쿼트 7% | 플랭크 | 0:31 유지
 | 2세트, 12회, 운동 0:55, 휴식 0:15 | 사람 3 (주인공)"""


@pytest.mark.parametrize(("lang", "expected"), [("en", EN), ("ko", KO)])
def test_the_report_is_a_diary_entry_in_both_languages(run: Run, calls: Calls, lang: str, expected: str) -> None:
    result = run("analyze", "workout.mp4", "--lang", lang)
    assert result.exit_code == 0, result.output
    assert [text for text in expected.split(" | ") if text.strip() not in result.stdout] == []


def test_the_locale_chooses_the_language(run: Run, calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Bodyweight squat" in run("analyze", "a.mp4").stdout
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    assert "맨몸 스쿼트" in run("analyze", "a.mp4").stdout


def test_the_timeline_has_a_mark_for_every_set_and_rest(run: Run, calls: Calls) -> None:
    bar, numbers = run("analyze", "a.mp4").stdout.splitlines()[5:7]
    assert len(bar) <= 100
    assert bar.count("█") == pytest.approx(98 * 55 / 90, abs=3)
    assert bar.count("─") == pytest.approx(98 * 15 / 90, abs=3)
    assert bar.index("█") == numbers.index("1")
    assert bar.rindex("─") + 1 == numbers.index("2")


def test_everybody_is_told_apart_when_asked_for(run: Run, calls: Calls) -> None:
    result = run("analyze", "a.mp4", "--person", "all")
    assert calls.analysed[0][1]["person"] == "all"
    header = next(line for line in result.stdout.splitlines() if "exercise" in line)
    assert "person" in header
    assert "Unknown movement" in result.stdout and "1 rep " in result.stdout


def test_a_video_without_exercise_says_so(run: Run, calls: Calls, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    monkeypatch.setattr("tests.cli.conftest.make_workout", lambda path, person: replace(make_workout(path), sets=()))
    assert "No exercise was seen." in run("analyze", "a.mp4").stdout


def test_warnings_go_to_stderr_with_their_hints(run: Run, calls: Calls) -> None:
    result = run("analyze", "a.mp4", "--lang", "ko")
    assert "warning[media-truncated]: The file ends early." in result.stderr
    assert "hint: 남아 있는 부분만" in result.stderr
    assert result.stderr.count("hint:") == 1  # the code without a hint has none


def test_json_to_a_file_is_the_workout_and_the_report_stays(run: Run, calls: Calls, tmp_path: Path) -> None:
    result = run("analyze", "a.mp4", "--json", "out.json")
    assert Workout.from_json((tmp_path / "out.json").read_bytes()) == make_workout(Path("a.mp4"))
    assert "written: out.json" in result.stdout and "Bodyweight squat" in result.stdout
    assert list(tmp_path.glob(".*.part")) == []


def test_json_to_stdout_is_alone_there(run: Run, calls: Calls) -> None:
    result = run("analyze", "a.mp4", "--json", "-")
    assert Workout.from_json(result.stdout) == make_workout(Path("a.mp4"))
    assert "warning[media-truncated]" in result.stderr


def test_json_of_several_videos_is_one_line_each_on_stdout(run: Run, calls: Calls) -> None:
    calls.failures["b.mp4"] = MediaError("media-empty", path="b.mp4")
    result = run("analyze", "a.mp4", "b.mp4", "c.mp4", "--json", "-")
    names = [json.loads(line)["video"]["path"] for line in result.stdout.splitlines()]
    assert names == ["a.mp4", "c.mp4"]
    assert "error[media-empty]" in result.stderr and result.exit_code == 3


@pytest.mark.parametrize("target", ["results/", "existing"])
def test_json_of_several_videos_goes_into_a_folder(run: Run, calls: Calls, tmp_path: Path, target: str) -> None:
    (tmp_path / "existing").mkdir()
    result = run("analyze", "one/a.mp4", "two/a.mov", "two/b.mp4", "--json", target)
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / target).iterdir()) == ["a-2.json", "a.json", "b.json"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("a.mp4", "b.mp4", "--json", "out.json"), "folder"),
        (("a.mp4", "b.mp4", "--annotate", "out.mp4"), "folder"),
        (("a.mp4", "--annotate", "out.avi"), ".mp4"),
        (("a.mp4", "--annotate", "a.mp4"), "itself"),
        (("a.mp4", "--json", "a.mp4"), "itself"),
        (("a.mp4", "--set", "rate_hz"), "NAME=VALUE"),
        (("a.mp4", "--set", "rat_hz=3"), "rate_hz"),
        (("a.mp4", "--rate", "500"), "1 and 60"),
        (("a.mp4", "--model", "huge"), "heavy"),
        (("a.mp4", "--person", "nobody"), "main"),
        ((), "VIDEO"),
    ],
)
def test_wrong_use_is_2_and_nothing_is_analysed(run: Run, calls: Calls, arguments: tuple[str, ...], says: str) -> None:
    result = run("analyze", *arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert calls.analysed == []


@pytest.mark.parametrize("option", ["--json", "--annotate"])
def test_an_output_that_cannot_be_written_is_known_before_the_work(
    run: Run, calls: Calls, option: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    for target in ("no/such/folder/out.mp4", "file/out.mp4"):
        result = run("analyze", "a.mp4", option, target)
        assert (result.exit_code, calls.analysed) == (7, [])
        assert "error[output-not-writable]" in result.stderr


def test_options_become_settings_and_win_over_set_and_environment(
    run: Run, calls: Calls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEUKGEUN_MODEL", "heavy")
    monkeypatch.setenv("DEUKGEUN_THREADS", "2")
    run("analyze", "a.mp4", "--model", "lite", "--rate", "5", "--set", "rate_hz=7", "--set", "max_people = 2")
    settings = calls.analysed[0][1]["settings"]
    assert (settings.model, settings.rate_hz, settings.max_people, settings.threads) == ("lite", 5.0, 2, 2)


def test_the_replay_is_asked_for_in_the_language_of_the_report(run: Run, calls: Calls) -> None:
    result = run("analyze", "a.mp4", "--annotate", "replay.mp4", "--lang", "ko")
    [(video, out, options)] = calls.annotated
    assert (video, out, options["lang"]) == (Path("a.mp4"), Path("replay.mp4"), "ko")
    assert "저장: replay.mp4" in result.stdout


def test_replays_of_several_videos_go_into_a_folder(run: Run, calls: Calls, tmp_path: Path) -> None:
    assert run("analyze", "a.mp4", "b.webm", "--annotate", "replays/").exit_code == 0
    assert [out for _, out, _ in calls.annotated] == [Path("replays/a.mp4"), Path("replays/b.mp4")]


def test_quiet_writes_files_and_nothing_else(run: Run, calls: Calls, tmp_path: Path) -> None:
    result = run("analyze", "a.mp4", "--quiet", "--json", "out.json")
    assert (result.stdout, result.stderr) == ("", "")
    assert (tmp_path / "out.json").exists()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MediaError("media-not-found", path="a.mp4"), 3),
        (MediaError("media-too-large", path="a", what="x", value=2, limit=1, setting="s"), 4),
        (PoseError("pose-no-person", path="a.mp4"), 5),
        (ModelError("model-missing", name="full"), 6),
    ],
)
def test_a_coded_error_is_a_message_a_hint_and_its_exit_code(
    run: Run, calls: Calls, error: DeukgeunError, code: int
) -> None:
    calls.failures["a.mp4"] = error
    result = run("analyze", "a.mp4")
    assert result.exit_code == code
    assert result.stderr == f"error[{error.code}]: {error.message}\n  hint: {error.hint}\n"
    assert result.stdout == ""


def test_one_bad_video_does_not_stop_the_others_and_the_highest_code_is_kept(run: Run, calls: Calls) -> None:
    calls.failures["a.mp4"] = PoseError("pose-no-person", path="a.mp4")
    calls.failures["b.mp4"] = MediaError("media-empty", path="b.mp4")
    result = run("analyze", "a.mp4", "b.mp4", "c.mp4")
    assert [path.name for path, _ in calls.analysed] == ["a.mp4", "b.mp4", "c.mp4"]
    assert result.exit_code == 5
    assert "c.mp4" in result.stdout


def test_an_unexpected_error_is_1_and_shows_its_traceback_only_when_asked(run: Run, calls: Calls) -> None:
    calls.failures["a.mp4"] = ZeroDivisionError("division\nby zero")
    result = run("analyze", "a.mp4")
    assert result.exit_code == 1
    assert "error[internal]: ZeroDivisionError: division" in result.stderr
    assert "Traceback" not in result.output
    assert "Traceback" in run("--debug", "analyze", "a.mp4").stderr
    assert "Traceback" not in run("analyze", "a.mp4").stderr  # the wish does not outlive the call


def test_an_interrupt_is_130_and_ends_all(run: Run, calls: Calls) -> None:
    calls.failures["a.mp4"] = KeyboardInterrupt()
    result = run("analyze", "a.mp4", "b.mp4")
    assert (result.exit_code, len(calls.analysed)) == (130, 1)
    assert "Traceback" not in result.output


def test_a_name_cannot_command_the_terminal(run: Run, calls: Calls) -> None:
    name = "a\x1b[2J\u202e[red].mp4"
    calls.failures["b\x07.mp4"] = MediaError("media-empty", path="b\x07.mp4")
    result = run("analyze", name, "b\x07.mp4")
    assert "a?[2J?[red].mp4" in result.stdout and "b?.mp4" in result.stderr
    assert "\x1b" not in result.output and "\x07" not in result.output
