"""Where personal exercises are kept: one JSON file, whole or not there, and never written over when it is damaged."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.errors import PersonalError
from deukgeun.files import write_text
from deukgeun.recognition.personal import Personal, PersonalExercise
from deukgeun.settings import Settings

FORMAT = 1
_LARGEST_BYTES = 64_000_000
_FLOAT = "<f4"


def personal_path(settings: Settings, environ: Mapping[str, str] | None = None) -> Path:
    """Return the file that the setting ``personal_file`` names; otherwise the one in the user's data folder."""
    named = settings.text("personal_file")
    if named:
        return Path(named).expanduser()
    env = os.environ if environ is None else environ
    base = Path(env["XDG_DATA_HOME"]) if env.get("XDG_DATA_HOME") else Path.home() / ".local" / "share"
    return base / "deukgeun" / "personal.json"


def read_personal(path: Path, *, may_lack: bool = True) -> Personal:
    """Return the exercises in a file; none for a file that is not there, unless it must be (not ``may_lack``).

    Raises ``personal-file`` for one that cannot be read, is damaged, or is of another format.
    """
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise PersonalError("personal-file", path=path, reason="it is far too large")
        return parsed(path.read_text("utf-8"))
    except FileNotFoundError as error:
        if may_lack:
            return Personal()
        raise PersonalError("personal-file", path=path, reason="it is not there") from error
    except OSError as error:
        raise PersonalError("personal-file", path=path, reason=error.strerror or error) from error
    except (ValueError, RecursionError) as error:
        raise PersonalError("personal-file", path=path, reason=error) from error


def write_personal(path: Path, personal: Personal) -> None:
    """Write the exercises. Raises ``output-not-writable``.

    Read the file first, and write what comes of that: then a damaged one stays as it is.
    """
    write_text(path, as_text(personal))


def as_text(personal: Personal) -> str:
    """Return the exercises as the JSON that ``parsed`` reads."""
    rows = [_row(each) for each in personal]
    return json.dumps({"format": FORMAT, "exercises": rows}, ensure_ascii=False, indent=2) + "\n"


def parsed(text: str) -> Personal:
    """Return the exercises in ``text``. Raises ``ValueError`` that says what is wrong with it."""
    values = json.loads(text)
    if not isinstance(values, dict) or values.get("format") != FORMAT or not isinstance(values.get("exercises"), list):
        raise ValueError(f"it is not of format {FORMAT}")
    try:
        return Personal(tuple(_exercise(row) for row in values["exercises"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("its exercises have other fields") from error
    except PersonalError as error:
        raise ValueError(error.message.rstrip(".")) from error


def _row(exercise: PersonalExercise) -> dict[str, Any]:
    return {
        "name": exercise.name,
        "measure": exercise.measure,
        "model": exercise.model,
        "radius": exercise.radius,
        "prototypes": [base64.b64encode(each.astype(_FLOAT).tobytes()).decode() for each in exercise.prototypes],
    }


def _exercise(row: Mapping[str, Any]) -> PersonalExercise:
    vectors = np.stack([_vector(text) for text in row["prototypes"]])
    return PersonalExercise(str(row["name"]), row["measure"], vectors, float(row["radius"]), str(row["model"]))


def _vector(text: str) -> npt.NDArray[np.float32]:
    return np.frombuffer(base64.b64decode(text, validate=True), _FLOAT).astype(np.float32)
