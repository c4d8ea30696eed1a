"""The table of errors: every code is complete, belongs to one class, and survives a process boundary."""

from __future__ import annotations

import copy
import pickle
import string

import pytest

from deukgeun import errors
from deukgeun.errors import DeukgeunError, ErrorEntry, MediaError, PoseError, error_table

TREE = {kind.prefix: kind for kind in DeukgeunError.__subclasses__()}
EXIT_CODES = {2, 3, 4, 5, 6, 7}
every_code = pytest.mark.parametrize("entry", error_table().values(), ids=lambda entry: entry.code)


def fields(template: str) -> dict[str, str | None]:
    """The names that a template wants, with their format specifications."""
    return {name: spec for _, name, spec, _ in string.Formatter().parse(template) if name}


def values_for(entry: ErrorEntry) -> dict[str, object]:
    wanted = fields(entry.message) | fields(entry.hint)
    return {name: 12.5 if spec else f"<{name}>" for name, spec in wanted.items()}


def class_of(code: str) -> type[DeukgeunError]:
    (kind,) = [kind for prefix, kind in TREE.items() if code.startswith(prefix)]
    return kind


@every_code
def test_a_code_is_raised_by_its_class_with_all_its_texts(entry: ErrorEntry) -> None:
    values = values_for(entry)
    with pytest.raises(DeukgeunError) as caught:
        raise class_of(entry.code)(entry.code, **values)
    error = caught.value
    assert type(error).__name__ in str(errors.__doc__)
    assert (error.code, error.exit_code, error.values) == (entry.code, entry.exit_code, values)
    assert str(error) == f"{error.message} [{entry.code}]"
    for value in values.values():
        assert f"{value}" in error.message + error.hint
    assert "{" not in error.message + error.hint


@every_code
def test_a_row_is_written_for_people(entry: ErrorEntry) -> None:
    assert entry.exit_code in EXIT_CODES
    for text in (entry.message, entry.hint):
        assert text[0].isupper() or text[0] == "{"
        assert text.endswith(".")
    assert entry.message != entry.hint


@every_code
def test_no_other_class_raises_the_code(entry: ErrorEntry) -> None:
    for prefix, kind in TREE.items():
        if not entry.code.startswith(prefix):
            with pytest.raises(ValueError, match=f"{entry.code} is not a code of {kind.__name__}"):
                kind(entry.code, **values_for(entry))


@every_code
@pytest.mark.parametrize("carry", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy], ids=["pickle", "copy"])  # noqa: S301
def test_an_error_arrives_as_it_was_sent(entry: ErrorEntry, carry: object) -> None:
    sent = class_of(entry.code)(entry.code, **values_for(entry))
    got = carry(sent)  # type: ignore[operator]
    assert type(got) is type(sent)
    for name in ("code", "message", "hint", "exit_code", "values", "args"):
        assert getattr(got, name) == getattr(sent, name)


def test_every_class_is_drawn_and_used() -> None:
    for prefix, kind in TREE.items():
        assert f"{kind.__name__} " in str(errors.__doc__) and f"{prefix}*" in str(errors.__doc__)
        assert any(code.startswith(prefix) for code in error_table()), kind


def test_the_root_may_raise_any_code() -> None:
    assert DeukgeunError("media-empty", path="a.mp4").exit_code == 3


def test_one_handler_catches_all_and_one_class_its_own() -> None:
    assert issubclass(MediaError, DeukgeunError) and issubclass(PoseError, DeukgeunError)
    assert not issubclass(MediaError, PoseError)


@pytest.mark.parametrize(
    ("code", "values", "error"),
    [("media-nonsense", {}, KeyError), ("media-empty", {}, KeyError), ("pose-no-person", {"path": "a"}, ValueError)],
    ids=["unknown code", "missing value", "foreign code"],
)
def test_a_mistake_in_raising_is_loud(code: str, values: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        MediaError(code, **values)
