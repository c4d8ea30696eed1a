"""Write the reference pages in docs/reference/ from the code: commands, settings, errors, Python names, the JSON.

    python tools/make_reference.py

A test fails while a page in the repository is not the one this would write.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import json
import re
from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import typer

from deukgeun import errors
from deukgeun.analysis import workout_schema
from deukgeun.analysis.workout import SCHEMA_VERSION
from deukgeun.cli.language import words
from deukgeun.cli.main import app
from deukgeun.cli.settings import bounds
from deukgeun.settings import settings_table

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
NOTE = "This page is written by `tools/make_reference.py`; do not edit it.\n"
ROOMS = (
    "deukgeun",
    "deukgeun.analysis",
    "deukgeun.media",
    "deukgeun.pose",
    "deukgeun.skeleton",
    "deukgeun.motion",
    "deukgeun.recognition",
    "deukgeun.exercises",
    "deukgeun.settings",
    "deukgeun.errors",
)
# Modules without __all__, because all that is public in them is defined there.
WHOLE = {"deukgeun.settings", "deukgeun.errors"}
EXIT_CODES = {
    0: "Done.",
    1: "An unexpected error: a fault of the program. `deukgeun --debug COMMAND ...` shows where.",
    2: "Wrong use: an option, a setting or a name that does not exist, a value out of range.",
    3: "The input cannot be read: not there, empty, damaged, not a video.",
    4: "The input is over a limit.",
    5: "There is nothing to analyse in it: nobody is to be seen.",
    6: "The installation is damaged: weights or the catalogue are missing or altered.",
    7: "The output cannot be written.",
    130: "Interrupted (Ctrl-C).",
}


def pages() -> dict[str, str]:
    """Return the content of every page by file name."""
    return {
        "README.md": index_page(),
        "cli.md": cli_page(),
        "settings.md": settings_page(),
        "errors.md": errors_page(),
        "api.md": api_page(),
        "workout.md": workout_page(),
        "workout.schema.json": json.dumps(schema(), ensure_ascii=False, indent=2) + "\n",
    }


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, "utf-8")
        print(f"docs/reference/{name}")


def index_page() -> str:
    """Return the list of the pages."""
    return f"""# Reference

{NOTE}
- [Command line](cli.md): every command, option and exit code.
- [Settings](settings.md): every setting, its bounds, and where it is set.
- [Errors and warnings](errors.md): every code, what it says and what to do.
- [Python](api.md): every public name.
- [The workout as JSON](workout.md): every field, and the [schema](workout.schema.json).
- [Exercises](exercises.md): the catalogue, and [what they look like](gallery.md).
"""


def cli_page() -> str:
    """Return the page of the commands."""
    group: Any = typer.main.get_command(app)
    parts = [f"# Command line\n\n{NOTE}\n{app.info.help}\n"]
    parts.append("`deukgeun` itself takes:\n\n" + _parameters(group))
    for name, command in commands(group):
        level = "#" * (2 + name.count(" "))
        body = f"{level} deukgeun {name}\n\n{_paragraphs(command.help)}\n"
        if not hasattr(command, "commands"):
            body += f"\n{_usage(name, command)}\n\n{_parameters(command)}"
        parts.append(body)
    rows = ((f"`{code}`", text) for code, text in EXIT_CODES.items())
    parts.append(f"## Exit codes\n\n{_table(('code', 'meaning'), rows)}")
    parts.append(
        "An error is one line and a hint on stderr: `error[code]: message`. The codes are in [errors](errors.md). With "
        "several videos, each is tried and the exit code is the highest of theirs.\n"
    )
    return "\n".join(parts)


def commands(group: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every command with its full name, those of other rooms and of groups included."""
    context = group.context_class(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield f"{above}{name}", command
        if hasattr(command, "commands"):
            yield from commands(command, f"{above}{name} ")


def _usage(name: str, command: Any) -> str:
    arguments = [_argument(param) for param in command.params if param.param_type_name == "argument"]
    return "```\n" + " ".join([f"deukgeun {name}", "[OPTIONS]", *arguments]) + "\n```"


def _argument(param: Any) -> str:
    shown = f"{param.metavar}{'...' if param.nargs == -1 else ''}"
    return shown if param.required else f"[{shown}]"


def _parameters(command: Any) -> str:
    rows = []
    for param in command.params:
        if getattr(param, "hidden", False) or param.name in {"install_completion", "show_completion"}:
            continue
        if param.param_type_name == "argument":
            rows.append((f"`{_argument(param)}`", param.help))
            continue
        names = ", ".join(f"`{option}`" for option in param.opts)
        value = f" `{param.metavar}`" if param.metavar else ""
        rows.append((names + value, f"{param.help}{_default(param.default)}"))
    return _table(("option", "what it does"), rows)


def _default(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Enum)):
        return ""
    return f" Default: `{value.value if isinstance(value, Enum) else value}`."


