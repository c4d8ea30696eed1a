"""Many runs of one study: every combination of a table of choices, one folder each, resumable, one table of results."""

from __future__ import annotations

import csv
import itertools
import json
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deukgeun.errors import TrainingError
from deukgeun.training.config import from_mapping, merged
from deukgeun.training.student.fit import StudentConfig, train
from deukgeun.training.student.sequences import Sequences

RESULTS = "results.csv"
Told = Callable[[str, Mapping[str, float]], None]


@dataclass(frozen=True, slots=True)
class Study:
    """What all runs share, and the groups of choices: within a group every combination is run."""

    base: Mapping[str, Any]
    groups: tuple[Mapping[str, Sequence[Any]], ...]

    def runs(self) -> Iterator[tuple[str, StudentConfig]]:
        """Yield the name and the configuration of every run, each once. Raises ``training-config``."""
        seen = set()
        for group in self.groups:
            for values in itertools.product(*group.values()):
                chosen = dict(zip(group, values, strict=True))
                name = ",".join(f"{key.split('.')[-1]}={value}" for key, value in chosen.items())
                if name not in seen:
                    seen.add(name)
                    yield name, from_mapping(StudentConfig, merged(self.base, _nested(chosen)))


def _nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """``{"loop.rate": 1}`` as ``{"loop": {"rate": 1}}``."""
    out: dict[str, Any] = {}
    for key, value in values.items():
        *tables, last = key.split(".")
        place = out
        for table in tables:
            place = place.setdefault(table, {})
        place[last] = value
    return out


def load_study(path: Path) -> Study:
    """Read a study: ``[base]`` is a configuration, each ``[[group]]`` lists choices by name (``"loop.rate" = [...]``).

    Raises ``training-config``.
    """
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TrainingError("training-config", name=path, reason=str(error)) from error
    groups = raw.get("group", [])
    if set(raw) - {"base", "group"} or not groups or not all(isinstance(v, list) for g in groups for v in g.values()):
        raise TrainingError("training-config", name=path, reason="it holds [base] and [[group]] with lists of choices")
    return Study(raw.get("base", {}), tuple(groups))


def sweep(
    study: Study, known: Sequences, unseen: Sequences, folder: Path, told: Told | None = None
) -> list[dict[str, Any]]:
    """Return a row of figures for every run. A run that is finished is not done again; one that was stopped goes on."""
    rows = []
    for name, config in study.runs():
        kept = folder / name / "figures.json"
        if not kept.exists():
            begun = time.perf_counter()
            _, figures = train(config, known, unseen, folder / name)
            kept.write_text(json.dumps({**figures, "took_s": round(time.perf_counter() - begun, 1)}), "utf-8")
        rows.append({"run": name, **json.loads(kept.read_text("utf-8"))})
        if told is not None:
            told(name, rows[-1])
    _write(rows, folder / RESULTS)
    return rows


def _write(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, sorted({key for row in rows for key in row}, key=lambda key: key != "run"))
        writer.writeheader()
        writer.writerows(rows)
