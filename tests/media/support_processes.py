"""Which processes of ours are there."""

from __future__ import annotations

import psutil


def children() -> list[psutil.Process]:
    """Our children and theirs, without the one that Python itself keeps from the first use of a pool to its end."""
    return [each for each in psutil.Process().children(recursive=True) if not _tracks_resources(each)]


def _tracks_resources(process: psutil.Process) -> bool:
    try:
        return any("multiprocessing.resource_tracker" in word for word in process.cmdline())
    except psutil.ZombieProcess:
        return False
