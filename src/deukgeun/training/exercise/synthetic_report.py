"""The page of recognition on the virtual gym, as Markdown or as HTML."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.files import write_text
from deukgeun.training.exercise.synthetic import Named, Workouts
from deukgeun.training.student.records import share
from deukgeun.training.student.summary import Table, as_html, as_markdown

Flags = npt.NDArray[np.bool_]

_MOST_CONFUSED = 25


def tables(named: Named, workouts: Workouts | None) -> list[Table]:
    """Return all figures: overall, by view and movement, what was taken for what, and of workouts where there are."""
    found = [_overall(named), _by("view", named.view, named), _by("movement", named.truth, named), _confusions(named)]
    return found if workouts is None else [*found, _workouts(workouts)]


def _overall(named: Named) -> Table:
    kinds = {
        "all": np.ones(len(named.truth), bool),
        "movements of the catalogue": named.known,
        "near neighbours, called unknown": named.truth == "unknown",
        "background, called nothing": named.truth == "nothing",
    }
    rows = [(name, _share(named.right, which)) for name, which in kinds.items()]
    rows.append(("truth among the three likeliest movements", _share(named.among_three, named.known)))
    rows.append(("expected calibration error, 15 bins", f"{named.calibration_error:.3f}"))
    return Table("Tracks of athletes nobody learnt from", ("what", "named right"), tuple(rows))


def _share(right: Flags, which: Flags) -> str:
    return share(int(right[which].sum()), int(which.sum()))


def _by(what: str, group: npt.NDArray[np.str_], named: Named) -> Table:
    """Movements of the catalogue by group, the worst first."""
    groups = sorted(np.unique(group[named.known]), key=lambda g: float(named.right[named.known & (group == g)].mean()))
    rows = tuple((str(g), _share(named.right, named.known & (group == g))) for g in groups)
    return Table(f"By {what}", (what, "named right"), rows)


def _confusions(named: Named) -> Table:
    wrong = Counter(zip(named.truth[~named.right].tolist(), named.named[~named.right].tolist(), strict=True))
    rows = tuple((truth, said, str(n)) for (truth, said), n in wrong.most_common(_MOST_CONFUSED))
    return Table("What was taken for what, most often", ("truth", "named", "tracks"), rows)


def _workouts(found: Workouts) -> Table:
    rows: tuple[tuple[str, str], ...] = (
        ("sets found (overlap of half of both together)", share(found.found, found.there)),
        ("found sets that are one", share(found.found, found.told)),
        ("found sets named right", share(found.named, found.found)),
        ("false activity", f"{found.false_s_a_minute:.2f} s a minute, of {found.background_s / 60:.0f} minutes"),
    )
    return Table("Whole workouts", ("what", "found"), rows)


def write_page(named: Named, workouts: Workouts | None, words: list[str], path: Path) -> None:
    """Write the page: Markdown for a name that ends in ``.md``, else HTML. Raises ``output-not-writable``."""
    form: Any = as_markdown if path.suffix.lower() == ".md" else as_html
    write_text(path, form("Recognition on the virtual gym", tables(named, workouts), words))
