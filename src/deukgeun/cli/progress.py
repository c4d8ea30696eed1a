"""The progress bar: on stderr, and only where a person looks at it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from deukgeun.cli.terminal import printable

Progress = Callable[[str, float, float | None], None]


@contextmanager
def progress_bar(title: str, texts: Mapping[str, Any], wanted: bool) -> Iterator[Progress | None]:
    """Yield what is to be called with (stage, done_s, total_s), or None where no bar is shown.

    Every stage starts a bar of its own, with the time left; the bar goes away at the end.
    """
    if not (wanted and sys.stderr.isatty()):
        yield None
        return
    from rich import progress as bars
    from rich.console import Console

    columns = (
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(),
        bars.TaskProgressColumn(),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield _updater(bar, printable(title), texts)


def _updater(bar: Any, title: str, texts: Mapping[str, Any]) -> Progress:
    tasks: dict[str, Any] = {}

    def update(stage: str, done_s: float, total_s: float | None) -> None:
        if stage not in tasks:
            for task in tasks.values():
                bar.remove_task(task)
            tasks.clear()
            tasks[stage] = bar.add_task(f"{title}: {texts.get(stage, stage)}", total=total_s)
        bar.update(tasks[stage], completed=done_s if total_s is None else min(done_s, total_s), total=total_s)

    return update