def settings_page() -> str:
    """Return the page of the settings."""
    rows = ((f"`{s.name}`", f"`{json.dumps(s.default)}`", bounds(s), s.type, s.help) for s in settings_table().values())
    table = _table(("setting", "default", "values", "type", "what it does"), rows)
    return f"""# Settings

{NOTE}
A value is taken from, the last wins:

1. the default below,
2. the settings file: TOML, one `name = value` a line, at `~/.config/deukgeun/settings.toml` (below `XDG_CONFIG_HOME`
   where that is set), or the file that the variable `DEUKGEUN_CONFIG` names,
3. the environment: `DEUKGEUN_` and the name in capitals, for example `DEUKGEUN_RATE_HZ=5`,
4. the call: `deukgeun analyze --set rate_hz=5`, or `load_settings(rate_hz=5)` in Python.

A name that does not exist and a value out of bounds are errors, wherever they stand. `deukgeun settings` shows what is
in force and where it comes from.

{table}"""


def errors_page() -> str:
    """Return the page of the errors and the warnings."""
    tree = inspect.getdoc(errors) or ""
    drawing = next(block for block in tree.split("\n\n") if "├──" in block)
    parts = [f"# Errors and warnings\n\n{NOTE}\nEvery error is of one tree:\n\n```\n{inspect.cleandoc(drawing)}\n```\n"]
    parts.append("## Errors\n\nWords in braces are filled in.\n")
    rows = (
        (f"`{entry.code}`", f"`{entry.exit_code}`", entry.message, entry.hint)
        for entry in errors.error_table().values()
    )
    parts.append(_table(("code", "exit", "message", "hint"), rows))
    parts.append(
        "## Warnings\n\nThe video was analysed; the result may lack something. They are in `Workout.warnings`.\n"
    )
    parts.append(_table(("code", "hint"), ((f"`{code}`", hint) for code, hint in words("en")["hints"].items())))
    return "\n".join(parts)


def api_page() -> str:
    """Return the page of the public names of every room."""
    intro = (
        "What is listed under `deukgeun` is all that most programs need. Anything not listed may change at any time."
    )
    told: set[int] = set()
    return "\n".join([f"# Python\n\n{NOTE}\n{intro}\n", *(_room(name, told) for name in ROOMS)])


def _room(name: str, told: set[int]) -> str:
    """Return a room's section. What another section has told already is only linked to."""
    module = importlib.import_module(name)
    summary = _paragraphs((inspect.getdoc(module) or "").split("\n\n")[0])
    values = {public: getattr(module, public) for public in public_names(name)}
    here = [public for public, value in values.items() if name != "deukgeun" and id(value) not in told]
    links = [f"[`{public}`](#{public.lower()})" for public in values if public not in here]
    told.update(id(values[public]) for public in here)
    entries = [_entry(public, values[public]) for public in here]
    return "\n".join(
        [f"## {name}\n\n{summary}\n", *([f"Told elsewhere: {', '.join(links)}.\n"] if links else []), *entries]
    )


def public_names(module_name: str) -> list[str]:
    """Return the public names of a module: its ``__all__``, or what it defines."""
    module = importlib.import_module(module_name)
    if module_name not in WHOLE:
        return sorted(module.__all__, key=str.lower)
    own = (n for n, v in vars(module).items() if getattr(v, "__module__", None) == module_name and n[0] != "_")
    return sorted(own, key=str.lower)


def _entry(name: str, value: Any) -> str:
    if inspect.isclass(value):
        return _class(name, value)
    if inspect.isfunction(value) or hasattr(value, "__wrapped__"):
        return f"### {name}\n\n```python\n{_signature(name, inspect.unwrap(value))}\n```\n\n{_doc(value)}\n"
    return f"### {name}\n\n`{_plain(value)}`\n"


def _class(name: str, value: type) -> str:
    fields = _fields(value)
    shown = f"class {name}{_init(value) if not fields else ''}"
    body = "".join(f"    {field}\n" for field in fields)
    members = "".join(_member(member, each) for member, each in _members(value))
    block = f"```python\n{shown}{':' if fields else ''}\n{body}```"
    return f"### {name}\n\n{block}\n\n{_doc(value)}\n{members}"


