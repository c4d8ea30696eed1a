"""The packages of the extra ``train``: are they there?"""

from __future__ import annotations

from importlib.util import find_spec

from deukgeun.errors import TrainingError

PACKAGES = ("torch",)


def need_extra() -> None:
    """Return if networks can be trained. Raises TrainingError ``training-package``."""
    for package in PACKAGES:
        if find_spec(package) is None:
            raise TrainingError("training-package", package=package)
