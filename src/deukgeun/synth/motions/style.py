"""One person's way of doing a motion: every range of its definition drawn, every expression evaluated."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import nan
from typing import Any

import numpy as np
import numpy.typing as npt

from deukgeun.synth.motions import degrees
from deukgeun.synth.motions.definition import EFFECTORS, Motion, effectors, merged
from deukgeun.synth.motions.expression import evaluate

Array = npt.NDArray[np.float64]


_NUMBERS = ("hand_out", "sway", "jitter", "hold_s", "give")


@dataclass(frozen=True, slots=True)
class Contact:
    """A part of the body that bears on something ``height_m`` above the floor; NaN: where the pose has it.

    ``mode`` is "flat" (a sole or palm), "plate" (a sole against a plate that may move, tilted as the heel's angle
    says), "bar" or "rail" (a fist round a fixed bar across or along the body), "rest" (knees, elbows and the trunk) or
    "slide" (a trunk on a seat that rolls: it keeps its height only).
    """

    effector: str
    mode: str
    height_m: float


@dataclass(frozen=True, slots=True)
class Key:
    """A key pose: angles (D,) in degrees and what holds it; ``touch`` names the body part the palms are on."""

    name: str
    angles: Array
    contacts: tuple[Contact, ...]
    step: tuple[str, ...]
    lift_m: float
    move_m: tuple[float, float]
    touch: str | None

    def __post_init__(self) -> None:
        if self.angles.shape != (len(degrees.NAMES),):
            raise ValueError(f"angles: expected ({len(degrees.NAMES)},), got {self.angles.shape}")


@dataclass(frozen=True, slots=True)
class Beat:
    """One step of a repetition: to ``key`` in ``share`` of its time, then ``pause_s`` there.

    ``between``, of the first beat, is gone through in its place from one repetition to the next: legs that change in
    the air without coming back to the start pose.
    """

    key: Key
    share: float
    pause_s: float
    peak: bool
    mirrored: bool
    between: Key | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """A motion as this athlete does it in this set; see `definition.Motion` for the fields' meaning."""

    motion: Motion
    equipment: str
    variant: str
    mistakes: tuple[str, ...]
    parameters: Mapping[str, float]
    beats: tuple[Beat, ...]
    tempo_s: float
    anchor: tuple[str, ...]
    table: Mapping[str, Any]

    def number(self, value: Any) -> float:
        """A number of the table that may be an expression of the parameters."""
        return evaluate(value, self.parameters) if isinstance(value, str) else float(value)

    def option(self, name: str, default: float) -> float:
        """A number of the motion's own table, or the default."""
        return self.number(self.table.get(name, default))


class Draw:
    """Draws a table's numbers, each range once."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.names: dict[str, float] = {"severity": float(rng.uniform(0.6, 1.0))}

    def number(self, value: Any) -> float:
        """A number, a draw from a range [low, high], from a table or of an expression."""
        if isinstance(value, str):
            return evaluate(value, self.names)
        if isinstance(value, list):
            return float(self.rng.uniform(*value))
        if isinstance(value, Mapping):
            return self._table(value)
        return float(value)

    def _table(self, value: Mapping[str, Any]) -> float:
        if "choice" in value:
            return float(self.rng.choice(np.asarray(value["choice"], dtype=np.float64), p=value.get("p")))
        drawn = float(self.rng.normal(value["mean"], value["sd"]))
        low, high = value.get("within", (-np.inf, np.inf))
        return float(np.clip(drawn, low, high))

    def one_of(self, value: Any) -> Any:
        """One entry of a list of names, or the name itself."""
        return value[int(self.rng.integers(len(value)))] if isinstance(value, list) else value


@cache
def presets() -> dict[str, dict[str, Any]]:
    """The shared ways to hold the arms, by name."""
    return tomllib.loads(resources.files(__package__).joinpath("presets.toml").read_text(encoding="utf-8"))


def draw(
    motion: Motion,
    rng: np.random.Generator,
    equipment: str | None = None,
    mistakes: tuple[str, ...] = (),
    variant: str | None = None,
) -> Style:
    """Draw a style of ``motion``, with an implement (a random one if None), mistakes and variant (random if None)."""
    implement = equipment or motion.equipment[int(rng.integers(len(motion.equipment)))]
    table = merged(motion.raw, motion.raw.get("with", {}).get(implement, {}))
    chosen = _variant(table, rng, variant)
    table = merged(table, chosen)
    additions = [table.get("add", {})]
    for mistake in mistakes:
        wrong = motion.raw["mistakes"][mistake]
        table = merged(table, wrong)
        additions.append(wrong.get("add", {}))
    pen = Draw(rng)
    for name, value in table.get("params", {}).items():
        pen.names[name] = pen.number(value)
    beats = _beats(pen, table, additions)
    for name in ("hold", *_NUMBERS):
        if name in table:
            table[name] = _drawn(pen, table[name])
    anchor = table.get("anchor", [])
    return Style(
        motion=motion,
        equipment=implement,
        variant=str(chosen.get("name", "")),
        mistakes=mistakes,
        parameters=pen.names,
        beats=beats,
        tempo_s=pen.number(table.get("tempo_s", [1.5, 4.0])),
        anchor=tuple(e for name in ([anchor] if isinstance(anchor, str) else anchor) for e in effectors(name)),
        table=table,
    )


def _drawn(pen: Draw, value: Any) -> Any:
    """A table's ranges drawn, expressions left for later."""
    if isinstance(value, Mapping):
        return {key: _drawn(pen, each) for key, each in value.items()}
    return pen.number(value) if isinstance(value, list) else value


