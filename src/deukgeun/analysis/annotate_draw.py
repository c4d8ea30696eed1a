"""The panels of the replay: what is being done, the counter, and the timeline."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import cv2
import numpy as np
from numpy.typing import NDArray

from deukgeun.analysis.annotate_scene import Scene, Story, clock
from deukgeun.analysis.annotate_text import Colour, draw_text, fitted, speaks_korean, text_width
from deukgeun.analysis.workout import ExerciseSet
from deukgeun.exercises import exercise_name

Image = NDArray[np.uint8]

WHITE: Colour = (255, 255, 255)
_GREY: Colour = (205, 205, 205)
_RAIL: Colour = (90, 90, 90)
_PANEL_LIGHT = 0.28  # what a panel leaves of the picture: white text stays legible on a white wall
_FLASH_S = 0.3
_LIT: Colour = (0, 150, 136)
_PALETTE: tuple[Colour, ...] = (
    (38, 166, 154),
    (171, 71, 188),
    (251, 140, 0),
    (66, 165, 245),
    (124, 179, 66),
    (236, 64, 122),
)


@cache
def _words(lang: str) -> dict[str, str]:
    tables = tomllib.loads((files("deukgeun.analysis") / "annotate.toml").read_text("utf-8"))
    return dict(tables[lang])


def colour_of(story: Story, exercise: str) -> Colour:
    """Return the colour of an exercise: the same for all its sets."""
    return _PALETTE[story.exercises.index(exercise) % len(_PALETTE)]


class Canvas:
    """One picture being drawn on. ``lang`` is the language that can be drawn: Korean is not, before OpenCV 5."""

    __slots__ = ("_image", "_unit", "lang")

    def __init__(self, image: Image, lang: str = "en") -> None:
        self._image = image
        self._unit: float = min(image.shape[:2]) / 100.0
        self.lang = "ko" if lang == "ko" and speaks_korean() else "en"

    def scene(self, scene: Scene) -> None:
        """Draw the exercise and the set at the top left, the counter at the top right."""
        done = scene.shown
        if done is None:
            return
        counter_width = self._counter(scene)
        room = self._image.shape[1] - counter_width - 9 * self._unit
        title, line = self._captions(scene, done)
        self._caption(title, line, room)

    def amount(self, scene: Scene) -> tuple[str, str]:
        """Return the counter's figure and its unit: repetitions, or the time held."""
        words = _words(self.lang)
        if scene.held_s is not None:
            return clock(scene.held_s), words["hold"]
        return str(scene.repetitions), words["reps"]

    def tag(self, text: str, centre_x: float, bottom_y: float) -> None:
        """Draw a small label above a point, inside the picture."""
        size, pad = 4.0 * self._unit, 1.2 * self._unit
        width, height = text_width(text, size) + 2 * pad, size + 1.4 * pad
        x = min(max(0.0, centre_x - width / 2), max(0.0, self._image.shape[1] - width))
        y = min(max(0.0, bottom_y - height - pad), self._image.shape[0] - height)
        self._panel(x, y, width, height)
        draw_text(self._image, text, x + pad, y + height - 1.1 * pad, size, WHITE)

    def timeline(self, story: Story, time_s: float) -> None:
        """Draw the bar at the bottom: sets in colour with a tick for each repetition, rests, and the play-head."""
        height, width = self._image.shape[:2]
        band, size, pad = 8.0 * self._unit, 4.0 * self._unit, 2.0 * self._unit
        self._panel(0, height - band, width, band)
        now, length = clock(time_s), clock(story.length_s)
        side = text_width(length, size)
        baseline = height - band / 2 + 0.36 * size
        draw_text(self._image, now, pad, baseline, size, WHITE)
        draw_text(self._image, length, width - pad - side, baseline, size, _GREY)
        left, right = 2 * pad + side, width - 2 * pad - side
        _Bar(self._image, left, right, height - band / 2, 3.4 * self._unit, story).draw(time_s)

    def _captions(self, scene: Scene, done: ExerciseSet) -> tuple[str, str]:
        words = _words(self.lang)
        name = exercise_name(done.exercise, self.lang)
        if scene.rested_s is None:
            return name, words["set"].format(number=scene.number, total=scene.total)
        figure, _ = self.amount(scene)
        amount = figure if done.hold_s is not None else words["amount_reps"].format(count=figure)
        summary = words["done"].format(number=scene.number, amount=amount)
        return f"{words['rest']} {clock(scene.rested_s)}", f"{name}, {summary}"

    def _caption(self, title: str, line: str, room: float) -> None:
        u = self._unit
        title, title_size = fitted(title, 6.4 * u, room)
        line, line_size = fitted(line, 4.2 * u, room)
        width = max(text_width(title, title_size), text_width(line, line_size)) + 4 * u
        self._panel(2 * u, 2 * u, width, 14 * u)
        draw_text(self._image, title, 4 * u, 8.2 * u, title_size, WHITE)
        draw_text(self._image, line, 4 * u, 13.6 * u, line_size, _GREY)

    def _counter(self, scene: Scene) -> float:
        """Draw the counter and return its width. It lights up when a repetition is completed."""
        u = self._unit
        figure, unit = self.amount(scene)
        size = 16.0 * u
        width = 4 * u + max(text_width(figure, size), text_width(unit, 4 * u), 14 * u)
        left = self._image.shape[1] - width - 2 * u
        since_s = scene.since_repetition_s
        lit = scene.held_s is None and since_s is not None and since_s < _FLASH_S
        self._panel(left, 2 * u, width, 22 * u, _LIT if lit else (0, 0, 0))
        middle = left + width / 2
        self._centred(figure, middle, 15.4 * u, size, WHITE)
        self._centred(unit, middle, 21.4 * u, 4 * u, WHITE if lit else _GREY)
        return width

    def _centred(self, text: str, middle: float, baseline: float, size: float, colour: Colour) -> None:
        draw_text(self._image, text, middle - text_width(text, size) / 2, baseline, size, colour)

    def _panel(self, x: float, y: float, width: float, height: float, colour: Colour = (0, 0, 0)) -> None:
        left, top = max(0, round(x)), max(0, round(y))
        part = self._image[top : round(y + height), left : round(x + width)]
        tint = np.array(colour) * (1 - _PANEL_LIGHT)
        part[:] = (part * _PANEL_LIGHT + tint).astype(np.uint8)


