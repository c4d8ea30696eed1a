"""The table of movements is whole: one row for each movement, and only numbers that exist."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support_exercises import course, performed, squat

from deukgeun.exercises import catalogue
from deukgeun.motion import on_grid, summarise
from deukgeun.recognition.table import Row, limb_of, movement_rows, scale

RAW = tomllib.loads((files("deukgeun.recognition") / "movements.toml").read_text("utf-8"))
ROWS = {row.name: row for row in movement_rows()}
every_row = pytest.mark.parametrize("row", movement_rows(), ids=lambda row: row.name)


def test_every_movement_of_the_catalogue_has_one_row_and_no_other_has() -> None:
    names = [row.name for row in movement_rows() if row.kind == "movement"]
    assert sorted(names) == sorted(catalogue().movements)


def test_rows_have_their_kind_by_their_group_and_positions_are_none() -> None:
    for row in movement_rows():
        group = row.name.partition(".")[0] if "." in row.name else "movement"
        assert row.kind == group
    assert {row.kind for row in movement_rows()} == {"movement", "background", "other"}


@every_row
def test_a_row_names_numbers_that_are_measured(row: Row) -> None:
    measured = summarise(on_grid(performed(squat, course(2))))
    assert set(row.ranges) <= set(measured)


@every_row
def test_a_range_goes_from_low_to_high(row: Row) -> None:
    assert row.ranges
    assert {number: ends for number, ends in row.ranges.items() if not ends[0] < ends[1]} == {}


@every_row
def test_a_range_is_possible(row: Row) -> None:
    """No angle beyond 180 degrees, no direction or correlation beyond 1, no negative distance or way."""
    for number, (low, high) in row.ranges.items():
        channel, _, level = number.partition(".")
        if level == "sync":
            assert (low, high) == (max(low, -1), min(high, 1)), number
        elif channel in ("abduction", "reach", "facing", "thigh_wide") and level not in ("range", "apart"):
            assert low >= -1, number
            assert high <= 1, number
        elif scale(number).floor is not None:
            assert low >= 0, number
        elif scale(number).width == 130.0:
            assert low >= 0, number
            assert high <= 180, number


def test_like_takes_over_the_ranges_that_are_not_given_anew() -> None:
    base = {"trunk.mid", "facing.mid", "hip_drop.high"}
    assert base <= set(ROWS["squat"].ranges)
    assert ROWS["squat"].ranges["trunk.mid"] == tuple(RAW["position"]["upright"]["trunk"]["mid"])
    jump = ROWS["other.jump_squat"].ranges
    assert jump["knee.low"] == ROWS["squat"].ranges["knee.low"]
    assert jump["hip.travel_y"] != ROWS["squat"].ranges["hip.travel_y"]


def test_like_names_a_table_that_exists() -> None:
    tables = {**{f"{g}.{n}": t for g in ("position", "background", "other") for n, t in RAW[g].items()}, **RAW}
    assert {t["like"] for t in tables.values() if "like" in t} <= set(tables)


def test_no_two_movements_are_described_alike() -> None:
    described = [tuple(sorted(row.ranges.items())) for row in movement_rows()]
    assert len(set(described)) == len(described)


@pytest.mark.parametrize(
    ("number", "limb"),
    [
        ("elbow.low", "arms"),
        ("wrist.travel_y", "arms"),
        ("hands_apart.mid", "arms"),
        ("knee.sync", "legs"),
        ("ankle.travel_y", "legs"),
        ("hip.range", "legs"),
        ("hip.travel_y", "trunk"),
        ("shoulder.travel_y", "trunk"),
        ("shoulder.range", "arms"),
        ("trunk.mid", "trunk"),
        ("tempo_hz", "trunk"),
    ],
)
def test_a_number_hangs_on_the_limb_that_must_be_seen_for_it(number: str, limb: str) -> None:
    assert limb_of(number) == limb


@given(
    st.sampled_from(sorted({n for row in movement_rows() for n in row.ranges})), st.floats(0, 100), st.floats(0.01, 50)
)
def test_a_scale_keeps_the_order(number: str, value: float, more: float) -> None:
    s = scale(number)
    assert s(value) < s(value + more)
    assert s.softness > 0
    assert s.width > s.softness


def test_sizes_of_movement_are_compared_by_ratio_and_levels_by_difference() -> None:
    ratio, level = scale("knee.range"), scale("knee.low")
    assert float(ratio(100) - ratio(47.5)) == pytest.approx(float(ratio(47.5) - ratio(21.25)), abs=1e-9)
    assert float(level(100) - level(50)) == 50
    assert np.isfinite(scale("hip.travel_y")(0.0))
