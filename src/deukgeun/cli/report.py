"""The diary entry of one workout, for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from deukgeun.cli.language import words
from deukgeun.cli.terminal import printable, stdout_console
from deukgeun.cli.timeline import timeline
from deukgeun.exercises import UNKNOWN, exercise_name

if TYPE_CHECKING:
    from deukgeun.analysis.workout import ExerciseSet, Workout

_ALTERNATIVES_SHOWN = 2
_SAME_MOMENT_S = 0.5


def print_report(workout: Workout, lang: str) -> None:
    """Print header, sets, timeline, totals and people to stdout, in "ko" or "en"."""
    console = stdout_console()
    texts = words(lang)
    console.print(_header(workout, texts))
    if workout.sets:
        console.print(_sets(workout, texts, lang))
        console.print(Text(totals(workout, texts)))
        for line in timeline(workout, min(console.width, 100)):
            console.print(line, no_wrap=True, crop=True)
    else:
        console.print(Text(texts["no_sets"]))
    if len(workout.people) > 1:
        console.print(Text(_people(workout, texts), style="dim"))


def clock(seconds: float) -> str:
    """Return seconds as m:ss, or h:mm:ss from an hour on, rounded to the nearest second."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def day(moment: datetime | None, texts: Mapping[str, Any]) -> str:
    """Return the day and minute of a recording in local time, as a diary writes it."""
    if moment is None:
        return str(texts["day_unknown"])
    local = moment.astimezone() if moment.tzinfo else moment
    return f"{local:%Y-%m-%d} ({texts['weekdays'][local.weekday()]}) {local:%H:%M}"


def amount(done: ExerciseSet, texts: Mapping[str, Any]) -> str:
    """Return what was done in a set: repetitions, or the time held."""
    if done.hold_s is not None:
        return str(texts["hold"].format(time=clock(done.hold_s)))
    count = len(done.repetitions)
    return str(texts["reps_one"] if count == 1 else texts["reps"].format(count=count))


def rest_after(workout: Workout, done: ExerciseSet) -> float | None:
    """Return the seconds of rest that follow a set, or None if it is the person's last."""
    following = (
        rest for rest in workout.rests if rest.person == done.person and abs(rest.start_s - done.end_s) < _SAME_MOMENT_S
    )
    return next((rest.end_s - rest.start_s for rest in following), None)


def totals(workout: Workout, texts: Mapping[str, Any]) -> str:
    """Return the sums of a workout in one line."""
    return str(
        texts["totals"].format(
            sets=len(workout.sets),
            reps=sum(len(done.repetitions) for done in workout.sets if done.hold_s is None),
            active=clock(sum(done.end_s - done.start_s for done in workout.sets)),
            rest=clock(sum(rest.end_s - rest.start_s for rest in workout.rests)),
        )
    )


def _header(workout: Workout, texts: Mapping[str, Any]) -> Text:
    video = workout.video
    length = video.duration_s if video.duration_s is not None else workout.analysed_s
    facts = f"{day(video.recorded_at, texts)}  {texts['length']} {clock(length)}  {video.width}x{video.height}"
    return Text.assemble((printable(video.path.name), "bold"), "  ", (facts, "dim"))


def _sets(workout: Workout, texts: Mapping[str, Any], lang: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    several = len({done.person for done in workout.sets}) > 1
    right = {"number", "done", "rest_after", "confidence", "person"}
    names = ["number", "exercise", "done", "when", "rest_after", "confidence", "alternatives"]
    for name in [*names[:1], *(["person"] if several else []), *names[1:]]:
        table.add_column(texts[name], justify="right" if name in right else "left", header_style="dim")
    for number, done in enumerate(workout.sets, start=1):
        cells = _row(workout, done, texts, lang)
        table.add_row(Text(str(number)), *([Text(str(done.person))] if several else []), *cells)
    return table


def _row(workout: Workout, done: ExerciseSet, texts: Mapping[str, Any], lang: str) -> list[Text]:
    rest = rest_after(workout, done)
    named = [other for other in done.alternatives if other.exercise != UNKNOWN]  # "it could be unknown" says nothing
    others = [f"{exercise_name(other.exercise, lang)} {other.confidence:.0%}" for other in named[:_ALTERNATIVES_SHOWN]]
    return [
        Text(exercise_name(done.exercise, lang), style="bold"),
        Text(amount(done, texts)),
        Text(f"{clock(done.start_s)} - {clock(done.end_s)}"),
        Text("" if rest is None else clock(rest)),
        Text(f"{done.confidence:.0%}"),
        Text(", ".join(others), style="dim"),
    ]


def _people(workout: Workout, texts: Mapping[str, Any]) -> str:
    entries = [
        texts["person_main" if seen.main else "person_entry"].format(
            person=seen.person, start=clock(seen.start_s), end=clock(seen.end_s)
        )
        for seen in workout.people
    ]
    return f"{texts['people']}: {', '.join(entries)}"
