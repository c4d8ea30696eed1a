"""The documentation keeps its word: links lead somewhere, commands exist, both READMEs say the same."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from typer.main import get_command

from deukgeun import Settings, Workout, analyze
from deukgeun.cli.language import words
from deukgeun.cli.main import app
from deukgeun.cli.report import amount
from deukgeun.exercises import exercise_name

ROOT = Path(__file__).resolve().parent.parent
READMES = ("README.md", "README.ko.md")
LARGEST_PICTURE_BYTES = 2_000_000
NOT_OURS = {".git", ".venv", "build", "dist", "node_modules", "__pycache__", "out", "htmlcov"}

LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)")
HEADING = re.compile(r"^(#{1,6}) +(.+?) *#*$", re.MULTILINE)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"^(?:\$ )?make ([a-z-]+)", re.MULTILINE)
# Written in pieces, so that this file does not hold what it forbids.
REGISTRIES = re.compile("|".join(["npm" + "js", "pypi" + r"\.org", "python" + "hosted", "yarn" + r"pkg\.com"]))
MACHINE_PATH = re.compile(r"(?<![\w.~>}\])-])/(?:ro" + "ot|wo" + "rk|ho" + "me/[a-z]|Us" + r"ers/\w)[\w/]")


def tracked() -> list[Path]:
    """Every file of the repository; in a copy without history, every file that is not built."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    ours = (path for path in ROOT.rglob("*") if not _is_built(path.relative_to(ROOT)))
    return [path for path in ours if path.is_file()]


def _is_built(path: Path) -> bool:
    hidden = any(part.startswith(".") and part != ".ci" for part in path.parts[:-1])
    return hidden or bool(NOT_OURS & set(path.parts)) or path.suffix == ".tflite"


def pages() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md"]


def prose(page: Path) -> str:
    """A page without its code blocks."""
    return FENCE.sub("", page.read_text("utf-8"))


def blocks(page: Path) -> str:
    """The code blocks of a page."""
    return "\n".join(found.group() for found in FENCE.finditer(page.read_text("utf-8")))


def leads_to(file: Path, anchor: str) -> bool:
    """Whether a page has the anchor; an empty one, and one in another kind of file, is not looked for."""
    return not anchor or file.suffix != ".md" or anchor in anchors(file)


@cache
def anchors(page: Path) -> frozenset[str]:
    """The anchors that a page's headings get."""
    found = [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for _, title in HEADING.findall(prose(page))]
    return frozenset(found)


@pytest.mark.parametrize("page", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_within_the_repository_leads_somewhere(page: Path) -> None:
    broken = []
    for target in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.is_relative_to(ROOT) or not file.exists() or not leads_to(file, anchor):
            broken.append(target)
    assert not broken


def test_links_are_found_at_all() -> None:
    assert sum(len(LINK.findall(prose(page))) for page in pages()) > 20


@pytest.mark.parametrize("name", READMES)
def test_the_make_commands_of_the_readme_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    used = set(MAKE.findall(blocks(ROOT / name)))
    assert {"run", "test"} <= used <= targets


@pytest.mark.parametrize("name", READMES)
def test_the_options_of_the_readme_exist(name: str) -> None:
    command = get_command(app)
    known = {
        option
        for each in [command, *getattr(command, "commands", {}).values()]
        for parameter in each.params
        for option in parameter.opts
    }
    used = set(re.findall(r"^deukgeun .*$", blocks(ROOT / name), re.MULTILINE))
    assert used
    assert {option for line in used for option in re.findall(r"(?<!\S)--[a-z-]+", line)} <= known


def test_both_readmes_have_the_same_structure() -> None:
    english, korean = ([len(level) for level, _ in HEADING.findall(prose(ROOT / name))] for name in READMES)
    assert english == korean


def test_both_readmes_give_the_same_commands() -> None:
    english, korean = (commands(ROOT / name) for name in READMES)
    assert english == korean
    assert len(english) >= 5


def commands(page: Path) -> list[str]:
    """The commands of the shell blocks, without their remarks."""
    shell = re.findall(r"^```sh\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    lines = (line.split("  #")[0].strip() for block in shell for line in block.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def test_both_readmes_show_the_same_pictures_and_figures() -> None:
    english, korean = ((ROOT / name).read_text("utf-8") for name in READMES)
    assert re.findall(r"docs/pictures/\S+?(?=\))", english) == re.findall(r"docs/pictures/\S+?(?=\))", korean)
    assert table_figures(english) == table_figures(korean)


def table_figures(text: str) -> list[list[str]]:
    """The numbers in each row of the tables."""
    rows = (line for line in text.splitlines() if line.startswith("|"))
    return [re.findall(r"\d+(?:\.\d+)?", row) for row in rows]


@pytest.mark.parametrize(("name", "lang"), [("README.md", "en"), ("README.ko.md", "ko")])
def test_the_readme_shows_what_the_sample_gives(name: str, lang: str) -> None:
    shown = re.search(r"^```text\n(home_workout\.mp4 .*?)^```", (ROOT / name).read_text("utf-8"), re.M | re.S)
    assert shown is not None
    rows = [" ".join(row.split()) for row in shown.group(1).splitlines() if re.match(r" +\d+ +[^\d\s]", row)]
    texts = words(lang)
    wanted = [
        f"{number} {exercise_name(done.exercise, lang)} {amount(done, texts)} "
        for number, done in enumerate(sample().sets, start=1)
    ]
    assert len(rows) == len(wanted)
    assert all(row.startswith(start) for row, start in zip(rows, wanted, strict=True))


@cache
def sample() -> Workout:
    return analyze(ROOT / "samples" / "home_workout.mp4", settings=Settings({}))


@pytest.mark.parametrize("name", READMES)
def test_the_figures_of_the_readme_are_those_of_the_reports(name: str) -> None:
    shown = re.findall(r"\| (\d+/\d+) = ", (ROOT / name).read_text("utf-8"))
    reports = "".join(page.read_text("utf-8") for page in pages() if page.parent.name == "reports")
    measured = set(re.findall(r"\b\d+/\d+\b", reports))
    assert set(shown) <= measured


def test_pictures_are_small_and_are_shown() -> None:
    pictures = [path for path in tracked() if path.parent == ROOT / "docs" / "pictures"]
    assert pictures
    shown = "".join(page.read_text("utf-8") for page in pages())
    for picture in pictures:
        assert picture.stat().st_size < LARGEST_PICTURE_BYTES
        assert f"pictures/{picture.name}" in shown


def test_the_drawing_of_the_stages_is_the_one_that_the_tool_makes() -> None:
    import importlib.util

    spec = importlib.util.spec_from_file_location("make_pictures", ROOT / "tools" / "make_pictures.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert (ROOT / "docs" / "pictures" / "stages.svg").read_text("utf-8") == tool.stages()


def test_no_registry_and_no_path_of_one_machine_is_named() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in REGISTRIES.finditer(text)]
        found += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in MACHINE_PATH.finditer(text)]
    assert not found


@pytest.mark.parametrize(
    ("text", "forbidden"),
    [
        ("see /ro" + "ot/x", True),
        ("'/wo" + "rk/main'", True),
        ("the /ho" + "me/me/video.mp4", True),
        ("https://npm" + "js.com", True),
        ("out/work/main", False),
        ("~/work/main", False),
        ("docs/root/page", False),
        ("an npm package", False),
    ],
)
def test_the_search_for_forbidden_names_finds_them(text: str, forbidden: bool) -> None:
    assert bool(REGISTRIES.search(text) or MACHINE_PATH.search(text)) is forbidden
