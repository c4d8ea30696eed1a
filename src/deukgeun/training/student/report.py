"""The study's pages: pose networks, classifiers, sweeps and other people's videos, beside the original's figures."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from deukgeun.errors import TrainingError
from deukgeun.skeleton import skeleton
from deukgeun.training.pose.crops import CropSample
from deukgeun.training.pose.records import HISTORY
from deukgeun.training.sequence.loop import LOG
from deukgeun.training.student import page
from deukgeun.training.student.external import Answer
from deukgeun.training.student.measure import NameFigures, PoseFigures, drawn, wilson

ORIGINAL_RMSE_PX, ORIGINAL_ACCURACY = 35.86, 0.97
ORIGINAL_EXTERNAL = (10, 14)
"""What the student project reached on AI Hub's data: mean RMSE at 1920 px, in-set accuracy, videos from the web."""
_SHOWN = 6


def pose_page(
    samples: Sequence[CropSample], figures: Mapping[str, PoseFigures], runs: Sequence[Path], path: Path
) -> None:
    """Write the page of pose networks, with the curves of training ``runs``, folders of ``deukgeun train pose``.

    Raises ``output-not-writable``, ``training-package`` and ``training-checkpoint``.
    """
    curves = training_parts({run.name: read_log(run / HISTORY) for run in runs}) if runs else []
    page.write(path, page.page("Joints in pictures", [*pose_parts(samples, figures), *curves]))


def sweep_page(rows: Sequence[Mapping[str, Any]], folder: Path, path: Path) -> None:
    """Write the page of a sweep whose runs are in ``folder``. Raises as `pose_page` does."""
    curves = {str(row["run"]): read_log(folder / str(row["run"]) / LOG) for row in rows}
    page.write(path, page.page("What was tried", sweep_parts(rows, curves)))


def read_log(path: Path) -> list[dict[str, float]]:
    """Return the rows of a run's table of numbers. Raises ``training-checkpoint``."""
    try:
        rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
        return [{name: float(value) for name, value in row.items()} for row in rows]
    except (OSError, ValueError, TypeError) as error:
        raise TrainingError("training-checkpoint", path=path, reason="it is not the log of a run") from error


def pose_parts(samples: Sequence[CropSample], figures: Mapping[str, PoseFigures]) -> list[str]:
    """Return the parts of the page: data, each network's figures, by exercise and joint, pictures."""
    exercises = Counter(sample.exercise for sample in samples)
    parts = [
        page.paragraph(f"{len(samples)} pictures, errors in pixels of a picture 1920 wide."),
        page.bars("Pictures by exercise", exercises.most_common(), "pictures"),
        page.table(
            ("network", "RMSE mean", "95 %", "median", "PCK@0.1", "PCK@0.2", "n"),
            [_pose_row(name, found) for name, found in figures.items()],
        ),
    ]
    for name, found in figures.items():
        parts += [page.heading(name), *_one_network(samples, found)]
    return parts


def _pose_row(name: str, found: PoseFigures) -> tuple[object, ...]:
    low, high = found.interval()
    shown = [f"{value:.2f}" for value in (found.rmse.mean(), low, high, np.median(found.rmse))]
    return (name, shown[0], f"{shown[1]} to {shown[2]}", shown[3], *(f"{p:.3f}" for p in found.pck), len(found.rmse))


