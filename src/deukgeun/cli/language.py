"""The language of a report: what is asked for, or what the machine speaks."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

import typer


class Lang(StrEnum):
    """The languages that exercises are named and reports are written in."""

    ko = "ko"
    en = "en"


LangOption = Annotated[
    Lang | None,
    typer.Option("--lang", metavar="ko|en", help="Language of names and reports; otherwise that of the locale."),
]


def language(asked: Lang | None, environ: Mapping[str, str] | None = None) -> str:
    """Return "ko" or "en": ``asked``, or what LC_ALL, LC_MESSAGES or LANG say (the first that is set)."""
    if asked is not None:
        return asked.value
    env = os.environ if environ is None else environ
    spoken = next((env[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if env.get(name)), "")
    return "ko" if spoken.lower().startswith("ko") else "en"


@cache
def words(lang: str) -> Mapping[str, Any]:
    """Return the texts of the command line in one language (``words.toml``)."""
    tables: dict[str, dict[str, Any]] = tomllib.loads((files("deukgeun.cli") / "words.toml").read_text("utf-8"))
    return tables[lang]
