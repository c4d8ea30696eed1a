"""The small parts: clock, days, language, texts, progress, output files, start-up."""

from __future__ import annotations

import io
import subprocess
import sys
import time
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cli.conftest import make_workout

from deukgeun.cli.language import Lang, language, words
from deukgeun.cli.outputs import write_text
from deukgeun.cli.progress import progress_bar
from deukgeun.cli.report import clock, day, rest_after
from deukgeun.cli.settings import bounds
from deukgeun.cli.terminal import printable
from deukgeun.cli.timeline import timeline
from deukgeun.errors import OutputError
from deukgeun.settings import Setting

HEAVY = {"numpy", "cv2", "av", "scipy", "pydantic", "onnxruntime", "ai_edge_litert", "rich.progress"}


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.4, "0:59"), (59.6, "1:00"), (3599.6, "1:00:00"), (3725, "1:02:05")]
)
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_day() -> None:
    assert day(datetime(2026, 11, 22, 18, 5), words("ko")) == "2026-11-22 (일) 18:05"
    assert day(None, words("en")) == "day not known"
    local = datetime(2026, 11, 22, 18, 5, tzinfo=UTC).astimezone()
    assert day(local.astimezone(UTC), words("en")).endswith(f"{local:%H:%M}")


@pytest.mark.parametrize(
    ("asked", "environ", "expected"),
    [
        (Lang.en, {"LANG": "ko_KR.UTF-8"}, "en"),
        (Lang.ko, {}, "ko"),
        (None, {"LANG": "ko_KR.UTF-8"}, "ko"),
        (None, {"LC_ALL": "en_US", "LANG": "ko_KR"}, "en"),
        (None, {"LC_ALL": "", "LC_MESSAGES": "ko", "LANG": "de_DE"}, "ko"),
        (None, {"LANG": "de_DE"}, "en"),
        (None, {}, "en"),
    ],
)
def test_language(asked: Lang | None, environ: dict[str, str], expected: str) -> None:
    assert language(asked, environ) == expected


def test_both_languages_have_the_same_words_with_the_same_blanks() -> None:
    import string

    def blanks(value: object) -> object:
        if isinstance(value, dict):
            return {key: blanks(each) for key, each in value.items()}
        text = value if isinstance(value, str) else ""
        return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)

    tables = tomllib.loads((files("deukgeun.cli") / "words.toml").read_text("utf-8"))
    assert blanks(tables["en"]) == blanks(tables["ko"])
    replay = tomllib.loads((files("deukgeun.analysis") / "annotate.toml").read_text("utf-8"))
    assert blanks(replay["en"]) == blanks(replay["ko"])


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(), max_size=40))
def test_printable_is_one_line_and_can_be_encoded(text: str) -> None:
    clean = printable(text)
    clean.encode("utf-8")
    assert len(clean.splitlines()) <= 1 and "\x1b" not in clean
    assert printable("스쿼트 [a].mp4") == "스쿼트 [a].mp4"


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 300), st.lists(st.tuples(st.floats(0, 5000), st.floats(0, 400)), max_size=12))
def test_the_timeline_shows_every_set_and_keeps_to_its_width(width: int, spans: list[tuple[float, float]]) -> None:
    whole = make_workout(Path("a.mp4"))
    sets = tuple(replace(whole.sets[0], start_s=start, end_s=start + length) for start, length in spans)
    lines = timeline(replace(whole, sets=sets, rests=()), width)
    assert len(lines) == (2 if sets else 0)
    for bar, numbers in zip(lines[::2], lines[1::2], strict=True):
        assert len(bar.plain) == max(10, width - 2) + 1
        assert "█" in bar.plain
        assert numbers.plain.strip().startswith("1") or len({start for start, _ in spans}) > 1


def test_a_rest_belongs_to_the_set_before_it_and_to_its_person() -> None:
    workout = make_workout(Path("a.mp4"), person="all")
    assert [rest_after(workout, done) for done in workout.sets] == [15.0, None, None]


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        (Setting("a", "str", "x", "", choices=("x", "y")), "x, y"),
        (Setting("a", "bool", True, ""), "bool"),
        (Setting("a", "int", 1, "", minimum=1), ">= 1"),
        (Setting("a", "float", 1.0, "", maximum=2.5), "<= 2.5"),
        (Setting("a", "int", 1, "", minimum=0, maximum=8_000_000_000), "0 to 8000000000"),
    ],
)
def test_bounds(setting: Setting, text: str) -> None:
    assert bounds(setting) == text


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("before")
    with pytest.raises(OutputError):
        write_text(tmp_path / "missing" / "out.json", "x")
    with pytest.raises(UnicodeEncodeError):
        write_text(target, "\udcff")
    assert target.read_text() == "before"
    write_text(target, "스쿼트")
    assert target.read_text("utf-8") == "스쿼트"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_shows_stage_and_share_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with progress_bar("a\x07.mp4", words("en"), wanted=True) as update:
        assert update is not None
        update("watch", 1.0, 4.0)
        update("watch", 5.0, 4.0)
        update("understand", 0.0, None)
        update("other", 1.0, 2.0)
    assert "a?.mp4" in terminal.getvalue()


@pytest.mark.parametrize("wanted", [True, False])
def test_no_bar_without_a_terminal_or_when_not_wanted(monkeypatch: pytest.MonkeyPatch, wanted: bool) -> None:
    stream = io.StringIO() if wanted else _Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress_bar("a.mp4", words("en"), wanted=wanted) as update:
        assert update is None
    assert stream.getvalue() == ""


def test_the_entrance_imports_nothing_heavy() -> None:
    code = "import sys, deukgeun.cli.main; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert HEAVY & set(loaded) == set()


def test_help_comes_at_once() -> None:
    code = "from deukgeun.cli.main import run; run()"

    def seconds() -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, check=True)
        return time.perf_counter() - begun

    assert min(seconds() for _ in range(3)) < 0.5
