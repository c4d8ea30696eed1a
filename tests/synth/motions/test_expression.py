"""Arithmetic in motion files, and nothing but arithmetic."""

import pytest

from deukgeun.errors import SynthError
from deukgeun.synth.motions.expression import evaluate


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3.0), ("-2 * depth", -1.0), ("(66 + lean) * depth", 48.0), ("max(1, depth) ** 2", 1.0), ("sin(90)", 1.0)],
)
def test_value(text: str, value: float) -> None:
    assert evaluate(text, {"depth": 0.5, "lean": 30.0}) == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["unknown + 1", "__import__('os')", "depth.real", "[1, 2]", "1 +", "depth if depth else 1", "1 / 0", "'a'"]
)
def test_anything_else_is_an_error(text: str) -> None:
    with pytest.raises(SynthError) as caught:
        evaluate(text, {"depth": 0.5})
    assert caught.value.code == "synth-expression"
