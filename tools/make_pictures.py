"""Write the pictures of the documentation.

    python tools/make_pictures.py [stages] [overview]

``docs/pictures/stages.svg`` is drawn from nothing and needs only Python. ``docs/pictures/overview.png`` is made by
running the analysis on the sample: a picture of its annotated replay beside what the terminal showed. That one needs
the package ``cairosvg`` and the font DejaVu Sans Mono.
"""

from __future__ import annotations

import base64
import math
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
SAMPLE = ROOT / "samples" / "home_workout.mp4"

Point = tuple[float, float]

# --- stages.svg ---------------------------------------------------------------------------------------------------

CARD_W, CARD_H, GAP, EDGE = 280, 226, 34, 24
GLYPH_TOP, GLYPH_H = 44, 108
STYLE = """
svg { --page: #ffffff; --card: #f6f8fa; --ink: #1f2328; --soft: #59636e; --line: #c5ced6; --one: #0b7285;
  --two: #c2410c }
@media (prefers-color-scheme: dark) {
  svg { --page: #0d1117; --card: #161b22; --ink: #e6edf3; --soft: #9aa4ae; --line: #434c56; --one: #3bc9db;
    --two: #ffa94d }
}
text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: var(--ink);
  font-size: 12.5px }
.page { fill: var(--page) } .card { fill: var(--card); stroke: var(--line) }
.title { font-size: 15px; font-weight: 600 } .small { font-size: 11px; fill: var(--soft) } .soft { fill: var(--soft) }
.line { fill: none; stroke: var(--line); stroke-width: 1.5 } .dash { stroke-dasharray: 4 3 }
.one { fill: none; stroke: var(--one); stroke-width: 2 } .two { fill: none; stroke: var(--two); stroke-width: 2 }
.ink { fill: none; stroke: var(--ink); stroke-width: 2; stroke-linecap: round; stroke-linejoin: round }
.one-dot { fill: var(--one) } .two-dot { fill: var(--two) } .line-dot { fill: var(--line) } .arrow { fill: var(--soft) }
.flow { fill: none; stroke: var(--soft); stroke-width: 2 }
"""
# Title, room, and two lines of what is done there.
STAGES = (
    ("Watch", "media", "Decode in a child process under limits,", "10 pictures a second, timed by PTS."),
    ("Find people", "pose", "Detect, place 33 joints in 3D, follow", "everybody under a number, smooth."),
    ("See movement", "motion", "Angles and lengths that do not depend", "on where the camera stands."),
    ("Name it", "recognition", "Score windows of 4 s against a table,", "take the likeliest sequence."),
    ("Count it", "motion", "Visits of the main movement to its", "far end, with a hysteresis."),
    ("Write it down", "analysis", "Sets, repetitions, holds and rests:", "report, JSON, annotated replay."),
)


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """Return one line of text."""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def line(points: Iterable[Point], kind: str) -> str:
    """Return a line through points."""
    return f'<polyline class="{kind}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'


def dot(x: float, y: float, kind: str, radius: float = 3.5) -> str:
    """Return a filled circle."""
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>'


def box(x: float, y: float, width: float, height: float, kind: str, radius: float = 3, more: str = "") -> str:
    """Return a rectangle."""
    size = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius}"'
    return f'<rect class="{kind}" {size} {more}/>'


def wave(x0: float, x1: float, middle: float, height: float, turns: float, phase: float = 0.0) -> list[Point]:
    """Return points of a cosine: its first is at the top when ``phase`` is 0."""
    steps = 120
    return [
        (x0 + (x1 - x0) * i / steps, middle - height * math.cos(2 * math.pi * (turns * i / steps + phase)))
        for i in range(steps + 1)
    ]


def person(x: float, y: float, size: float, kind: str = "ink") -> str:
    """Return somebody in a squat, seen from the side; (x, y) are the hips."""

    def at(dx: float, dy: float) -> Point:
        return x + dx * size, y + dy * size

    body = line([at(0.34, -0.86), at(0, 0), at(0.62, -0.06), at(0.34, 0.72), at(0.62, 0.74)], kind)
    arm = line([at(0.34, -0.86), at(0.72, -0.66), at(1.06, -0.82)], kind)
    head = f'<circle class="{kind}" cx="{at(0.5, 0)[0]:.1f}" cy="{at(0, -1.18)[1]:.1f}" r="{0.2 * size:.1f}"/>'
    return body + arm + head