def _one_network(samples: Sequence[CropSample], found: PoseFigures) -> list[str]:
    of = np.array([sample.exercise for sample in samples])
    by_exercise = sorted(((str(name), float(found.rmse[of == name].mean())) for name in np.unique(of)), key=_value)
    by_joint = sorted(zip(skeleton("aihub_24").joints, map(float, found.of_joint), strict=True), key=_value)
    order = np.argsort(found.rmse)
    middle = len(order) // 2
    shown = (
        ("The best", order[:_SHOWN]),
        ("In the middle", order[max(middle - _SHOWN // 2, 0) : middle + _SHOWN // 2]),
        ("The worst", order[-_SHOWN:][::-1]),
    )
    parts = [
        page.bars("RMSE by exercise", by_exercise, "px", [("the original", ORIGINAL_RMSE_PX)]),
        page.bars("RMSE by joint", by_joint, "px"),
    ]
    for title, which in shown:
        images = [(f"{of[k]}: {found.rmse[k]:.1f} px", drawn(samples[k], found.joints[k])) for k in which]
        parts += [page.paragraph(f"{title} (labels green, found yellow)"), page.pictures(images)]
    return parts


def _value(pair: tuple[str, float]) -> float:
    return pair[1]


def exercise_page(figures: Mapping[str, NameFigures], path: Path) -> None:
    """Write the page of classifiers. Raises ``output-not-writable`` and ``training-package``."""
    page.write(path, page.page("Exercises from joints", exercise_parts(figures)))


def exercise_parts(figures: Mapping[str, NameFigures]) -> list[str]:
    """Return the parts of the page: accuracy, by exercise and view, and what was taken for what."""
    rows = []
    for name, found in figures.items():
        low, high = wilson(int(np.sum(found.truth == found.named)), len(found.truth))
        rows.append((name, f"{found.accuracy:.3f}", f"{low:.3f} to {high:.3f}", len(found.truth)))
    parts = [page.table(("classifier", "accuracy", "95 %", "n"), rows)]
    for name, found in figures.items():
        by_exercise = [(each, right / count) for each, (right, count) in found.by(found.truth).items()]
        by_view = [(view, f"{right} of {count}") for view, (right, count) in found.by(found.view).items()]
        parts += [
            page.heading(name),
            page.bars("Accuracy by exercise", sorted(by_exercise, key=_value), "share named right"),
            page.table(("camera", "named right"), by_view),
            page.heat_map("What was taken for what", *found.confusion()),
        ]
    return parts


def external_page(answers: Sequence[Answer], path: Path) -> None:
    """Write the page of other people's videos. Raises ``output-not-writable``."""
    page.write(path, page.page("Other people's videos", external_parts(answers)))


def external_parts(answers: Sequence[Answer]) -> list[str]:
    """Return the parts of the page: how many were named right, and every name."""
    right = sum(answer.right for answer in answers)
    low, high = wilson(right, len(answers))
    said = f"{right} of {len(answers)} named right: {right / max(len(answers), 1):.2f} [{low:.2f}, {high:.2f}]. "
    of = f"The original named {ORIGINAL_EXTERNAL[0]} of {ORIGINAL_EXTERNAL[1]} videos of its own choice right."
    rows = [(a.video, a.truth, ", ".join(f"{name} {share:.2f}" for name, share in a.named) or "-") for a in answers]
    return [page.paragraph(said + of), page.table(("video", "truth", "named"), rows)]


def training_parts(history: Mapping[str, Sequence[Mapping[str, float]]]) -> list[str]:
    """Return the curves of pose runs: RMSE and loss by epoch (rows of ``history.csv``, by run)."""
    series = [(name, [row["epoch"] for row in rows], rows) for name, rows in history.items()]
    parts = []
    for title, column, unit in (("RMSE on held-out pictures", "rmse_mean", "px"), ("Loss", "train_loss", "loss")):
        drawn_lines = [(name, along, [row[column] for row in rows]) for name, along, rows in series]
        parts.append(page.lines(title, drawn_lines, "epoch", unit))
    return parts


def sweep_parts(rows: Sequence[Mapping[str, Any]], curves: Mapping[str, Sequence[Mapping[str, float]]]) -> list[str]:
    """Return a sweep's table, the best first, and the loss of its runs by iteration (rows of ``log.csv``)."""
    best = sorted(rows, key=lambda row: -float(row["score"]))
    cells = [(row["run"], f"{float(row['score']):.3f}", row.get("took_s", "-")) for row in best]
    series = [(name, [r["iteration"] for r in log], [r["loss"] for r in log]) for name, log in curves.items()]
    return [
        page.table(("run", "accuracy on held-out performers", "seconds"), cells),
        page.lines("Loss of the runs", series, "iteration", "loss"),
    ]
