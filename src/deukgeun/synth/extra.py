"""The packages of the extra ``synth``: is everything there that drawing needs?"""

from __future__ import annotations

import importlib
import logging
from importlib.util import find_spec

from deukgeun.errors import SynthError

PACKAGES = ("anny", "torch", "vtk")


def need_extra() -> None:
    """Return if athletes can be built and drawn. Raises SynthError ``synth-extra-missing``."""
    for package in PACKAGES:
        if find_spec(package) is None:
            raise SynthError("synth-extra-missing", package=package)
    if find_spec("warp") is not None:
        # anny's compiler would greet on stdout, where a command's own output belongs.
        importlib.import_module("warp").config.log_level = logging.ERROR
