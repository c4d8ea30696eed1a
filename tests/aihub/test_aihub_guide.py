"""The guide keeps its word: its commands and options exist, its code runs, and both languages say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.aihub.support_aihub import files, naming, write
from typer.main import get_command

from deukgeun.aihub.commands import app
from deukgeun.aihub.corrections import DROP, read_corrections
from deukgeun.training.commands import evaluate, train

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to"
PAGES = {name: (HOW_TO / name).read_text("utf-8") for name in ("aihub.md", "aihub.ko.md")}
page = pytest.mark.parametrize("name", PAGES)


def blocks(name: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGES[name], re.MULTILINE | re.DOTALL)


@page
def test_commands_and_options_exist(name: str) -> None:
    commands: dict[str, object] = get_command(app).commands  # type: ignore[attr-defined]
    lines = [line for block in blocks(name, "console") for line in block.splitlines() if "deukgeun aihub" in line]
    assert {line.split()[3] for line in lines} == set(commands)
    for line in lines:
        known = {opt for each in commands[line.split()[3]].params for opt in each.opts + each.secondary_opts}  # type: ignore[attr-defined]
        assert set(re.findall(r"(?<!\S)--[a-z-]+", line)) <= known
    rooms = [*commands.values(), *(each for room in (train, evaluate) for each in get_command(room).commands.values())]  # type: ignore[attr-defined]
    everything = {opt for each in rooms for param in each.params for opt in param.opts + param.secondary_opts}  # type: ignore[attr-defined]
    assert set(re.findall(r"`(--[a-z-]+)", PAGES[name])) <= everything


@page
def test_the_code_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "mine", files(naming(1), pictures=2))
    monkeypatch.chdir(tmp_path)
    (code,) = blocks(name, "python")
    found: dict[str, object] = {}
    exec(code, found)  # noqa: S102
    assert found["xy"].shape == (5, 16, 24, 2)  # type: ignore[attr-defined]
    assert isinstance(found["jpeg"], bytes) and len(found["space"]) == 16  # type: ignore[arg-type]


@page
def test_the_table_of_corrections_can_be_read(name: str, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text(next(block for block in blocks(name, "text") if block.startswith("what")), "utf-8")
    assert read_corrections(table).rows == {"D05-1-001": 8, "001-1-1-01-Z23_B": DROP}


def test_both_languages_give_the_same_commands() -> None:
    english, korean = (blocks(name, "console") for name in PAGES)
    assert english == korean
    headings = [re.findall(r"^#+", text, re.MULTILINE) for text in PAGES.values()]
    assert headings[0] == headings[1]
