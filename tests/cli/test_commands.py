"""doctor, models, exercises, settings and the entrance itself."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from deukgeun import __version__
from deukgeun.cli import checks
from deukgeun.cli import main as entrance
from deukgeun.cli.models import state
from deukgeun.exercises import catalogue
from deukgeun.pose import weights
from deukgeun.settings import settings_table

REPOSITORY = Path(__file__).parents[2]


def test_version_and_bare_call(run: Run) -> None:
    assert run("--version").stdout == f"deukgeun {__version__}\n"
    assert "analyze" in run().output
    assert run("nonsense").exit_code == 2


def test_help_names_every_command_and_exit_code(run: Run) -> None:
    text = " ".join(run("--help").stdout.split())
    for word in ("analyze", "doctor", "models", "exercises", "settings", "130 interrupted", "6 damaged"):
        assert word in text
    assert "--debug" not in text


def test_run_ends_the_process_with_the_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["deukgeun", "exercises", "no such thing"])
    with pytest.raises(SystemExit) as ended:
        entrance.run()
    assert ended.value.code == 2
    assert "error[catalogue-unknown-exercise]" in capsys.readouterr().err


def test_an_interrupt_outside_a_command_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(entrance, "app", interrupted)
    with pytest.raises(SystemExit) as ended:
        entrance.run()
    assert ended.value.code == 130


def test_doctor_examines_every_dependency_of_the_project() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    names = {text.split(">")[0].strip() for text in project["dependencies"]}
    assert names == set(checks.LIBRARIES)


def test_doctor_finds_this_installation_good(run: Run) -> None:
    if any(state(name) != "installed" for name in weights.weights_manifest()):
        pytest.skip("the weights are not installed")
    result = run("doctor")
    assert result.exit_code == 0, result.output
    for subject in ("python", "numpy", "settings", "weights full", "video", "network heavy"):
        assert any(line.startswith("ok") and subject in line for line in result.stdout.splitlines()), subject
    assert "FAULT" not in result.stdout


def test_doctor_tells_what_is_broken(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEUKGEUN_RATE_HZ", "fast")
    monkeypatch.setattr(checks, "LIBRARIES", {"no-such-library": "no_such_library"})
    monkeypatch.setattr(checks, "_OLDEST_PYTHON", (99, 0))
    monkeypatch.setattr(checks, "network", lambda name: "not run here")
    monkeypatch.setattr(checks, "video", lambda: "not run here")
    result = run("doctor", "--json")
    faults = {row["subject"]: row["detail"] for row in json.loads(result.stdout) if not row["good"]}
    assert result.exit_code == 6
    assert set(faults) >= {"python", "no-such-library", "settings"}
    assert "rate_hz" in faults["settings"] and "ModuleNotFoundError" in faults["no-such-library"]
    assert "3 of" in result.stderr


def test_doctor_sees_pictures_that_come_back_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    class Empty:
        def __init__(self, *_: object) -> None:
            self.info = type("Info", (), {"codec": "h264"})

        def __enter__(self) -> Empty:
            return self

        def __exit__(self, *_: object) -> None: ...

        def __iter__(self) -> object:
            return iter(())

    monkeypatch.setattr("deukgeun.media.read_frames", Empty, raising=False)
    with pytest.raises(RuntimeError, match="0 of 10"):
        checks.video()


@pytest.mark.parametrize(("content", "expected"), [(None, "missing"), (b"not the network", "altered")])
def test_models_tells_missing_and_altered_weights(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, expected: str
) -> None:
    if content is not None:
        (tmp_path / "pose_landmark_full.tflite").write_bytes(content)
    monkeypatch.setattr(weights, "_FOLDER", tmp_path)
    weights.weights_path.cache_clear()
    try:
        assert state("full") == expected
        line = next(text for text in run("models").stdout.splitlines() if text.startswith("full"))
        assert expected in line and "Apache-2.0" in line and "pose, default" in line
    finally:
        weights.weights_path.cache_clear()


def test_models_as_json_has_everything_of_the_manifest(run: Run) -> None:
    rows = {row["name"]: row for row in json.loads(run("models", "--json").stdout)}
    assert set(rows) == set(weights.weights_manifest())
    for name, each in weights.weights_manifest().items():
        assert (rows[name]["sha256"], rows[name]["source"]) == (each.sha256, each.source)
    assert rows["detector"]["role"] == "finds people"


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("GOBLET",), {"goblet_squat"}),
        (("고블릿",), {"goblet_squat"}),
        (("--movement", "squat"), {each.slug for each in catalogue().by_movement("squat")}),
        (("goblet", "--movement", "squat"), {"goblet_squat"}),
        ((), set(catalogue())),
    ],
)
def test_exercises_are_found_by_any_name(run: Run, arguments: tuple[str, ...], found: set[str]) -> None:
    assert {row["slug"] for row in json.loads(run("exercises", *arguments, "--json").stdout)} == found


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("Plank", "body weight", "seconds")), ("ko", ("플랭크", "맨몸", "초"))]
)
def test_exercises_are_listed_in_both_languages(run: Run, lang: str, words: tuple[str, ...]) -> None:
    lines = run("exercises", "plank", "--lang", lang).stdout.splitlines()
    row = next(line for line in lines if " plank " in line)
    assert [word for word in words if word not in row] == []


@pytest.mark.parametrize(
    ("arguments", "nearest"), [(("gobblet squat",), "goblet_squat"), (("--movement", "squot"), "squat")]
)
def test_an_unknown_exercise_names_the_nearest(run: Run, arguments: tuple[str, ...], nearest: str) -> None:
    result = run("exercises", *arguments)
    assert result.exit_code == 2 and nearest in result.stderr


def test_settings_tells_value_and_origin(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('model = "lite"\nthreads = 2\n')
    monkeypatch.setenv("DEUKGEUN_CONFIG", str(file))
    monkeypatch.setenv("DEUKGEUN_THREADS", "3")
    rows = {row["name"]: row for row in json.loads(run("settings", "--json").stdout)}
    assert set(rows) == set(settings_table())
    assert [(rows[n]["value"], rows[n]["origin"]) for n in ("model", "threads", "rate_hz")] == [
        ("lite", "file"),
        (3, "environment"),
        (10.0, "default"),
    ]


def test_settings_lists_every_setting_with_its_bounds(run: Run) -> None:
    text = run("settings").stdout
    assert [name for name in settings_table() if name not in text] == []
    assert "lite, full, heavy" in text and "1 to 60" in text and ">= 256" in text


def test_a_wrong_setting_is_2(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEUKGEUN_SPEED", "9")
    result = run("settings")
    assert result.exit_code == 2 and "error[settings-unknown]" in result.stderr