class _Bar:
    """The timeline's bar, one row for each person with sets: the main person's is the thick one."""

    def __init__(self, image: Image, left: float, right: float, middle: float, height: float, story: Story) -> None:
        self._image, self._story = image, story
        self._left, self._right = left, max(left + 1, right)
        self._top, self._height = middle - height / 2, height

    def draw(self, time_s: float) -> None:
        rows = self._story.performers or (self._story.main,)
        for index, person in enumerate(rows):
            top = self._top + self._height * index / len(rows)
            self._row(person, top, self._height / len(rows) - (len(rows) > 1))
        x = self._x(time_s)
        over = max(2, round(self._height * 0.35))
        start, end = (x, round(self._top) - over), (x, round(self._top + self._height) + over)
        thickness = max(2, round(self._height / 8))
        cv2.line(self._image, start, end, (0, 0, 0), thickness + 2)
        cv2.line(self._image, start, end, WHITE, thickness)

    def _row(self, person: int | None, top: float, height: float) -> None:
        middle = top + height / 2
        self._block(0.0, self._story.length_s, middle - height / 10, max(1.0, height / 5), _RAIL)
        for rest in self._story.rests:
            if rest.person == person:
                self._block(rest.start_s, rest.end_s, middle - height / 5, height * 0.4, _GREY)
        for each in self._story.sets:
            if each.person == person:
                self._block(each.start_s, each.end_s, top, height, colour_of(self._story, each.exercise))
                for repetition in each.repetitions:
                    self._tick(repetition.end_s, top, height)

    def _x(self, time_s: float) -> int:
        share = min(1.0, max(0.0, time_s / max(self._story.length_s, 1e-3)))
        return round(self._left + share * (self._right - self._left))

    def _block(self, start_s: float, end_s: float, top: float, height: float, colour: Colour) -> None:
        start, end = (self._x(start_s), round(top)), (self._x(end_s), round(top + height))
        cv2.rectangle(self._image, start, end, colour, -1)

    def _tick(self, time_s: float, top: float, height: float) -> None:
        x = self._x(time_s)
        cv2.line(self._image, (x, round(top + height * 0.45)), (x, round(top + height)), WHITE, 1)
