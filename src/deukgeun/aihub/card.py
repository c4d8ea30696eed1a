"""The data card beside the tables: what went in, what was left out and why, and what is in each table."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Any

from deukgeun import __version__
from deukgeun.aihub.choose import lookalikes
from deukgeun.aihub.names import VIEWS, clean_text
from deukgeun.aihub.numbers import exercise_by_number, slugs
from deukgeun.aihub.prepare import STRICT, Plan, Prepared, Table
from deukgeun.aihub.sampling import SPLITS


def card(folder: str, plan: Plan, made: Prepared) -> dict[str, Any]:
    """Return the data card as a value that JSON can hold."""
    choice = plan.choice
    whys = sorted(set(made.dropped.clips) | set(made.dropped.images))
    return {
        "made_by": f"deukgeun {__version__}",
        "from": folder,
        "options": {
            "exercises": [slugs()[number] for number in sorted(choice.exercises)] or "all",
            "only_correct_posture": choice.correct,
            "only_whole_clips": choice.whole,
            "lookalikes_removed": [] if choice.lookalikes else [each.why for each in lookalikes()],
            "corrections": len(choice.corrections.rows),
            "corrections_unused": list(made.unused_corrections),
            "sizes": {split: plan.sizes.of(split) for split in SPLITS},
            "fewest_of_an_exercise": plan.sizes.fewest,
            "apart": plan.apart,
            "seed": plan.seed,
        },
        "labels": made.labels,
        "available": {slugs()[number]: count for number, count in made.available.items()},
        "names": {slugs()[n]: clean_text(exercise_by_number(n).name) for n in made.available},
        "dropped": [
            {"why": why, "clips": made.dropped.clips[why], "images": made.dropped.images[why]} for why in whys
        ],
        "tables": {name: _table(table) for name, table in made.tables.items()},
        "shared": {"random": _shared(made, ""), STRICT: _shared(made, f"{STRICT}/")},
        "strict_missing": made.strict_error,
    }  # fmt: skip


def _table(table: Table) -> dict[str, Any]:
    return {
        "images": len(table),
        "clips": len(table.clips),
        "performers": sorted(table.performers),
        "days": sorted(table.days),
        "exercises": dict(sorted(table.exercises.items())),
        "views": {name: {view: table.views[name, view] for view in VIEWS} for name in sorted(table.exercises)},
    }


def _shared(made: Prepared, prefix: str) -> dict[str, int] | None:
    """How many performers, days and clips are in more than one table."""
    tables = [made.tables[prefix + split] for split in SPLITS if prefix + split in made.tables]
    if not tables:
        return None
    return {
        "performers": _twice(table.performers for table in tables),
        "days": _twice(table.days for table in tables),
        "clips": _twice(table.clips for table in tables),
    }


def _twice(groups: Iterable[frozenset[Any]]) -> int:
    return len({member for a, b in combinations(list(groups), 2) for member in a & b})


def as_markdown(value: dict[str, Any]) -> str:
    """Return a data card as a page."""
    options = [(key.replace("_", " "), _said(option)) for key, option in value["options"].items()]
    dropped = [(row["why"], row["clips"], row["images"]) for row in value["dropped"]]
    parts = [
        "# Data card",
        f"Labelled pictures of AI Hub data set 231, chosen from `{value['from']}` by {value['made_by']}. The data is "
        "AI Hub's and its terms hold: tables and pictures are not to be passed on.",
        "## Options\n\n" + _grid(("option", "value"), options),
        f"## Left out\n\n{value['labels']} labels, 2D and 3D, were there. Where a clip was left out unread, its "
        "pictures are not counted.\n\n" + _grid(("why", "clips as a whole", "labelled pictures"), dropped),
        "## Tables\n\n" + _tables(value),
        "## Pictures of each exercise\n\n" + _exercises(value),
        "## Pictures of each view\n\n" + _views(value),
        "## What the splits share\n\n" + _sharing(value),
    ]
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def _tables(value: dict[str, Any]) -> str:
    rows = [
        (f"{name}.csv", table["images"], table["clips"], len(table["performers"]), len(table["days"]))
        for name, table in value["tables"].items()
    ]
    return _grid(("table", "pictures", "clips", "performers", "days"), rows)


def _exercises(value: dict[str, Any]) -> str:
    tables = value["tables"]
    rows = [
        (slug, value["names"][slug], count, *(table["exercises"].get(slug, 0) for table in tables.values()))
        for slug, count in value["available"].items()
    ]
    return _grid(("exercise", "name", "available", *tables), rows)


def _views(value: dict[str, Any]) -> str:
    rows = [
        (slug, name, *views.values())
        for name, table in value["tables"].items()
        for slug, views in table["views"].items()
    ]
    return _grid(("exercise", "table", *VIEWS), sorted(rows))


def _sharing(value: dict[str, Any]) -> str:
    texts = [
        "The random split is the original study's: pictures of one clip are in several tables, so that its figures "
        "tell how well a network knows these people, not how well it does with others."
    ]
    rows = [(name, *shared.values()) for name, shared in value["shared"].items() if shared]
    texts.append(_grid(("split", "performers in several", "days in several", "clips in several"), rows))
    if value["strict_missing"]:
        texts.append(f"There is no stricter split: {value['strict_missing']}")
    return "\n\n".join(texts)


def _said(option: Any) -> str:
    if isinstance(option, bool):
        return "yes" if option else "no"
    if isinstance(option, dict):
        return ", ".join(f"{key} {number}" for key, number in option.items())
    return (", ".join(map(str, option)) or "none") if isinstance(option, list) else str(option)


def _grid(head: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)
