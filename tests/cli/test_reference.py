"""The reference is complete and is what the code says; the guides use only what exists."""

from __future__ import annotations

import inspect
import itertools
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from tests.aihub.support_aihub import files, naming, write
from tests.cli.conftest import Calls, Run
from tools import make_reference

from deukgeun.analysis import workout_schema
from deukgeun.cli.language import words
from deukgeun.cli.main import app
from deukgeun.errors import error_table
from deukgeun.media import VideoWriter
from deukgeun.settings import settings_table

DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = DOCS / "reference"
GUIDES = [DOCS / "tutorial.md", *sorted((DOCS / "how-to").glob("*.md"))]
MAIN: Any = typer.main.get_command(app)
COMMANDS: dict[str, Any] = {"": MAIN, **dict(make_reference.commands(MAIN))}


def page(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


@pytest.mark.parametrize("name", sorted(make_reference.pages()))
def test_every_page_is_up_to_date(name: str) -> None:
    assert page(name) == make_reference.pages()[name], "run `make docs`"


def test_every_command_and_option_is_in_the_reference() -> None:
    text = page("cli.md")
    for name, command in COMMANDS.items():
        section = text.split(f"# deukgeun {name}\n")[1].split("\n##")[0] if name else text
        if hasattr(command, "commands") and name:
            continue
        for param in command.params:
            if param.hidden or param.name.endswith("_completion"):
                continue
            for option in param.opts if param.param_type_name == "option" else [param.metavar]:
                assert option in section, (name, option)
            assert param.help and (param.is_flag if not param.metavar else True), (name, param.name)


def test_every_setting_error_and_warning_is_in_the_reference() -> None:
    assert [name for name in settings_table() if f"| `{name}` |" not in page("settings.md")] == []
    assert [code for code in error_table() if f"| `{code}` |" not in page("errors.md")] == []
    assert [code for code in words("en")["hints"] if f"| `{code}` |" not in page("errors.md")] == []


def test_every_exit_code_is_explained() -> None:
    used = {entry.exit_code for entry in error_table().values()} | {0, 1, 130}
    assert used == set(make_reference.EXIT_CODES)
    assert [code for code in used if f"| `{code}` |" not in page("cli.md")] == []
    help_text = str(app.info.epilog)
    assert [code for code in used if not re.search(rf"\b{code} [a-z]", help_text)] == []


def test_every_public_name_is_in_the_reference_and_has_a_docstring() -> None:
    text = page("api.md")
    for room in make_reference.ROOMS:
        for name in make_reference.public_names(room):
            value = getattr(__import__(room, fromlist=[name]), name)
            assert f"### {name}\n" in text, (room, name)
            if inspect.isclass(value) or inspect.isfunction(value):
                assert inspect.getdoc(value), (room, name)
    assert " at 0x" not in text


def test_every_field_of_the_json_is_in_the_reference() -> None:
    schema = workout_schema()
    fields = {field for part in (schema, *schema["$defs"].values()) for field in part["properties"]}
    assert [field for field in fields if f"| `{field}` |" not in page("workout.md")] == []
    assert json.loads(page("workout.schema.json"))["$defs"] == schema["$defs"]


def blocks(language: str) -> Iterator[tuple[str, str]]:
    for guide in GUIDES:
        for match in re.finditer(rf"^```{language}\n(.*?)^```", guide.read_text("utf-8"), re.M | re.S):
            yield guide.name, match[1]


def calls_in_guides() -> list[tuple[str, str]]:
    lines = ((name, line) for name, block in blocks("console") for line in block.splitlines())
    return [(name, line[2:]) for name, line in lines if line.startswith("$ deukgeun")]


@pytest.mark.parametrize(("guide", "line"), calls_in_guides())
def test_the_calls_in_the_guides_use_what_exists(guide: str, line: str) -> None:
    arguments = shlex.split(re.split(r" [|>] | > ", line)[0], comments=True)[1:]
    name = arguments[0] if arguments and not arguments[0].startswith("-") else ""
    if " ".join(arguments[:2]) in COMMANDS:  # a command of a group
        name = " ".join(arguments[:2])
    assert name in COMMANDS, line
    known = {option for param in COMMANDS[name].params for option in (*param.opts, *param.secondary_opts)} | {
        "--help",
        "-h",
    }
    assert [word for word in arguments if word.startswith("-") and word != "-" and word not in known] == []
    overrides = [after for before, after in itertools.pairwise(arguments) if before == "--set"]
    assert [text for text in overrides if text.split("=")[0] not in settings_table()] == []


def test_the_guides_have_calls_and_programs() -> None:
    assert len(calls_in_guides()) > 10
    assert len(list(blocks("python"))) > 3


@pytest.mark.parametrize(("guide", "program"), list(blocks("python")))
def test_the_programs_in_the_guides_run(run: Run, calls: Calls, tmp_path: Path, guide: str, program: str) -> None:
    with VideoWriter(tmp_path / "workout.mp4", 64, 64, 10) as out:
        for index in range(5):
            out.write(np.zeros((64, 64, 3), np.uint8), index / 10)
    write(tmp_path / "mine", files(naming(1), pictures=2))  # a copy of AI Hub's data set
    names: dict[str, object] = {"__name__": "guide"}
    exec(compile(program, guide, "exec"), names)  # noqa: S102  # the guides are ours
    assert "deukgeun" in program and len(names) > 2, "the program neither uses the package nor defines a name"


@pytest.mark.parametrize("guide", [*GUIDES, *sorted(REFERENCE.glob("*.md"))], ids=lambda path: path.name)
def test_links_lead_somewhere(guide: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", guide.read_text("utf-8")):
        if "://" not in target:
            assert (guide.parent / target).exists(), target
