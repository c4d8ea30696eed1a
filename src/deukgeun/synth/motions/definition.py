"""A motion as it is written: read from TOML, checked, not yet drawn."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal

from deukgeun.errors import SynthError
from deukgeun.synth.motions.degrees import resolve

Kind = Literal["exercise", "neighbour", "background", "transition"]
Value = float | str | tuple[float, float]
"""A number, a range from which one is drawn for the whole clip, or an expression of the motion's parameters."""

_FIELDS = {
    "movement", "ko", "en", "kind", "measure", "sides", "limbs", "posture", "ends", "tempo_s", "params", "pose",
    "keys", "cycle", "contacts", "anchor", "fit", "hold", "items", "variants", "with", "mistakes", "hold_s",
    "travel", "sway", "clear", "hand_out", "add", "group", "give", "weight", "name", "jitter", "reps", "lift",
}  # fmt: skip
_KEY_FIELDS = {"arms", "contacts", "step", "lift", "move", "touch"}
_EFFECTORS = {
    "feet": ("foot_l", "foot_r"), "hands": ("hand_l", "hand_r"), "knees": ("knee_l", "knee_r"),
    "elbows": ("elbow_l", "elbow_r"), "back": ("back",), "front": ("front",), "seat": ("seat",),
    "upper_back": ("upper_back",),
}  # fmt: skip
RESTS = ("back", "front", "seat", "upper_back")
EFFECTORS = tuple(name for names in _EFFECTORS.values() for name in names)


def effectors(name: str) -> tuple[str, ...]:
    """The parts of the body that a contact's name means: "feet" both, "foot_l" one; KeyError when unknown."""
    return _EFFECTORS[name] if name in _EFFECTORS else (EFFECTORS[EFFECTORS.index(name)],)


def other_side(name: str) -> str:
    """The same part of the body on the other side ("foot_l" for "foot_r", "l" for "r"); else the name itself."""
    head, mark, side = name.rpartition("_")
    return head + mark + {"l": "r", "r": "l"}.get(side, side)


@dataclass(frozen=True, slots=True)
class Motion:
    """One motion of the gym as written in its file.

    ``kind`` says whether it is an exercise of the catalogue (``movement`` is the catalogue's), a near neighbour that
    is not in it, background activity or a transition. ``equipment`` lists the implements it is written for. ``raw``
    is the table itself; `style.draw` makes a person's way of doing it from it.
    """

    name: str
    kind: Kind
    movement: str
    measure: Literal["reps", "hold"]
    sides: Literal["both", "alternating", "either"]
    posture: str
    equipment: tuple[str, ...]
    mistakes: tuple[str, ...]
    raw: Mapping[str, Any] = field(repr=False)


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with the tables of ``over`` laid over it, deeply; lists and values are replaced."""
    out = dict(base)
    for key, value in over.items():
        if isinstance(value, Mapping) and isinstance(out.get(key), Mapping):
            out[key] = merged(out[key], value)
        else:
            out[key] = value
    return out


@cache
def motions() -> dict[str, Motion]:
    """Every motion of the gym by name, in the order of the files."""
    out: dict[str, Motion] = {}
    folder = resources.files(__package__).joinpath("data")
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.name.endswith(".toml"):
            for name, raw in tomllib.loads(entry.read_text(encoding="utf-8")).items():
                if name in out:
                    raise SynthError("synth-motion-invalid", motion=name, reason="it is written twice")
                out[name] = parse(name, _like(name, raw, out))
    return out


def _like(name: str, raw: Mapping[str, Any], known: Mapping[str, Motion]) -> Mapping[str, Any]:
    """The table laid over the earlier motion that its `like` names; its own implements and mistakes replace those."""
    if "like" not in raw:
        return raw
    if raw["like"] not in known:
        raise SynthError("synth-motion-invalid", motion=name, reason=f"no motion before it is called {raw['like']!r}")
    own = {"with", "mistakes"} & set(raw)
    base = {key: value for key, value in known[raw["like"]].raw.items() if key not in own}
    return merged(base, {key: value for key, value in raw.items() if key != "like"})


def find(name: str) -> Motion:
    """The named motion. Raises SynthError ``synth-motion-unknown``."""
    table = motions()
    if name not in table:
        near = ", ".join(difflib.get_close_matches(name, table, 3)) or "none"
        raise SynthError("synth-motion-unknown", name=name, nearest=near)
    return table[name]


def parse(name: str, raw: Mapping[str, Any]) -> Motion:
    """Check one table. Raises SynthError ``synth-motion-invalid`` that says what is wrong with it."""
    try:
        _check(raw)
        return Motion(
            name=name,
            kind=raw.get("kind", "exercise"),
            movement=raw.get("movement", name),
            measure=raw.get("measure", "reps"),
            sides=raw.get("sides", "both"),
            posture=raw.get("posture", "standing"),
            equipment=tuple(raw.get("with", {"none": {}})),
            mistakes=tuple(raw.get("mistakes", {})),
            raw=raw,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise SynthError("synth-motion-invalid", motion=name, reason=repr(error)) from error


def _check(raw: Mapping[str, Any], whole: bool = True) -> None:
    unknown = set(raw) - _FIELDS
    if unknown:
        raise ValueError(f"unknown fields {sorted(unknown)}")
    _check_pose(raw.get("pose", {}))
    _check_pose(raw.get("add", {}))
    for key in raw.get("keys", {}).values():
        _check_pose(key)
    for contact in raw.get("contacts", {}):
        effectors(contact)
    if whole:
        missing = {step[k].lstrip("~") for step in raw["cycle"] for k in ("key", "between") if k in step}
        missing -= set(raw["keys"])
        if missing:
            raise ValueError(f"the cycle names keys that do not exist: {sorted(missing)}")
    for group in ("with", "mistakes"):
        for table in raw.get(group, {}).values():
            _check(table, whole=False)
    for table in raw.get("variants", []):
        _check(table, whole=False)


def _check_pose(pose: Mapping[str, Any]) -> None:
    for name in pose:
        if name not in _KEY_FIELDS:
            resolve(name)
    for contact in pose.get("contacts", {}):
        effectors(contact)