def _variant(table: Mapping[str, Any], rng: np.random.Generator, name: str | None) -> dict[str, Any]:
    """Variants laid over each other, one by weight from each group, or the named one alone.

    A group's plain way has what weight its variants leave to 1. Variants that name no ``group`` are one.
    """
    variants = table.get("variants", [])
    if name is not None:
        return next((each for each in variants if each.get("name") == name), {})
    out: dict[str, Any] = {}
    for group in dict.fromkeys(each.get("group", "") for each in variants):
        chosen = _by_weight([each for each in variants if each.get("group", "") == group], rng)
        names = [n for n in (out.get("name", ""), chosen.get("name", "")) if n]
        out = {**merged(out, chosen), "name": " ".join(names)}
    return out


def _by_weight(variants: list[dict[str, Any]], rng: np.random.Generator) -> dict[str, Any]:
    at, sum_ = float(rng.random()), 0.0
    for each in variants:
        sum_ += float(each.get("weight", 0.2))
        if at < sum_:
            return each
    return {}


def _beats(pen: Draw, table: Mapping[str, Any], additions: list[Mapping[str, Any]]) -> tuple[Beat, ...]:
    base, touch = _pose(pen, table.get("pose", {}), np.zeros(len(degrees.NAMES)), None)
    keys = {}
    for name, written in table["keys"].items():
        angles, palm = _pose(pen, written, base, touch)
        for addition in additions:
            for angle, value in addition.items():
                angles[list(degrees.resolve(angle))] += pen.number(value)
        keys[name] = Key(
            name=name,
            angles=degrees.clip(angles),
            contacts=_contacts(pen, written.get("contacts", table.get("contacts", {"feet": 0}))),
            step=tuple(e for each in written.get("step", []) for e in effectors(each)),
            lift_m=pen.number(written.get("lift", 0.0)),
            move_m=(pen.number(written.get("move", (0, 0))[0]), pen.number(written.get("move", (0, 0))[1])),
            touch=palm,
        )
    return tuple(
        Beat(
            key=keys[step["key"].lstrip("~")],
            share=pen.number(step.get("share", 1.0)),
            pause_s=max(pen.number(step.get("pause_s", 0.0)), 0.0),
            peak=bool(step.get("peak", False)),
            mirrored=step["key"].startswith("~"),
            between=keys[step["between"]] if "between" in step else None,
        )
        for step in table["cycle"]
    )


def _pose(pen: Draw, written: Mapping[str, Any], base: Array, touch: str | None) -> tuple[Array, str | None]:
    """Angles (D,) of a written pose laid over ``base``, and what the palms touch."""
    angles = base.copy()
    if "arms" in written:
        preset = presets()[pen.one_of(written["arms"])]
        touch = preset.get("touch")
        for name, value in preset.items():
            if name != "touch":
                angles[list(degrees.resolve(name))] = pen.number(value)
    for name, value in written.items():
        if name not in ("arms", "contacts", "step", "lift", "move", "touch"):
            angles[list(degrees.resolve(name))] = pen.number(value)
    return angles, written.get("touch", touch) or None


def _contacts(pen: Draw, written: Mapping[str, Any]) -> tuple[Contact, ...]:
    out = []
    for name, value in written.items():
        if value is False:  # a variant that lifts what the plain way bears on
            continue
        mode, height = (value["mode"], value.get("at", nan)) if isinstance(value, Mapping) else (None, value)
        for effector in effectors(name):
            usual = "flat" if effector[:4] in ("foot", "hand") else "rest"
            out.append(Contact(effector, mode or usual, pen.number(height)))
    return tuple(sorted(out, key=lambda each: EFFECTORS.index(each.effector)))
