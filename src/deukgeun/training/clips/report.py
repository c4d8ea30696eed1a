"""The report of a run on labelled clips: as Markdown, as an HTML page with charts and pictures, as plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from deukgeun.errors import MediaError, TrainingError
from deukgeun.files import write_text
from deukgeun.media import probe, thumbnail
from deukgeun.pose.geometry import Image
from deukgeun.training.clips.figures import ALL, TITLES, Estimate, Figures, Scores, Share
from deukgeun.training.clips.run import Told
from deukgeun.training.clips.scored import NOTHING, Scored
from deukgeun.training.student import page
from deukgeun.training.student.records import Record
from deukgeun.training.student.summary import Row, Table, as_markdown

TITLE = "Clips of other people"
_SIDE = 192  # of a picture of a failed clip, in pixels
_BACK = 238  # grey level around a picture that is not square
_NOT_LEARNT = (
    "Nothing is learnt from labelled clips: the network that names movements comes from the virtual gym alone (`make "
    "movements` reads no video)."
)
_DEFINITIONS = (
    "Each share is right/counted = share [Wilson 95 % interval], of the clips whose labels allow it. A clip's exercise "
    "is the one with the longest total time of its sets. Exercises that only their equipment tells apart are one "
    "movement. Top-3: the true exercise is among the three with most confidence. A count is right only where the "
    "movement is; OBO allows one repetition too many or too few; MAE is the mean error as a share of the true count. "
    "Unknown admitted: an exercise that is not in the catalogue got no name. AUROC: how probably a clip of the "
    "catalogue's movements gets more confidence for its best exercise than one of another exercise does."
)


def markdown(figures: Figures, manifest: str) -> str:
    """Return the report as Markdown; ``manifest`` is the name of the clips' table."""
    return as_markdown(TITLE, [_piped(table) for table in tables(figures)], words(figures, manifest))


def html(figures: Figures, manifest: str, told: Told | None = None) -> str:
    """Return the report as a page with charts and a picture of every failed clip.

    ``told(done, all)`` hears of the pictures. Raises ``training-package`` where charts cannot be drawn.
    """
    charts = _charts(figures)
    parts = [page.paragraph(each) for each in words(figures, manifest)]
    for table in tables(figures):
        parts += [page.heading(table.title), *charts.get(table.title, ()), page.table(table.head, table.rows)]
    return page.page(TITLE, [*parts, page.pictures(failure_pictures(figures.failures, told), _SIDE)])


def need_charts() -> None:
    """Return if charts can be drawn. Raises ``training-package``: better now than after an hour of analysis."""
    if find_spec("matplotlib") is None:
        raise TrainingError("training-package", package="matplotlib")


def write_report(figures: Figures, manifest: str, path: Path, told: Told | None = None) -> None:
    """Write the report: Markdown for a name that ends in ``.md``, else HTML. Raises ``output-not-writable``."""
    form = markdown(figures, manifest) if is_markdown(path) else html(figures, manifest, told)
    write_text(path, form)


def is_markdown(path: Path) -> bool:
    """Whether a report of this name is written as Markdown."""
    return path.suffix.lower() == ".md"


def words(figures: Figures, manifest: str) -> list[str]:
    """Return the paragraphs at the head: what was analysed by what, and what the figures mean."""
    made = Counter(
        f"deukgeun {by.version}, {by.estimator}, {by.recogniser}, {by.rate_hz:g} pictures a second"
        for by in (one.outcome.workout.made_by for one in figures.scored if one.outcome.workout is not None)
    )
    by_whom = "; ".join(f"{count} by {name}" for name, count in made.most_common())
    first = f"{len(figures.scored)} labelled clips of {manifest}; analysed: {by_whom or 'none'}."
    return [f"{first} {no_answer(figures)}", _NOT_LEARNT, _DEFINITIONS]


def no_answer(figures: Figures) -> str:
    """Return how many clips ended in an error, or were not analysed: they count as no answer."""
    errors = figures.errors
    open_ones = sum(one.outcome.workout is None and one.outcome.error is None for one in figures.scored)
    told = [f"{code} {count}" for code, count in sorted(errors.items())] + [f"not analysed {open_ones}"] * bool(
        open_ones
    )
    return f"Clips without an answer: {errors.total() + open_ones}" + (f" ({', '.join(told)})." if told else ".")


