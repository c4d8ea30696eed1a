"""The networks: the manifest, and that a wrong or missing file is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from deukgeun.errors import ModelError
from deukgeun.pose import weights
from deukgeun.pose.weights import Weights, verified, weights_manifest, weights_path


def test_the_manifest_names_what_the_pose_room_needs() -> None:
    assert set(weights_manifest()) >= {"detector", "lite", "full", "heavy"}


@pytest.mark.parametrize("row", weights_manifest().values(), ids=lambda row: row.name)
def test_every_row_is_complete(row: Weights) -> None:
    assert len(bytes.fromhex(row.sha256)) == 32
    assert row.size_bytes > 0
    assert row.source and row.licence and row.input
    assert Path(row.file).name == row.file, "a file lies in the folder of weights itself"


def test_no_two_rows_share_a_file() -> None:
    rows = weights_manifest().values()
    assert len({row.file for row in rows}) == len({row.sha256 for row in rows}) == len(rows)


@pytest.mark.parametrize("name", [row.name for row in weights_manifest().values() if row.shipped])
def test_a_shipped_network_is_installed_and_right(name: str) -> None:
    path = weights_path(name)
    assert path.stat().st_size == weights_manifest()[name].size_bytes
    assert path.read_bytes()[4:8] == b"TFL3", "the identifier of a TensorFlow Lite file"


def test_a_network_is_read_for_its_checksum_once_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    first = weights_path("lite")
    monkeypatch.setattr(weights, "verified", None)
    assert weights_path("lite") is first


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ModelError) as caught:
        weights_path("huge")
    assert caught.value.code == "model-unknown"
    assert "heavy" in caught.value.hint


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        verified(weights_manifest()["full"], tmp_path / "full.tflite")
    assert caught.value.code == "model-missing"


def test_one_altered_byte_is_refused(tmp_path: Path) -> None:
    original = weights_path("lite").read_bytes()
    altered = tmp_path / "lite.tflite"
    altered.write_bytes(original[:-1] + bytes([original[-1] ^ 1]))
    with pytest.raises(ModelError) as caught:
        verified(weights_manifest()["lite"], altered)
    assert caught.value.code == "model-checksum"
    assert weights_manifest()["lite"].sha256 in caught.value.message


def test_a_local_file_with_the_right_content_is_accepted_under_any_name(tmp_path: Path) -> None:
    local = tmp_path / "given by hand.bin"
    local.write_bytes(weights_path("lite").read_bytes())
    assert verified(weights_manifest()["lite"], local) == local


def test_a_row_fetched_on_request_is_not_shipped() -> None:
    row = weights_manifest()["full"]
    assert row.shipped
    assert not replace(row, source="https://models.example/full.tflite").shipped
