"""Configurations of training runs: frozen dataclasses, read from TOML, kept in every checkpoint; an unknown key is an
error."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, asdict, fields, is_dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeVar, get_type_hints

from deukgeun.errors import TrainingError


class Config(Protocol):
    """Any frozen dataclass of plain values."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


C = TypeVar("C", bound=Config)


def from_mapping(kind: type[C], values: Mapping[str, object]) -> C:
    """Return a ``kind`` of these values, its defaults for the rest. Raises ``training-config`` for a name it does not
    have, a value of another type, or one that the configuration refuses itself."""
    known = {field.name: field for field in fields(kind)}
    for name in values:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            raise TrainingError("training-config", name=name, reason=f"it is not known; nearest: {', '.join(near)}")
    for name, field in known.items():
        if name not in values and field.default is MISSING and field.default_factory is MISSING:
            raise TrainingError("training-config", name=name, reason="it is missing")
    types = get_type_hints(kind)
    try:
        return kind(**{name: _as(types[name], value, name) for name, value in values.items()})
    except ValueError as error:
        raise TrainingError("training-config", name=kind.__name__, reason=str(error)) from error


def _as(wanted: Any, value: object, name: str) -> object:
    """Return ``value`` as ``wanted``: whole numbers serve as numbers, lists as tuples, tables as configurations."""
    if is_dataclass(wanted) and isinstance(wanted, type) and isinstance(value, Mapping):
        return from_mapping(wanted, value)
    if getattr(wanted, "__origin__", None) is tuple and isinstance(value, (list, tuple)):
        return tuple(value)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(wanted, type) and (not isinstance(value, wanted) or isinstance(value, bool) is not (wanted is bool)):
        raise TrainingError("training-config", name=name, reason=f"it is {wanted.__name__}, not {value!r}")
    return value


def load_config(kind: type[C], path: Path | None = None, changes: Mapping[str, object] | None = None) -> C:
    """Return the configuration in a TOML file, with changes on top. Raises ``training-config``."""
    values: dict[str, object] = {}
    if path is not None:
        try:
            values = tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise TrainingError("training-config", name=path, reason=str(error)) from error
    return from_mapping(kind, {**values, **(changes or {})})


def as_mapping(config: Config) -> dict[str, Any]:
    """Return what `from_mapping` reads: plain values that JSON can hold."""
    return asdict(config)


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``base`` with ``over`` laid over it, tables within tables as well."""
    out = dict(base)
    for key, value in over.items():
        kept = out.get(key)
        out[key] = merged(kept, value) if isinstance(kept, Mapping) and isinstance(value, Mapping) else value
    return out