def tables(figures: Figures) -> list[Table]:
    """Return every table of the report."""
    return [
        _main(figures.groups),
        _by("By exercise", "exercise", figures.exercises, ("exercise", "top3", "movement", "obo")),
        _by("By movement", "movement", figures.movements, ("movement", "exercise", "obo")),
        _by("By view", "view", figures.views, ("movement", "exercise", "obo", "unknown")),
        _mistaken(figures),
        _reliability(figures),
        _latency(figures),
        _failures(figures),
    ]


def _main(groups: Mapping[str, Scores]) -> Table:
    """A row for each figure, a column for each group of clips."""
    columns = [scores.figures() for scores in groups.values()]
    rows = [(title, *(str(column[name]) for column in columns)) for name, title in TITLES.items()]
    clips = ("clips", *(str(scores.clips) for scores in groups.values()))
    return Table("Figures", ("figure", *groups), (clips, *rows))


def _by(title: str, what: str, by: Mapping[str, Scores], shown: Sequence[str]) -> Table:
    rows = [(name, str(each.clips), *(str(each.shares[key]) for key in shown)) for name, each in by.items()]
    return Table(title, (what, "clips", *(TITLES[key] for key in shown)), tuple(rows))


_MISTAKEN, _SURE = "What was taken for what", "How sure it was"


def _mistaken(figures: Figures) -> Table:
    names, counts = figures.confusion
    wrong = [(int(counts[i, j]), names[i], names[j]) for i, j in zip(*np.nonzero(counts), strict=True) if i != j]
    rows = [(truth, named, str(count)) for count, truth, named in sorted(wrong, key=lambda row: (-row[0], row[1:]))]
    return Table(_MISTAKEN, ("truth", "named", "clips"), tuple(rows))


def _reliability(figures: Figures) -> Table:
    found = figures.reliability
    rows = [(f"{each.low:.2f} to {each.high:.2f}", f"{each.mean:.3f}", str(each.right)) for each in found.bins]
    error = "-" if found.error is None else f"{found.error:.3f}"
    last = ("expected calibration error", error, f"n={found.n}")
    return Table(_SURE, ("confidence", "mean confidence", "exercise right"), (*rows, last))


def _latency(figures: Figures) -> Table:
    found, rows = figures.latency, tuple[Row, ...]()
    if found is not None:
        part = "-" if found.recognise is None else f"{found.recognise:.4f}"
        rows = ((f"{found.median:.3f}", f"{found.p95:.3f}", part, str(found.n)),)
    head = ("median", "95th percentile", "of it naming and counting, median", "clips")
    return Table("Seconds of analysis per second of video", head, rows)


_FAILURE = ("clip", "view", "truth", "named", "confidence", "repetitions", "error")


def _failures(figures: Figures) -> Table:
    return Table("Every clip that failed", _FAILURE, tuple(_failure(one) for one in figures.failures))


def _failure(one: Scored) -> Row:
    clip, error = one.clip, one.outcome.error or ("" if one.outcome.workout is not None else "not analysed")
    counts = f"{clip.repetitions} -> {one.counted}" if one.counts else ""
    confidence = f"{one.said.share:.2f}" if one.said.exercise else ""
    return clip.path, clip.view, _truth(one), _named(one), confidence, counts, error


def _truth(one: Scored) -> str:
    return one.clip.exercise if one.clip.known and one.clip.exercise else one.clip.movement


def _named(one: Scored) -> str:
    return one.said.exercise or NOTHING


def _piped(table: Table) -> Table:
    """The table as Markdown bears it: a bar within a cell would end it."""
    rows = tuple(tuple(cell.replace("|", "\\|") for cell in row) for row in table.rows)
    return Table(table.title, tuple(cell.replace("|", "\\|") for cell in table.head), rows)


def _charts(figures: Figures) -> dict[str, list[str]]:
    """The drawings by the title of the table that they stand above."""
    bins = figures.reliability.bins
    found = [each.mean for each in bins], [each.right.value or 0.0 for each in bins]
    series = [("named", *found), ("ideal", [0.0, 1.0], [0.0, 1.0])]
    return {
        _MISTAKEN: [page.heat_map("Movements", *figures.confusion)] if figures.scored else [],
        _SURE: [page.lines("Reliability", series, "mean confidence", "share right")],
    }


