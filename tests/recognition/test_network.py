"""A file of a network says what it is, and what is not one is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from deukgeun.errors import ModelError
from deukgeun.recognition.network import MovementNetwork, NamerFile, log_softmax

CLASSES = (("squat", "movement"), ("jump_squat", "neighbour"), ("standing", "background"))


def test_the_description_comes_back() -> None:
    file = NamerFile(CLASSES, 40, 10.0, 1.3, 0.4, (1.0, 0.5, -1.0))
    assert NamerFile.parsed(file.text()) == file
    assert file.names == ("squat", "jump_squat", "standing")
    assert file.prior.tolist() == [1.0, 0.5, -1.0]
    assert file.of_kind("neighbour").tolist() == [False, True, False]


@pytest.mark.parametrize(
    "change",
    [{"format": 2}, {"features": 3}, {"steps": 1}, {"temperature": 0.0}, {"classes": [["a", "b"]]}, {"classes": []},
     {"log_odds": [1.0]}, {"colour": "red"}, {"classes": None}],
)  # fmt: skip
def test_another_description_is_refused(change: dict[str, object]) -> None:
    values = json.loads(NamerFile(CLASSES, 40, 10.0).text())
    with pytest.raises(ValueError, match=r"."):
        NamerFile.parsed(json.dumps({**values, **change}))


@pytest.mark.parametrize("content", [None, b"", b"not a network"])
def test_another_file_is_refused(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "x.onnx").write_bytes(content)
    with pytest.raises(ModelError, match="model-file"):
        MovementNetwork(tmp_path / "x.onnx")


def test_shares_add_up() -> None:
    scores = np.array([[1000.0, 999.0, -1000.0], [0.0, 0.0, 0.0]])
    shares = np.exp(log_softmax(scores))
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    np.testing.assert_allclose(shares[1], 1 / 3)
