"""The workout as a bar of text: sets, rests and the rest of the video to scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

if TYPE_CHECKING:
    from deukgeun.analysis.workout import Workout

SET, REST, NOTHING = "█", "─", "·"
_COLOURS = ("cyan", "magenta", "yellow", "green", "blue", "red")


def timeline(workout: Workout, width: int) -> list[Text]:
    """Return two lines for each person with sets: the bar, and the numbers of the sets under their beginnings."""
    length_s = max([0.001, workout.analysed_s, *(done.end_s for done in workout.sets)])
    columns = max(10, width - 2)
    people = sorted({done.person for done in workout.sets})
    return [line for person in people for line in _lines(workout, person, columns, length_s)]


def _lines(workout: Workout, person: int, columns: int, length_s: float) -> tuple[Text, Text]:
    bar = [(NOTHING, "dim")] * columns
    numbers = [" "] * (columns + 4)
    for rest in workout.rests:
        if rest.person == person:
            _fill(bar, _span(rest.start_s, rest.end_s, columns, length_s), (REST, "dim"))
    for number, done in enumerate(workout.sets, start=1):
        if done.person == person:
            span = _span(done.start_s, done.end_s, columns, length_s)
            _fill(bar, span, (SET, _colour(workout, done.exercise)))
            _write(numbers, span.start, str(number))
    return Text.assemble(" ", *bar), Text(" " + "".join(numbers).rstrip(), style="dim")


def _span(start_s: float, end_s: float, columns: int, length_s: float) -> range:
    """Return the columns of a stretch of time; never none."""
    first = min(columns - 1, int(start_s / length_s * columns))
    return range(first, max(first + 1, min(columns, round(end_s / length_s * columns))))


def _fill(bar: list[tuple[str, str]], span: range, cell: tuple[str, str]) -> None:
    for column in span:
        bar[column] = cell


def _write(numbers: list[str], at: int, text: str) -> None:
    """Write ``text`` unless it would touch the number before it."""
    if all(letter == " " for letter in numbers[max(0, at - 1) : at + len(text)]):
        numbers[at : at + len(text)] = text


def _colour(workout: Workout, exercise: str) -> str:
    """Return the same colour for every set of an exercise."""
    order = list(dict.fromkeys(done.exercise for done in workout.sets))
    return _COLOURS[order.index(exercise) % len(_COLOURS)]
