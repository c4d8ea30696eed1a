"""The one table of settings, and where their values come from.

A value is taken from, last wins: the default in ``settings.toml``, the user's TOML file (``DEUKGEUN_CONFIG``, or
``~/.config/deukgeun/settings.toml``), the environment (``DEUKGEUN_<NAME>``), and what the caller passes.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import cast

from deukgeun.errors import SettingsError

Value = int | float | str | bool
_TYPES: Mapping[str, type[Value]] = MappingProxyType({"int": int, "float": float, "str": str, "bool": bool})
_WORDS = MappingProxyType({"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False})


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table. ``minimum`` and ``maximum`` bound numbers, ``choices`` bounds text.

    ``files`` are kinds that name a file: beside the choices, ``kind:FILE`` is a value.
    """

    name: str
    type: str
    default: Value
    help: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def env(self) -> str:
        """The environment variable that sets it."""
        return f"DEUKGEUN_{self.name.upper()}"

    def parse(self, raw: object) -> Value:
        """Return ``raw`` (text or a TOML value) as a value of this setting, or raise ``settings-value``."""
        value = self._convert(raw)
        if self.choices and value not in self.choices and not self._names_file(value):
            raise self._error(raw, f"it is one of {', '.join(self.values)}")
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            self._check_range(raw, value)
        return value

    @property
    def values(self) -> tuple[str, ...]:
        """What it may be, for people: the choices and ``kind:FILE``; empty where anything of its type may be."""
        return (*self.choices, *(f"{kind}:FILE" for kind in self.files))

    def _names_file(self, value: Value) -> bool:
        kind, _, path = str(value).partition(":")
        return bool(path) and kind in self.files

    def _convert(self, raw: object) -> Value:
        kind = _TYPES[self.type]
        if kind is bool:
            word = str(raw).strip().lower()
            if word not in _WORDS:
                raise self._error(raw, "it is true or false")
            return _WORDS[word]
        broken = kind is int and isinstance(raw, float) and not raw.is_integer()
        if broken or isinstance(raw, bool) or (kind is str and not isinstance(raw, str)):
            raise self._error(raw, f"it is of type {self.type}")
        try:
            return kind(cast(str, raw))
        except (TypeError, ValueError):
            raise self._error(raw, f"it is of type {self.type}") from None

    def _check_range(self, raw: object, value: float) -> None:
        low = -float("inf") if self.minimum is None else self.minimum
        high = float("inf") if self.maximum is None else self.maximum
        if not low <= value <= high:
            raise self._error(raw, f"it lies between {low:g} and {high:g}")

    def _error(self, raw: object, reason: str) -> SettingsError:
        return SettingsError("settings-value", name=self.name, value=raw, reason=reason)


@cache
def settings_table() -> dict[str, Setting]:
    """Return every setting by name, in the order of ``settings.toml``."""
    rows = tomllib.loads((files("deukgeun") / "settings.toml").read_text("utf-8"))
    return {name: _row(name, row) for name, row in rows.items()}


def _row(name: str, row: dict[str, object]) -> Setting:
    choices, kinds = (tuple(cast("list[str]", row.pop(key, []))) for key in ("choices", "files"))
    return Setting(name=name, choices=choices, files=kinds, **row)  # type: ignore[arg-type]


class Settings:
    """Resolved settings, read as attributes: ``settings.rate_hz``. Immutable; ``with_values`` makes a copy."""

    __slots__ = ("_values",)
    _values: Mapping[str, Value]

    def __init__(self, values: Mapping[str, Value]) -> None:
        object.__setattr__(self, "_values", MappingProxyType({**_defaults(), **values}))

    def __getattr__(self, name: str) -> Value:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._values[_known(name)]

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("settings are immutable: use with_values()")

    def __reduce__(self) -> tuple[object, ...]:
        return Settings, (dict(self._values),)

    def integer(self, name: str) -> int:
        """Return an integer setting."""
        return cast(int, self._values[_known(name)])

    def number(self, name: str) -> float:
        """Return a number setting as a float."""
        return float(self._values[_known(name)])

    def text(self, name: str) -> str:
        """Return a text setting."""
        return cast(str, self._values[_known(name)])

    def flag(self, name: str) -> bool:
        """Return a yes/no setting."""
        return cast(bool, self._values[_known(name)])

    def as_dict(self) -> dict[str, Value]:
        """Return every setting with its value."""
        return dict(self._values)

    def with_values(self, **values: object) -> Settings:
        """Return a copy with some values replaced; ``None`` leaves a value as it is."""
        given = {k: v for k, v in values.items() if v is not None}
        return Settings({**self._values, **_parse_all(given)})


def load_settings(environ: Mapping[str, str] | None = None, config: Path | None = None, **values: object) -> Settings:
    """Return the settings of this machine: defaults, settings file, environment, then ``values``.

    Raises ``SettingsError`` for an unknown name (in the file, in the environment or here) or a wrong value.
    """
    env = os.environ if environ is None else environ
    path = config or (Path(env["DEUKGEUN_CONFIG"]) if "DEUKGEUN_CONFIG" in env else _default_file(env))
    named = {k[9:].lower(): v for k, v in env.items() if k.startswith("DEUKGEUN_") and k != "DEUKGEUN_CONFIG"}
    merged = {**_parse_all(_read_file(path)), **_parse_all(named)}
    return Settings(merged).with_values(**values)


def _default_file(env: Mapping[str, str]) -> Path | None:
    base = env.get("XDG_CONFIG_HOME") or (str(Path(env["HOME"]) / ".config") if "HOME" in env else None)
    path = Path(base) / "deukgeun" / "settings.toml" if base else None
    return path if path is not None and path.exists() else None


def _read_file(path: Path | None) -> dict[str, object]:
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError("settings-file", path=path, reason=error) from error


def _defaults() -> dict[str, Value]:
    return {name: setting.default for name, setting in settings_table().items()}


def _parse_all(raw: Mapping[str, object]) -> dict[str, Value]:
    return {name: settings_table()[_known(name)].parse(value) for name, value in raw.items()}


def _known(name: str) -> str:
    if name in settings_table():
        return name
    near = difflib.get_close_matches(name, settings_table(), n=3, cutoff=0.3)
    raise SettingsError("settings-unknown", name=name, nearest=", ".join(near) or "none")
