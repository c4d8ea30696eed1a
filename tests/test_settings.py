"""Settings: one table, four sources, the last one wins, and nothing unknown or out of range gets in."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from deukgeun.errors import SettingsError
from deukgeun.settings import Setting, Settings, load_settings, settings_table

TYPES = {"int": int, "float": float, "str": str, "bool": bool}
every_row = pytest.mark.parametrize("row", settings_table().values(), ids=lambda row: row.name)
ROW_INT = Setting("n", "int", 5, "", minimum=1, maximum=9)
ROW_FLOAT = Setting("x", "float", 0.5, "", minimum=0.0)
ROW_TEXT = Setting("t", "str", "a", "", choices=("a", "b"))
ROW_FLAG = Setting("f", "bool", True, "")


def written(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, "utf-8")
    return path


def code_of(action: Callable[[], object]) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        action()
    return caught.value


@every_row
def test_a_row_is_complete_and_its_default_is_allowed(row: Setting) -> None:
    assert type(row.default) is TYPES[row.type]
    assert row.parse(row.default) == row.default
    assert row.parse(str(row.default)) == row.default, "as text, from the environment"
    assert row.help.endswith((".", ")."))
    assert row.env == f"DEUKGEUN_{row.name.upper()}"
    assert not row.choices or (row.type == "str" and row.default in row.choices)


@every_row
def test_bounds_are_inclusive_and_kept(row: Setting) -> None:
    for bound, beyond in ((row.minimum, -1), (row.maximum, 1)):
        if bound is not None:
            assert row.parse(TYPES[row.type](bound)) == bound
            assert code_of(lambda b=bound, d=beyond: row.parse(TYPES[row.type](b + d))).code == "settings-value"


@pytest.mark.parametrize(
    ("row", "raw", "value"),
    [
        (ROW_INT, 7, 7),
        (ROW_INT, "7", 7),
        (ROW_INT, " 7 ", 7),
        (ROW_INT, 7.0, 7),
        (ROW_FLOAT, 2, 2.0),
        (ROW_FLOAT, "2.5e1", 25.0),
        (ROW_TEXT, "b", "b"),
        (ROW_FLAG, True, True),
        (ROW_FLAG, False, False),
        (ROW_FLAG, "yes", True),
        (ROW_FLAG, " NO ", False),
        (ROW_FLAG, "0", False),
        (ROW_FLAG, 1, True),
    ],
)
def test_what_a_value_is_read_as(row: Setting, raw: object, value: object) -> None:
    parsed = row.parse(raw)
    assert (parsed, type(parsed)) == (value, type(value))


@pytest.mark.parametrize(
    ("row", "raw", "reason"),
    [
        (ROW_INT, "seven", "of type int"),
        (ROW_INT, "7.5", "of type int"),
        (ROW_INT, 7.5, "of type int"),
        (ROW_INT, True, "of type int"),
        (ROW_INT, None, "of type int"),
        (ROW_INT, [7], "of type int"),
        (ROW_INT, 0, "between 1 and 9"),
        (ROW_INT, "10", "between 1 and 9"),
        (ROW_FLOAT, -0.1, "between 0 and inf"),
        (ROW_FLOAT, "nan", "between 0 and inf"),
        (ROW_FLOAT, "", "of type float"),
        (ROW_FLOAT, False, "of type float"),
        (ROW_TEXT, "c", "one of a, b"),
        (ROW_TEXT, 1, "of type str"),
        (ROW_FLAG, "maybe", "true or false"),
        (ROW_FLAG, 2, "true or false"),
        (ROW_FLAG, "", "true or false"),
    ],
)
def test_what_is_refused_and_why(row: Setting, raw: object, reason: str) -> None:
    error = code_of(lambda: row.parse(raw))
    assert error.code == "settings-value"
    assert reason in error.message and f"'{row.name}'" in error.message


def test_the_last_source_wins(tmp_path: Path) -> None:
    path = written(tmp_path, "rate_hz = 11.0\nmodel = 'lite'\nthreads = 2\n")
    env = {"DEUKGEUN_MODEL": "heavy", "DEUKGEUN_THREADS": "3", "HOME": "/nowhere"}
    settings = load_settings(env, path, threads=4)
    assert settings.max_people == settings_table()["max_people"].default
    assert (settings.rate_hz, settings.model, settings.threads) == (11.0, "heavy", 4)


def test_none_leaves_a_value_as_it_is() -> None:
    env = {"DEUKGEUN_THREADS": "3"}
    assert load_settings(env, threads=None).threads == 3
    assert load_settings(env).with_values(threads=None, model="lite").threads == 3


@pytest.mark.parametrize("place", ["DEUKGEUN_CONFIG", "XDG_CONFIG_HOME", "HOME"])
def test_where_the_settings_file_is_looked_for(tmp_path: Path, place: str) -> None:
    folder = {"XDG_CONFIG_HOME": tmp_path / "deukgeun", "HOME": tmp_path / ".config" / "deukgeun"}.get(place, tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    path = written(folder, "threads = 5\n")
    assert load_settings({place: str(path if place == "DEUKGEUN_CONFIG" else tmp_path)}).threads == 5


@pytest.mark.parametrize("env", [{}, {"HOME": "/nowhere"}, {"UNRELATED": "1", "DEUKGEUN": "1"}])
def test_without_a_file_and_a_variable_there_are_the_defaults(env: dict[str, str]) -> None:
    assert load_settings(env).as_dict() == {name: row.default for name, row in settings_table().items()}


def test_the_environment_of_this_process_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEUKGEUN_MAX_PEOPLE", "2")
    monkeypatch.delenv("DEUKGEUN_CONFIG", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", "/nowhere")
    assert load_settings().max_people == 2


@pytest.mark.parametrize("source", ["file", "environment", "argument", "with_values", "attribute", "getter"])
def test_an_unknown_name_is_refused_from_every_source_with_the_nearest(tmp_path: Path, source: str) -> None:
    plain = load_settings({})
    actions: dict[str, Callable[[], object]] = {
        "file": lambda: load_settings({}, written(tmp_path, "thread = 2\n")),
        "environment": lambda: load_settings({"DEUKGEUN_THREAD": "2"}),
        "argument": lambda: load_settings({}, thread=2),
        "with_values": lambda: plain.with_values(thread=2),
        "attribute": lambda: plain.thread,
        "getter": lambda: plain.integer("thread"),
    }
    error = code_of(actions[source])
    assert error.code == "settings-unknown"
    assert "'thread'" in error.message and "threads" in error.hint


def test_with_nothing_near_it_says_so() -> None:
    assert "Nearest: none" in code_of(lambda: load_settings({}, qqqqqqqq=1)).hint


@pytest.mark.parametrize("source", ["file", "environment", "argument"])
def test_a_wrong_value_is_refused_from_every_source(tmp_path: Path, source: str) -> None:
    actions: dict[str, Callable[[], object]] = {
        "file": lambda: load_settings({}, written(tmp_path, "threads = 0\n")),
        "environment": lambda: load_settings({"DEUKGEUN_THREADS": "0"}),
        "argument": lambda: load_settings({}, threads=0),
    }
    error = code_of(actions[source])
    assert error.code == "settings-value" and "'threads'" in error.message


@pytest.mark.parametrize(
    "text", ["threads = ", "[threads\n", b"\xff\xfe", None], ids=["half", "broken", "bytes", "missing"]
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str | bytes | None) -> None:
    path = tmp_path / "mine.toml"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    error = code_of(lambda: load_settings({"DEUKGEUN_CONFIG": str(path)}))
    assert error.code == "settings-file" and str(path) in error.message


def test_a_table_in_the_file_is_no_value(tmp_path: Path) -> None:
    assert code_of(lambda: load_settings({}, written(tmp_path, "[threads]\nn = 1\n"))).code == "settings-value"


def test_settings_do_not_change() -> None:
    settings = load_settings({})
    with pytest.raises(AttributeError, match="immutable"):
        settings.threads = 9
    settings.as_dict()["threads"] = 9
    other = settings.with_values(threads=9)
    assert (settings.threads, other.threads) == (1, 9)


def test_typed_access() -> None:
    settings = load_settings({}, threads=2, rate_hz=5, model="lite", media_isolate=False)
    assert (settings.integer("threads"), settings.text("model"), settings.flag("media_isolate")) == (2, "lite", False)
    assert (settings.number("rate_hz"), type(settings.number("rate_hz"))) == (5.0, float)
    assert not hasattr(settings, "_private")


@hypothesis_settings(deadline=None, max_examples=30)
@given(st.integers(1, 64), st.floats(1, 60), st.booleans())
def test_settings_cross_a_process_boundary(threads: int, rate_hz: float, isolate: bool) -> None:
    sent = load_settings({}, threads=threads, rate_hz=rate_hz, media_isolate=isolate)
    got = pickle.loads(pickle.dumps(sent))  # noqa: S301
    assert isinstance(got, Settings)
    assert got.as_dict() == sent.as_dict()