def failure_pictures(failures: Sequence[Scored], told: Told | None = None) -> Iterator[tuple[str, Image]]:
    """Yield a caption and a picture (S, S, 3) of each clip: the middle of its first set, or of the clip."""
    for done, one in enumerate(failures, start=1):
        counts = f", repetitions {one.clip.repetitions} -> {one.counted}" if one.counts else ""
        yield f"{one.clip.path}: {_truth(one)} -> {_named(one)}{counts}", _picture(one)
        if told is not None:
            told(done, len(failures))


def _picture(one: Scored) -> Image:
    try:
        return _squared(thumbnail(one.clip.file, _moment_s(one), _SIDE))
    except MediaError:  # a clip may have failed because it has no pictures
        return _squared(np.empty((0, 0, 3), np.uint8))


def _moment_s(one: Scored) -> float:
    """What the picture shows, in seconds. Raises ``MediaError``."""
    workout = one.outcome.workout
    if workout is None:
        return (probe(one.clip.file).duration_s or 0.0) / 2
    first = min(workout.sets, key=lambda each: each.start_s, default=None)
    return workout.analysed_s / 2 if first is None else (first.start_s + first.end_s) / 2


def _squared(image: Image) -> Image:
    """The picture in the middle of a square: the page's pictures are all square, and this must not stretch it."""
    height, width = image.shape[:2]
    side = max(height, width, _SIDE)
    square = np.full((side, side, 3), _BACK, np.uint8)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = image
    return square


def record(figures: Figures) -> Record:
    """Return the figures as plain values that JSON can hold."""
    names, counts = figures.confusion
    sure, took = figures.reliability, figures.latency
    return {
        "kind": "clips",
        "clips": len(figures.scored),
        "errors": dict(figures.errors),
        "groups": {name: _scores(each) for name, each in figures.groups.items()},
        "by_exercise": {name: _scores(each) for name, each in figures.exercises.items()},
        "by_movement": {name: _scores(each) for name, each in figures.movements.items()},
        "by_view": {name: _scores(each) for name, each in figures.views.items()},
        "confusion": {"names": list(names), "counts": counts.tolist()},
        "reliability": {
            "n": sure.n,
            "calibration_error": sure.error,
            "bins": [{"low": b.low, "high": b.high, "confidence": b.mean, **_figure(b.right)} for b in sure.bins],
        },
        "seconds_per_second": None if took is None else {
            "median": took.median, "p95": took.p95, "recognise_median": took.recognise, "n": took.n
        },
        "failures": [dict(zip(_FAILURE, _failure(one), strict=True)) for one in figures.failures],
    }  # fmt: skip


def _scores(scores: Scores) -> Record:
    return {"clips": scores.clips, **{name: _figure(each) for name, each in scores.figures().items()}}


def _figure(figure: Share | Estimate) -> Record:
    if isinstance(figure, Share):
        return {"right": figure.right, "n": figure.n, "value": figure.value, "interval_95": list(figure.interval)}
    known = figure.value is not None
    return {"value": figure.value, "n": figure.n, "interval_95": list(figure.interval) if known else None}


def lines(figures: Figures) -> Iterator[str]:
    """Yield the main figures, one a line with interval and n: of all clips, then of each group under its name."""
    for name, scores in figures.groups.items():
        if len(figures.groups) > 1:
            yield f"{'all clips' if name == ALL else name} (n={scores.clips}):"
        for key, figure in scores.figures().items():
            yield f"{TITLES[key]}: {figure}"
        if name == ALL:
            yield from _lines_of_all(figures)


def _lines_of_all(figures: Figures) -> Iterator[str]:
    sure, took = figures.reliability, figures.latency
    yield f"expected calibration error: {'-' if sure.error is None else f'{sure.error:.3f}'} (n={sure.n})"
    if took is not None:
        yield f"seconds per second of video: median {took.median:.3f}, 95th percentile {took.p95:.3f} (n={took.n})"
    yield no_answer(figures)
