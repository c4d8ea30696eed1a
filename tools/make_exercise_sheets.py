"""Draw the pictures of docs/reference/gallery.md, and write that page: key moments of every exercise, from two sides.

    python tools/make_exercise_sheets.py [--again] [SLUG ...]

A picture is drawn anew when its motion or the manner of drawing has changed since (``sheets.json`` keeps what it was
drawn from), or when asked for. Needs the virtual gym's packages. A test fails while an exercise has no picture.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import cv2
import numpy as np

from deukgeun.exercises import Exercise, catalogue
from deukgeun.synth.commands.options import bodies_folder
from deukgeun.synth.film import Staging
from deukgeun.synth.repertoire import Piece, exercise_pieces
from deukgeun.synth.sheet import moments, strip
from deukgeun.synth.sheet.renders import renderer

DOCS = Path(__file__).resolve().parent.parent / "docs"
PICTURES = DOCS / "pictures" / "exercises"
DRAWN_FROM = PICTURES / "sheets.json"
PAGE = DOCS / "reference" / "gallery.md"

COLUMNS, CELL_PX, FINER, QUALITY = 4, 128, 3, 66
MANNER = 1  # of drawing: a higher number draws all of them again
VIEWS = ("oblique", "side")
# Where the movement goes to the sides, or a machine stands before the athlete.
OTHER_VIEWS = {
    **dict.fromkeys(
        ("side_lateral_raise", "jumping_jack", "side_lunge", "cross_lunge", "standing_side_crunch", "shrug",
         "upright_row", "overhead_press", "pull_up", "hanging_leg_raise"),
        ("front", "oblique"),
    ),
    **dict.fromkeys(("lat_pulldown", "cable_crunch", "leg_press"), ("rear_oblique", "side")),
}  # fmt: skip
# The way that is meant by the name, where it is not the plain one.
VARIANTS = {"goblet_squat": "goblet"}

INTRODUCTION = """# What the exercises look like

This page and its pictures are made by `tools/make_exercise_sheets.py` (`make sheets`); do not edit it.

Every exercise of the [catalogue](exercises.md) as the [virtual gym](../explanation/virtual-gym.md) does it: one
repetition from its start to its end at four moments, from two sides, in its plainest way and by one of 200 athletes.
`deukgeun synth sheet SLUG OUT.png` draws any of them larger, with other athletes, variants and mistakes.
"""


def piece_of(slug: str) -> Piece:
    """The exercise with the first of its implements."""
    return exercise_pieces(slug)[0]


def views_of(slug: str) -> tuple[str, str]:
    """The two sides from which an exercise is shown."""
    return OTHER_VIEWS.get(slug, VIEWS)


def source(piece: Piece) -> str:
    """What a picture is drawn from, as a short hash: the motion's table and the manner of drawing."""
    manner = [MANNER, COLUMNS, CELL_PX, QUALITY, views_of(piece.exercise)]
    told = json.dumps([*manner, piece.equipment, piece.motion.raw], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def draw(number: int, slug: str) -> bytes:
    """The picture of an exercise as a WebP file."""
    piece = piece_of(slug)
    shown = moments(piece, 7 * number + 3, COLUMNS, variant=VARIANTS.get(slug, ""))
    views = views_of(slug)
    image = strip(shown, views, FINER * CELL_PX, renderer(Staging(bodies_folder(None)), number))
    small = cv2.resize(image, None, fx=1 / FINER, fy=1 / FINER, interpolation=cv2.INTER_AREA)
    _, content = cv2.imencode(".webp", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
    return bytes(np.asarray(content).tobytes())


def entry(exercise: Exercise) -> str:
    """The page's part on one exercise."""
    picture = f"../pictures/exercises/{exercise.slug}.webp"
    return f"## {exercise.slug}\n\n{exercise.en}, {exercise.ko}\n\n![{exercise.en}]({picture})\n"


def page() -> str:
    """Return the whole page as Markdown."""
    return "\n".join([INTRODUCTION, *map(entry, catalogue().values())])


def main(asked: list[str], again: bool) -> None:
    """Draw what is asked for, or all that is not up to date, and write the page."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    drawn = json.loads(DRAWN_FROM.read_text("utf-8")) if DRAWN_FROM.exists() else {}
    for number, slug in enumerate(catalogue()):
        out, wanted = PICTURES / f"{slug}.webp", source(piece_of(slug))
        if (not asked or slug in asked) and (again or asked or drawn.get(slug) != wanted or not out.exists()):
            out.write_bytes(draw(number, slug))
            drawn[slug] = wanted
            DRAWN_FROM.write_text(json.dumps(drawn, indent=1, sort_keys=True) + "\n", "utf-8")
            print(f"{slug}: {out.stat().st_size} bytes", flush=True)
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main([word for word in sys.argv[1:] if not word.startswith("-")], "--again" in sys.argv)
