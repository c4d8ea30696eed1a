"""A broken catalogue is refused at load, and the message names the entry."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from typing import Any

import pytest

from deukgeun.errors import CatalogueError, error_table
from deukgeun.exercises import loader
from deukgeun.exercises.loader import build_catalogue

WORDS: dict[str, Any] = {
    "muscle": {"chest": "가슴", "triceps": "삼두근"},
    "equipment": {"none": {}, "barbell": {}},
    "angle": {"elbow": "between upper arm and forearm"},
    "met": {"02022": {"value": 3.8, "activity": "calisthenics"}},
}
FOREIGN: dict[str, Any] = {
    "fit": {"category": {"push_up": 22}, "name": {"push_up": {"push_up": 77}}},
    "health_connect": {"OTHER_WORKOUT": 38},
}
ENTRY: dict[str, Any] = {
    "ko": "푸시업",
    "en": "Push-up",
    "aliases": ["press-up", "팔굽혀펴기"],
    "movement": "push_up",
    "equipment": ["none"],
    "measure": "reps",
    "sides": "both",
    "muscles": {"primary": ["chest"], "secondary": ["triceps"]},
    "met": "02022",
    "repetition": {"angles": ["elbow"], "starts": "open"},
    "ids": {"none": {"fit": "push_up/push_up", "health_connect": "OTHER_WORKOUT"}},
}
HOLD = {"ko": "버티기", "en": "Hold", "aliases": ["holding", "정지"], "measure": "hold", "repetition": None}

BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("no Korean name", {"ko": None}, "push_up.ko"),
    ("blank name", {"en": " "}, "push_up.en"),
    ("one alias", {"aliases": ["press-up"]}, "push_up.aliases"),
    ("alias twice", {"aliases": ["press-up", "press-up"]}, "push_up.aliases"),
    ("movement is not a slug", {"movement": "Push Up"}, "push_up.movement"),
    ("no equipment", {"equipment": []}, "push_up.equipment"),
    ("unknown equipment", {"equipment": ["sofa"]}, "push_up.equipment.0: Value error, 'sofa'"),
    ("unknown measure", {"measure": "metres"}, "push_up.measure"),
    ("unknown sides", {"sides": "left"}, "push_up.sides"),
    ("no primary muscle", {"muscles": {"primary": [], "secondary": []}}, "push_up.muscles.primary"),
    ("unknown muscle", {"muscles": {"primary": ["pecs"], "secondary": []}}, "push_up.muscles.primary.0"),
    ("muscle is both", {"muscles": {"primary": ["chest"], "secondary": ["chest"]}}, "push_up.muscles"),
    ("unknown MET code", {"met": "99999"}, "push_up.met"),
    ("reps without repetition", {"repetition": None}, "push_up: "),
    ("hold with repetition", {"measure": "hold"}, "push_up: "),
    ("unknown angle", {"repetition": {"angles": ["wing"], "starts": "open"}}, "push_up.repetition.angles.0"),
    ("no angle", {"repetition": {"angles": [], "starts": "open"}}, "push_up.repetition.angles"),
    ("unknown start", {"repetition": {"angles": ["elbow"], "starts": "up"}}, "push_up.repetition.starts"),
    ("AI Hub number out of range", {"aihub_no": 42}, "push_up.aihub_no"),
    ("ids of another implement", {"ids": {"barbell": ENTRY["ids"]["none"]}}, "push_up: "),
    ("ids missing", {"ids": {}}, "push_up: "),
    ("no FIT", {"ids": {"none": {"health_connect": "OTHER_WORKOUT"}}}, "push_up.ids.none.fit"),
    ("unknown FIT", {"ids": {"none": {**ENTRY["ids"]["none"], "fit": "push_up/x"}}}, "push_up.ids.none.fit"),
    ("bad uuid", {"ids": {"none": {**ENTRY["ids"]["none"], "wger": "73"}}}, "push_up.ids.none.wger"),
    ("unknown key", {"colour": "red"}, "push_up.colour"),
]


def entry(**changes: Any) -> dict[str, Any]:
    """Return the sound entry with some keys changed; None removes a key."""
    return {k: v for k, v in {**copy.deepcopy(ENTRY), **changes}.items() if v is not None}


def refused(rows: dict[str, Any]) -> str:
    with pytest.raises(CatalogueError) as caught:
        build_catalogue(rows, WORDS, FOREIGN)
    assert caught.value.code == "catalogue-invalid"
    return str(caught.value.values["reason"])


def test_the_sound_entry_is_taken() -> None:
    built = build_catalogue({"push_up": entry(), "hold": entry(**HOLD)}, WORDS, FOREIGN)
    assert list(built) == ["push_up", "hold"]
    assert built["push_up"].ids().fit is not None
    assert built["hold"].rep_joints == ()


@pytest.mark.parametrize(("changes", "place"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_broken_entry_is_named(changes: dict[str, Any], place: str) -> None:
    assert refused({"hold": entry(**HOLD), "push_up": entry(**changes)}).startswith(place)


@pytest.mark.parametrize("row", ["text", 3, ["list"]])
def test_an_entry_that_is_no_table_is_named(row: object) -> None:
    assert refused({"push_up": row}).startswith("push_up")


@pytest.mark.parametrize("slug", ["unknown", "Push_up", "push-up", "푸시업", "", "2nd"])
def test_a_bad_slug_is_named(slug: str) -> None:
    assert refused({slug: entry()}).startswith(f"{slug}: a slug")


@pytest.mark.parametrize("name", ["PRESS UP", "push_up", "팔 굽혀 펴기"])
def test_a_name_of_two_exercises_is_refused(name: str) -> None:
    rows = {"push_up": entry(), "hold": entry(**{**HOLD, "aliases": ["holding", name]})}
    assert refused(rows) == f"hold: the name {name!r} is also that of push_up"


def test_a_file_that_is_not_toml_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_text: str) -> dict[str, Any]:
        raise ValueError("line 3")

    error_table()  # read before the reader is broken
    monkeypatch.setattr("tomllib.loads", broken)
    with pytest.raises(CatalogueError, match=r"catalogue\.toml: line 3"):
        loader.catalogue.__wrapped__()


def test_pydantic_is_not_imported_before_a_catalogue_is_loaded() -> None:
    code = "import sys, deukgeun.exercises; sys.exit('pydantic' in sys.modules)"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    assert subprocess.run([sys.executable, "-c", code], check=False, env=env).returncode == 0
