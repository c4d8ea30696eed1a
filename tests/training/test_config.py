"""Configurations of training runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deukgeun.errors import TrainingError
from deukgeun.training.config import as_mapping, from_mapping, load_config


@dataclass(frozen=True, slots=True)
class Inner:
    """A table within."""

    rate: float = 0.5


@dataclass(frozen=True, slots=True)
class Outer:
    """A run."""

    name: str
    steps: int = 3
    parts: tuple[str, ...] = ()
    inner: Inner = field(default_factory=Inner)

    def __post_init__(self) -> None:
        if self.steps < 1:
            raise ValueError("steps is at least 1")


def test_a_file_with_changes_on_top(tmp_path: Path) -> None:
    path = tmp_path / "run.toml"
    path.write_text('name = "one"\nsteps = 7\nparts = ["a", "b"]\n[inner]\nrate = 2\n', encoding="utf-8")
    found = load_config(Outer, path, {"steps": 9})
    assert found == Outer("one", 9, ("a", "b"), Inner(2.0))
    assert from_mapping(Outer, as_mapping(found)) == found


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "x", "step": 3}, "nearest: steps"),
        ({}, "missing"),
        ({"name": 3}, "it is str"),
        ({"name": "x", "steps": True}, "it is int"),
        ({"name": "x", "steps": 0}, "at least 1"),
        ({"name": "x", "inner": {"pace": 1}}, "pace"),
    ],
)
def test_what_is_wrong_is_named(values: dict[str, object], said: str) -> None:
    with pytest.raises(TrainingError, match=said) as caught:
        from_mapping(Outer, values)
    assert caught.value.code == "training-config"


@pytest.mark.parametrize("text", ["name = ", None])
def test_a_file_that_cannot_be_read(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "run.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(TrainingError, match="training-config"):
        load_config(Outer, path)
