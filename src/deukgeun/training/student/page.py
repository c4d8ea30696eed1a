"""A report as one HTML file that needs nothing else: text, tables, charts as SVG, pictures within."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from deukgeun.errors import OutputError, TrainingError

_STYLE = """
:root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5; }
body { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid #8886; padding: .25rem .75rem; text-align: left; }
figure { margin: 1rem 0; } figure svg, figure img { max-width: 100%; height: auto; background: #fff; }
.row { display: flex; flex-wrap: wrap; gap: 1rem; } .row figure { margin: 0; width: 16rem; }
figcaption { font-size: .85rem; }
"""


def page(title: str, parts: Iterable[str]) -> str:
    """Return a whole page of parts that the functions below made."""
    head = f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{html.escape(title)}</title>"
    return f"{head}<style>{_STYLE}</style><body><h1>{html.escape(title)}</h1>{''.join(parts)}</body></html>\n"


def write(path: Path, text: str) -> None:
    """Write a page. Raises ``output-not-writable``."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError("output-not-writable", path=path, reason=error.strerror or str(error)) from error


def heading(text: str) -> str:
    """A section's title."""
    return f"<h2>{html.escape(text)}</h2>"


def paragraph(text: str) -> str:
    """A paragraph of plain text."""
    return f"<p>{html.escape(text)}</p>"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of plain text."""
    first = "".join(f"<th>{html.escape(str(cell))}</th>" for cell in head)
    rest = "".join("<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{first}</tr>{rest}</table>"


def pictures(images: Iterable[tuple[str, npt.NDArray[np.uint8]]], side: int = 256) -> str:
    """A row of pictures (S, S, 3) RGB with captions."""
    parts = []
    for caption, image in images:
        small = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
        _, packed = cv2.imencode(".jpg", small[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])
        source = base64.b64encode(packed.tobytes()).decode("ascii")
        text = html.escape(caption)
        parts.append(
            f"<figure><img alt='{text}' src='data:image/jpeg;base64,{source}'><figcaption>{text}</figcaption></figure>"
        )
    return f"<div class='row'>{''.join(parts)}</div>"


def bars(title: str, values: Sequence[tuple[str, float]], unit: str, marks: Sequence[tuple[str, float]] = ()) -> str:
    """Horizontal bars, in the order given; ``marks`` are lines to compare with."""
    figure, axes = _axes(7.5, 0.8 + 0.26 * len(values))
    names = [name for name, _ in values]
    axes.barh(range(len(values)), [value for _, value in values], color="#4a7fb5")
    axes.set_yticks(range(len(values)), names)
    axes.invert_yaxis()
    for name, value in marks:
        axes.axvline(value, color="#c0392b", linestyle="--", label=name)
    if marks:
        axes.legend()
    axes.set_xlabel(unit)
    return _svg(figure, axes, title)


def lines(title: str, series: Sequence[tuple[str, Sequence[float], Sequence[float]]], x: str, y: str) -> str:
    """Lines: (name, x values, y values)."""
    figure, axes = _axes(7.5, 4.0)
    for name, along, values in series:
        axes.plot(along, values, marker="o", markersize=3, label=name)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    if len(series) > 1:
        axes.legend(fontsize="small")
    return _svg(figure, axes, title)


def heat_map(title: str, names: Sequence[str], counts: npt.NDArray[Any]) -> str:
    """A confusion heat map: rows the truth, columns what it was named, shares of each row."""
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = 2.5 + 0.32 * len(names)
    figure, axes = _axes(size + 1, size)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(names)), names)
    for i, j in zip(*np.nonzero(counts), strict=True):
        axes.text(j, i, int(counts[i, j]), ha="center", va="center", fontsize=7,
                  color="white" if shares[i, j] > 0.6 else "black")  # fmt: skip
    axes.set_xlabel("named")
    axes.set_ylabel("truth")
    return _svg(figure, axes, title)


def _axes(width: float, height: float) -> tuple[Any, Any]:
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise TrainingError("training-package", package="matplotlib") from error
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def _svg(figure: Any, axes: Any, title: str) -> str:
    axes.set_title(title)
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None})
    drawing = text.getvalue()
    return f"<figure>{drawing[drawing.index('<svg') :]}</figure>"
