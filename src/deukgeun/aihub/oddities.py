"""What is odd in a copy of the data set: counted, with a few examples, and said in words (``oddities.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Oddity:
    """One kind of it: what it is, and what is done with it."""

    code: str
    text: str
    fate: str


@cache
def oddities() -> dict[str, Oddity]:
    """Return every kind by its code, in the order of the table."""
    rows = tomllib.loads((files("deukgeun.aihub") / "oddities.toml").read_text("utf-8"))
    return {code: Oddity(code, **row) for code, row in rows.items()}


@dataclass(slots=True)
class Tally:
    """How often each oddity was met, and the first few places of each: no more memory for a million than for ten."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, code: str, where: str = "", times: int = 1) -> None:
        """Count an oddity; ``KeyError`` for a code that is not in the table."""
        oddities()[code]
        if times:
            self.counts[code] = self.counts.get(code, 0) + times
            shown = self.examples.setdefault(code, [])
            if where and len(shown) < EXAMPLES:
                shown.append(where)

    def merge(self, counts: Mapping[str, int], examples: Mapping[str, list[str]]) -> None:
        """Count another tally's oddities, too."""
        for code, times in counts.items():
            self.add(code, "", times)
            shown = self.examples.setdefault(code, [])
            shown += examples.get(code, [])[: EXAMPLES - len(shown)]

    def rows(self) -> list[dict[str, Any]]:
        """Return what was met, in the order of the table: code, count, text, fate, examples."""
        return [
            {"code": code, "count": self.counts[code], "text": row.text, "fate": row.fate,
             "examples": self.examples.get(code, [])}
            for code, row in oddities().items()
            if code in self.counts
        ]  # fmt: skip