def draw_watch() -> str:
    """A film in a fence, its pictures at uneven times, those that are taken in colour."""
    uneven = (0, 11, 19, 33, 41, 57, 66, 74, 89, 99, 108, 124, 133, 141, 157, 166, 175, 190, 199, 212)
    taken = {0, 33, 66, 99, 133, 166, 199}
    parts = [box(14, 4, 252, 66, "line dash", 8), text(260, 18, "child process", "small", "end")]
    for i in range(5):
        parts.append(box(30 + 44 * i, 26, 38, 30, "line", 2))
        parts.append(person(46 + 44 * i, 42, 10, "ink"))
    parts += [line([(26, 88), (250, 88)], "line"), text(258, 92, "s", "small")]
    parts += [dot(32 + t, 88, "two-dot" if t in taken else "line-dot", 4 if t in taken else 2.5) for t in uneven]
    return "".join(parts)


def draw_people() -> str:
    """A picture with two people, each in a turned square with a number."""
    parts = [box(40, 2, 200, 102, "line", 4), person(92, 58, 32), person(186, 62, 15, "line")]
    parts.append('<g transform="rotate(12 105 52)">' + box(62, 8, 86, 86, "two", 2) + "</g>")
    parts.append('<g transform="rotate(6 194 58)">' + box(172, 36, 42, 42, "line dash", 2) + "</g>")
    joints = ((0.34, -0.86), (0, 0), (0.62, -0.06), (0.34, 0.72), (0.72, -0.66), (1.06, -0.82))
    parts += [dot(92 + dx * 32, 58 + dy * 32, "one-dot") for dx, dy in joints]
    return "".join([*parts, text(52, 20, "1", "title"), text(222, 34, "2", "small")])


def draw_movement() -> str:
    """Three channels of one movement."""
    rows = (("knee", "one", 26.0, 13.0, 0.0), ("hip", "two", 58.0, 11.0, 0.03), ("trunk", "ink", 90.0, 6.0, 0.5))
    parts = []
    for name, kind, middle, height, phase in rows:
        parts += [text(16, middle + 4, name, "small"), line([(58, middle), (262, middle)], "line")]
        parts.append(line(wave(58, 262, middle, height, 3.5, phase), kind))
    return "".join(parts)


def draw_naming() -> str:
    """Windows as columns, movements as rows, and the path through them."""
    names, best = ("squat", "still", "push-up"), (0, 0, 0, 0, 1, 1, 2, 2, 2, 2)
    parts = []
    for row, name in enumerate(names):
        parts.append(text(16, 24 + 34 * row, name, "small"))
        for column, chosen in enumerate(best):
            share = 0.85 if chosen == row else 0.12 + 0.1 * ((3 * row + 5 * column) % 4) / 3
            shade = f'fill-opacity="{share:.2f}"'
            parts.append(box(68 + 20 * column, 6 + 34 * row, 18, 26, "one-dot", 2, shade))
    path = [(77 + 20 * column, 19 + 34 * chosen) for column, chosen in enumerate(best)]
    return "".join([*parts, line(path, "two"), *(dot(x, y, "two-dot", 2.5) for x, y in path)])


def draw_count() -> str:
    """The main movement between two levels, and a dot for each visit to the far end."""
    points = wave(20, 262, 50, 34, 4.5)
    far = [(20 + 242 * (i + 0.5) / 4.5, 84.0) for i in range(4)]
    parts = [line([(20, level), (262, level)], "line dash") for level in (36, 64)]
    parts += [line(points, "one"), *(dot(x, y, "two-dot", 4.5) for x, y in far)]
    return "".join([*parts, *(text(x, 104, str(i), "small", "middle") for i, (x, _) in enumerate(far, start=1))])