def _fields(value: type) -> list[str]:
    if not dataclasses.is_dataclass(value):
        return []
    shown = [field for field in dataclasses.fields(value) if not field.name.startswith("_")]
    return [f"{field.name}: {field.type}{_field_default(field)}" for field in shown]


def _field_default(field: dataclasses.Field[Any]) -> str:
    if field.default is dataclasses.MISSING:
        return "" if field.default_factory is dataclasses.MISSING else " = ..."
    return f" = {field.default!r}"


def _init(value: type) -> str:
    """Return how an object is made, where that is the program's to do."""
    init: Any = inspect.getattr_static(value, "__init__")
    if not inspect.isfunction(init) or getattr(value, "_is_protocol", False):
        return ""
    return _signature("", init).removesuffix(" -> None")


def _members(value: type) -> Iterator[tuple[str, Any]]:
    for name, member in vars(value).items():
        plain = member.__func__ if isinstance(member, (staticmethod, classmethod)) else member
        if name.startswith("_") or not (inspect.isfunction(plain) or isinstance(plain, property)):
            continue
        yield name, plain


def _member(name: str, member: Any) -> str:
    shown = name if isinstance(member, property) else _signature(name, member)
    return f"\n- `{shown}`\n  {_paragraphs(inspect.getdoc(member) or '').replace(chr(10), chr(10) + '  ')}\n"


class _Bare(str):
    """An annotation that is shown as it is written in the source, without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def _signature(name: str, function: Callable[..., Any]) -> str:
    signature = inspect.signature(function)
    parameters = [each.replace(annotation=_bare(each.annotation)) for each in signature.parameters.values()]
    shown = signature.replace(
        parameters=[each for each in parameters if each.name != "self"],
        return_annotation=_bare(signature.return_annotation),
    )
    return f"{name}{shown}"


def _bare(annotation: Any) -> Any:
    return _Bare(annotation) if isinstance(annotation, str) else annotation


def _doc(value: Any) -> str:
    text = inspect.getdoc(value) or ""
    generated = dataclasses.is_dataclass(value) and text.startswith(f"{getattr(value, '__name__', '')}(")
    return "" if generated else _paragraphs(text)


def _plain(value: object) -> str:
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value)).replace("\n", " ")


def schema() -> dict[str, Any]:
    """Return the JSON schema of a workout, with its dialect and version."""
    made = workout_schema()
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"Workout, version {SCHEMA_VERSION}"}
    return {**head, **{key: value for key, value in made.items() if key != "title"}}


def workout_page() -> str:
    """Return the page of the JSON's fields."""
    made = schema()
    tables = [_object(name, part) for name, part in made["$defs"].items()]
    return f"""# The workout as JSON

{NOTE}
What `deukgeun analyze --json` and `Workout.to_json()` write, and `Workout.from_json()` reads. The machine-readable
[schema](workout.schema.json) says the same. All times are seconds from the video's first picture, measured by the
container's time stamps. `null` is what is not known or does not apply. `schema_version` is {SCHEMA_VERSION}: it grows
when a field is removed or changes its meaning. New fields may come without it, so ignore what you do not know.

{_object("Workout", made)}
{chr(10).join(tables)}"""


def _object(name: str, part: dict[str, Any]) -> str:
    rows = ((f"`{field}`", _kind(spec)) for field, spec in part["properties"].items())
    return f"## {name}\n\n{_paragraphs(part.get('description', ''))}\n\n{_table(('field', 'type'), rows)}"


def _kind(spec: dict[str, Any]) -> str:
    if "$ref" in spec:
        name = spec["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in spec:
        return " or ".join(_kind(each) for each in spec["anyOf"])
    if spec.get("type") == "array":
        return f"list of {_kind(spec['items'])}"
    return f"{spec['type']} ({spec['format']})" if "format" in spec else str(spec["type"])


def _paragraphs(text: str | None) -> str:
    """Return a docstring as Markdown: literals in single quotes, lines of a paragraph joined, indented blocks kept."""
    blocks = inspect.cleandoc(text or "").replace("``", "`").split("\n\n")
    return "\n\n".join(block if block.startswith((" ", "-")) else " ".join(block.split()) for block in blocks)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = [names, ["---"] * len(names), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


if __name__ == "__main__":
    main()
