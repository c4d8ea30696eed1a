"""What was measured, as plain values that JSON can hold: pages and later studies read them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from deukgeun.errors import TrainingError
from deukgeun.files import write_text
from deukgeun.skeleton import skeleton
from deukgeun.training.pose.crops import CropSample
from deukgeun.training.student.external import Answer
from deukgeun.training.student.measure import NameFigures, PoseFigures, wilson

Record = dict[str, Any]
KINDS = ("pose", "exercise", "external")


def pose_record(samples: Sequence[CropSample], figures: Mapping[str, PoseFigures]) -> Record:
    """Return the figures of pose networks by name: errors in pixels at 1920 x 1080, overall, by exercise and joint."""
    of = np.array([sample.exercise for sample in samples])
    people = sorted({sample.performer for sample in samples})
    networks = {name: _one_pose(of, found) for name, found in figures.items()}
    return {"kind": "pose", "performers": people, "networks": networks}


def _one_pose(of: Any, found: PoseFigures) -> Record:
    low, high = found.interval()
    joints = zip(skeleton("aihub_24").joints, found.of_joint.tolist(), strict=True)
    return {
        "n": len(found.rmse),
        "rmse_mean_px": float(found.rmse.mean()),
        "rmse_mean_95": [low, high],
        "rmse_median_px": float(np.median(found.rmse)),
        "pck_01": found.pck[0],
        "pck_02": found.pck[1],
        "rmse_px_by_exercise": {str(name): float(found.rmse[of == name].mean()) for name in np.unique(of)},
        "rmse_px_by_joint": dict(joints),
    }


def exercise_record(figures: Mapping[str, NameFigures]) -> Record:
    """Return the figures of classifiers by name: right and all, overall, by exercise and view."""
    return {"kind": "exercise", "classifiers": {name: _one_classifier(found) for name, found in figures.items()}}


def _one_classifier(found: NameFigures) -> Record:
    return {
        "right": int(np.sum(found.truth == found.named)),
        "n": len(found.truth),
        "by_exercise": {name: list(pair) for name, pair in found.by(found.truth).items()},
        "by_view": {name: list(pair) for name, pair in found.by(found.view).items()},
    }


def external_record(figures: Mapping[str, Sequence[Answer]]) -> Record:
    """Return how many of other people's videos classifiers named right, and each name."""
    return {"kind": "external", "classifiers": {name: _one_external(answers) for name, answers in figures.items()}}


def _one_external(answers: Sequence[Answer]) -> Record:
    rows = {each.video: {"truth": each.truth, "named": [list(name) for name in each.named]} for each in answers}
    return {"right": sum(each.right for each in answers), "n": len(answers), "videos": rows}


def joined(records: Iterable[Record]) -> list[Record]:
    """Return one record for each kind, with everybody's figures."""
    out: dict[str, Record] = {}
    for record in records:
        kept = out.setdefault(record["kind"], dict(record))
        for part in ("networks", "classifiers"):
            if part in record:
                kept[part] = {**kept[part], **record[part]}
    return [out[kind] for kind in KINDS if kind in out]


def share(right: int, count: int) -> str:
    """A share with its 95 % interval: ``12 of 14 = 0.857 [0.601, 0.960]``."""
    low, high = wilson(right, count)
    return f"{right} of {count} = {right / max(count, 1):.3f} [{low:.3f}, {high:.3f}]"


def write_record(record: Record, path: Path) -> None:
    """Write a record. Raises ``output-not-writable``."""
    write_text(path, json.dumps(record, indent=1, ensure_ascii=False) + "\n")


def read_record(path: Path) -> Record:
    """Read what `write_record` wrote. Raises ``training-no-data`` for any other file."""
    try:
        record = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingError("training-no-data", path=path) from error
    if not isinstance(record, dict) or record.get("kind") not in KINDS:
        raise TrainingError("training-no-data", path=path)
    return record
