"""Detectors by what the user writes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from deukgeun.aihub.detectors import detector
from deukgeun.errors import AihubError


@pytest.mark.parametrize(
    "spec", ["", "yolo", "yolov3", "yolov3:", "yolov3:@416", "blazepose:full", "blazepose@416", "transformers:"]
)
def test_other_names_are_refused_with_the_ones_that_are_known(spec: str) -> None:
    with pytest.raises(AihubError) as caught:
        detector(spec)
    assert caught.value.code == "aihub-detector"
    assert "yolov3:FILE.weights" in caught.value.hint


def test_nothing_heavy_comes_with_the_import() -> None:
    code = (
        "import sys, deukgeun.aihub.detectors as d\n"
        "heavy = {'torch', 'transformers', 'onnxruntime', 'onnx', 'ai_edge_litert'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "assert d.__all__ == sorted(d.__all__) and all(hasattr(d, name) for name in d.__all__)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