def draw_diary() -> str:
    """A page with two sets and their timeline."""
    parts = [box(30, 2, 220, 104, "line", 4)]
    for y, name, amount, kind in ((22, "squat", "5 reps", "one-dot"), (48, "push-up", "6 reps", "two-dot")):
        parts += [dot(48, y, kind, 5), text(62, y + 4, name), text(232, y + 4, amount, "", "end")]
    parts += [line([(48, 84), (232, 84)], "line")]
    parts += [box(54, 77, 62, 14, "one-dot", 2), box(150, 77, 72, 14, "two-dot", 2)]
    return "".join([*parts, text(133, 75, "rest", "small", "middle")])


GLYPHS = (draw_watch, draw_people, draw_movement, draw_naming, draw_count, draw_diary)


def card(index: int) -> str:
    """Return one stage, in its place."""
    title, room, *words = STAGES[index]
    x, y = EDGE + (index % 3) * (CARD_W + GAP), EDGE + (index // 3) * (CARD_H + GAP + 8)
    return (
        f'<g transform="translate({x} {y})">'
        + box(0, 0, CARD_W, CARD_H, "card", 8)
        + text(14, 28, f"{index + 1}  {title}", "title")
        + text(CARD_W - 14, 28, room, "small", "end")
        + f'<g transform="translate(0 {GLYPH_TOP})">{GLYPHS[index]()}</g>'
        + "".join(text(14, GLYPH_TOP + GLYPH_H + 32 + 18 * i, row, "soft") for i, row in enumerate(words))
        + "</g>"
    )


def arrows() -> str:
    """Return the way from card to card."""
    parts = []
    for row in range(2):
        for column in range(2):
            x, y = EDGE + CARD_W + column * (CARD_W + GAP), EDGE + CARD_H / 2 + row * (CARD_H + GAP + 8)
            parts += [line([(x + 5, y), (x + GAP - 10, y)], "flow"), head(x + GAP - 4, y, 0)]
    first, last = EDGE + CARD_W / 2, EDGE + 2 * (CARD_W + GAP) + CARD_W / 2
    top = EDGE + CARD_H
    turn = [(last, top + 5), (last, top + 21), (first, top + 21), (first, top + 32)]
    return "".join([*parts, line(turn, "flow"), head(first, top + 38, 90)])


def head(x: float, y: float, turn_deg: int) -> str:
    """Return the point of an arrow."""
    return f'<path class="arrow" d="M0 0 L-9 -5 L-9 5 Z" transform="translate({x:.1f} {y:.1f}) rotate({turn_deg})"/>'


def stages() -> str:
    """Return ``stages.svg``."""
    width, height = 2 * EDGE + 3 * CARD_W + 2 * GAP, 2 * EDGE + 2 * CARD_H + GAP + 8
    label = "Six stages: watch, find people, see movement, name it, count it, write it down"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{label}">\n'
        f"<style>{STYLE}</style>\n{box(0, 0, width, height, 'page', 10)}\n"
        + "\n".join(card(index) for index in range(len(STAGES)))
        + f"\n{arrows()}\n</svg>\n"
    )


# --- overview.png -------------------------------------------------------------------------------------------------

CELL_W, CELL_H, FONT_PX = 7.83, 21.5, 13
INK, SOFT, PAPER = "#e6edf3", "#8b949e", "#0d1117"
COLUMNS = 100
FRAME_W = 500
OVERVIEW_W = 1280
AT_S = 36.1  # at the bottom of a push-up of the sample


def run_analysis(out: Path) -> str:
    """Analyse the sample, write its replay to ``out`` and return what the terminal showed."""
    entrance = "from deukgeun.cli.main import run; run()"
    command = [sys.executable, "-c", entrance, "analyze", SAMPLE.relative_to(ROOT), "--annotate", out, "--lang", "en"]
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout


def replay_frame(video: Path) -> tuple[bytes, float]:
    """Return one picture of the replay as PNG, and its height over its width."""
    import cv2

    from deukgeun.media import thumbnail

    image = thumbnail(video, AT_S)
    height, width = image.shape[:2]
    scaled = cv2.resize(image, (FRAME_W * 2, round(FRAME_W * 2 * height / width)), interpolation=cv2.INTER_AREA)
    done, coded = cv2.imencode(".png", cv2.cvtColor(scaled, cv2.COLOR_RGB2BGR))
    if not done:
        raise RuntimeError("OpenCV cannot write PNG")
    return coded.tobytes(), height / width


