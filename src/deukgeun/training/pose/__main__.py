"""``torchrun --nproc-per-node N -m deukgeun.training.pose CONFIG.toml FOLDER``: a run over several processes."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from deukgeun.errors import DeukgeunError
from deukgeun.training.config import load_config
from deukgeun.training.pose.settings import PoseConfig
from deukgeun.training.pose.train import train


def main(arguments: Sequence[str] | None = None) -> int:
    """Train as the configuration says and return the exit code."""
    parser = ArgumentParser(prog="deukgeun.training.pose", description="Train a pose network, or go on with a run.")
    parser.add_argument("config", type=Path, metavar="CONFIG.toml")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    given = parser.parse_args(arguments)
    try:
        train(load_config(PoseConfig, given.config), given.folder)
    except DeukgeunError as error:
        sys.stderr.write(f"{error}\n{error.hint}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
