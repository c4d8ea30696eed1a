"""One page of a whole study: its figures beside those of the original, as HTML or as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deukgeun.files import write_text
from deukgeun.training.student import page
from deukgeun.training.student.records import Record, joined, share
from deukgeun.training.student.report import ORIGINAL_ACCURACY, ORIGINAL_EXTERNAL, ORIGINAL_RMSE_PX

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table of text; all rows are as long as the head."""

    title: str
    head: Row
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.head) for row in self.rows):
            raise ValueError(f"rows of {self.title!r} have not {len(self.head)} cells")


def summary(records: Iterable[Record]) -> list[Table]:
    """Return the tables of a study: first all figures beside the original's, then each kind's details."""
    known = joined(records)
    beside = [row for record in known for row in _BESIDE[record["kind"]](record)]
    head = ("what", "of whom", "ours", "the original")
    details = [table for record in known for table in _DETAILS[record["kind"]](record)]
    return [Table("Beside the original", head, tuple(beside)), *details]


def _beside_pose(record: Record) -> Iterator[Row]:
    original = f"{ORIGINAL_RMSE_PX} px, on its own data"
    for name, found in record["networks"].items():
        low, high = found["rmse_mean_95"]
        ours = f"{found['rmse_mean_px']:.2f} px [{low:.2f}, {high:.2f}], n = {found['n']} pictures"
        yield "mean RMSE of 24 joints at 1920 x 1080", _short(name), ours, original


def _beside_exercise(record: Record) -> Iterator[Row]:
    for name, found in record["classifiers"].items():
        original = f"{ORIGINAL_ACCURACY:.2f}, performers not kept apart"
        yield "exercise named right, unseen performers", name, share(found["right"], found["n"]), original


def _beside_external(record: Record) -> Iterator[Row]:
    right, count = ORIGINAL_EXTERNAL
    original = f"{right} of {count} = {right / count:.2f}, other videos"
    for name, found in record["classifiers"].items():
        yield "exercise named right, other people's videos", name, share(found["right"], found["n"]), original


_BESIDE: Mapping[str, Callable[[Record], Iterator[Row]]] = {
    "pose": _beside_pose, "exercise": _beside_exercise, "external": _beside_external
}  # fmt: skip


def _pose_details(record: Record) -> Iterator[Table]:
    networks: dict[str, Record] = record["networks"]
    rows = [
        (_short(name), f"{f['rmse_mean_px']:.2f}", f"{f['rmse_median_px']:.2f}", f"{f['pck_01']:.3f}",
         f"{f['pck_02']:.3f}", str(f["n"]))
        for name, f in networks.items()
    ]  # fmt: skip
    yield Table("Joints", ("network", "RMSE mean, px", "RMSE median, px", "PCK@0.1", "PCK@0.2", "n"), tuple(rows))
    for what in ("exercise", "joint"):
        by = {_short(name): found[f"rmse_px_by_{what}"] for name, found in networks.items()}
        yield _by(f"RMSE by {what}, px", what, by, lambda value: f"{value:.1f}")


def _exercise_details(record: Record) -> Iterator[Table]:
    for what in ("exercise", "view"):
        by = {name: found[f"by_{what}"] for name, found in record["classifiers"].items()}
        yield _by(f"Named right, by {what}", what, by, lambda pair: f"{pair[0]} of {pair[1]}")


def _external_details(record: Record) -> Iterator[Table]:
    found: dict[str, Record] = {name: each["videos"] for name, each in record["classifiers"].items()}
    truth = {video: row["truth"] for videos in found.values() for video, row in videos.items()}
    rows = [(video, true, *(_named(videos.get(video)) for videos in found.values())) for video, true in truth.items()]
    yield Table("Other people's videos", ("video", "truth", *found), tuple(rows))


def _named(row: Record | None) -> str:
    """What a video was called, the best two."""
    return ", ".join(f"{name} {part:.2f}" for name, part in row["named"][:2]) if row and row["named"] else "-"


_DETAILS: Mapping[str, Callable[[Record], Iterator[Table]]] = {
    "pose": _pose_details, "exercise": _exercise_details, "external": _external_details
}  # fmt: skip


def _by(title: str, what: str, by: Mapping[str, Mapping[str, Any]], said: Callable[[Any], str]) -> Table:
    """A row for each exercise, joint or view, a column for each network."""
    names = dict.fromkeys(name for found in by.values() for name in found)
    rows = [(name, *(said(found[name]) if name in found else "-" for found in by.values())) for name in names]
    return Table(title, (what, *by), tuple(rows))


def _short(name: str) -> str:
    """``hrnet:/some/where/network.onnx`` as ``hrnet:network.onnx``: a page is read elsewhere."""
    kind, mark, file = name.partition(":")
    return f"{kind}{mark}{Path(file).name}" if mark else name


def as_markdown(title: str, tables: Sequence[Table], words: Sequence[str] = ()) -> str:
    """Return a page of Markdown: title, paragraphs, tables under headings."""
    parts = [f"# {title}", *words]
    for table in tables:
        lines = [table.head, ("---",) * len(table.head), *table.rows]
        parts += [f"## {table.title}", "\n".join(f"| {' | '.join(line)} |" for line in lines)]
    return "\n\n".join(parts) + "\n"


def as_html(title: str, tables: Sequence[Table], words: Sequence[str] = ()) -> str:
    """Return the same page as HTML."""
    parts = [page.paragraph(each) for each in words]
    for table in tables:
        parts += [page.heading(table.title), page.table(table.head, table.rows)]
    return page.page(title, parts)


def write_summary(records: Iterable[Record], path: Path) -> None:
    """Write the page: Markdown for a name that ends in ``.md``, else HTML. Raises ``output-not-writable``."""
    form = as_markdown if path.suffix.lower() == ".md" else as_html
    write_text(path, form("The study", summary(records)))
