"""The processes of one run: alone, or started together by ``torchrun``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import distributed


@dataclass(frozen=True, slots=True)
class Group:
    """This process: its number ``rank`` of ``world``, and the device that it works on."""

    rank: int
    world: int
    device: torch.device

    @property
    def main(self) -> bool:
        """Whether this process writes the files."""
        return self.rank == 0

    def gathered(self, value: Any) -> list[Any]:
        """Return the value of every process, in order."""
        if self.world == 1:
            return [value]
        values: list[Any] = [None] * self.world
        distributed.all_gather_object(values, value)
        return values

    def wait(self) -> None:
        """Return when every process has come here."""
        if self.world > 1:
            distributed.barrier()


@contextmanager
def joined() -> Iterator[Group]:
    """Join the processes that ``torchrun`` started (it sets RANK, WORLD_SIZE and LOCAL_RANK), or be alone."""
    rank, world = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    gpu = torch.cuda.is_available()
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0"))) if gpu else torch.device("cpu")
    if world == 1:
        yield Group(0, 1, device)
        return
    if gpu:
        torch.cuda.set_device(device)  # where NCCL puts what processes tell each other
    distributed.init_process_group("nccl" if gpu else "gloo")
    try:
        yield Group(rank, world, device)
    finally:
        distributed.destroy_process_group()