def terminal(told: str, x: float, y: float) -> str:
    """Return the lines of a terminal (with ANSI colours) as SVG, one text for each run of one style."""
    from rich.text import Text

    parts = []
    for row, ansi in enumerate(told.rstrip().splitlines()):
        shown = Text.from_ansi(ansi)
        for start, end, style in _runs(shown):
            for words in re.finditer(r"\S+", shown.plain[start:end]):
                parts.append(_cells(words.group(), x + (start + words.start()) * CELL_W, y + row * CELL_H, style))
    return "".join(parts)


def _runs(shown: object) -> list[tuple[int, int, str]]:
    """Return (start, end, attributes) of each run of one style."""
    from rich.console import Console
    from rich.text import Text

    console, runs, at = Console(), [], 0
    for segment in (shown if isinstance(shown, Text) else Text(str(shown))).render(console):
        style = segment.style
        colour = style.color.get_truecolor().hex if style and style.color else SOFT if style and style.dim else INK
        weight = ' font-weight="bold"' if style and style.bold else ""
        runs.append((at, at + len(segment.text), f'fill="{colour}"{weight}'))
        at += len(segment.text)
    return [run for run in runs if run[1] > run[0]]


def _cells(words: str, x: float, y: float, style: str) -> str:
    """Return text in fixed cells; blocks are drawn, so that no gap shows between them."""
    if not words.strip("█"):
        return f'<rect x="{x:.1f}" y="{y - 11:.1f}" width="{len(words) * CELL_W:.1f}" height="13" {style}/>'
    return f'<text x="{x:.2f}" y="{y:.1f}" textLength="{len(words) * CELL_W:.2f}" {style}>{escape(words)}</text>'


def overview(frame: bytes, ratio: float, told: str) -> str:
    """Return the overview as SVG: the replay to the left, the terminal to the right."""
    frame_h = FRAME_W * ratio
    height = max(frame_h, 54 + CELL_H * (len(told.rstrip().splitlines()) + 2))
    width = FRAME_W + COLUMNS * CELL_W + 48
    href = "data:image/png;base64," + base64.b64encode(frame).decode()
    command = f"$ deukgeun analyze {SAMPLE.relative_to(ROOT)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {width:.0f} '
        f'{height:.0f}" font-family="DejaVu Sans Mono, monospace" font-size="{FONT_PX}">'
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="{PAPER}"/>'
        f'<image y="{(height - frame_h) / 2:.1f}" width="{FRAME_W}" height="{frame_h:.1f}" xlink:href="{href}"/>'
        f'<text x="{FRAME_W + 24}" y="48" fill="#7ee787">{escape(command)}</text>'
        f"{terminal(told, FRAME_W + 24, 48 + CELL_H * 1.5)}</svg>"
    )


def write_half(png: bytes, path: Path) -> None:
    """Write a PNG at half its size: letters that are drawn large and scaled keep their distances."""
    import cv2
    import numpy as np

    image = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise RuntimeError("OpenCV cannot read the drawing")
    small = cv2.resize(image, (image.shape[1] // 2, image.shape[0] // 2), interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(path), small, [cv2.IMWRITE_PNG_COMPRESSION, 9])


def write_overview() -> None:
    """Write ``overview.png``."""
    import cairosvg  # type: ignore[import-not-found]

    with tempfile.TemporaryDirectory() as folder:
        replay = Path(folder) / "replay.mp4"
        told = "\n".join(row for row in run_analysis(replay).splitlines() if folder not in row)
        drawing = overview(*replay_frame(replay), told)
    large = cairosvg.svg2png(bytestring=drawing.encode(), output_width=2 * OVERVIEW_W)
    write_half(large, PICTURES / "overview.png")


def main(wanted: list[str]) -> None:
    """Write the pictures that are named, or all."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    if not wanted or "stages" in wanted:
        (PICTURES / "stages.svg").write_text(stages(), "utf-8")
    if not wanted or "overview" in wanted:
        write_overview()


if __name__ == "__main__":
    main(sys.argv[1:])
