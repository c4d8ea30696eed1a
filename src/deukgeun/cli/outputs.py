"""Where results go: one file for one video, a folder for several. Checked before any work is done."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from deukgeun.errors import OutputError

STDOUT = "-"


@dataclass(frozen=True, slots=True)
class Job:
    """One video and where its results go; None where they are not wanted. ``json`` is not set for stdout."""

    video: Path
    json: Path | None
    annotated: Path | None


def plan(videos: Sequence[Path], json_to: str | None, annotate_to: str | None) -> list[Job]:
    """Return a job for each video.

    Raises ``typer.BadParameter`` for a destination that does not suit, ``output-not-writable`` for one that is not to
    be had: an hour of analysis must not end there.
    """
    to_stdout = json_to == STDOUT
    json_files = _destinations(videos, None if to_stdout else json_to, ".json", "--json")
    mp4_files = _destinations(videos, annotate_to, ".mp4", "--annotate")
    jobs = [Job(*row) for row in zip(videos, json_files, mp4_files, strict=True)]
    for job in jobs:
        _check(job, videos)
    return jobs


def write_text(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8: the file is whole or not there. Raises ``output-not-writable``."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, "utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OutputError("output-not-writable", path=path, reason=error.strerror or error) from error


def _destinations(videos: Sequence[Path], to: str | None, suffix: str, option: str) -> list[Path | None]:
    if to is None:
        return [None] * len(videos)
    if to.endswith(("/", os.sep)) or Path(to).is_dir():
        return [Path(to) / name for name in _names(videos, suffix)]
    if len(videos) > 1:
        raise typer.BadParameter(f"several videos need a folder: {option} {to}/", param_hint=option)
    if suffix == ".mp4" and Path(to).suffix.lower() != suffix:
        raise typer.BadParameter(f"the replay is an mp4: name it ...{suffix}", param_hint=option)
    return [Path(to)]


def _names(videos: Sequence[Path], suffix: str) -> list[str]:
    """Return a file name for each video: its own, numbered where two videos share one."""
    names: list[str] = []
    for video in videos:
        name, number = f"{video.stem}{suffix}", 2
        while name in names:
            name, number = f"{video.stem}-{number}{suffix}", number + 1
        names.append(name)
    return names


def _check(job: Job, videos: Sequence[Path]) -> None:
    for path in (job.json, job.annotated):
        if path is None:
            continue
        if any(_same(path, video) for video in videos):
            raise typer.BadParameter(f"{path} is the video itself")
        _make_ready(path)


def _same(path: Path, other: Path) -> bool:
    return path.resolve() == other.resolve() or (path.exists() and other.exists() and path.samefile(other))


def _make_ready(path: Path) -> None:
    folder = path.parent
    reason = None
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        reason = error.strerror
    if path.is_dir():
        reason = "it is a folder"
    elif reason is None and not os.access(folder, os.W_OK | os.X_OK):
        reason = "its folder may not be written to"
    if reason is not None:
        raise OutputError("output-not-writable", path=path, reason=reason)
